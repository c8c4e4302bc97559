"""How strongly replies speak against a bar, when they may be looked at after every complete round.

Replies cost money, so a run stops once a verdict is reached. An interval for a fixed number of replies is wrong then:
looked at often enough, it excludes the truth. The total stake of fair bets is not: while the bar's claim is true it is
a nonnegative supermartingale at round ends, so by Ville's inequality it *ever* reaches 1 / alpha with probability
alpha at most.

Why at round ends only. Probes differ. In a round of k independent replies with means p_1 .. p_k, a bet fixed before the
round multiplies its stake by prod (1 + lambda (x_j - theta)), with expectation

    prod (1 + lambda (p_j - theta)) <= (1 + lambda (mean p - theta))^k <= 1

by the inequality of arithmetic and geometric means, where mean p <= theta. Read in the middle of a round this fails: if
the easy probes come first, a model that passes half of them has shown every bar there.

Every factor rises with x. So reading a void as 0 never gives more evidence for "above" than reading the truth, whatever
made the reply void.

References:
    Ville (1939), Etude critique de la notion de collectif (the inequality).
    Waudby-Smith and Ramdas (2024), Estimating means of bounded random variables by betting, JRSS-B 86 (the bets).
    Ramdas, Gruenwald, Vovk and Shafer (2023), Game-theoretic statistics and safe anytime-valid inference,
    Statistical Science 38.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.tally import Tally

__all__ = [
    "EValue",
    "Mixture",
    "default_mixture",
    "log_e_path",
    "log_stakes",
    "log_threshold",
    "never_mixture",
    "weigh",
    "weigh_above",
    "weigh_below",
    "weigh_path",
]

_BLOCK = 4096
"""Distinct values taken at a time, so that memory stays flat where a million scores all differ."""


@dataclass(frozen=True, slots=True)
class EValue:
    """Evidence against a bar after complete rounds, in natural logarithms.

    Attributes:
        log_e_last: At the end of the last round. It is an e-value: its expectation is at most 1 while the bar's claim
            is true, so this is what e-BH may read. Minus infinity: every bet is lost.
        log_e_sup: Highest at the end of any round, the start (0) included. One over it is a p-value that may be
            looked at any time; it is no e-value. It never falls with more rounds: what is shown stays shown.
        round_of_sup: The first round that ended at `log_e_sup`; 0 for the start.
    """

    log_e_last: float
    log_e_sup: float
    round_of_sup: int

    def shows(self, alpha: float) -> bool:
        """Whether the bar's claim is refuted at level alpha, by Ville's inequality.

        Args:
            alpha: Probability of ever showing it while the claim is true, in (0, 1).

        Returns:
            True once the stake has reached 1 / alpha.

        Raises:
            ValueError: alpha outside (0, 1).
        """
        return self.log_e_sup >= log_threshold(alpha)

    @property
    def p_value(self) -> float:
        """One over the highest stake, in [0, 1]: a p-value at whatever round one stops."""
        return math.exp(-self.log_e_sup)


def log_threshold(alpha: float) -> float:
    """The log stake that shows a claim at level alpha.

    Args:
        alpha: Level, in (0, 1).

    Returns:
        log(1 / alpha), positive.

    Raises:
        ValueError: alpha outside (0, 1).
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha!r}")
    return -math.log(alpha)


def weigh_above(tally: Tally, theta: float, prior_rate: float | None = None) -> EValue:
    """Evidence that the mean over the probes exceeds `theta`.

    Args:
        tally: Complete rounds of values in [0, 1].
        theta: The bar, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1]; None where there is none.

    Returns:
        The evidence.

    Raises:
        ValueError: theta outside (0, 1), or prior_rate outside [0, 1].

    Example:
        >>> weigh_above(Tally.of([[1] * 20]), theta=0.8).shows(1 / 20)
        True
    """
    return weigh(tally, default_mixture(theta, prior_rate))


def weigh_below(tally: Tally, theta: float, prior_rate: float | None = None) -> EValue:
    """Evidence that the mean over the probes lies under `theta`: the mirror image of `weigh_above`.

    Args:
        tally: Complete rounds of values in [0, 1].
        theta: The bar, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1]; None where there is none.

    Returns:
        The evidence.

    Raises:
        ValueError: theta outside (0, 1), or prior_rate outside [0, 1].
    """
    return weigh_above(tally.mirrored(), 1.0 - theta, None if prior_rate is None else 1.0 - prior_rate)


def weigh(tally: Tally, mixture: Mixture) -> EValue:
    """Evidence that the mean over the probes exceeds the mixture's bar.

    Args:
        tally: Complete rounds of values in [0, 1].
        mixture: Bets fixed before any of these replies was read.

    Returns:
        The evidence; a stake of 1 where there is no round.
    """
    return weigh_path(log_e_path(tally, mixture))


def weigh_path(path: tuple[float, ...]) -> EValue:
    """Evidence from the log stake at each round end.

    Args:
        path: Log stakes of one e-process, oldest first; it starts from 0 before the first.

    Returns:
        Its last and its highest, and where that was.
    """
    whole = (0.0, *path)
    highest = max(whole)
    return EValue(log_e_last=whole[-1], log_e_sup=highest, round_of_sup=whole.index(highest))


def log_e_path(tally: Tally, mixture: Mixture) -> tuple[float, ...]:
    """The log of the total stake at the end of each round.

    Args:
        tally: Complete rounds of values in [0, 1].
        mixture: Bets fixed before any of these replies was read.

    Returns:
        One log stake a round, oldest first; minus infinity once every bet is lost.

    Example:
        >>> path = log_e_path(Tally.of([[1, 1], [1, 0]]), Mixture(0.5, (0.75,), (1.0,)))
        >>> [round(math.exp(log_e), 4) for log_e in path]  # 1.5 for each 1, .5 for each 0
        [2.25, 1.6875]
    """
    totals: list[float] = np.logaddexp.reduce(log_stakes(tally, mixture), axis=1).tolist()
    return tuple(totals)


def log_stakes(tally: Tally, mixture: Mixture) -> NDArray[np.float64]:
    """The log stake of each bet at the end of each round, its share of the first stake included.

    Args:
        tally: Complete rounds of values in [0, 1].
        mixture: Bets fixed before any of these replies was read.

    Returns:
        One row a round, one column a bet; minus infinity where a bet is lost.
    """
    rates = np.asarray(mixture.rates)
    win, loss = rates / mixture.theta, (1.0 - rates) / (1.0 - mixture.theta)
    stakes = np.zeros((tally.rounds, rates.size)) + np.log(mixture.weights)
    if tally.rounds == 0:
        return stakes
    counts = np.cumsum(np.asarray(tally.counts, dtype=np.float64), axis=0)
    values = np.asarray(tally.values)[:, np.newaxis]
    for start in range(0, len(tally.values), _BLOCK):
        block = slice(start, start + _BLOCK)
        factors = values[block] * win + (1.0 - values[block]) * loss
        ruin = factors == 0.0  # log 0 is minus infinity, but no count of it at all is 0: they are kept apart
        factors[ruin] = 1.0
        stakes += counts[:, block] @ np.log(factors)
        if ruin.any():
            stakes[counts[:, block] @ ruin > 0.0] = -np.inf
    return stakes
