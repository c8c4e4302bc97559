"""Which of many alarms stand, however the assertions hang together."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["e_bh", "false_alarm_bound", "log_e_needed", "weighted_e_bh"]


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


def log_e_needed(weight: float, standing: int, fdr: float) -> float:
    """The log e-value that one of several discoveries needs, and that the edge of its interval has.

    A set of discoveries of which each has w e >= 1 / (fdr k), k being its size, holds the false discovery rate whatever
    made the choice among such sets. The bars with a smaller e-value than that are then an interval for the discovery;
    of k such intervals an expected share of at most fdr misses its truth, under any dependence.

    Args:
        weight: Share w of the level that was given to it before its e-value was known, in (0, 1].
        standing: Size k of the set, at least 1.
        fdr: False discovery rate, in (0, 1).

    Returns:
        log(1 / (fdr k w)), never negative.

    References:
        Wang and Ramdas (2022), theorem 2 and section 5 (self-consistent sets, weights); Xu, Wang and Ramdas (2024),
        Post-selection inference for e-value based confidence intervals, Electron. J. Stat. 18, theorem 2.
    """
    return max(0.0, -math.log(fdr * standing * weight))


def weighted_e_bh(log_e_values: Sequence[float], weights: Sequence[float], fdr: float) -> tuple[int, ...]:
    """Which discoveries stand, where some were given more of the level than others.

    The rate is held if the expectations of weight times e-value add up to at most 1 over those that are false. Weights
    that add up to 1 at most and are fixed beforehand do that; so do weights that are read off data of which each
    e-value is independent in this sense: given its own weight its expectation is still at most 1.

    Args:
        log_e_values: Natural logs of e-values.
        weights: One each, in [0, 1], adding up to 1 at most. What has weight 0 never stands.
        fdr: False discovery rate, in (0, 1).

    Returns:
        Positions of those that stand, ascending.

    Raises:
        ValueError: fdr outside (0, 1), a NaN, or weights that are not one each, negative, or add up to over 1.

    Example:
        >>> weighted_e_bh([math.log(50), math.log(2), math.log(31)], [0.6, 0.2, 0.2], fdr=0.05)
        (0,)
    """
    if len(weights) != len(log_e_values) or any(weight < 0.0 for weight in weights) or math.fsum(weights) > 1.0 + 1e-9:
        raise ValueError(f"need one weight >= 0 for each of {len(log_e_values)} e-values, adding up to 1 at most")
    alike = len(log_e_values)
    weighed = [
        log_e + math.log(alike * weight) if weight > 0.0 else -math.inf
        for log_e, weight in zip(log_e_values, weights, strict=True)
    ]
    return e_bh(weighed, fdr)


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
