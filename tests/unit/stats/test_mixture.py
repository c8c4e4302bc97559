"""Which bets are laid, with which shares."""

from __future__ import annotations

import math
import sys
from itertools import pairwise

import pytest

from rebaseline.stats.mixture import (
    GRID,
    Mixture,
    contrast_mixture,
    default_mixture,
    hedged_mixture,
    never_mixture,
    pair_mixture,
)


def shares(mixture):
    return dict(zip(mixture.rates, mixture.weights, strict=True))


def test_half_lies_on_the_baselines_rate_and_three_tenths_on_one():
    laid = shares(default_mixture(0.8, 0.95))
    assert (laid[0.95], laid[1.0]) == (0.5, 0.3)
    assert math.fsum(laid.values()) == pytest.approx(1.0, abs=1e-15)
    assert len(laid) == len(GRID) + 2


@pytest.mark.parametrize("prior_rate", [None, 0.8, 0.3, 0.0])
def test_a_prior_that_is_not_above_the_bar_is_no_prior(prior_rate):
    assert default_mixture(0.8, prior_rate) == default_mixture(0.8)
    assert shares(default_mixture(0.8))[1.0] == 0.5


def test_a_perfect_baseline_is_the_all_in_bet():
    assert shares(default_mixture(0.8, 1.0))[1.0] == pytest.approx(0.8)


def test_never_lays_all_but_a_twentieth_all_in():
    mixture = never_mixture(0.05)
    assert mixture.theta == 0.95
    assert shares(mixture)[1.0] == 0.95


def test_pairs_lay_a_quarter_all_in_and_hedged_arms_a_fifth_at_rest():
    assert shares(pair_mixture(0.45))[1.0] == 0.25
    assert shares(hedged_mixture(0.3))[0.3] == 0.2


def test_contrasts_lay_a_fifth_all_in_and_three_tenths_close_to_it():
    laid = shares(contrast_mixture(0.4))
    assert list(laid)[-4:] == pytest.approx([0.88, 0.94, 0.97, 1.0])
    assert list(laid.values())[-4:] == pytest.approx([0.1, 0.1, 0.1, 0.2])
    assert math.fsum(list(laid.values())[:-4]) == pytest.approx(0.5)
    assert len(laid) == len(GRID) + 4


@pytest.mark.parametrize("theta", [1e-300, 1e-6, 0.5, 1 - 1e-6, math.nextafter(1.0, 0.0)])
def test_every_builder_gives_fair_bets_up_to_the_ends(theta):
    built = (default_mixture(theta), default_mixture(theta, 1.0), pair_mixture(theta), hedged_mixture(theta))
    for mixture in (*built, contrast_mixture(theta)):
        assert mixture.theta == theta
        assert theta <= mixture.rates[0] <= mixture.rates[-1] == 1.0
        assert math.fsum(mixture.weights) == pytest.approx(1.0, abs=1e-12)


def test_the_grid_is_eighteen_steps_of_seven_tenths_whose_weights_fall_with_the_square():
    fractions, weights = zip(*GRID, strict=True)
    assert len(GRID) == 18
    assert fractions == pytest.approx([0.7**step for step in range(1, 19)], rel=1e-15)
    assert fractions[-1] == pytest.approx(0.0016, abs=5e-5)
    assert [weight / weights[0] for weight in weights] == pytest.approx([9 / step**2 for step in range(3, 21)])


@pytest.mark.parametrize(
    ("mixture", "share", "elsewhere"),
    [
        (default_mixture(0.8), 0.5, {1.0: 0.5}),
        (default_mixture(0.8, 0.95), 0.2, {0.95: 0.5, 1.0: 0.3}),
        (default_mixture(0.8, 0.8000001), 0.2, {0.8000001: 0.5, 1.0: 0.3}),
        (never_mixture(0.05), 0.05, {1.0: 0.95}),
        (pair_mixture(0.45), 0.75, {1.0: 0.25}),
        (hedged_mixture(0.3), 0.5, {0.3: 0.2, 1.0: 0.3}),
    ],
)
def test_the_rest_lies_on_the_grid_as_fractions_of_what_may_be_lost(mixture, share, elsewhere):
    theta = mixture.theta
    expected = {theta + fraction * (1 - theta): share * weight for fraction, weight in GRID} | elsewhere
    assert shares(mixture) == {rate: pytest.approx(weight) for rate, weight in expected.items()}


