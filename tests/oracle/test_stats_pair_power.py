"""The chance that pairs refute a drop, against a list of every outcome and against drawn ones."""

from __future__ import annotations

from itertools import islice, product

import numpy as np
import pytest

from rebaseline.stats import pair_power
from rebaseline.stats.pair_power import (
    chance_at_the_end,
    chance_of_no_drop,
    chances_of_no_drop,
    most_disagreement,
    within_probes,
)
from rebaseline.stats.pairs import drop_refuted, pair_tally


def by_listing(n_probes, rounds, margin, q, alpha):
    """Weigh every sequence of differences as a diff would, and add up the likelihood of those that refute the drop."""
    likely = {-1: q, 0: 1 - 2 * q, 1: q}
    total = 0.0
    for outcome in product(likely, repeat=n_probes * rounds):
        tally = pair_tally([outcome[at : at + n_probes] for at in range(0, len(outcome), n_probes)])
        if drop_refuted(tally, margin).shows(alpha):
            total += float(np.prod([likely[each] for each in outcome]))
    return total


@pytest.mark.parametrize("q", [0.0, 0.01, 0.1, 0.25])
@pytest.mark.parametrize(("n_probes", "rounds"), [(1, 6), (2, 3), (3, 2), (6, 1)])
@pytest.mark.parametrize(("margin", "alpha"), [(0.9, 0.05), (0.6, 0.2), (0.3, 0.4)])
def test_a_chance_is_the_sum_over_every_outcome(n_probes, rounds, q, margin, alpha):
    found = chance_of_no_drop(n_probes, rounds, margin=margin, disagreement=q, alpha=alpha)
    assert found == pytest.approx(by_listing(n_probes, rounds, margin, q, alpha), abs=1e-9)


@pytest.mark.parametrize("q", [0.01, 0.1, 0.25])
@pytest.mark.parametrize("pairs", [1, 2, 5])
@pytest.mark.parametrize(("margin", "alpha"), [(0.9, 0.05), (0.6, 0.2), (0.3, 0.4), (0.1, 0.6)])
def test_what_stands_at_the_end_is_the_sum_over_every_outcome(pairs, q, margin, alpha):
    found = chance_at_the_end(pairs, margin=margin, disagreement=q, alpha=alpha)
    assert found == pytest.approx(by_listing(pairs, 1, margin, q, alpha), abs=1e-12)


def test_drawn_pairs_refute_the_drop_as_often():
    rng, rate, tries = np.random.default_rng(11), 0.95, 2000
    drawn = (rng.random((tries, 2, 3, 20)) < rate).astype(int)
    shown = [drop_refuted(pair_tally(each.tolist()), 0.1).shows(1 / 20) for each in drawn[:, 0] - drawn[:, 1]]
    chance = chance_of_no_drop(20, 3, margin=0.1, disagreement=most_disagreement(rate), alpha=1 / 20)
    assert np.mean(shown) == pytest.approx(chance, abs=4 * np.sqrt(0.25 / tries))


def test_identical_pairs_refute_a_drop_for_certain_from_the_39th_on():
    assert chance_of_no_drop(38, 1, margin=0.1, disagreement=0.0, alpha=1 / 20) == 0.0
    assert chance_of_no_drop(39, 1, margin=0.1, disagreement=0.0, alpha=1 / 20) == 1.0


def test_a_chance_never_falls_with_more_rounds():
    chances = [chance for chance, _ in zip(chances_of_no_drop(10, 0.1, 0.05, 1 / 20), range(40), strict=False)]
    assert chances == sorted(chances)
    assert 0.8 < chances[-1] <= 1.0


def test_what_varies_within_probes_is_estimated_without_bias():
    rng, rates = np.random.default_rng(5), np.array([0.2, 0.9, 1.0])
    rows = (rng.random((4000, 3, 2)) < rates[:, np.newaxis]).astype(float)
    found = np.mean([within_probes(each.tolist()) for each in rows])
    assert found == pytest.approx(np.mean(rates * (1 - rates)), abs=0.005)


