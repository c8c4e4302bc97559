"""Bounds found by bisection against a walk over every bar."""

from __future__ import annotations

import random

import pytest

from rebaseline.stats.bounds import lower_bound, upper_bound
from rebaseline.stats.eprocess import weigh_above, weigh_below
from rebaseline.stats.tally import Tally

BARS = [i / 400 for i in range(1, 400)]


def samples():
    generator = random.Random(7)
    yield Tally.of([[1] * 18 + [0] * 2] * 3), 0.9
    yield Tally.of([[1] * 20, [0] * 20, [1] * 20]), 0.5
    yield Tally.of([[0.9] * 40 + [0.85] * 20]), 0.86
    yield Tally.of([[0.5] * 60]), 0.45
    for _ in range(6):
        mean = generator.random()
        graded = generator.random() < 0.5
        rounds = [
            [generator.betavariate(8 * mean, 8 - 8 * mean) if graded else generator.random() < mean for _ in range(15)]
            for _ in range(generator.randint(1, 4))
        ]
        yield Tally.of(rounds), round(min(0.99, mean * generator.uniform(0.7, 1.2)), 3)


@pytest.mark.parametrize("prior", [False, True])
@pytest.mark.parametrize(("tally", "rate"), list(samples()))
def test_no_bar_under_the_lower_bound_is_kept_and_the_next_one_is(tally, rate, prior):
    prior_rate = rate if prior else None
    bound = lower_bound(tally, 0.05, prior_rate)
    for theta in BARS:
        if theta <= bound:
            assert weigh_above(tally, theta, prior_rate).shows(0.05)
    assert not weigh_above(tally, min(bound + 2e-9, 1 - 1e-9), prior_rate).shows(0.05)


@pytest.mark.parametrize(("tally", "rate"), list(samples()))
def test_no_bar_over_the_upper_bound_is_kept(tally, rate):
    bound = upper_bound(tally, 0.005, rate)
    for theta in BARS:
        if theta >= bound:
            assert weigh_below(tally, theta, rate).shows(0.005)
    assert not weigh_below(tally, max(bound - 2e-9, 1e-9), rate).shows(0.005)


def test_a_prior_can_leave_a_pocket_of_bars_and_the_bound_is_its_lower_end():
    # Just under the baseline's rate half of the stake is on a bet that cannot win; at the rate bets are laid anew.
    found = 0
    for n in range(10, 120):
        tally = Tally.of([[1] * n])
        if weigh_above(tally, 0.9, 0.9).shows(0.05) and not weigh_above(tally, 0.9 - 1e-12, 0.9).shows(0.05):
            found += 1
            assert lower_bound(tally, 0.05, 0.9) < 0.9
            assert lower_bound(tally, 0.05) > 0.89
    assert found
