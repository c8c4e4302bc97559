"""Pairs: drops, gains, margins."""

from __future__ import annotations

import pytest

from rebaseline.stats import pairs


def tally(drops, gains, ties):
    return pairs.pair_tally([[-1] * drops + [1] * gains + [0] * ties])


def test_differences_are_read_on_the_unit_interval():
    assert pairs.pair_tally([[-1, 0, 1, 0.5]]).values == (0.0, 0.5, 0.75, 1.0)
    assert pairs.mean_difference(tally(3, 1, 4)) == -0.25
    assert pairs.mean_difference(pairs.pair_tally([])) is None


def test_sixty_identical_pairs_refute_a_drop_of_a_tenth_and_show_no_change():
    same = tally(0, 0, 60)
    assert pairs.drop_refuted(same, 0.1).shows(1 / 20)
    assert pairs.shown_drop(same).log_e_sup == pairs.shown_gain(same).log_e_sup == 0.0
    assert not pairs.drop_over(same, 0.1).shows(0.99)


def test_thirty_nine_identical_pairs_are_the_fewest_that_refute_a_tenth():
    assert pairs.drop_refuted(tally(0, 0, 39), 0.1).shows(1 / 20)
    assert not pairs.drop_refuted(tally(0, 0, 38), 0.1).shows(1 / 20)


def test_ten_drops_and_no_gain_raise_an_alarm():
    assert pairs.shown_drop(tally(10, 0, 50)).shows(1 / 200)
    assert not pairs.shown_drop(tally(8, 0, 52)).shows(1 / 200)


def test_a_third_of_the_pairs_discordant_with_most_of_them_worse():
    assert pairs.shown_drop(tally(21, 3, 42)).shows(1 / 200)
    assert not pairs.shown_drop(tally(12, 12, 42)).shows(1 / 2)


def test_a_large_drop_exceeds_the_margin_and_a_small_one_does_not():
    assert pairs.drop_over(tally(40, 2, 18), 0.1).shows(1 / 200)
    assert not pairs.drop_over(tally(8, 2, 50), 0.1).shows(1 / 20)


def test_gain_mirrors_drop():
    assert pairs.shown_gain(tally(3, 17, 40)) == pairs.shown_drop(tally(17, 3, 40))


def test_bounds_of_the_difference():
    low, high = pairs.difference_bounds(tally(15, 1, 44), 0.05)
    assert -0.5 < low < -14 / 60 < high < 0.0
    assert pairs.difference_bounds(pairs.pair_tally([]), 0.05) == (-1.0, 1.0)
    mirrored_low, mirrored_high = pairs.difference_bounds(tally(1, 15, 44), 0.05)
    assert (mirrored_low, mirrored_high) == pytest.approx((-high, -low), abs=1e-8)


def test_a_margin_is_refuted_exactly_if_the_lower_bound_clears_it():
    same = tally(1, 1, 80)
    low, _ = pairs.difference_bounds(same, 0.05)
    assert pairs.drop_refuted(same, -low + 1e-6).shows(0.05)
    assert not pairs.drop_refuted(same, -low - 1e-6).shows(0.05)


@pytest.mark.parametrize("difference", [-1.1, 1.1, float("nan")])
def test_a_difference_out_of_range_is_refused(difference):
    with pytest.raises(ValueError, match=r"in \[-1, 1\]"):
        pairs.pair_tally([[difference]])


@pytest.mark.parametrize("margin", [0.0, 1.0, -0.1])
def test_a_margin_out_of_range_is_refused(margin):
    for ask in (pairs.drop_refuted, pairs.drop_over):
        with pytest.raises(ValueError, match="margin"):
            ask(tally(0, 0, 1), margin)
