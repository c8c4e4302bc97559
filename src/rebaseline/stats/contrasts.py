"""Does a measure of the replies differ between two sides, probe by probe, and by how much?

The probe is the unit. Its several replies on a side are reduced to one number first, so that the samples of one probe
do not count as so many findings. What is left is one d in [-1, 1] for each probe:

* of a mark, the share of the new replies that bear it less that of the old ones;
* of an amount (a length, a time), the mean over its samples r of sign(new_r - rho old_r), for the ratio rho = 1.

If nothing changed at a probe, d has mean 0 there. It need not be symmetric: with one new reply and five old ones, and
a mark that one reply in ten bears, d is below 0 in nine cases of ten. A sign test over probes would therefore report a
drop with certainty, and Wilcoxon's would with it. Bets 1 + f d have mean 1 for whatever d has mean 0, so that the
e-value of `pairs` serves: of one round, since each probe is looked at once.

Both effects are on one scale: how much more often than not the new reply to a probe has more (Cliff's delta within
probes). The interval of a difference, and of a ratio, is the set of what the same bets do not refute.

References:
    Cliff (1993), Dominance statistics: ordinal analyses to answer ordinal questions, Psychol. Bull. 114.
    Waudby-Smith and Ramdas (2024), Estimating means of bounded random variables by betting, JRSS-B 86.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.stats.bounds import smallest_bar_kept
from rebaseline.stats.eprocess import weigh
from rebaseline.stats.mixture import contrast_mixture
from rebaseline.stats.tally import Tally

__all__ = [
    "Ratios",
    "contrast_tally",
    "difference_interval",
    "log_e_by_group",
    "log_e_changed",
    "median_ratio",
    "ratio_interval",
    "signs_by_probe",
]

_DIGITS = 12
"""Digits of a difference that are kept: fractions such as 1/5 - 2/5 and -1/5 shall be one value."""


def contrast_tally(differences: NDArray[np.float64]) -> Tally:
    """Count the differences of the probes, one each, as y = (1 + d) / 2.

    Args:
        differences: One for each probe, in [-1, 1]; at least one.

    Returns:
        A tally of one round.

    Raises:
        ValueError: No difference, one outside [-1, 1], or NaN.
    """
    values, counts = np.unique(np.round(differences, _DIGITS), return_counts=True)
    return Tally(tuple(((1.0 + values) / 2.0).tolist()), (tuple(counts.tolist()),))


def log_e_changed(tally: Tally) -> float:
    """Evidence that the mean difference is not 0, whichever way.

    Args:
        tally: From `contrast_tally`. Probes with d = 0 neither add to it nor take from it, and may be left out.

    Returns:
        Natural log of an e-value: half the larger one of both directions. It is at most their mean, so that it is an
        e-value, and it reaches a threshold exactly where `difference_interval` lies on one side of 0.

    Example:
        >>> round(math.exp(log_e_changed(contrast_tally(np.ones(14)))))  # 14 probes, all more
        3020
    """
    mixture = contrast_mixture(0.5)
    return max(weigh(tally, mixture).log_e_last, weigh(tally.mirrored(), mixture).log_e_last) - math.log(2.0)


def log_e_by_group(differences: NDArray[np.float64], firsts: NDArray[np.intp]) -> NDArray[np.float64]:
    """`log_e_changed` of many groups of differences at once.

    Args:
        differences: In [-1, 1], group after group; differences of 0 may be left out.
        firsts: Place of the first difference of each group, ascending from 0; no group is empty.

    Returns:
        One log e-value a group.
    """
    mixture = contrast_mixture(0.5)
    best = np.full(firsts.size, -np.inf)
    for sign in (1.0, -1.0):
        total = np.full(firsts.size, -np.inf)
        for rate, weight in zip(mixture.rates, mixture.weights, strict=True):
            with np.errstate(divide="ignore"):  # the all-in bet is lost where d is -1
                stakes = np.log1p((2.0 * rate - 1.0) * sign * differences)
            total = np.logaddexp(total, np.add.reduceat(stakes, firsts) + math.log(weight))
        best = np.maximum(best, total)
    logs: NDArray[np.float64] = best - math.log(2.0)
    return logs


def difference_interval(tally: Tally, log_e: float) -> tuple[float, float]:
    """Which mean differences have an e-value under a threshold.

    Args:
        tally: From `contrast_tally`, every probe counted.
        log_e: Log of the threshold; log(1 / alpha) gives an interval of level 1 - alpha.

    Returns:
        Both ends, in [-1, 1].
    """
    each = log_e + math.log(2.0)
    low = smallest_bar_kept(tally, contrast_mixture, each)
    high = 1.0 - smallest_bar_kept(tally.mirrored(), contrast_mixture, each)
    return 2.0 * low - 1.0, 2.0 * high - 1.0


@dataclass(frozen=True, slots=True)
class Ratios:
    """New amounts over old ones, pair by pair.

    Attributes:
        logs: Natural log of new / old, one a pair.
        probes: Place of each pair's probe, from 0.
        counts: Pairs of each probe, each at least 1.
    """

    logs: NDArray[np.float64]
    probes: NDArray[np.intp]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, old: NDArray[np.float64], new: NDArray[np.float64], probes: NDArray[np.intp]) -> Ratios:
        """Pair amounts.

        Args:
            old: Amounts, positive.
            new: Amounts of the partners, positive.
            probes: What tells the probe of each pair; any integers.

        Raises:
            ValueError: An amount that is not positive.
        """
        if not (np.all(old > 0.0) and np.all(new > 0.0)):
            raise ValueError("a ratio needs positive amounts")
        _, places, counts = np.unique(probes, return_inverse=True, return_counts=True)
        return cls(np.round(np.log(new) - np.log(old), _DIGITS), places, counts.astype(np.float64))


def signs_by_probe(ratios: Ratios, log_ratio: float = 0.0) -> NDArray[np.float64]:
    """How much more often than not the new amount exceeds so many times the old one, by probe, in [-1, 1]."""
    return _mean_by_probe(ratios, np.sign(ratios.logs - log_ratio))


def _mean_by_probe(ratios: Ratios, values: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.bincount(ratios.probes, weights=values, minlength=ratios.counts.size)
    means: NDArray[np.float64] = sums / ratios.counts
    return means


def median_ratio(ratios: Ratios) -> float:
    """The ratio that new amounts exceed as often as they fall short of it, every probe having the same weight.

    Args:
        ratios: At least one pair.

    Returns:
        The weighted median of new / old; the geometric mean of both middle ones where there are two.
    """
    order = np.argsort(ratios.logs, kind="stable")
    logs, weights = ratios.logs[order], (1.0 / ratios.counts[ratios.probes])[order]
    total = np.cumsum(weights)
    half = total[-1] / 2.0
    slack = 1e-9 * half  # sums of 1/3 do not meet half exactly
    lower = logs[int(np.searchsorted(total, half - slack))]
    upper = logs[min(int(np.searchsorted(total, half + slack)), logs.size - 1)]
    return math.exp((lower + upper) / 2.0)


def ratio_interval(ratios: Ratios, log_e: float) -> tuple[float, float]:
    """Which ratios have an e-value under a threshold: no more is assumed than that pairs are alike without a change.

    The evidence that new amounts exceed rho times the old ones never rises with rho, as the bets at rho are the same
    for every rho. So both ends are found exactly, among the ratios that occur.

    Args:
        ratios: At least one pair.
        log_e: Log of the threshold.

    Returns:
        Both ends; 0 and infinity where nothing is refuted on that side.
    """
    each = log_e + math.log(2.0)
    low = _lowest_kept(ratios, each)
    high = _lowest_kept(Ratios(-ratios.logs, ratios.probes, ratios.counts), each)
    return math.exp(low), math.exp(-high)


def _lowest_kept(ratios: Ratios, threshold: float) -> float:
    """The smallest log ratio that is not refuted from above; minus infinity where none is refuted."""
    points = np.unique(ratios.logs)

    def refuted_beyond(place: int) -> bool:
        """Whether ratios just over points[place] are refuted; those just under the first one for -1."""
        more = np.where(ratios.logs > points[place], 1.0, -1.0) if place >= 0 else np.ones(ratios.logs.size)
        return weigh(contrast_tally(_mean_by_probe(ratios, more)), contrast_mixture(0.5)).log_e_last >= threshold

    if not refuted_beyond(-1):
        return -math.inf
    refuted, kept = -1, points.size - 1  # beyond the last point every pair has less
    while kept - refuted > 1:
        middle = (refuted + kept) // 2
        if refuted_beyond(middle):
            refuted = middle
        else:
            kept = middle
    return float(points[kept])
