"""What a plan can show, how many replies are still missing, and which drop would have been seen.

All of it is for 0/1 replies at one rate over all probes; probes that differ around the same mean scatter less. Nothing
here is evidence: it is arithmetic about replies that were not asked yet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.stats.eprocess import log_stakes, log_threshold
from rebaseline.stats.exact import binomial_tail_at_least, p_above
from rebaseline.stats.mixture import Mixture, default_mixture
from rebaseline.stats.passes import chance_of_reaching, fewest_passes, mean_growth
from rebaseline.stats.tally import Tally

__all__ = [
    "PerfectReplies",
    "chance_at_one_look",
    "chance_of_holds",
    "chance_of_showing",
    "perfect_replies_needed",
    "replies_needed",
    "visible_drop",
]

_MOST_LIKELY = 0.8
_RESOLUTION = 1e-6
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


def chance_of_holds(
    n_probes: int, rounds: int, *, theta: float, rate: float, prior_rate: float | None, alpha: float
) -> float:
    """Probability that a plan shows "the mean is above `theta`", if each reply passes at `rate`.

    Args:
        n_probes: Replies in each round, at least 1.
        rounds: Rounds after each of which evidence is read, at least 1.
        theta: The bar, in (0, 1).
        rate: Assumed rate of passes, in [0, 1]; the baseline's for an unchanged model.
        prior_rate: The baseline's rate, in [0, 1]; None where there is none.
        alpha: Level, in (0, 1).

    Returns:
        A probability, exact up to rounding. With rate = theta it is the probability of a false Holds, at most alpha.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> round(chance_of_holds(20, 3, theta=0.8, rate=0.95, prior_rate=0.95, alpha=1 / 20), 2)
        0.85
    """
    return chance_of_showing(n_probes, rounds, default_mixture(theta, prior_rate), rate, alpha)


def chance_of_showing(n_probes: int, rounds: int, mixture: Mixture, rate: float, alpha: float) -> float:
    """Probability that a plan shows "the mean is above the mixture's bar", if each reply passes at `rate`.

    Args:
        n_probes: Replies in each round, at least 1.
        rounds: Rounds after each of which evidence is read, at least 1.
        mixture: The bets, as of `never_mixture`.
        rate: Assumed rate of passes, in [0, 1].
        alpha: Level, in (0, 1).

    Returns:
        A probability, exact up to rounding; what is shown at a round's end stays shown.

    Raises:
        ValueError: An argument outside its range.
    """
    return chance_of_reaching(fewest_passes(n_probes, rounds, mixture, alpha), n_probes, rate)


def chance_at_one_look(n: int, theta: float, rate: float, alpha: float) -> float:
    """Probability that one look at n replies shows "the mean is above `theta`", by the exact test.

    Args:
        n: Replies, at least 1.
        theta: The bar, in (0, 1).
        rate: Assumed rate of passes, in [0, 1].
        alpha: Level, in (0, 1).

    Returns:
        A probability; 0 where even n passes would not show it.

    Raises:
        ValueError: An argument outside its range.
    """
    log_threshold(alpha)
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if p_above(_passes(middle, n), theta) <= alpha else (middle, high)
    return 0.0 if high > n else binomial_tail_at_least(high, n, rate)


def visible_drop(
    n_probes: int, theta: float, alpha: float, prior_rate: float | None = None, rounds: int = 1
) -> float | None:
    """The highest rate under the bar that a plan would have shown to lie there with probability .8.

    "No alarm" means little unless it says which drop it would have seen.

    Args:
        n_probes: Replies that were read in each round, at least 1.
        theta: The bar, in (0, 1).
        alpha: Level of an alarm, in (0, 1).
        prior_rate: The baseline's rate, in [0, 1]; None where there is none.
        rounds: Rounds after each of which evidence was read, at least 1.

    Returns:
        A rate in [0, theta), rounded down by less than 1e-6; None where not even a rate of 0 would have been shown.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> round(visible_drop(60, theta=0.8, alpha=1 / 200), 2)
        0.52
    """
    mixture = default_mixture(1.0 - theta, None if prior_rate is None else 1.0 - prior_rate)
    fewest_fails = fewest_passes(n_probes, rounds, mixture, alpha)

    def seen(rate: float) -> bool:
        return chance_of_reaching(fewest_fails, n_probes, 1.0 - rate) >= _MOST_LIKELY

    if not seen(0.0):
        return None
    low, high = 0.0, theta
    while high - low > _RESOLUTION:
        middle = (low + high) / 2.0
        low, high = (middle, high) if seen(middle) else (low, middle)
    return low


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


def _passes(passes: int, n: int) -> Tally:
    return Tally.of([[1.0] * passes + [0.0] * (n - passes)])
