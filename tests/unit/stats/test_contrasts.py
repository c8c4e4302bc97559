"""Differences and ratios, probe by probe."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from rebaseline.stats.contrasts import (
    Ratios,
    contrast_tally,
    difference_interval,
    log_e_by_group,
    log_e_changed,
    median_ratio,
    ratio_interval,
    signs_by_probe,
)
from rebaseline.stats.eprocess import weigh
from rebaseline.stats.mixture import contrast_mixture


def tally(*differences):
    return contrast_tally(np.array(differences, dtype=float))


def ratios(old, new, probes=None):
    places = np.arange(len(old)) if probes is None else np.array(probes)
    return Ratios.of(np.array(old, float), np.array(new, float), places)


def test_probes_without_a_difference_bear_no_evidence():
    assert log_e_changed(tally(1, 1, 1)) == pytest.approx(log_e_changed(tally(1, 1, 1, 0, 0)))
    assert log_e_changed(tally(0, 0)) == pytest.approx(-math.log(2))


def test_evidence_is_the_same_both_ways():
    assert log_e_changed(tally(1, 1, 0.5, -0.25)) == pytest.approx(log_e_changed(tally(-1, -1, -0.5, 0.25)))


@pytest.mark.parametrize("values", [(-1.0, 1.0), (-0.1, 0.9), (-0.5, 0.0, 0.5)])
def test_it_is_an_e_value_whatever_has_mean_zero(values):
    """Also for differences that are not symmetric: -.1 in nine cases of ten, .9 in one."""
    chances = {(-0.1, 0.9): (0.9, 0.1)}.get(values, (1.0 / len(values),) * len(values))
    total = sum(
        math.prod(chances[place] for place in places)
        * math.exp(log_e_changed(tally(*(values[place] for place in places))))
        for places in product(range(len(values)), repeat=6)
    )
    assert total <= 1.0 + 1e-12


def test_many_groups_at_once_are_weighed_as_each_alone():
    groups = [[1.0, -1.0], [-1.0, -1.0, -0.5], [0.0], [0.25] * 9]
    firsts = np.cumsum([0, *map(len, groups)])[:-1]
    found = log_e_by_group(np.concatenate([np.array(group) for group in groups]), firsts)
    assert found.tolist() == pytest.approx([log_e_changed(tally(*group)) for group in groups])


def test_a_difference_outside_its_range_is_refused():
    for wrong in ([1.5], [float("nan")], []):
        with pytest.raises(ValueError, match=r"value|reply"):
            contrast_tally(np.array(wrong))


@pytest.mark.parametrize(
    "differences", [[1] * 14, [1] * 20 + [-1] * 2, [0.5] * 60, [1] * 10 + [0] * 5, [0.2, -0.2] * 9]
)
def test_it_stands_exactly_where_its_interval_leaves_zero(differences):
    found = contrast_tally(np.array(differences, dtype=float))
    threshold = log_e_changed(found)
    low, high = difference_interval(found, max(0.0, threshold + 1e-4))
    assert low <= 0.0 <= high
    if threshold > 0.0:
        low, high = difference_interval(found, threshold - 1e-4)
        assert not low <= 0.0 <= high


def test_the_interval_holds_the_mean():
    low, high = difference_interval(tally(*[1] * 30, *[0] * 20, *[-1] * 5), math.log(20))
    assert -1.0 <= low < 25 / 55 < high <= 1.0


def test_a_ratio_needs_positive_amounts():
    for old, new in (([0.0], [1.0]), ([1.0], [0.0]), ([1.0], [-1.0]), ([float("nan")], [1.0])):
        with pytest.raises(ValueError, match=r"^a ratio needs positive amounts$"):
            ratios(old, new)


def test_signs_are_averaged_by_probe():
    found = ratios([1, 1, 1, 4], [2, 2, 1, 2], ["a", "a", "a", "b"])
    assert signs_by_probe(found).tolist() == pytest.approx([2 / 3, -1.0])
    assert signs_by_probe(found, found.logs[0]).tolist() == pytest.approx([-1 / 3, -1.0])


def test_the_median_gives_each_probe_the_same_weight():
    assert median_ratio(ratios([1, 1, 1], [2, 3, 4])) == pytest.approx(3.0)
    assert median_ratio(ratios([1, 1], [2, 8])) == pytest.approx(4.0)
    assert median_ratio(ratios([1] * 5, [2, 2, 2, 5, 6], [0, 0, 0, 1, 2])) == pytest.approx(5.0)


def test_the_ends_of_a_ratio_are_found_as_by_going_through_all():
    rng = np.random.default_rng(3)
    old, probes = rng.lognormal(3, 1, 90), np.repeat(np.arange(30), 3)
    found = ratios(old, old * rng.lognormal(0.4, 0.5, 90), probes)
    threshold = math.log(20)

    def log_e_over(log_ratio):
        return weigh(contrast_tally(signs_by_probe(found, log_ratio)), contrast_mixture(0.5)).log_e_last

    def log_e_under(log_ratio):
        mirrored = contrast_tally(-signs_by_probe(found, log_ratio))
        return weigh(mirrored, contrast_mixture(0.5)).log_e_last

    points = np.unique(found.logs)
    between = (points[1:] + points[:-1]) / 2.0
    kept = [ratio for ratio in between if max(log_e_over(ratio), log_e_under(ratio)) < threshold + math.log(2.0)]
    low, high = ratio_interval(found, threshold)
    assert math.log(low) == pytest.approx(points[points < kept[0]][-1])
    assert math.log(high) == pytest.approx(points[points > kept[-1]][0])
    assert low < median_ratio(found) < high


@pytest.mark.parametrize("log_e", [0.1, 0.7, 1.5, 3.0])
@pytest.mark.parametrize("seed", range(6))
def test_each_end_of_a_ratio_is_the_last_that_is_refuted_whichever_it_is(seed, log_e):
    """A walk over every gap between ratios that occur, from below the first to above the last."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 9))
    old, new = rng.uniform(1.0, 3.0, count), rng.uniform(1.0, 3.0, count) * (1 + seed % 3)
    found = ratios(old, new, rng.integers(0, max(1, count // (1 + seed % 2)), count))

    def lowest_kept(each):
        points = np.unique(each.logs)
        gaps = [points[0] - 1, *((points[:-1] + points[1:]) / 2), points[-1] + 1]
        stakes = [weigh(contrast_tally(signs_by_probe(each, gap)), contrast_mixture(0.5)).log_e_last for gap in gaps]
        refuted = sum(stake >= log_e + math.log(2) for stake in stakes)
        return math.exp(points[refuted - 1]) if refuted else 0.0

    low, high = ratio_interval(found, log_e)
    turned = lowest_kept(Ratios(-found.logs, found.probes, found.counts))
    assert low == pytest.approx(lowest_kept(found))
    assert high == (math.inf if turned == 0.0 else pytest.approx(1 / turned))


def test_few_probes_bound_nothing():
    assert ratio_interval(ratios([1, 1], [2, 2]), math.log(20)) == (0.0, math.inf)


def test_equal_ratios_have_no_width():
    assert ratio_interval(ratios([1] * 30, [2] * 30), math.log(20)) == pytest.approx((2.0, 2.0))
    assert ratio_interval(ratios([1] * 31, [1] + [2] * 30), math.log(20)) == pytest.approx((2.0, 2.0))
