"""Changed rules and their direction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.readings import assertion, contains

from rebaseline.assess.rules import describe_bar, rule_changes
from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.suite import AtLeast, Never, NoWorse

NOW = replace(assertion(AtLeast(0.8)), fingerprint="rule")


def accepted(bar=None, check="contains yes", fingerprint="rule"):
    return AcceptedAssertion("a", "holds", bar or AtLeast(0.8), check, fingerprint, {}, {})


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        (AtLeast(0.9), AtLeast(0.8), "looser"),
        (AtLeast(0.8), AtLeast(0.9), "tighter"),
        (Never(0.05), Never(0.1), "looser"),
        (Never(0.05), Never(0.01), "tighter"),
        (NoWorse(0.1), NoWorse(0.2), "looser"),
        (NoWorse(0.1), NoWorse(0.05), "tighter"),
        (AtLeast(0.8), NoWorse(0.1), ""),
        (Never(0.05), AtLeast(0.95), ""),
    ],
)
def test_a_changed_bar_is_named_with_its_direction(old, new, direction):
    (change,) = rule_changes(accepted(old), replace(NOW, bar=new))
    assert (change.what, change.direction) == ("bar", direction)
    assert (change.old, change.new) == (describe_bar(old), describe_bar(new))


def test_bars_in_words():
    words = [describe_bar(bar) for bar in (AtLeast(0.9), Never(0.05), NoWorse(0.1))]
    assert words == ["bar .9", "never (ceiling 0.05)", "no worse by .1"]


def test_nothing_changed_is_nothing_said():
    assert rule_changes(accepted(), NOW) == ()


def test_a_changed_check_and_a_changed_way_of_reading_are_told_apart():
    assert [c.what for c in rule_changes(accepted(), replace(NOW, check=contains("no"), fingerprint="x"))] == ["check"]
    assert [c.what for c in rule_changes(accepted(), replace(NOW, fingerprint="x"))] == ["how replies are read"]


def test_bar_and_check_are_both_named():
    now = replace(NOW, bar=AtLeast(0.7), check=contains("no"), fingerprint="x")
    assert [c.what for c in rule_changes(accepted(), now)] == ["bar", "check"]


def test_probes_that_were_accepted_and_are_left_out_make_the_rule_looser():
    kept = replace(accepted(), readings={"a": (), "b": ()})
    (change,) = rule_changes(kept, NOW, ["b"])
    assert (change.what, change.old, change.new, change.direction) == ("probes", "2", "1 of them left out", "looser")
    assert rule_changes(kept, NOW, ["a", "b", "another"]) == ()
