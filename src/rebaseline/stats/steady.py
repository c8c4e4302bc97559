"""What may be said of a target that gave the same readings twice."""

from __future__ import annotations

__all__ = ["flip_bound"]


def flip_bound(probes: int, alpha: float = 0.05) -> float:
    """Highest share of the readings that may still flip in another session, none of `probes` having flipped.

    A steady target's verdict is arithmetic about the replies in hand; this says how far it carries. Exact for probes
    that flip at one rate, and an upper bound where rates differ, since prod (1 - f_j) <= (1 - mean f)^k. The rule of
    three, 3 / k, is the same figure rounded up by under 3 % from 60 probes on. Copies (a cache, one seed) count once.

    Args:
        probes: Distinct probes whose readings agreed between two sessions, 0 or more.
        alpha: One-sided level, in (0, 1).

    Returns:
        1 - alpha^(1 / probes), in [0, 1]; 1 where no probe was compared.

    Raises:
        ValueError: probes negative, or alpha outside (0, 1).

    References:
        Hanley and Lippman-Hand (1983), If nothing goes wrong, is everything all right?, JAMA 249 (the rule of three).

    Example:
        >>> round(flip_bound(60), 4), 3 / 60
        (0.0487, 0.05)
    """
    if probes < 0:
        raise ValueError(f"probes must be 0 or more, got {probes}")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha!r}")
    if probes == 0:
        return 1.0
    return float(1.0 - alpha ** (1.0 / probes))
