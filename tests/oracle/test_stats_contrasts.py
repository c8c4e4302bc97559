"""Contrasts beside exact tests of scipy, where both apply: one reply a probe."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from rebaseline.stats.contrasts import (
    Ratios,
    contrast_tally,
    difference_interval,
    log_e_changed,
    median_ratio,
    ratio_interval,
)


@pytest.mark.parametrize("n", [5, 14, 30, 200])
def test_one_over_it_is_never_under_the_p_value_of_the_exact_sign_test(n):
    """Where d is -1 or 1, evidence rises with the number of 1s, so the tail from there on has the sign test's size.

    Markov's inequality then bounds that size by one over the e-value. Two sides double it.
    """
    for more in range(n + 1):
        found = contrast_tally(np.array([1.0] * more + [-1.0] * (n - more)))
        p_value = stats.binomtest(more, n, 0.5).pvalue
        assert math.exp(-log_e_changed(found)) >= p_value * (1 - 1e-9) or p_value > 0.5


@pytest.mark.parametrize(("n", "more"), [(30, 30), (60, 55), (200, 120), (500, 300)])
def test_it_costs_at_most_a_factor_of_two_hundred_of_the_exact_sign_test(n, more):
    """What being an e-value costs where n is what a suite has: a factor of 4 where all probes agree."""
    found = contrast_tally(np.array([1.0] * more + [-1.0] * (n - more)))
    assert math.exp(-log_e_changed(found)) <= 200 * stats.binomtest(more, n, 0.5).pvalue


@pytest.mark.parametrize("seed", range(8))
def test_the_interval_of_a_ratio_holds_the_exact_interval_of_the_median(seed):
    rng = np.random.default_rng(seed)
    old = rng.lognormal(5, 1, 60)
    new = old * rng.lognormal(0.3, 0.4, 60)
    found = Ratios.of(old, new, np.arange(60))
    assert median_ratio(found) == pytest.approx(math.exp(np.median(np.log(new / old))))
    exact = stats.quantile_test(np.log(new / old), q=0.0, p=0.5).confidence_interval(0.95)
    low, high = np.log(ratio_interval(found, math.log(20)))
    assert low <= exact.low + 1e-9
    assert high >= exact.high - 1e-9
    assert high - low <= 2.5 * (exact.high - exact.low)


@pytest.mark.parametrize(("more", "same"), [(30, 10), (12, 88), (400, 600)])
def test_the_interval_of_a_share_holds_the_exact_one_where_nothing_is_lost(more, same):
    """Without a loss the gains are a binomial number, and d is its share."""
    found = contrast_tally(np.array([1.0] * more + [0.0] * same))
    exact = stats.binomtest(more, more + same).proportion_ci(0.95, method="exact")
    low, high = difference_interval(found, math.log(20))
    assert low <= exact.low
    assert high >= exact.high
    assert high - low <= 2.5 * (exact.high - exact.low)
