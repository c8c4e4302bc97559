"""Bars that are not refuted: ends, directions, resolution."""

from __future__ import annotations

import math

import pytest

from rebaseline.stats.bounds import _crossing, lower_bound, smallest_bar_kept, upper_bound, violation_bound
from rebaseline.stats.mixture import default_mixture
from rebaseline.stats.tally import Tally


@pytest.mark.parametrize("prior_rate", [None, 0.0, 0.5, 1.0])
def test_nothing_read_leaves_every_bar_open(prior_rate):
    empty = Tally.of([])
    assert (lower_bound(empty, 0.05, prior_rate), upper_bound(empty, 0.05, prior_rate)) == (0.0, 1.0)
    assert violation_bound(empty, 0.05) == 1.0


def test_all_fails_leave_zero_open_and_all_passes_leave_one_open():
    assert lower_bound(Tally.of([[0] * 60]), 0.05) == 0.0
    assert upper_bound(Tally.of([[1] * 60]), 0.05) == 1.0
    assert 0.94 < lower_bound(Tally.of([[1] * 60]), 0.05) < 0.95


def test_bounds_enclose_the_mean_and_a_smaller_level_widens_them():
    tally = Tally.of([[1] * 45 + [0] * 15])
    low, high = lower_bound(tally, 0.05), upper_bound(tally, 0.05)
    assert low < tally.mean < high
    assert lower_bound(tally, 0.005) < low
    assert upper_bound(tally, 0.005) > high


def test_more_rounds_never_loosen_a_bound():
    good, poor = [1] * 20, [0] * 20
    assert lower_bound(Tally.of([good, poor]), 0.05) >= lower_bound(Tally.of([good]), 0.05)


def test_sixty_clean_replies_leave_five_percent_open():
    assert violation_bound(Tally.of([[1] * 60]), 0.05) == pytest.approx(0.0495, abs=5e-4)


def test_a_million_perfect_replies_are_told_from_one_in_a_million():
    tally = Tally((0.0, 1.0), ((0, 1_000_000),))
    assert 1e-6 < 1.0 - lower_bound(tally, 0.05) < 2e-5


def test_the_search_stays_in_its_range():
    tally = Tally.of([[1] * 60])
    assert smallest_bar_kept(tally, default_mixture, 3.0, high=0.5) == 0.5
    assert smallest_bar_kept(tally, default_mixture, 3.0, low=0.99) == 0.99


@pytest.mark.parametrize("away", [1e-3, 1e-4, 1e-6])
def test_where_a_search_begins_or_ends_does_not_move_what_it_finds(away):
    tally = Tally.of([[1] * 60])
    bound = smallest_bar_kept(tally, default_mixture, 3.0)
    assert smallest_bar_kept(tally, default_mixture, 3.0, low=bound - away) == pytest.approx(bound, abs=2e-9)
    assert smallest_bar_kept(tally, default_mixture, 3.0, high=bound + away) == pytest.approx(bound, abs=2e-9)
    assert smallest_bar_kept(tally, default_mixture, 3.0, low=bound + away) == bound + away
    assert smallest_bar_kept(tally, default_mixture, 3.0, high=bound - away) == bound - away  # all are refuted


def test_with_nothing_read_or_no_pass_no_bar_is_asked_about():
    def never_asked(theta):
        raise AssertionError(theta)

    assert smallest_bar_kept(Tally.of([]), never_asked, 3.0) == 0.0
    assert smallest_bar_kept(Tally.of([[0] * 20]), never_asked, 3.0) == 0.0


@pytest.mark.parametrize(
    ("falling", "root"),
    [
        (lambda x: 0.37 - x, 0.37),
        (lambda x: math.exp(-200 * x) - 1e-12, math.log(1e12) / 200),
        (lambda x: math.exp(-1000 * (x - 0.5)) - 0.5, 0.5 + math.log(2) / 1000),
        (lambda x: max(1e6 * (0.3 - x), 0.0) - 1e-3 - 1e-9 * x, 0.3 - 1e-9),
        (lambda x: max(1e12 * (1e-4 - x), -1e-6 * x - 1e-6), 1e-4),
        (lambda x: math.inf if x < 0.2 else -1.0, 0.2),
    ],
)
def test_no_function_takes_more_than_two_questions_beyond_bisection(falling, root):
    asked = []

    def excess(x):
        asked.append(x)
        return falling(x)

    found = _crossing(excess, 0.0, 1.0, falling(1.0))
    assert root - 1.1e-9 <= found <= root + 1e-12
    assert len(asked) <= math.ceil(math.log2(1e9)) + 2


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_level_outside_the_open_interval_is_refused(alpha):
    for bound in (lower_bound, upper_bound, violation_bound):
        with pytest.raises(ValueError, match="alpha"):
            bound(Tally.of([[1]]), alpha)


@pytest.mark.parametrize("prior_rate", [5e-324, 1e-12, 1 - 1e-12])
def test_a_prior_at_the_very_end_is_no_trouble(prior_rate):
    tally = Tally.of([[1] * 30 + [0] * 30])
    assert 0.25 < lower_bound(tally, 0.05, prior_rate) < 0.4
    assert 0.6 < upper_bound(tally, 0.05, prior_rate) < 0.75


def test_a_bound_takes_few_questions():
    asked = []
    tally = Tally.of([[1] * 57 + [0] * 3])

    def family(theta):
        asked.append(theta)
        return default_mixture(theta)

    assert 0.8 < smallest_bar_kept(tally, family, 3.0) < 0.85
    assert len(asked) < 15  # bisection takes 30
    asked.clear()
    assert smallest_bar_kept(tally, family, 3.0, low=0.9) == 0.9
    assert asked == [0.9]
