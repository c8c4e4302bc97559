"""What a plan of pairs can show of a model that did not change.

On an unchanged model a pair differs only by chance: sample r of a probe now, and its stored sample r, are two draws of
the same probe. For 0/1 replies d = new - old is then -1 and +1 with the same probability q, and 0 otherwise. For one
probe q = p (1 - p), half the chance that two of its replies disagree; over probes it is the mean of that, at most
r (1 - r) at their mean rate r. It is exact for probes that are alike. For scores it stands for the variance within a
probe: half the mean square of d.

Nothing here is evidence: it is arithmetic about replies that were not asked yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, gammaln, xlog1py, xlogy

from rebaseline.stats.eprocess import log_threshold
from rebaseline.stats.mixture import pair_mixture

__all__ = ["chance_at_the_end", "chance_of_no_drop", "chances_of_no_drop", "most_disagreement", "within_probes"]

_LOST = 1e-13
"""Probability of one state that is no longer followed; it makes a chance too low, by under 1e-8 in all."""
_FOLLOWED = 200
"""Pairs of a round up to which every count of drops and gains is followed from round to round."""
_WIDTH = 8.0
"""Standard deviations around the mean number of drops that are looked at."""


def most_disagreement(rate: float) -> float:
    """The most that pairs of an unchanged model can disagree at a rate: as if all its probes were alike.

    Args:
        rate: Mean of the values, in [0, 1].

    Returns:
        q, in [0, 1/4].

    Raises:
        ValueError: rate outside [0, 1].
    """
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"rate must lie in [0, 1], got {rate!r}")
    return rate * (1.0 - rate)


def within_probes(rows: Sequence[Sequence[float]]) -> float | None:
    """How much the replies to one probe vary, on average over probes: the unbiased sample variance.

    Args:
        rows: By probe, the values of its samples, each in [0, 1].

    Returns:
        An estimate of q; None where no probe has two samples.

    Example:
        >>> within_probes([[1, 0], [1, 1]])  # the first disagrees for certain, 2 q = 1; the second never
        0.25
    """
    variances = [_variance(row) for row in rows if len(row) > 1]
    return min(0.25, sum(variances) / len(variances)) if variances else None


def _variance(row: Sequence[float]) -> float:
    """Spare the arithmetic for probes that agree: most do."""
    return 0.0 if row.count(row[0]) == len(row) else float(np.var(row, ddof=1))


def chance_of_no_drop(n_probes: int, rounds: int, *, margin: float, disagreement: float, alpha: float) -> float:
    """Probability that a plan refutes a drop of `margin`, if the model did not change.

    Args:
        n_probes: Pairs in each round, at least 1.
        rounds: Rounds after each of which evidence is read, at least 1.
        margin: Drop that is not tolerated, in (0, 1).
        disagreement: q above, in [0, 1/4].
        alpha: Level, in (0, 1).

    Returns:
        A probability, too low by less than 1e-8.

    Raises:
        ValueError: An argument outside its range.

    Example:
        >>> round(chance_of_no_drop(20, 3, margin=0.1, disagreement=most_disagreement(0.95), alpha=1 / 20), 2)
        0.31
    """
    if rounds < 1:
        raise ValueError(f"need at least one round, got {rounds}")
    return next(islice(chances_of_no_drop(n_probes, margin, disagreement, alpha), rounds - 1, None))


def chances_of_no_drop(n_probes: int, margin: float, disagreement: float, alpha: float) -> Iterator[float]:
    """Yield the probability that a drop of `margin` is refuted by the end of the first round, the second, and so on.

    Args:
        n_probes: Pairs in each round, at least 1.
        margin: Drop that is not tolerated, in (0, 1).
        disagreement: q above, in [0, 1/4].
        alpha: Level, in (0, 1).

    Yields:
        Probabilities that never fall, without end. Of rounds of more than 200 pairs what is shown at their ends is not
        added up, so that a chance may be too low; it is never too high.

    Raises:
        ValueError: An argument outside its range.
    """
    if n_probes < 1 or not 0.0 < margin < 1.0 or not 0.0 <= disagreement <= 0.25:  # noqa: PLR2004 - half of a half
        raise ValueError(f"no such plan of pairs: {n_probes!r} probes, margin {margin!r}, q {disagreement!r}")
    bets = _Bets(margin, alpha)
    if n_probes > _FOLLOWED:
        yield from _at_ends(n_probes, disagreement, bets)
    masses = np.ones((1, 1))  # by drops and gains so far, what has not refuted the drop yet
    reached, pairs = 0.0, 0
    while True:
        for _ in range(n_probes):
            masses = _one_more(masses, disagreement)
        pairs += n_probes
        counts = np.arange(masses.shape[0])
        shown = counts[np.newaxis, :] >= bets.fewest_gains(counts, pairs)[:, np.newaxis]
        reached += float(masses[shown].sum())
        masses = _trimmed(np.where(shown, 0.0, masses))
        yield min(1.0, reached)


def _one_more(masses: NDArray[np.float64], q: float) -> NDArray[np.float64]:
    size = masses.shape[0]
    if q == 0.0:
        return masses
    grown = np.zeros((size + 1, size + 1))
    grown[:size, :size] = (1.0 - 2.0 * q) * masses
    grown[1:, :size] += q * masses
    grown[:size, 1:] += q * masses
    return grown


def chance_at_the_end(pairs: int, *, margin: float, disagreement: float, alpha: float) -> float:
    """Probability that a drop of `margin` stands refuted after so many pairs, if the model did not change.

    It leaves out what was refuted earlier and no longer is, so it is never above `chance_of_no_drop`, and quick.

    Args:
        pairs: Pairs in all, at least 1.
        margin: Drop that is not tolerated, in (0, 1).
        disagreement: q above, in [0, 1/4].
        alpha: Level, in (0, 1).

    Returns:
        A probability, exact up to rounding.
    """
    return _at_end(pairs, disagreement, _Bets(margin, alpha))


def _at_ends(n_probes: int, q: float, bets: _Bets) -> Iterator[float]:
    """Yield the chance that the drop is refuted at the end of one of the rounds, the likeliest of them."""
    reached = 0.0
    for pairs in count(n_probes, n_probes):
        reached = max(reached, _at_end(pairs, q, bets))
        yield reached


def _at_end(pairs: int, q: float, bets: _Bets) -> float:
    spread = _WIDTH * math.sqrt(pairs * q) + _WIDTH
    drops = np.arange(max(0, int(pairs * q - spread)), min(pairs, int(pairs * q + spread)) + 1)
    gains = bets.fewest_gains(drops, pairs)
    # Given the drops, each other pair is a gain with probability q / (1 - q).
    enough = bdtrc(gains - 1.0, pairs - drops, q / (1.0 - q))
    enough = np.where(gains > pairs - drops, 0.0, np.where(gains <= 0, 1.0, enough))
    return min(1.0, float((np.exp(_log_binomial(drops, pairs, q)) * enough).sum()))


def _log_binomial(k: NDArray[np.int_], n: int, rate: float) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = (
        gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0) + xlogy(k, rate) + xlog1py(n - k, -rate)
    )
    return logs


def _trimmed(masses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square of drops and gains that has any mass worth following."""
    kept = np.argwhere(masses > _LOST)
    size = int(kept.max(initial=0)) + 1
    return masses[:size, :size]