def test_probes_that_are_alike_disagree_most_and_certain_ones_never():
    assert [most_disagreement(rate) for rate in (0.0, 0.5, 0.9, 1.0)] == pytest.approx([0.0, 0.25, 0.09, 0.0])
    assert (
        within_probes([[1, 0]]) == 0.25
    )  # two replies that differ: their unbiased variance, 1/2, is more than any rate's


def test_one_sample_a_probe_says_nothing_of_what_varies_within():
    assert within_probes([[1.0], [0.0]]) is None
    assert within_probes([]) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"n_probes": 0}, "no such plan of pairs"),
        ({"rounds": 0}, "at least one round, got 0"),
        ({"margin": 0.0}, "no such plan of pairs"),
        ({"margin": 1.0}, "no such plan of pairs"),
        ({"disagreement": -0.1}, "no such plan of pairs"),
        ({"disagreement": 0.3}, "no such plan of pairs"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong, said):
    plan = {"n_probes": 5, "rounds": 2, "margin": 0.1, "disagreement": 0.1, "alpha": 0.05} | wrong
    with pytest.raises(ValueError, match=said):
        chance_of_no_drop(**plan)
    with pytest.raises(ValueError, match="rate must lie"):
        most_disagreement(1.1)


@pytest.mark.parametrize(("n_probes", "q"), [(201, 0.1), (201, 0.25), (400, 0.2), (300, 0.0)])
def test_large_rounds_are_never_said_to_be_likelier_than_they_are(n_probes, q, monkeypatch):
    quick = chance_of_no_drop(n_probes, 2, margin=0.1, disagreement=q, alpha=1 / 20)
    one = chance_of_no_drop(n_probes, 1, margin=0.1, disagreement=q, alpha=1 / 20)
    monkeypatch.setattr("rebaseline.stats.pair_power._FOLLOWED", 1000)
    assert one == pytest.approx(chance_of_no_drop(n_probes, 1, margin=0.1, disagreement=q, alpha=1 / 20), abs=1e-8)
    exact = chance_of_no_drop(n_probes, 2, margin=0.1, disagreement=q, alpha=1 / 20)
    assert exact - 0.08 < quick <= exact + 1e-8


@pytest.mark.parametrize("q", [0.0, 0.05, 0.25])
@pytest.mark.parametrize("margin", [0.1, 0.5])
def test_what_stands_at_the_end_of_one_round_is_what_one_round_shows(q, margin):
    quick = chance_at_the_end(60, margin=margin, disagreement=q, alpha=1 / 20)
    assert quick == pytest.approx(chance_of_no_drop(60, 1, margin=margin, disagreement=q, alpha=1 / 20), abs=1e-8)


def test_a_chance_at_the_end_is_never_more_than_one():
    assert all(chance_at_the_end(n, margin=0.9, disagreement=0.05, alpha=0.9) <= 1.0 for n in range(20, 40))
    assert all(chance <= 1.0 for chance in islice(chances_of_no_drop(20, 0.9, 0.05, 0.9), 12))


def test_samples_that_are_all_alike_vary_by_exactly_nothing():
    assert within_probes([[0.1] * 7, [1.0] * 2]) == 0.0  # numpy's variance of seven tenths is 2e-34


@pytest.mark.parametrize("q", [0.05, 0.15, 0.25])
@pytest.mark.parametrize("margin", [0.05, 0.1, 0.2])
def test_a_quarter_more_pairs_at_the_end_are_worth_the_looks_in_between(q, margin):
    """What a plan may say is out of reach: under .8 after a quarter more pairs, and so under .8 at any look before."""
    for rounds in range(2, 31, 4):
        if chance_at_the_end(25 * rounds, margin=margin, disagreement=q, alpha=1 / 20) < 0.8:
            assert chance_of_no_drop(20, rounds, margin=margin, disagreement=q, alpha=1 / 20) < 0.8


def test_rounds_of_two_hundred_pairs_are_still_followed_from_round_to_round(monkeypatch):
    """What is shown at two ends adds up; looked at one by one, the second end alone gives less."""
    plan = {"margin": 0.1, "disagreement": 0.05, "alpha": 0.05}
    followed = chance_of_no_drop(200, 2, **plan)
    monkeypatch.setattr(pair_power, "_FOLLOWED", 199)
    assert chance_of_no_drop(200, 2, **plan) < followed - 1e-5
