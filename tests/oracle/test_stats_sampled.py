"""Bounds from draws without replacement: every order of every small set of replies, and what all labels say."""

from __future__ import annotations

import math
from itertools import permutations, product

import numpy as np
import pytest

from rebaseline.stats.sampled import Drawn, largest_sum, smallest_sum


def draws_of(order, size):
    return [Drawn(value, size - place, math.fsum(order[:place])) for place, value in enumerate(order)]


def bounds(order, size, alpha, low=-1.0, high=1.0):
    known = math.fsum(order)
    rest = size - len(order)
    span = (known + rest * low, known + rest * high)
    draws = draws_of(order, size)
    return smallest_sum(draws, low, high, span, alpha), largest_sum(draws, low, high, span, alpha)


@pytest.mark.parametrize("alpha", [0.5, 0.2])
def test_no_set_of_five_replies_is_missed_too_often_though_every_label_is_looked_at(alpha):
    """Every multiset of d in {-1, 0, 1}, every order in which it may be drawn, the worst look of each order."""
    for values in {tuple(sorted(values)) for values in product((-1.0, 0.0, 1.0), repeat=5)}:
        orders = set(permutations(values))
        missed_above = missed_below = 0
        for order in orders:
            looks = [bounds(order[:n], 5, alpha) for n in range(1, 6)]
            missed_above += any(upper < sum(values) - 1e-9 for _, upper in looks)
            missed_below += any(lower > sum(values) + 1e-9 for lower, _ in looks)
        assert missed_above / len(orders) <= alpha
        assert missed_below / len(orders) <= alpha


@pytest.mark.parametrize("values", [(0.0, 0.0, 0.0), (1.0, -1.0, 0.5, 0.0), (-1.0, -1.0)])
def test_all_labels_leave_nothing_open(values):
    lower, upper = bounds(values, len(values), 0.005)
    assert lower == pytest.approx(sum(values), abs=1e-9)
    assert upper == pytest.approx(sum(values), abs=1e-9)


def test_no_label_says_nothing():
    assert bounds((), 10, 0.05) == (-10.0, 10.0)


def test_a_pool_that_cannot_hold_so_much_is_refuted_at_once():
    drawn = [Drawn(0.0, 2, 0.0), Drawn(0.0, 1, 0.0)]
    assert largest_sum(drawn, 0.0, 1.0, (0.0, 2.0), 0.001) <= 1.0


def test_a_check_that_is_never_wrong_is_narrowed_down():
    """Sixty labels out of a thousand replies, all as the check read them: the check passes few replies too many."""
    lower, upper = bounds((0.0,) * 60, 1000, 0.05, low=-1.0, high=0.0)
    assert (lower / 1000, upper) == (pytest.approx(-0.064, abs=5e-4), 0.0)


@pytest.mark.parametrize(("wrong", "size", "labels"), [(0.3, 200, 60), (0.05, 60, 30), (0.5, 120, 40)])
def test_seeded_coverage(wrong, size, labels):
    """One-sided error at most alpha, with a look after each label."""
    rng = np.random.default_rng(20231126)
    alpha, runs = 0.05, 100
    missed = 0
    for _ in range(runs):
        values = -(rng.random(size) < wrong).astype(float)
        order = [float(value) for value in rng.permutation(values)[:labels]]
        missed += any(
            smallest_sum(draws_of(order[:n], size), -1.0, 0.0, (-size, 0.0), alpha) > values.sum() + 1e-9
            for n in range(10, labels + 1, 10)
        )
    assert missed / runs <= alpha + 2 * math.sqrt(alpha * (1 - alpha) / runs)


def test_replies_outside_the_pool_are_taken_at_their_worst():
    inside = [Drawn(-1.0, 5 - n, -float(n), beyond_low=-3.0, beyond_high=3.0) for n in range(5)]
    assert largest_sum(inside, -1.0, 1.0, (-8.0, -2.0), 0.05) == pytest.approx(-2.0)
    assert smallest_sum(inside, -1.0, 1.0, (-8.0, -2.0), 0.05) == -8.0


