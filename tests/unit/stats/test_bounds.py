"""Bars that are not refuted: ends, directions, resolution."""

from __future__ import annotations

import pytest

from rebaseline.stats.bounds import lower_bound, smallest_bar_kept, upper_bound, violation_bound
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
