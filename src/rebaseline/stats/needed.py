"""How many more replies would settle a bar, and how many perfect ones show it at best."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.stats.eprocess import log_stakes, log_threshold
from rebaseline.stats.mixture import Mixture, default_mixture
from rebaseline.stats.power import mean_growth
from rebaseline.stats.tally import Tally

__all__ = ["PerfectReplies", "perfect_replies_needed", "replies_needed"]

_STANDSTILL = 1e-12
"""Growth a reply that rounding cannot tell from none: a bar that needs over 10^12 replies is never shown."""


@dataclass(frozen=True, slots=True)
class PerfectReplies:
    """How many replies, all of them passes, show a bar.

    Attributes:
        exact: In one look.
        e_process: Where one may look after every round.
    """

    exact: int
    e_process: int


def replies_needed(tally: Tally, mixture: Mixture, alpha: float, rate: float) -> int | None:
    """How many more replies would show the bar, if they pass at `rate` without any scatter.

    A guide, not a promise: about half of all runs take longer. Round up to complete rounds.

    Args:
        tally: Complete rounds so far; for "under a bar", mirrored, with the mirrored bets and 1 - rate.
        mixture: The bets that these rounds were weighed by.
        alpha: Level, in (0, 1).
        rate: Assumed rate of passes, in [0, 1]; `tally.mean` for "if it goes on like this".

    Returns:
        0 if it is shown already; None if it never will be at this rate.

    Raises:
        ValueError: rate outside [0, 1], or alpha outside (0, 1).

    Example:
        >>> replies_needed(Tally.of([[1] * 10]), default_mixture(0.8), alpha=1 / 20, rate=1.0)
        6
    """
    threshold = log_threshold(alpha)
    growth = mean_growth(mixture, rate)
    stakes = log_stakes(tally, mixture)
    if tally.rounds == 0:
        stakes = np.log(mixture.weights)[np.newaxis]
    if max(_log_total(row) for row in stakes) >= threshold:
        return 0
    if not np.any(growth[np.isfinite(stakes[-1])] > _STANDSTILL):
        return None  # the log of the total is convex in the number of replies: it can only fall from here

    def shown(replies: int) -> bool:
        return _log_total(stakes[-1] + replies * growth) >= threshold

    high = 1
    while not shown(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return high


def perfect_replies_needed(theta: float, alpha: float, prior_rate: float | None = None) -> PerfectReplies:
    """How many replies, all of them passes, show "the mean is above `theta`".

    Args:
        theta: The bar, in (0, 1).
        alpha: Level, in (0, 1).
        prior_rate: The baseline's rate, in [0, 1]; None where there is none.

    Returns:
        The counts by the exact test and by e-process.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> [perfect_replies_needed(theta, alpha=1 / 20).exact for theta in (0.5, 0.7, 0.8, 0.9, 0.95)]
        [5, 9, 14, 29, 59]
    """
    mixture = default_mixture(theta, prior_rate)
    exact = max(1, math.ceil(log_threshold(alpha) / -math.log(theta)) - 1)
    while theta**exact > alpha:
        exact += 1
    by_e_process = replies_needed(Tally((), ()), mixture, alpha, rate=1.0)
    assert by_e_process is not None  # noqa: S101 - passes alone make every bet above the bar grow
    return PerfectReplies(exact, by_e_process)


def _log_total(stakes: NDArray[np.float64]) -> float:
    return float(np.logaddexp.reduce(stakes))
