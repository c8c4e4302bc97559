"""Changed rules and their direction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.readings import assertion, contains

from rebaseline.assess.canonical_rule import canonical_rule
from rebaseline.assess.rules import changes_between, describe_bar, rule_changes
from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.suite import (
    AliveIf,
    AtLeast,
    CheckSpec,
    Control,
    Expectation,
    LiveArm,
    Never,
    NoWorse,
    OnRefusal,
)

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


LACKS = CheckSpec("lacks", ["a", "b"])
FENCE, CASE = Form.FENCE, Form.CASE
CONTROL = Control("yes", Expectation.PASSES)


def check(name, argument=None, tolerant=None, **options):
    return {"check": CheckSpec(name, argument, options, tolerant)}


def refusing(name, how):
    return {**check(name, "x"), "on_refusal": how}


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        ({"consumer": {FENCE: FormEffect.BREAKS}}, {"consumer": {FENCE: FormEffect.UNDONE}}, "looser"),
        ({"consumer": {FENCE: FormEffect.UNDONE}}, {"consumer": {FENCE: FormEffect.BREAKS}}, "tighter"),
        ({}, {"consumer": {FENCE: FormEffect.UNDONE}}, ""),
        ({"consumer": {FENCE: FormEffect.BREAKS}}, {}, "looser"),
        ({"consumer": {FENCE: FormEffect.UNDONE}}, {}, "tighter"),
        ({"form_claimed": frozenset({FENCE, CASE})}, {"form_claimed": frozenset({FENCE})}, "looser"),
        ({"form_claimed": frozenset()}, {"form_claimed": frozenset({FENCE})}, "tighter"),
        (check("contains", "x", (FENCE,)), check("contains", "x", (FENCE, CASE)), "looser"),
        (check("contains", "x", (FENCE, CASE)), check("contains", "x", ()), "tighter"),
        (check("lacks", "x", (FENCE,)), check("lacks", "x", (FENCE, CASE)), "tighter"),
        (check("lacks", "x", (FENCE, CASE)), check("lacks", "x", (FENCE,)), "looser"),
        (check("length", "x", (FENCE,)), check("length", "x", ()), ""),
        (check("contains", "x", (FENCE,)), check("contains", "x", (CASE,)), ""),
        (check("contains", "x"), check("contains", "x", (CASE,)), ""),
        (check("lacks", ["a", "b"]), check("lacks", ["a"]), "looser"),
        (check("lacks", ["a"]), check("lacks", ["a", "b"]), "tighter"),
        (check("contains", ["a", "b"]), check("contains", "a"), "looser"),
        (check("starts_with", ["a"]), check("starts_with", ["a", "b"]), "looser"),
        (check("one_of", ["a", "b"]), check("one_of", ["a"]), "tighter"),
        (check("not", CheckSpec("contains", ["a", "b"])), check("not", CheckSpec("contains", ["a"])), "tighter"),
        (check("not", CheckSpec("one_of", ["a", "b"])), check("not", CheckSpec("one_of", ["a"])), "looser"),
        (check("number", 4), check("number", 5), ""),
        (check("number", 4), check("number", 4, within=1), ""),
        (check("equals", "a"), check("contains", "a"), ""),
        (refusing("lacks", None), refusing("lacks", OnRefusal.PASS), "looser"),
        (refusing("lacks", None), refusing("lacks", OnRefusal.FAIL), "tighter"),
        (refusing("equals", None), refusing("equals", OnRefusal.VOID), "looser"),
        (refusing("equals", OnRefusal.PASS), refusing("equals", OnRefusal.FAIL), "tighter"),
        (refusing("judge", None), refusing("judge", OnRefusal.FAIL), ""),
        ({"controls": (CONTROL,)}, {"controls": ()}, "looser"),
        ({"controls": ()}, {"controls": (CONTROL,)}, "tighter"),
        ({"controls": (CONTROL,)}, {"controls": (replace(CONTROL, expected=Expectation.FAILS),)}, "looser"),
        ({"means": "refusal"}, {"means": None}, "looser"),
        ({"means": None}, {"means": LACKS}, "tighter"),
        ({"means": "refusal"}, {"means": LACKS}, ""),
        ({"live": LiveArm("arm", Expectation.PASSES)}, {"live": None}, "looser"),
        ({"live": LiveArm("arm", Expectation.PASSES)}, {"live": LiveArm("arm", Expectation.PASSES, 0.4)}, "looser"),
        ({"live": LiveArm("arm", Expectation.PASSES)}, {"live": LiveArm("other", Expectation.PASSES)}, ""),
        ({"alive_if": AliveIf("arm", LACKS)}, {"alive_if": None}, "looser"),
        ({"alive_if": AliveIf("arm", LACKS)}, {"alive_if": AliveIf("arm", LACKS, 0.6)}, "tighter"),
        ({"on": "a"}, {"on": "b"}, ""),
    ],
)
def test_every_changed_rule_is_named_with_its_direction_whether_it_was_accepted_or_is_just_edited(old, new, direction):
    before = replace(NOW, **old)
    now = replace(NOW, **new, fingerprint="another")
    kept = replace(accepted(), check_fingerprint=before.check.fingerprint, rule=canonical_rule(before))
    (change,) = rule_changes(kept, now)
    assert change.direction == direction
    assert changes_between(before, now) == (change,)


def test_what_went_and_what_came_are_named_each_with_its_direction():
    found = changes_between(replace(NOW, **check("lacks", ["a", "b"])), replace(NOW, **check("lacks", ["b", "c"])))
    assert [(it.what, it.new, it.direction) for it in found] == [
        ("phrases", "1 removed", "looser"),
        ("phrases", "1 added", "tighter"),
    ]


def test_a_change_that_the_written_rule_does_not_show_is_named_all_the_same():
    kept = replace(accepted(), rule=canonical_rule(NOW))
    assert [c.what for c in rule_changes(kept, replace(NOW, fingerprint="x"))] == ["how replies are read"]
    assert [c.what for c in changes_between(NOW, replace(NOW, fingerprint="x"))] == ["how replies are read"]
