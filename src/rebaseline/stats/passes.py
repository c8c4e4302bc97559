"""What a count of passes does to bets, and how likely the count is: the arithmetic beneath `power`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from rebaseline.stats.eprocess import log_threshold
from rebaseline.stats.mixture import Mixture

__all__ = ["binomial_masses", "chance_of_reaching", "fewest_passes", "log_stake_after", "mean_growth"]


def fewest_passes(n_probes: int, rounds: int, mixture: Mixture, alpha: float) -> tuple[int | None, ...]:
    """The fewest passes in all that show the bar at the end of each round.

    Args:
        n_probes: Replies in each round, at least 1.
        rounds: Rounds after each of which evidence is read, at least 1.
        mixture: The bets.
        alpha: Level, in (0, 1).

    Returns:
        One count a round; None where even perfect replies would not show it by then.

    Raises:
        ValueError: Fewer than one probe or one round, or alpha outside (0, 1).
    """
    if n_probes < 1 or rounds < 1:
        raise ValueError(f"need at least one probe and one round, got {n_probes} and {rounds}")
    threshold = log_threshold(alpha)

    def fewest(n: int) -> int | None:
        low, high = -1, n + 1
        while high - low > 1:
            middle = (low + high) // 2
            shown = log_stake_after(mixture, middle, n) >= threshold
            low, high = (low, middle) if shown else (middle, high)
        return None if high > n else high

    return tuple(fewest(n_probes * number) for number in range(1, rounds + 1))


def chance_of_reaching(fewest: tuple[int | None, ...], n_probes: int, rate: float) -> float:
    """Probability that the passes reach the count that is needed at the end of some round.

    Args:
        fewest: Count that is needed at each round's end, from `fewest_passes`.
        n_probes: Replies in each round, at least 1.
        rate: Rate of passes, in [0, 1].

    Returns:
        A probability, by a sum over all counts; those that fall short at a round's end are carried into the next.

    Raises:
        ValueError: rate outside [0, 1].
    """
    _require_rate(rate)
    one_round = binomial_masses(n_probes, rate)
    carried = np.ones(1)
    reached = 0.0
    for needed in fewest:
        carried = np.convolve(carried, one_round)
        if needed is not None:
            reached += float(carried[needed:].sum())
            carried = carried[:needed]
    return min(1.0, reached)


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


def log_stake_after(mixture: Mixture, passes: int, n: int) -> float:
    """The log of the total stake after n 0/1 replies, so many of them passes.

    Args:
        mixture: The bets.
        passes: Passes, from 0 to n.
        n: Replies, at least 1.
    """
    return float(np.logaddexp.reduce(np.log(mixture.weights) + n * mean_growth(mixture, passes / n)))


def binomial_masses(n: int, rate: float) -> NDArray[np.float64]:
    """The probability of each count of passes.

    Args:
        n: Replies, at least 1.
        rate: Rate of passes, in [0, 1].

    Returns:
        n + 1 probabilities.

    Raises:
        ValueError: Fewer than one reply, or rate outside [0, 1].
    """
    _require_rate(rate)
    if n < 1:
        raise ValueError(f"need at least one reply, got {n!r}")
    k = np.arange(n + 1.0)
    logs = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0) + xlogy(k, rate) + xlog1py(n - k, -rate)
    masses: NDArray[np.float64] = np.exp(logs)
    return masses


def _require_rate(rate: float) -> None:
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"rate must lie in [0, 1], got {rate!r}")
