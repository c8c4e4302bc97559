"""The chance that an unchanged model is shown to hold, and what would help where it is weak."""

from __future__ import annotations

import pytest

from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.plan.chance import Basis, RemedyKind, Seen, chance_of_bar


def seen(rate, *, rounds=3, probes=20, **more) -> Seen:
    return Seen(Basis.BASELINE, "m-1", rate, rounds * probes, rounds, probes, **more)


@pytest.mark.parametrize(
    ("bar", "rate", "expected"),
    [
        (AtLeast(0.8), 0.9, 0.320),
        (AtLeast(0.8), 0.95, 0.855),
        (NoWorse(0.1), 0.95, 0.313),
        (Never(0.05), 1.0, 1.0),
        (Never(0.05), 59 / 60, (59 / 60) ** 60),
    ],
    ids=str,
)
def test_chances_of_three_samples_of_twenty_probes(bar, rate, expected):
    assert chance_of_bar(bar, 20, 3, seen(rate)).judged == pytest.approx(expected, abs=5e-4)


def test_what_varies_within_probes_is_all_that_lets_pairs_differ():
    alike, apart = (chance_of_bar(NoWorse(), 20, 3, seen(0.5, disagreement=q)).judged for q in (0.0, 0.1))
    assert alike == 1.0
    assert apart < 0.3


def test_a_weak_bar_names_the_samples_that_bring_it_to_eight_tenths():
    found = chance_of_bar(AtLeast(0.8), 20, 3, seen(0.9))
    assert found.weak
    assert found.remedy.kind is RemedyKind.SAMPLES
    assert found.remedy.replies == 20 * found.remedy.samples
    fewer, enough = (
        chance_of_bar(AtLeast(0.8), 20, samples, seen(0.9))
        for samples in (found.remedy.samples - 1, found.remedy.samples)
    )
    assert fewer.weak
    assert not enough.weak
    assert enough.remedy.kind is RemedyKind.NONE


def test_more_samples_of_pairs_need_a_baseline_with_as_many():
    found = chance_of_bar(NoWorse(), 20, 3, seen(0.95))
    assert found.remedy.kind is RemedyKind.SAMPLES_AND_BASELINE
    assert not chance_of_bar(NoWorse(), 20, found.remedy.samples, seen(0.95, rounds=found.remedy.samples)).weak


def test_pairs_of_a_few_probes_are_given_enough_samples_and_not_many_too_many():
    found = chance_of_bar(NoWorse(), 2, 3, seen(0.9, probes=2)).remedy
    enough = [chance_of_bar(NoWorse(), 2, n, seen(0.9, probes=2, rounds=n)).judged for n in (found.samples, 110)]
    assert enough[0] >= 0.8
    assert found.samples <= 1.3 * 117
    assert enough[1] < 0.8


def test_samples_beyond_those_of_the_baseline_bring_no_pairs():
    at = [chance_of_bar(NoWorse(), 20, samples, seen(0.95, rounds=2)).judged for samples in (2, 9)]
    assert at[0] == at[1]


def test_one_reply_a_probe_is_looked_at_once_by_the_exact_test():
    assert chance_of_bar(AtLeast(0.8), 14, 1, seen(1.0, rounds=1)).judged == 1.0
    assert chance_of_bar(AtLeast(0.8), 13, 1, seen(1.0, rounds=1)).judged == 0.0
    assert chance_of_bar(Never(), 59, 1, seen(1.0, rounds=1)).judged == 1.0
    assert chance_of_bar(Never(), 58, 1, seen(1.0, rounds=1)).judged == 0.0
    assert chance_of_bar(NoWorse(), 39, 1, seen(1.0, rounds=1)).judged == 1.0


@pytest.mark.parametrize(
    ("bar", "rate", "kind"),
    [
        (AtLeast(0.8), 0.8, RemedyKind.NO_NUMBER),
        (AtLeast(0.8), 0.7, RemedyKind.NO_NUMBER),
        (AtLeast(0.8), 0.805, RemedyKind.TOO_MANY),
        (Never(), 0.99, RemedyKind.NO_NUMBER),
        (NoWorse(0.02), 0.5, RemedyKind.TOO_MANY),
    ],
    ids=str,
)
def test_where_samples_do_not_help_it_is_said_why(bar, rate, kind):
    assert chance_of_bar(bar, 20, 3, seen(rate)).remedy.kind is kind


def test_a_steady_target_leaves_nothing_to_chance():
    shown = chance_of_bar(AtLeast(0.8), 20, 3, seen(0.95, steady=True))
    assert shown.judged == 1.0
    weak = chance_of_bar(AtLeast(0.8), 20, 3, seen(0.85, steady=True))
    assert weak.judged == 0.0
    assert weak.remedy.kind is RemedyKind.SAMPLES
    assert chance_of_bar(AtLeast(0.8), 20, weak.remedy.samples, seen(0.85, steady=True)).judged == 1.0
    assert chance_of_bar(AtLeast(0.5), 20, 1, seen(0.95, steady=True)).judged == 1.0
    assert chance_of_bar(AtLeast(0.9), 20, 1, seen(0.95, steady=True)).judged == 0.0
    assert chance_of_bar(NoWorse(), 20, 3, seen(0.5, steady=True)).judged == 1.0
    assert chance_of_bar(Never(), 20, 3, seen(0.95, steady=True)).judged == 0.0


def test_without_a_reply_two_rates_are_assumed_and_the_first_above_the_bar_decides():
    found = chance_of_bar(AtLeast(0.8), 20, 3, None)
    assert found.basis is Basis.ASSUMED
    assert [rate for rate, _ in found.at] == [0.95, 1.0]
    assert found.judged == found.at[0][1] == pytest.approx(0.707, abs=5e-4)  # no baseline shapes the bets
    assert chance_of_bar(AtLeast(0.95), 100, 3, None).judged == chance_of_bar(AtLeast(0.95), 100, 3, None).at[1][1]
    assert chance_of_bar(Never(), 20, 3, None).judged == 1.0


def test_an_assertion_without_a_probe_has_no_chance():
    found = chance_of_bar(AtLeast(0.8), 0, 3, None)
    assert (found.at, found.judged, found.remedy.kind) == ((), 0.0, RemedyKind.PROBES)
