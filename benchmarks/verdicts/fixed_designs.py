"""What a design of a fixed number of replies would do: exact binomial tests, looked at once, at the same levels.

The rules are those of docs/verdicts.md for one look. All chances are exact: sums over the counts of passes, fails and
voids. The design is read kindly: each reply is a draw at one rate, any number of replies may be chosen, and of two
tests the textbook's is taken where ours is more careful (Hoeffding's condition).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, xlogy

from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA, LEADING_VOIDS, VOID_TOLERANCE
from rebaseline.domain.verdict import VerdictName
from rebaseline.stats.passes import binomial_masses

__all__ = ["Stratum", "chance_of_right", "fewest_replies"]

_MOST = 3000


@dataclass(frozen=True, slots=True)
class Stratum:
    """Assertions that are alike.

    Attributes:
        theta: Their bar.
        old: Rate of passes on the accepted baseline.
        rate: Rate of passes now, of all replies.
        void: Share of replies that their checks cannot read now, whatever they would have been.
        right: The right verdict.
    """

    theta: float
    old: float
    rate: float
    void: float
    right: VerdictName


def _tail(n: int, theta: float) -> np.ndarray:
    """Return the chance of at least k, for k from 0 to n."""
    return np.cumsum(binomial_masses(n, theta)[::-1])[::-1]


@lru_cache(maxsize=100_000)
def chance_of_right(n: int, stratum: Stratum) -> float:
    """Return the exact chance that n replies, looked at once, give the right verdict."""
    theta = stratum.theta
    above, below, voids = _tail(n, theta), np.cumsum(binomial_masses(n, theta)), _tail(n, VOID_TOLERANCE)
    if stratum.void == 0.0:
        masses = binomial_masses(n, stratum.rate)
        shown = above <= HOLDS_ALPHA if stratum.right is VerdictName.HOLDS else below <= ALARM_ALPHA
        return float(masses[shown].sum())
    assert stratum.right is VerdictName.INVALID
    low, void = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    fails = n - low - void
    inside = fails >= 0
    low, void, fails = low[inside], void[inside], fails[inside]
    high = low + void
    settled = (below[high] <= ALARM_ALPHA) | (above[low] <= HOLDS_ALPHA)
    proven = (below[low] <= ALARM_ALPHA) & (above[high] <= ALARM_ALPHA)
    amid = (low < theta * n) & (theta * n <= high) & (voids[void] <= ALARM_ALPHA)
    unread = (void == n) & (n >= LEADING_VOIDS)
    read = 1.0 - stratum.void
    logs = gammaln(n + 1.0) - gammaln(low + 1.0) - gammaln(void + 1.0) - gammaln(fails + 1.0)
    logs += xlogy(low, stratum.rate * read) + xlogy(void, stratum.void) + xlogy(fails, (1.0 - stratum.rate) * read)
    return float(np.exp(logs)[~settled & (proven | amid | unread)].sum())


def fewest_replies(strata: Sequence[Stratum], weights: Sequence[float], wanted: float) -> int:
    """Return the fewest replies an assertion whose one look is right as often, on average over strata, as is wanted.

    Args:
        strata: Kinds of assertions.
        weights: Their shares, adding up to 1.
        wanted: Share of right verdicts, under 1.

    Raises:
        ValueError: Not even 3,000 replies are enough.
    """
    n = 1
    while n <= _MOST:
        right = sum(weight * chance_of_right(n, stratum) for stratum, weight in zip(strata, weights, strict=True))
        if right >= wanted:
            return n
        n += 1
    raise ValueError(f"no design of up to {_MOST} replies is right in {wanted} of {strata}")
