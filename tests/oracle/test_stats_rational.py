"""E-processes against exact rational arithmetic, and their validity by listing every outcome."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product

import pytest
from scipy.stats import binomtest

from rebaseline.stats.eprocess import log_e_path, weigh
from rebaseline.stats.mixture import (
    Mixture,
    default_mixture,
    hedged_mixture,
    never_mixture,
    pair_mixture,
)
from rebaseline.stats.pairs import drop_over, drop_refuted, pair_tally, shown_drop
from rebaseline.stats.power import chance_of_holds, chance_of_showing
from rebaseline.stats.separation import separation_below, separation_reached
from rebaseline.stats.tally import Tally

HALF = Fraction(1, 2)


def rational_stake(values, mixture, theta=None):
    """The total stake, from the definition 1 + lambda (x - theta), with the floats taken as the fractions they are."""
    theta = Fraction(mixture.theta) if theta is None else theta
    total = Fraction(0)
    for rate, weight in zip(mixture.rates, mixture.weights, strict=True):
        slope = (Fraction(rate) - theta) / (theta * (1 - theta))
        stake = Fraction(weight)
        for value in values:
            stake *= 1 + slope * (Fraction(value) - theta)
        total += stake
    return total


def log_of(fraction):
    return -math.inf if fraction == 0 else math.log(fraction.numerator) - math.log(fraction.denominator)


def replies(means):
    """Every outcome of independent 0/1 replies, with its probability."""
    for outcome in product((0, 1), repeat=len(means)):
        yield outcome, math.prod(p if x else 1 - p for x, p in zip(outcome, means, strict=True))


@pytest.mark.parametrize(
    "mixture",
    [
        default_mixture(0.8),
        default_mixture(0.8, 0.95),
        default_mixture(1e-6, 0.3),
        default_mixture(1 - 1e-6),
        never_mixture(0.05),
        pair_mixture(0.45),
        hedged_mixture(0.5),
        Mixture(0.3, (1.0,), (1.0,)),
    ],
)
@pytest.mark.parametrize(
    "rounds",
    [
        [[1] * 30],
        [[0] * 7, [1] * 3],
        [[1, 1, 0], [1, 0.5, 0.25], [0.125, 1, 1]],
        [[1 / 3, 2 / 3], [0.999, 1e-9]],
        [[1] * 12, [1] * 11 + [0], [1] * 12],
    ],
)
def test_the_path_is_the_definitions(rounds, mixture):
    path = log_e_path(Tally.of(rounds), mixture)
    read = []
    for log_e, values in zip(path, rounds, strict=True):
        read += values
        exact = log_of(rational_stake(read, mixture))
        assert log_e == pytest.approx(exact, rel=1e-9, abs=1e-9)


UNEQUAL = [
    (Fraction(1), Fraction(0), HALF, HALF),
    (Fraction(1), Fraction(1), Fraction(1, 5), Fraction(0)),
    (Fraction(9, 10), Fraction(7, 10), Fraction(1, 2), Fraction(1, 10)),
    (HALF, HALF, HALF, HALF),
    (Fraction(99, 100), Fraction(98, 100), Fraction(97, 100), Fraction(1)),
]


@pytest.mark.parametrize("means", UNEQUAL)
def test_the_expected_stake_after_a_round_is_at_most_one_however_probes_differ(means):
    bar = float(sum(means) / len(means))
    bar = math.nextafter(bar, 1.0) if Fraction(bar) < sum(means) / len(means) else bar
    for mixture in (default_mixture(bar), default_mixture(bar, (bar + 1) / 2), hedged_mixture(bar)):
        expected = sum(chance * rational_stake(outcome, mixture) for outcome, chance in replies(means))
        assert expected <= 1 + Fraction(1, 10**12)
        read = math.fsum(
            float(chance) * math.exp(log_e_path(Tally.of([outcome]), mixture)[0]) for outcome, chance in replies(means)
        )
        assert read == pytest.approx(float(expected), rel=1e-12)


def test_the_expected_stake_is_exactly_one_on_the_bar_with_equal_probes():
    expected = sum(c * rational_stake(o, default_mixture(0.5, 0.75)) for o, c in replies([HALF] * 5))
    assert expected == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("means", UNEQUAL[:3])
def test_a_round_never_raises_the_stake_on_average_whatever_came_before(means):
    bar = float(sum(means) / len(means))
    mixture = default_mixture(bar, (1 + bar) / 2)
    for first, _ in replies(means):
        before = rational_stake(first, mixture)
        after = sum(chance * rational_stake((*first, *second), mixture) for second, chance in replies(means))
        assert after <= before * (1 + Fraction(1, 10**12))


def test_reading_in_the_middle_of_a_round_is_not_valid():
    # Ten easy probes asked first, ten impossible ones after: the mean is a half, and every bar would be "shown".
    easy_first = [1] * 10 + [0] * 10
    in_the_middle = weigh(Tally.of([[x] for x in easy_first]), default_mixture(0.5))
    at_round_ends = weigh(Tally.of([easy_first] * 20), default_mixture(0.5))
    assert in_the_middle.shows(1 / 20)
    assert at_round_ends.log_e_sup == 0.0


def test_a_bet_changed_inside_a_round_is_not_valid():
    # The same probes, and bets laid anew once the easy ones are seen: why bets are fixed before the round.
    means = [Fraction(1), Fraction(1), Fraction(0), Fraction(0)]
    eager = sum(
        chance * math.prod(Fraction(2) * x if j < 2 else 1 for j, x in enumerate(outcome))
        for outcome, chance in replies(means)
    )
    assert eager == 4


@pytest.mark.parametrize("prior_rate", [None, 0.9])
@pytest.mark.parametrize(("theta", "rate"), [(0.6, 0.6), (0.6, 0.5), (0.6, 0.9)])
def test_the_chance_of_holds_is_the_sum_over_all_outcomes(theta, rate, prior_rate):
    mixture = default_mixture(theta, prior_rate)
    chance = 0.0
    for counts in product(range(5), repeat=3):
        probability = math.prod(math.comb(4, k) * rate**k * (1 - rate) ** (4 - k) for k in counts)
        chance += probability * weigh(Tally.of([[1] * k + [0] * (4 - k) for k in counts]), mixture).shows(0.25)
    found = chance_of_holds(4, 3, theta=theta, rate=rate, prior_rate=prior_rate, alpha=0.25)
    assert found == pytest.approx(chance, rel=1e-12)
    assert chance > 0.01


@pytest.mark.parametrize("theta", [0.05, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("mixture", [default_mixture, hedged_mixture, pair_mixture])
def test_ville_holds_on_the_bar(theta, mixture):
    for probes, rounds in ((1, 60), (20, 5)):
        chance = chance_of_showing(probes, rounds, mixture(theta), theta, 0.05)
        assert chance <= 0.05


PAIRS = [
    # (chance of -1, chance of 0, chance of +1) a probe; the mean difference is 0 in each list, probes differ
    [(HALF, 0, HALF)] * 4,
    [(1, 0, 0), (0, 0, 1), (HALF, 0, HALF), (0, 1, 0)],
    [(1, 0, 0), (0, HALF, HALF), (0, HALF, HALF), (0, 1, 0)],
    [(Fraction(1, 10), Fraction(4, 5), Fraction(1, 10))] * 4,
]


@pytest.mark.parametrize("chances", PAIRS)
def test_expected_evidence_of_pairs_is_at_most_one_while_there_is_no_drop(chances):
    drop = over = 0.0
    for outcome in product((-1, 0, 1), repeat=4):
        probability = float(math.prod(c[d + 1] for c, d in zip(chances, outcome, strict=True)))
        tally = pair_tally([outcome])
        drop += probability * math.exp(shown_drop(tally).log_e_last)
        over += probability * math.exp(drop_over(tally, 0.1).log_e_last)
    assert drop <= 1 + 1e-12
    assert over < drop


def test_expected_evidence_against_a_drop_is_at_most_one_while_the_drop_is_there():
    # Every probe drops with probability 3/20 and gains with 1/20: the mean difference is -.1.
    expected = 0.0
    for outcome in product((-1, 0, 1), repeat=5):
        probability = math.prod({-1: 0.15, 0: 0.8, 1: 0.05}[d] for d in outcome)
        expected += probability * math.exp(drop_refuted(pair_tally([outcome]), 0.1).log_e_last)
    assert expected == pytest.approx(1.0, abs=1e-12)


def test_mcnemar_is_wrong_given_the_number_of_discordant_pairs():
    # Three probes always drop, six gain with probability 1/2 each: no drop on average.
    certain_drops, chance_of_gain = 3, [HALF] * 6
    assert sum(chance_of_gain) == certain_drops
    nominal = binomtest(3, 3, 0.5, alternative="greater").pvalue
    given = {outcome: chance for outcome, chance in replies(chance_of_gain) if certain_drops + sum(outcome) == 3}
    all_drops = sum(chance for outcome, chance in given.items() if sum(outcome) == 0)
    assert all_drops / sum(given.values()) == 1 > nominal == 0.125
    assert all_drops == Fraction(1, 64)  # over all outcomes it is rare enough here, for which we know of no proof


@pytest.mark.parametrize(("positive", "negative"), [(0.5, 0.0), (1.0, 0.5), (0.75, 0.25), (0.9, 0.4), (1.0, 0.0)])
def test_expected_evidence_that_arms_no_longer_separate_is_at_most_one_while_they_do(positive, negative):
    assert expected_separation(separation_below, positive, negative) <= 1 + 1e-12


@pytest.mark.parametrize(("positive", "negative"), [(0.5, 0.0), (1.0, 0.5), (0.75, 0.25), (0.3, 0.3), (0.0, 1.0)])
def test_expected_evidence_that_arms_separate_is_at_most_one_while_they_do_not(positive, negative):
    assert expected_separation(separation_reached, positive, negative) <= 1 + 1e-12


@pytest.mark.parametrize(("passed", "alarmed"), [(1200, 700), (1150, 760), (300, 100), (1990, 1500)])
def test_evidence_on_arms_never_exceeds_that_against_any_single_pair_of_means(passed, alarmed):
    positive, negative = (Tally((0.0, 1.0), ((2000 - k, k),)) for k in (passed, alarmed))

    def over(tally, theta):
        return weigh(tally, hedged_mixture(theta)).log_e_last

    def under(tally, theta):
        return over(tally.mirrored(), 1.0 - theta)

    below = separation_below(positive, negative, 0.5).log_e_last
    reached = separation_reached(positive, negative, 0.5).log_e_last
    for step in range(1, 1000):
        mean = step / 2000  # of the negative arm; the positive arm's is higher by the floor, the border of both claims
        assert below <= under(positive, mean + 0.5) + over(negative, mean) + 1e-9
        if 1 / 32 <= mean <= 15 / 32:  # in the first and the last cell only one arm bets
            assert reached <= over(positive, mean + 0.5) + under(negative, mean) + 1e-9


@pytest.mark.parametrize(("passed", "alarmed"), [(9, 0), (12, 12), (0, 0), (5, 3), (12, 3)])
def test_evidence_on_arms_is_the_weakest_of_sixteen_products(passed, alarmed):
    """By exact fractions: a cell multiplies a stake on the one arm with one on the other; the outer ones have one."""
    probes, floor = 12, HALF
    positive, negative = ([1] * k + [0] * (probes - k) for k in (passed, alarmed))

    def over(values, theta):
        return rational_stake(values, hedged_mixture(float(theta)), theta)

    def under(values, theta):
        return over([1 - value for value in values], 1 - theta)

    cuts = [floor * step / 16 for step in range(17)]
    cells = list(pairwise(cuts))
    below = min(under(positive, low + floor) * over(negative, high) for low, high in cells)
    inner = [over(positive, high + floor) * under(negative, low) for low, high in cells[1:-1]]
    reached = min(over(positive, cuts[1] + floor), *inner, under(negative, cuts[-2]))
    arms = Tally.of([positive]), Tally.of([negative])
    assert separation_below(*arms, 0.5).log_e_last == pytest.approx(log_of(below), rel=1e-9, abs=1e-9)
    assert separation_reached(*arms, 0.5).log_e_last == pytest.approx(log_of(reached), rel=1e-9, abs=1e-9)


def test_evidence_on_arms_grows_where_it_should():
    assert expected_separation(separation_below, 0.1, 0.6) > 1.5
    assert expected_separation(separation_reached, 1.0, 0.0) > 1.5


def expected_separation(ask, positive, negative, probes=6):
    total = 0.0
    for a, b in product(range(probes + 1), repeat=2):
        chance = math.comb(probes, a) * positive**a * (1 - positive) ** (probes - a)
        chance *= math.comb(probes, b) * negative**b * (1 - negative) ** (probes - b)
        if chance > 0.0:
            arms = [Tally.of([[1] * k + [0] * (probes - k)]) for k in (a, b)]
            total += chance * math.exp(ask(*arms, 0.5).log_e_last)
    return total