def test_bets_at_one_rate_are_one_bet():
    """A baseline that lies on the grid adds to the bet there."""
    rate = 0.5 + 0.7 * 0.5
    laid = shares(default_mixture(0.5, rate))
    assert len(laid) == len(GRID) + 1
    assert laid[rate] == pytest.approx(0.5 + 0.2 * GRID[0][1])


def test_weights_may_miss_one_by_rounding_and_no_more():
    for miss, fair in ((9e-10, True), (-9e-10, True), (2e-9, False), (-2e-9, False)):
        if fair:
            assert Mixture(0.5, (0.8, 1.0), (0.5, 0.5 + miss)).theta == 0.5
        else:
            with pytest.raises(ValueError, match="add up to 1"):
                Mixture(0.5, (0.8, 1.0), (0.5, 0.5 + miss))


def test_a_bet_at_the_bar_and_the_smallest_bar_are_fair():
    assert Mixture(0.5, (0.5,), (1.0,)).rates == (0.5,)
    assert Mixture(sys.float_info.min, (1.0,), (1.0,)).theta == sys.float_info.min


def test_some_fraction_of_the_grid_is_near_any_other():
    fractions = [1.0, *[fraction for fraction, _ in GRID]]
    assert max(a / b for a, b in pairwise(fractions)) == pytest.approx(1 / 0.7)
    assert math.fsum(weight for _, weight in GRID) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("theta", [0.0, 1.0, -0.1, 1.1, float("nan"), 5e-324])
@pytest.mark.parametrize("build", [default_mixture, pair_mixture, hedged_mixture])
def test_a_bar_outside_the_open_interval_is_refused(build, theta):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        build(theta)


@pytest.mark.parametrize("ceiling", [0.0, 1.0, float("nan")])
def test_a_ceiling_outside_the_open_interval_is_refused(ceiling):
    with pytest.raises(ValueError, match="ceiling"):
        never_mixture(ceiling)


@pytest.mark.parametrize("prior_rate", [-0.1, 1.1, float("nan")])
def test_a_prior_that_is_no_rate_is_refused(prior_rate):
    with pytest.raises(ValueError, match="prior_rate"):
        default_mixture(0.5, prior_rate)


@pytest.mark.parametrize(
    ("theta", "rates", "weights", "message"),
    [
        (0.5, (0.4, 1.0), (0.5, 0.5), "ascend"),
        (0.5, (0.9, 0.8), (0.5, 0.5), "ascend"),
        (0.5, (0.8, 0.8), (0.5, 0.5), "ascend"),
        (0.5, (0.8, 0.7, 1.0), (0.4, 0.3, 0.3), "ascend"),
        (0.5, (0.8, 1.1), (0.5, 0.5), "ascend"),
        (0.5, (0.8, 1.0), (0.5, 0.6), "add up to 1"),
        (0.5, (0.8, 1.0), (1.0, 0.0), "positive"),
        (0.5, (0.8, 1.0), (1.5, -0.5), "positive"),
        (0.5, (0.8, 1.0), (1.0,), "one weight a rate"),
        (0.5, (0.8,), (0.5, 0.5), "one weight a rate"),
        (0.5, (), (), "one weight a rate"),
        (1.0, (1.0,), (1.0,), "strictly between"),
    ],
)
def test_unfair_bets_are_refused(theta, rates, weights, message):
    with pytest.raises(ValueError, match=message):
        Mixture(theta, rates, weights)
