"""Evidence at round ends: known stakes, lost bets, what stays shown."""

from __future__ import annotations

import math

import pytest

from rebaseline.stats.eprocess import (
    EValue,
    log_e_path,
    log_threshold,
    weigh,
    weigh_above,
    weigh_below,
    weigh_path,
)
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.tally import Tally

EMPTY = Tally.of([])
ALL_IN = Mixture(0.5, (1.0,), (1.0,))


def test_no_reply_is_no_evidence():
    assert log_e_path(EMPTY, default_mixture(0.8)) == ()
    assert weigh_above(EMPTY, 0.8) == EValue(0.0, 0.0, 0)
    assert not weigh_above(EMPTY, 0.8).shows(0.999)


def test_the_all_in_bet_doubles_and_is_lost_at_the_first_fail():
    path = log_e_path(Tally.of([[1, 1, 1], [1], [0], [1]]), ALL_IN)
    assert path == pytest.approx((3 * math.log(2), 4 * math.log(2), -math.inf, -math.inf))


def test_a_value_of_a_half_at_a_bar_of_a_half_moves_nothing():
    assert log_e_path(Tally.of([[0.5] * 10]), ALL_IN) == (0.0,)


def test_what_was_shown_stays_shown_though_the_stake_is_lost():
    evidence = weigh(Tally.of([[1] * 5, [0]]), ALL_IN)
    assert evidence == EValue(-math.inf, pytest.approx(5 * math.log(2)), 1)
    assert evidence.shows(1 / 20)
    assert evidence.p_value == pytest.approx(1 / 32)


def test_the_first_of_equal_peaks_is_named_and_the_start_counts():
    assert weigh_path((-1.0, 2.0, 2.0)).round_of_sup == 2
    assert weigh_path((-1.0, -2.0)) == EValue(-2.0, 0.0, 0)


def test_the_level_is_reached_at_equality():
    assert EValue(0.0, log_threshold(1 / 20), 1).shows(1 / 20)
    assert not EValue(0.0, math.nextafter(log_threshold(1 / 20), 0.0), 1).shows(1 / 20)


def test_sixty_clean_replies_hold_never_at_five_percent_and_fifty_nine_do_not():
    assert weigh(Tally.of([[1] * 60]), never_mixture(0.05)).shows(1 / 20)
    assert not weigh(Tally.of([[1] * 59]), never_mixture(0.05)).shows(1 / 20)


def test_one_violation_leaves_only_the_grids_twentieth_of_never():
    evidence = weigh(Tally.of([[1] * 59 + [0]]), never_mixture(0.05))
    assert math.exp(evidence.log_e_last) < 0.5


def test_below_is_shown_by_fails_and_never_by_passes():
    assert weigh_below(Tally.of([[0] * 20]), 0.8).shows(1 / 200)
    assert weigh_below(Tally.of([[1] * 20]), 0.8).log_e_sup == 0.0
    assert (
        weigh_below(Tally.of([[0] * 3]), 0.5, prior_rate=0.1).log_e_last
        == weigh_above(Tally.of([[1] * 3]), 0.5, prior_rate=0.9).log_e_last
    )


def test_a_baseline_that_foresaw_the_rate_needs_fewer_replies():
    tally = Tally.of([[1] * 38 + [0] * 2])
    assert weigh_above(tally, 0.8, prior_rate=0.95).log_e_last > weigh_above(tally, 0.8).log_e_last


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0, float("nan")])
def test_a_level_outside_the_open_interval_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha"):
        log_threshold(alpha)
    with pytest.raises(ValueError, match="alpha"):
        EValue(0.0, 0.0, 0).shows(alpha)


@pytest.mark.parametrize("theta", [0.0, 1.0])
def test_a_bar_at_an_end_is_refused(theta):
    with pytest.raises(ValueError, match="theta"):
        weigh_above(EMPTY, theta)
    with pytest.raises(ValueError, match="theta"):
        weigh_below(EMPTY, theta)


@pytest.mark.parametrize("theta", [1e-6, 0.5, 1 - 1e-6])
@pytest.mark.parametrize("passes", [0, 1, 999_999, 1_000_000])
def test_a_million_replies_at_the_ends_stay_finite_unless_lost(theta, passes):
    tally = Tally((0.0, 1.0), ((1_000_000 - passes, passes),))
    mixture = Mixture(theta, (theta + 0.5 * (1 - theta),), (1.0,))
    q = mixture.rates[0]
    expected = passes * math.log(q / theta) + (1_000_000 - passes) * math.log((1 - q) / (1 - theta))
    assert log_e_path(tally, mixture)[0] == pytest.approx(expected, rel=1e-12)
    all_in = log_e_path(tally, Mixture(theta, (1.0,), (1.0,)))[0]
    assert all_in == (pytest.approx(-1e6 * math.log(theta), abs=1e-9) if passes == 1_000_000 else -math.inf)


def test_more_distinct_values_than_one_block_weigh_as_one_by_one():
    values = [i / 9_999 for i in range(10_000)]
    mixture = default_mixture(0.4, 0.6)
    one_by_one = log_e_path(Tally.of([[value] for value in values[5_000:5_050]]), mixture)[-1]
    assert log_e_path(Tally.of([values[5_000:5_050]]), mixture)[0] == pytest.approx(one_by_one, rel=1e-12)
    q, bar = mixture.rates[3], mixture.theta
    single = Mixture(bar, (q,), (1.0,))
    expected = math.fsum(math.log(x * q / bar + (1 - x) * (1 - q) / (1 - bar)) for x in values)
    assert log_e_path(Tally.of([values]), single)[0] == pytest.approx(expected, rel=1e-12)
