"""Which of many alarms stand, however the assertions hang together."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["e_bh", "false_alarm_bound"]


def e_bh(log_e_values: Sequence[float], fdr: float) -> tuple[int, ...]:
    """Which alarms stand if, of those that stand, an expected share of at most `fdr` may be false.

    e-BH holds under any dependence, and assertions depend on each other as they share replies. Benjamini and
    Hochberg's procedure on p-values would not. Pass e-values (`EValue.log_e_last`), not highest stakes: one over a
    highest stake is a p-value, and the stake itself no e-value.

    Args:
        log_e_values: Natural logs of e-values, one an assertion; minus infinity is no evidence at all.
        fdr: False discovery rate, in (0, 1).

    Returns:
        Positions of those that stand, ascending.

    Raises:
        ValueError: fdr outside (0, 1), or a NaN.

    References:
        Wang and Ramdas (2022), False discovery rate control with e-values, JRSS-B 84: the k largest of K stand, for
        the largest k with k e_(k) >= K / fdr.

    Example:
        >>> e_bh([math.log(50), math.log(2), math.log(31)], fdr=0.05)  # 2 x 31 >= 3 / .05 > 1 x 50
        (0, 2)
    """
    if not 0.0 < fdr < 1.0:
        raise ValueError(f"fdr must lie strictly between 0 and 1, got {fdr!r}")
    if any(math.isnan(log_e) for log_e in log_e_values):
        raise ValueError("a log e-value is NaN; no evidence is 0.0, lost bets are minus infinity")
    needed = math.log(len(log_e_values) / fdr) if log_e_values else 0.0
    order = sorted(range(len(log_e_values)), key=lambda position: -log_e_values[position])
    standing = 0
    for rank, position in enumerate(order, start=1):
        if log_e_values[position] + math.log(rank) >= needed:
            standing = rank
    return tuple(sorted(order[:standing]))


def false_alarm_bound(assertions: int, alpha: float) -> float:
    """Highest probability of any false alarm in one run, if every assertion sat exactly on its bar.

    Args:
        assertions: How many can raise an alarm, 0 or more.
        alpha: Level of each alarm, in (0, 1).

    Returns:
        min(1, assertions * alpha), by the union bound.

    Raises:
        ValueError: assertions negative, or alpha outside (0, 1).

    Example:
        >>> false_alarm_bound(30, 1 / 200)
        0.15
    """
    if assertions < 0:
        raise ValueError(f"assertions must be 0 or more, got {assertions}")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha!r}")
    return min(1.0, assertions * alpha)
