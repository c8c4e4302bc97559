"""Which bars the replies do not refute, looked at after any complete round.

A lower bound at level alpha is the *smallest* bar whose claim "the mean is no higher than this" is not refuted. Then
the bound exceeds the true mean only if the true mean itself was refuted, which happens with probability alpha at most,
ever. The largest refuted bar would have no such warrant, since the bets change with the bar.

A search between two ends finds the smallest, because on each side of the baseline's rate the bars that a round refutes
are an interval from 0 on. Let m be the mean of the replies after that round.

* From m on nothing is refuted: log(1 + u) <= u, so a bet's log stake is at most lambda times the sum of x - theta,
  which is 0 or less.
* Up to m every bet's stake falls with theta. The factor (1 - g) + g x / theta of a bet at a fixed fraction falls for
  each x. The baseline's bet has a fixed rate q instead. The log of its factor f, x q / theta + (1 - x)(1 - q) /
  (1 - theta), is convex in theta, so its sum over the replies falls up to a point where its slope is not positive.
  For q <= m that is theta = q, where the slope is proportional to q - m. For q > m it is theta = m: as a function of x
  the slope is c + c' / f there, with c' > 0 and f linear, thus convex, and lies under its chord from 1 / (1 - m) at
  x = 0 to -1 / m at x = 1; over replies with mean m the chord adds up to 0.

At the baseline's rate itself the bets are laid anew, so both sides of it are searched apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rebaseline.stats.eprocess import log_threshold, weigh
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.tally import Tally

__all__ = ["lower_bound", "smallest_bar_kept", "upper_bound", "violation_bound"]

_RESOLUTION = 1e-9
_LEAN = 0.2
"""How far a step leans from the chord towards the middle, in units of the squared half width."""


def lower_bound(tally: Tally, alpha: float, prior_rate: float | None = None) -> float:
    """The smallest bar that the replies do not refute from above: "the mean is at least this".

    Args:
        tally: Complete rounds of values in [0, 1].
        alpha: Probability that the bound ever exceeds the true mean, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1]; None where there is none.

    Returns:
        A bar in [0, 1], rounded down by less than 1e-9; 0 where nothing was read. It may exceed `upper_bound` where the
        target itself moved between rounds.

    Raises:
        ValueError: alpha outside (0, 1), or prior_rate outside [0, 1].

    Example:
        >>> round(lower_bound(Tally.of([[1] * 60]), alpha=1 / 20), 4)  # an exact single look gives .9513
        0.9429
    """
    threshold = log_threshold(alpha)

    def family(theta: float) -> Mixture:
        return default_mixture(theta, prior_rate)

    if prior_rate is None or not _RESOLUTION < prior_rate < 1.0:  # one side of it would be empty
        return smallest_bar_kept(tally, family, threshold)
    edge = math.nextafter(prior_rate, 0.0)
    below = smallest_bar_kept(tally, family, threshold, high=edge)
    return below if below < edge else smallest_bar_kept(tally, family, threshold, low=prior_rate)


def upper_bound(tally: Tally, alpha: float, prior_rate: float | None = None) -> float:
    """The largest bar that the replies do not refute from below: the mirror image of `lower_bound`.

    Args:
        tally: Complete rounds of values in [0, 1].
        alpha: Probability that the bound ever falls under the true mean, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1]; None where there is none.

    Returns:
        A bar in [0, 1]; 1 where nothing was read.

    Raises:
        ValueError: alpha outside (0, 1), or prior_rate outside [0, 1].
    """
    return 1.0 - lower_bound(tally.mirrored(), alpha, None if prior_rate is None else 1.0 - prior_rate)


def violation_bound(tally: Tally, alpha: float) -> float:
    """The highest rate of violations that the replies leave open, with the bets of `never`.

    Args:
        tally: Complete rounds in which a clean reply is 1 and a violation 0.
        alpha: Probability that the bound ever falls under the true rate, in (0, 1).

    Returns:
        A rate in [0, 1]; 1 where nothing was read.

    Raises:
        ValueError: alpha outside (0, 1).

    Example:
        >>> round(violation_bound(Tally.of([[1] * 60]), alpha=1 / 20), 3)  # "0 of 60, at most 5.0 %"
        0.049
    """
    return 1.0 - smallest_bar_kept(tally, lambda theta: never_mixture(1.0 - theta), log_threshold(alpha))


def smallest_bar_kept(
    tally: Tally, family: Callable[[float], Mixture], threshold: float, *, low: float = 0.0, high: float = 1.0
) -> float:
    """The smallest bar of [low, high] whose evidence never reaches a threshold.

    Args:
        tally: Complete rounds of values in [0, 1].
        family: The bets against each bar in (0, 1). The bars that they refute within [low, high] must be an interval
            that starts at low; the module's docstring shows when they are.
        threshold: Log stake that refutes a bar.
        low: First bar that is asked about; 0 is never refuted, being no claim against replies in [0, 1].
        high: Last bar; 1 is never refuted.

    Returns:
        A bar, rounded down by less than 1e-9; `high` if all are refuted.
    """

    def excess(theta: float) -> float:
        return weigh(tally, family(theta)).log_e_sup - threshold

    highest = _highest_mean(tally)
    if highest <= low or (low > 0.0 and excess(low) < 0.0):
        return low
    if highest <= high:
        return _crossing(excess, low, highest, -threshold)
    at_high = excess(high)
    return high if at_high >= 0.0 else _crossing(excess, low, high, at_high)


def _highest_mean(tally: Tally) -> float:
    """The highest mean of the replies so far at the end of any round; 0 where nothing was read."""
    if tally.rounds == 0:
        return 0.0
    counts = np.cumsum(np.asarray(tally.counts, dtype=np.float64), axis=0)
    return float(np.max(counts @ np.asarray(tally.values) / counts.sum(axis=1)))


def _crossing(excess: Callable[[float], float], low: float, high: float, at_high: float) -> float:
    """The last point at which a convex falling function is at least 0, rounded down by less than 1e-9.

    Its value at `low` is not asked for, as it may be infinite; `at_high` is negative. Where the chord between both ends
    meets 0 the function is negative already, so a step to just under the chord's end closes in from both sides
    (Oliveira and Takahashi 2020, ITP: never more than one step beyond bisection, and one for rounding).
    """
    at_low = math.inf
    steps_left = math.ceil(math.log2(max(1.0, (high - low) / _RESOLUTION))) + 1
    while high - low > _RESOLUTION:
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        point = middle
        if at_low < math.inf:
            chord = low + (high - low) * at_low / (at_low - at_high)
            toward = math.copysign(min(abs(middle - chord), _LEAN * half * half + _RESOLUTION / 4.0), middle - chord)
            reach = max(0.0, _RESOLUTION / 2.0 * 2.0**steps_left - half)
            point = middle + math.copysign(min(reach, abs(chord + toward - middle)), chord - middle)
        value = excess(point)
        steps_left -= 1
        if value >= 0.0:
            low, at_low = point, value
        else:
            high, at_high = point, value
    return low
