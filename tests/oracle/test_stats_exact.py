"""One-look tests against scipy.stats, and their validity where probes differ by listing every outcome."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import pytest
from scipy.stats import binom, binomtest

from rebaseline.stats import exact
from rebaseline.stats.steady import flip_bound
from rebaseline.stats.tally import Tally

MILLION = 1_000_000


def one_round(passes, n):
    return Tally.of([[1] * passes + [0] * (n - passes)])


@pytest.mark.parametrize("theta", [1e-6, 0.05, 0.5, 0.95, 1 - 1e-6])
@pytest.mark.parametrize("n", [1, 2, 14, 60, 1000, MILLION])
def test_tails_are_scipys(n, theta):
    for successes in sorted({0, 1, n // 2, math.ceil(n * theta), n - 1, n}):
        expected = float(binom.sf(successes - 1, n, theta))
        assert exact.binomial_tail_at_least(successes, n, theta) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_tails_are_sums_of_fractions():
    theta = Fraction(3, 10)
    for n, successes in ((7, 5), (20, 12), (20, 20)):
        tail = sum(math.comb(n, k) * theta**k * (1 - theta) ** (n - k) for k in range(successes, n + 1))
        assert exact.binomial_tail_at_least(successes, n, 0.3) == pytest.approx(float(tail), rel=1e-12)


def test_the_ends_of_a_rate_are_certain():
    assert exact.binomial_tail_at_least(1, 5, 0.0) == 0.0
    assert exact.binomial_tail_at_least(5, 5, 1.0) == 1.0


@pytest.mark.parametrize(("successes", "n"), [(0, 60), (1, 60), (30, 60), (59, 60), (60, 60), (2, 1000), (999, 1000)])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_bounds_are_clopper_and_pearsons(successes, n, alpha):
    above = binomtest(successes, n, alternative="greater").proportion_ci(1 - alpha, method="exact")
    below = binomtest(successes, n, alternative="less").proportion_ci(1 - alpha, method="exact")
    assert exact.clopper_pearson_lower(successes, n, alpha) == pytest.approx(above.low, rel=1e-9, abs=1e-15)
    assert exact.clopper_pearson_upper(successes, n, alpha) == pytest.approx(below.high, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_bounds_of_a_million_alike_replies_have_a_closed_form(alpha):
    # binomtest itself searches for this root and keeps seven digits of it.
    expected = -math.expm1(math.log(alpha) / MILLION)
    assert exact.clopper_pearson_upper(0, MILLION, alpha) == pytest.approx(expected, rel=1e-12)
    assert exact.clopper_pearson_lower(MILLION, MILLION, alpha) == pytest.approx(1 - expected, rel=1e-12)
    assert exact.clopper_pearson_lower(0, MILLION, alpha) == 0.0
    assert exact.clopper_pearson_upper(MILLION, MILLION, alpha) == 1.0


@pytest.mark.parametrize("theta", [Fraction(1, 10), Fraction(3, 10), Fraction(1, 2), Fraction(4, 5)])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_p_value_is_no_smaller_than_the_worst_unequal_probes_allow(n, theta):
    worst = [Fraction(0)] * (n + 1)
    for means in unequal(n, n * theta):
        tail = Fraction(0)
        for successes, mass in reversed(list(enumerate(counts(means)))):
            tail += mass
            worst[successes] = max(worst[successes], tail)
    for successes in range(n + 1):
        assert exact.p_above(one_round(successes, n), float(theta)) >= float(worst[successes]) * (1 - 1e-12)


def test_the_binomial_tail_alone_would_be_too_small_under_hoeffdings_condition():
    # Two probes, mean 3/10: with means 3/5 and 0 a pass comes with probability .6, the binomial says .51.
    assert exact.binomial_tail_at_least(1, 2, 0.3) == pytest.approx(0.51)
    assert exact.p_above(one_round(1, 2), 0.3) == pytest.approx(0.6)


def test_a_bound_is_where_the_p_value_crosses_its_level():
    for n, passes in ((20, 1), (20, 2), (20, 15), (20, 20), (1, 1), (2, 2)):
        bound = exact.lower_bound(one_round(passes, n), 0.05)
        assert exact.p_above(one_round(passes, n), bound - 1e-9) <= 0.05
        assert exact.p_above(one_round(passes, n), bound + 1e-9) > 0.05


@pytest.mark.parametrize("probes", [1, 20, 60])
def test_the_flip_bound_is_clopper_and_pearsons_for_no_flip(probes):
    assert flip_bound(probes) == pytest.approx(exact.clopper_pearson_upper(0, probes, 0.05), rel=1e-12)


def unequal(n, total):
    """Means on a grid of tenths that add up to the total."""
    for means in product([Fraction(k, 10) for k in range(11)], repeat=n - 1):
        last = total - sum(means)
        if 0 <= last <= 1 and list(means) == sorted(means):
            yield (*means, last)


def counts(means):
    masses = [Fraction(1)]
    for p in means:
        masses = [a * (1 - p) + b * p for a, b in zip([*masses, 0], [0, *masses], strict=True)]
    return masses
