"""Bets taken apart add up to the evidence, and can be done again by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.stats.eprocess import weigh
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture, pair_mixture
from rebaseline.stats.stakes import lambda_of, stakes_of
from rebaseline.stats.tally import Tally

rounds = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=4, max_size=4), max_size=4)
mixtures = st.one_of(
    st.builds(default_mixture, st.sampled_from([0.3, 0.8]), st.sampled_from([None, 0.5, 0.9, 1.0])),
    st.builds(never_mixture, st.just(0.05)),
    st.builds(pair_mixture, st.just(0.45)),
)


@given(rounds, mixtures)
def test_the_parts_add_up_to_the_highest_stake(values, mixture):
    found = weigh(Tally.of(values), mixture)
    stakes = stakes_of(Tally.of(values), mixture)
    assert stakes.round == found.round_of_sup
    assert math.fsum(part.share for part in stakes.parts) == pytest.approx(1.0)
    assert math.fsum(part.bets for part in stakes.parts) == len(mixture.rates)
    assert math.fsum(math.exp(part.log_stake) for part in stakes.parts) == pytest.approx(math.exp(found.log_e_sup))


def test_each_bet_by_hand():
    """58 passes and 2 fails against .8, in one round: the all-in bet is lost, the baseline's is not."""
    values = [1.0] * 58 + [0.0] * 2
    stakes = stakes_of(Tally.of([values]), default_mixture(0.8, 0.95))
    grid, baseline, all_in = stakes.parts
    assert stakes.theta == 0.8
    assert (grid.lowest, grid.highest) == pytest.approx((0.7**18 / 0.8, 0.7 / 0.8))
    assert (grid.bets, grid.share, baseline.share, all_in.share) == pytest.approx((18, 0.2, 0.5, 0.3))
    assert baseline.highest == pytest.approx((0.95 - 0.8) / (0.8 * 0.2)) == pytest.approx(0.9375)
    by_hand = 0.5 * math.prod(1 + 0.9375 * (x - 0.8) for x in values)
    assert math.exp(baseline.log_stake) == pytest.approx(by_hand)
    assert (all_in.highest, all_in.log_stake) == (1.25, -math.inf)


@pytest.mark.parametrize(("rate", "theta", "lam"), [(0.8, 0.8, 0.0), (1.0, 0.5, 2.0), (0.9, 0.8, 0.625)])
def test_the_lambda_of_a_rate(rate, theta, lam):
    assert lambda_of(rate, theta) == pytest.approx(lam)


def test_bets_that_were_never_worth_more_stand_as_they_were_laid():
    stakes = stakes_of(Tally.of([[0.0]]), Mixture(0.5, (1.0,), (1.0,)))
    assert (stakes.round, stakes.parts[0].log_stake) == (0, 0.0)