@pytest.mark.parametrize(
    ("draws", "low", "high", "alpha"),
    [
        ([], 0.0, 1.0, 0.0),
        ([], 1.0, 0.0, 0.05),
        ([Drawn(2.0, 3, 0.0)], 0.0, 1.0, 0.05),
        ([Drawn(0.5, 0, 0.0)], 0.0, 1.0, 0.05),
    ],
)
def test_what_makes_no_sense_is_refused(draws, low, high, alpha):
    with pytest.raises(ValueError, match=r"alpha|high|pool"):
        largest_sum(draws, low, high, (0.0, 1.0), alpha)


def test_a_mirrored_draw_turns_every_sign_and_swaps_what_lies_beyond():
    drawn = Drawn(0.25, 7, 1.5, beyond_low=-2.0, beyond_high=3.0)
    assert drawn.mirrored() == Drawn(-0.25, 7, -1.5, beyond_low=-3.0, beyond_high=2.0)
    assert drawn.mirrored().mirrored() == drawn


FRACTIONS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1.0)
MEAN_FRACTION = math.fsum(FRACTIONS) / len(FRACTIONS)
ALONE = 1.0 / (1.0 + 1.0 / MEAN_FRACTION)
"""One draw of z = 1 refutes, at a level of one half, where m lies under this: 1 + c (1/m - 1) = 2 for the mean c."""


def test_one_draw_is_bounded_by_what_can_be_solved_by_hand():
    """In [-1, 1], m = (1 - T) / 2."""
    assert largest_sum([Drawn(-1.0, 1, 0.0)], -1.0, 1.0, (-1.0, 1.0), 0.5) == pytest.approx(1.0 - 2.0 * ALONE)
    assert smallest_sum([Drawn(1.0, 1, 0.0)], -1.0, 1.0, (-1.0, 1.0), 0.5) == pytest.approx(2.0 * ALONE - 1.0)


def test_a_loss_is_carried_into_the_draws_that_follow():
    """Two draws, by the mixture of the two products, solved by scipy."""
    optimize = pytest.importorskip("scipy.optimize")

    def stake(total):
        ceilings = (1.0 - total / 2.0, 1.0 - (total - 0.9))
        return math.fsum(
            (1.0 + c * (0.1 / ceilings[0] - 1.0)) * (1.0 + c * (1.0 / ceilings[1] - 1.0)) for c in FRACTIONS
        ) / len(FRACTIONS)

    solved = optimize.brentq(lambda total: stake(total) - 1.5, 1.0, 1.89)
    drawn = [Drawn(0.9, 2, 0.0), Drawn(0.0, 1, 0.9)]
    assert largest_sum(drawn, 0.0, 1.0, (0.9, 1.9), 1 / 1.5) == pytest.approx(solved)


def test_a_draw_that_every_sum_allows_is_passed_over_and_those_after_it_count():
    drawn = [Drawn(1.0, 1, 1.0), Drawn(0.0, 1, 0.0)]  # of the first, m lies between 1 and 2
    assert largest_sum(drawn, 0.0, 1.0, (0.0, 1.0), 0.5) == pytest.approx(1.0 - ALONE)


def test_a_draw_at_the_very_least_that_is_possible_bets_nothing():
    """m of the first is 1 where the sum is 1: laid on, its bets would lose what the second one needs."""
    drawn = [Drawn(1.0, 1, 1.0), Drawn(0.0, 1, 0.34)]
    assert largest_sum(drawn, 0.0, 1.0, (0.0, 1.0), 0.5) < 1.0


def test_a_draw_that_fills_what_its_pool_can_hold_leaves_the_rest_to_be_looked_at():
    drawn = [Drawn(1.0, 1, 0.0), Drawn(0.0, 1, 0.0)]
    assert largest_sum(drawn, 0.0, 1.0, (0.0, 1.0), 0.5) < 1.0


def test_values_that_cannot_differ_leave_the_most_that_is_possible():
    assert largest_sum([Drawn(0.5, 3, 0.0)], 0.5, 0.5, (1.0, 2.0), 0.05) == 2.0


@pytest.mark.parametrize("alpha", [0.0, 1.0, 1.5])
def test_a_level_outside_its_range_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha must lie strictly between 0 and 1"):
        largest_sum([Drawn(0.5, 3, 0.0)], 0.0, 1.0, (0.0, 1.0), alpha)