class _Bets:
    """The bets of `drop_refuted`, and where their stake is high enough."""

    def __init__(self, margin: float, alpha: float) -> None:
        mixture = pair_mixture((1.0 - margin) / 2.0)
        rates = np.asarray(mixture.rates)
        self._log_weights = np.log(mixture.weights)
        win, loss = rates / mixture.theta, (1.0 - rates) / (1.0 - mixture.theta)
        with np.errstate(divide="ignore"):  # the all-in bet is lost at the first drop
            self._gain, self._tie, self._drop = np.log(win), np.log((win + loss) / 2.0), np.log(loss)
        self._threshold = log_threshold(alpha)

    def fewest_gains(self, drops: NDArray[np.int_], pairs: int) -> NDArray[np.int_]:
        """Return by number of drops how many gains among so many pairs refute the drop; more than all where none do.

        The stake rises with a gain in place of a tie, so that the number is found by halving.
        """
        low, high = np.full(drops.size, -1), np.maximum(pairs - drops, 0) + 1
        while np.any(high - low > 1):
            middle = (low + high) // 2
            enough = self._log_stake(drops, np.maximum(middle, 0), pairs) >= self._threshold
            undecided = high - low > 1
            high = np.where(undecided & enough, middle, high)
            low = np.where(undecided & ~enough, middle, low)
        return np.where(high > pairs - drops, pairs + 1, high)

    def _log_stake(self, drops: NDArray[np.int_], gains: NDArray[np.int_], pairs: int) -> NDArray[np.float64]:
        ties = np.maximum(pairs - drops - gains, 0)[:, np.newaxis]  # more than all pairs has no mass
        lost = np.where(drops[:, np.newaxis] > 0, drops[:, np.newaxis] * np.maximum(self._drop, -1e6), 0.0)
        stakes = self._log_weights + gains[:, np.newaxis] * self._gain + ties * self._tie + lost
        totals: NDArray[np.float64] = np.logaddexp.reduce(stakes, axis=1)
        return totals
