"""What a plan can show, and which drop it would have seen.

All of it is for 0/1 replies at one rate over all probes; probes that differ around the same mean scatter less. Nothing
here is evidence: it is arithmetic about replies that were not asked yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from rebaseline.stats.eprocess import log_threshold
from rebaseline.stats.exact import binomial_tail_at_least, p_above
from rebaseline.stats.mixture import Mixture, default_mixture
from rebaseline.stats.tally import Tally

__all__ = [
    "Plan",
    "chance_at_one_look",
    "chance_of_holds",
    "chance_of_showing",
    "fewest_passes",
    "mean_growth",
    "visible_drop",
]

_ENOUGH = 0.8
_RESOLUTION = 1e-6


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked.

    Attributes:
        probes: Replies in each round, at least 1.
        rounds: Rounds after each of which evidence is read, at least 1.
    """

    probes: int
    rounds: int = 1

    def __post_init__(self) -> None:
        """Refuse an empty plan.

        Raises:
            ValueError: Fewer than one probe or one round.
        """
        if self.probes < 1 or self.rounds < 1:
            raise ValueError(f"a plan needs at least one probe and one round, got {self.probes} and {self.rounds}")


def chance_of_holds(plan: Plan, theta: float, rate: float, alpha: float, prior_rate: float | None = None) -> float:
    """Probability that the plan shows "the mean is above `theta`", if each reply passes at `rate`.

    Args:
        plan: Probes and rounds.
        theta: The bar, in (0, 1).
        rate: Assumed rate of passes, in [0, 1]; the baseline's for an unchanged model.
        alpha: Level, in (0, 1).
        prior_rate: The baseline's rate, in [0, 1]; None where there is none.

    Returns:
        A probability, exact up to rounding. With rate = theta it is the probability of a false Holds, at most alpha.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> round(chance_of_holds(Plan(probes=20, rounds=3), theta=0.8, rate=0.95, alpha=1 / 20, prior_rate=0.95), 2)
        0.85
    """
    return chance_of_showing(plan, default_mixture(theta, prior_rate), rate, alpha)


def chance_of_showing(plan: Plan, mixture: Mixture, rate: float, alpha: float) -> float:
    """Probability that the plan shows "the mean is above the mixture's bar", if each reply passes at `rate`.

    Args:
        plan: Probes and rounds.
        mixture: The bets, as of `never_mixture`.
        rate: Assumed rate of passes, in [0, 1].
        alpha: Level, in (0, 1).

    Returns:
        A probability, by a sum over all counts of passes; what is shown at a round's end stays shown.

    Raises:
        ValueError: rate outside [0, 1], or alpha outside (0, 1).
    """
    return _chance(plan, fewest_passes(plan, mixture, alpha), rate)


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


def fewest_passes(plan: Plan, mixture: Mixture, alpha: float) -> tuple[int | None, ...]:
    """The fewest passes in all that show the bar at the end of each round.

    Args:
        plan: Probes and rounds.
        mixture: The bets.
        alpha: Level, in (0, 1).

    Returns:
        One count a round, None where even perfect replies would not show it by then.

    Raises:
        ValueError: alpha outside (0, 1).
    """
    threshold = log_threshold(alpha)

    def fewest(n: int) -> int | None:
        low, high = -1, n + 1
        while high - low > 1:
            middle = (low + high) // 2
            shown = _log_stake_after(mixture, middle, n) >= threshold
            low, high = (low, middle) if shown else (middle, high)
        return None if high > n else high

    return tuple(fewest(plan.probes * number) for number in range(1, plan.rounds + 1))


def mean_growth(mixture: Mixture, rate: float) -> NDArray[np.float64]:
    """How much the log stake of each bet grows with one reply, on average over 0/1 replies that pass at a rate.

    Args:
        mixture: The bets.
        rate: Rate of passes, in [0, 1].

    Returns:
        One growth a bet; minus infinity where a bet is sure to be lost.

    Raises:
        ValueError: rate outside [0, 1].
    """
    _require_rate(rate)
    rates = np.asarray(mixture.rates)
    win, loss = rates / mixture.theta, (1.0 - rates) / (1.0 - mixture.theta)
    growth: NDArray[np.float64] = xlogy(rate, win) + xlogy(1.0 - rate, loss)  # a loss that never comes costs nothing
    return growth


def visible_drop(
    plan: Plan, theta: float, alpha: float, prior_rate: float | None = None, *, chance: float = _ENOUGH
) -> float | None:
    """The highest rate under the bar that the plan would most likely have shown to lie there.

    "No alarm" means little unless it says which drop it would have seen.

    Args:
        plan: Probes and rounds that were read.
        theta: The bar, in (0, 1).
        alpha: Level of an alarm, in (0, 1).
        prior_rate: The baseline's rate, in [0, 1]; None where there is none.
        chance: What counts as most likely, in (0, 1).

    Returns:
        A rate in [0, theta), within 1e-6; None where not even a rate of 0 would have been shown.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> round(visible_drop(Plan(probes=60), theta=0.8, alpha=1 / 200), 2)
        0.52
    """
    if not 0.0 < chance < 1.0:
        raise ValueError(f"chance must lie strictly between 0 and 1, got {chance!r}")
    mixture = default_mixture(1.0 - theta, None if prior_rate is None else 1.0 - prior_rate)
    fewest_fails = fewest_passes(plan, mixture, alpha)
    if _chance(plan, fewest_fails, 1.0) < chance:
        return None
    low, high = 0.0, theta
    while high - low > _RESOLUTION:
        middle = (low + high) / 2.0
        low, high = (middle, high) if _chance(plan, fewest_fails, 1.0 - middle) >= chance else (low, middle)
    return low


def _passes(passes: int, n: int) -> Tally:
    return Tally.of([[1.0] * passes + [0.0] * (n - passes)])


def _log_stake_after(mixture: Mixture, passes: int, n: int) -> float:
    return float(np.logaddexp.reduce(np.log(mixture.weights) + n * mean_growth(mixture, passes / n)))


def _chance(plan: Plan, fewest: tuple[int | None, ...], rate: float) -> float:
    """Probability that the count of passes reaches `fewest` at some round's end; the other counts are carried on."""
    _require_rate(rate)
    one_round = _binomial(plan.probes, rate)
    carried = np.ones(1)
    shown = 0.0
    for needed in fewest:
        carried = np.convolve(carried, one_round)
        if needed is not None:
            shown += float(carried[needed:].sum())
            carried = carried[:needed]
    return min(1.0, shown)


def _binomial(n: int, rate: float) -> NDArray[np.float64]:
    k = np.arange(n + 1.0)
    logs = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0) + xlogy(k, rate) + xlog1py(n - k, -rate)
    masses: NDArray[np.float64] = np.exp(logs)
    return masses


def _require_rate(rate: float) -> None:
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"rate must lie in [0, 1], got {rate!r}")
