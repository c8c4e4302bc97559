"""How many rounds bring the chance of a verdict to a level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

import numpy as np

from rebaseline.stats.eprocess import log_threshold
from rebaseline.stats.exact import binomial_tail_at_least
from rebaseline.stats.mixture import Mixture
from rebaseline.stats.passes import binomial_masses, log_stake_after

__all__ = ["chances_of_showing", "first_round_at"]

_FOLLOWED = 2000
"""Replies of a round up to which every count of passes is followed from round to round."""


def chances_of_showing(n_probes: int, mixture: Mixture, rate: float, alpha: float) -> Iterator[float]:
    """Yield the probability that "above the mixture's bar" is shown by the end of the first round, the second, ….

    Args:
        n_probes: Replies in each round, at least 1.
        mixture: The bets.
        rate: Assumed rate of passes, in [0, 1].
        alpha: Level, in (0, 1).

    Yields:
        What `power.chance_of_showing` says of one round, of two, and so on, without end. Of rounds of more than 2,000
        replies what is shown at their ends is not added up, so that a chance may be too low; it is never too high.

    Raises:
        ValueError: An argument outside its range.
    """
    threshold = log_threshold(alpha)
    one_round = binomial_masses(n_probes, rate) if n_probes <= _FOLLOWED else None
    carried, reached = np.ones(1), 0.0
    needed: int | None = None
    for n in count(n_probes, n_probes):
        # More replies never need fewer passes, and as many more passes as replies are always enough.
        low, high = (-1, n + 1) if needed is None else (needed - 1, needed + n_probes)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if log_stake_after(mixture, middle, n) >= threshold else (middle, high)
        needed = None if high > n else high
        if one_round is None:
            reached = max(reached, 0.0 if needed is None else binomial_tail_at_least(needed, n, rate))
        else:
            carried = np.convolve(carried, one_round)
            reached += float(carried[needed:].sum()) if needed is not None else 0.0
            carried = carried[:needed]
        yield min(1.0, reached)


def first_round_at(chances: Iterable[float], least: float, most_rounds: int) -> int | None:
    """Return the first round by whose end a chance reaches `least`; None where none of the first `most_rounds` does.

    >>> first_round_at([0.2, 0.7, 0.9], least=0.7, most_rounds=3)
    2
    """
    for number, chance in zip(range(1, most_rounds + 1), chances, strict=False):
        if chance >= least:
            return number
    return None
