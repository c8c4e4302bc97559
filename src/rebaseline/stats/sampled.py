"""What labels of replies drawn at random say of all the replies that they were drawn from.

A check has read every one of N replies; a person reads a few of them, drawn at random without replacement. What the
person would say of all of them is, exactly,

    theta = mean f + (1/N) sum d,    d = y - f

with f what the check read and y the person's word: the check's mean and a *rectifier*, the mean of what the check gets
wrong (prediction-powered inference; for a finite set of replies the difference estimator of survey sampling). The
first part is known without error, so only the sum of d must be bounded, from few labels, with no appeal to normality.

Reply by reply the drawing is a game that bets can be laid on. Suppose that the sum of d over all replies is T or more.
When a reply is drawn from a pool of r replies, K is the sum over those that are known already, and no reply outside the
pool can add more than O in all, then the pool's sum is at least T - K - O, and the drawn reply has conditional mean

    E[d] >= mu = (T - K - O) / r.

With d in [a, b], z = (b - d) / (b - a) has conditional mean at most m = (b - mu) / (b - a), and 1 + c (z/m - 1) is, for
every c in [0, 1], nonnegative with conditional mean at most 1. So the mixture over a finite fixed list of c of the
products is a supermartingale from 1, and reaches 1/alpha at any time with probability alpha at most (Ville 1939): the
labels may be looked at after each one, and taking them may stop when it likes. Pools may change between draws, as they
do when words that are labelled are left out or more replies come in: all that the argument needs is that each reply
was drawn uniformly from its pool. Each factor rises with T, so the bound is the T at which the stake reaches 1/alpha.

References:
    Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), Prediction-powered inference, Science 382, 669-674.
    Waudby-Smith and Ramdas (2020), Confidence sequences for sampling without replacement, NeurIPS 33.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["Drawn", "largest_sum", "smallest_sum"]

_FRACTIONS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1.0)
"""How much of the stake is put on each draw: fixed before any label is seen, each with the same weight."""

_STEPS = 40
"""Halvings of the interval in which the bound lies."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One reply drawn at random, and what was known of the others then.

    Attributes:
        value: d of the drawn reply, in [low, high] of all replies.
        pool: Replies that it was drawn from, itself included; at least 1.
        known: Sum of d over the replies that were known before.
        beyond_low: Least that the replies outside the pool that are not known can add.
        beyond_high: Most that they can add.
    """

    value: float
    pool: int
    known: float
    beyond_low: float = 0.0
    beyond_high: float = 0.0

    def mirrored(self) -> Drawn:
        """Return the same with every sign turned."""
        return replace(
            self,
            value=-self.value,
            known=-self.known,
            beyond_low=-self.beyond_high,
            beyond_high=-self.beyond_low,
        )


def largest_sum(draws: Sequence[Drawn], low: float, high: float, span: tuple[float, float], alpha: float) -> float:
    """Return the largest sum of d over all replies that the draws do not refute.

    Args:
        draws: In the order in which they were made; each uniformly from its pool.
        low: Least d that a reply can have.
        high: Most; not under `low`.
        span: Least and most that the sum can be by what is known already, whatever the draws say.
        alpha: Probability that the true sum is larger than the bound, at most; in (0, 1).

    Returns:
        A sum within `span`.

    Raises:
        ValueError: alpha outside (0, 1), high under low, or a value outside [low, high].
    """
    _require(draws, low, high, alpha)
    least, most = span
    if high == low or not draws or not _refuted(draws, low, high, most, alpha):
        return most
    kept, refuted = least, most
    for _ in range(_STEPS):
        middle = (kept + refuted) / 2.0
        if _refuted(draws, low, high, middle, alpha):
            refuted = middle
        else:
            kept = middle
    return refuted


def smallest_sum(draws: Sequence[Drawn], low: float, high: float, span: tuple[float, float], alpha: float) -> float:
    """Return the smallest sum that the draws do not refute: the mirror image of `largest_sum`.

    Args:
        draws: In the order in which they were made; each uniformly from its pool.
        low: Least d that a reply can have.
        high: Most; not under `low`.
        span: Least and most that the sum can be by what is known already.
        alpha: Probability that the true sum is smaller than the bound, at most; in (0, 1).

    Raises:
        ValueError: As `largest_sum`.
    """
    turned = [drawn.mirrored() for drawn in draws]
    return -largest_sum(turned, -high, -low, (-span[1], -span[0]), alpha)


def _refuted(draws: Sequence[Drawn], low: float, high: float, total: float, alpha: float) -> bool:
    """Return whether the stake against "the sum is `total` or more" reached 1/alpha after some draw."""
    stakes = [0.0] * len(_FRACTIONS)
    goal = math.log(len(_FRACTIONS) / alpha)
    for drawn in draws:
        mean = (total - drawn.known - drawn.beyond_high) / drawn.pool
        ceiling = (high - mean) / (high - low)
        if ceiling >= 1.0:
            continue  # every value is as likely under the hypothesis: nothing to bet on
        z = (high - drawn.value) / (high - low)
        if ceiling <= 0.0:
            if ceiling < 0.0 or z > 0.0:
                return True  # the pool cannot hold so much
            continue
        stakes = [
            stake + _log(1.0 + fraction * (z / ceiling - 1.0))
            for stake, fraction in zip(stakes, _FRACTIONS, strict=True)
        ]
        if _log_sum(stakes) >= goal:
            return True
    return False


def _log(value: float) -> float:
    return math.log(value) if value > 0.0 else -math.inf


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)  # finite: no draw ruins a small fraction
    return top + math.log(math.fsum(math.exp(value - top) for value in values))


def _require(draws: Sequence[Drawn], low: float, high: float, alpha: float) -> None:
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha!r}")
    if high < low:
        raise ValueError(f"high is {high!r}, under low, {low!r}")
    for drawn in draws:
        if not low <= drawn.value <= high or drawn.pool < 1:
            raise ValueError(f"a draw of {drawn.value!r} from a pool of {drawn.pool} does not fit [{low!r}, {high!r}]")
