"""The same questions where each probe was asked once and the replies are looked at once.

Imported logs come so. With 0/1 values the exact binomial tail is then more powerful than any e-process: 14 perfect
replies show a bar of .8, where the e-process takes 16.

Probes differ, so the number of passes is no binomial. Hoeffding (1956) shows that it need not be: among independent
trials with mean rate theta, the binomial has the heaviest upper tail at s, if s - 1 >= n theta. Below that, Markov's
inequality gives P(S >= s) <= n theta / s, which matters for s = 1 only; the binomial tail would be too small there.
"""

from __future__ import annotations

import math

from scipy.special import betainc, betainccinv, betaincinv

from rebaseline.stats import bounds
from rebaseline.stats.eprocess import weigh_above
from rebaseline.stats.tally import Tally

__all__ = [
    "binomial_tail_at_least",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "lower_bound",
    "p_above",
    "p_below",
    "shown_above",
    "shown_below",
    "upper_bound",
]


def binomial_tail_at_least(successes: int, n: int, theta: float) -> float:
    """Probability of at least so many successes in n trials at one rate.

    Args:
        successes: From 0 to n.
        n: Trials, 0 or more.
        theta: Rate of success, in [0, 1].

    Returns:
        A probability; 1 for no successes.

    Raises:
        ValueError: successes outside 0..n, or theta outside [0, 1].

    Example:
        >>> round(binomial_tail_at_least(14, 14, 0.8), 4)
        0.044
    """
    _require_counts(successes, n)
    if not 0.0 <= theta <= 1.0:
        raise ValueError(f"theta must lie in [0, 1], got {theta!r}")
    if successes == 0:
        return 1.0
    return float(betainc(successes, n - successes + 1, theta))  # bdtrc keeps only eight digits at a million


def p_above(tally: Tally, theta: float, prior_rate: float | None = None) -> float:
    """How surprising the replies are if the mean over the probes is no higher than `theta`.

    For 0/1 values the exact binomial tail, where Hoeffding's theorem lets it stand for probes that differ, and Markov's
    bound elsewhere (that is large unless a single pass is itself surprising). For graded values, one over the e-value
    of the round: no exact test holds for every distribution on [0, 1].

    Args:
        tally: At most one round.
        theta: The bar, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None. Only graded values make use of it.

    Returns:
        A p-value in [0, 1], valid for a single look at independent replies with any means; 1 where nothing was read.

    Raises:
        ValueError: More than one round, theta outside (0, 1), or prior_rate outside [0, 1].

    References:
        Hoeffding (1956), On the distribution of the number of successes in independent trials, Ann. Math. Statist. 27,
        theorem 5.
    """
    _require_one_look(tally)
    if not 0.0 < theta < 1.0:
        raise ValueError(f"theta must lie strictly between 0 and 1, got {theta!r}")
    if not tally.is_binary:
        return weigh_above(tally, theta, prior_rate).p_value
    successes, n = _passes(tally), tally.n
    if successes == 0:
        return 1.0
    if successes - 1 >= n * theta:
        return binomial_tail_at_least(successes, n, theta)
    return min(1.0, n * theta / successes)


def p_below(tally: Tally, theta: float, prior_rate: float | None = None) -> float:
    """How surprising the replies are if the mean is at least `theta`: the mirror image of `p_above`.

    Args:
        tally: At most one round.
        theta: The bar, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None.

    Returns:
        A p-value in [0, 1].

    Raises:
        ValueError: More than one round, theta outside (0, 1), or prior_rate outside [0, 1].
    """
    return p_above(tally.mirrored(), 1.0 - theta, None if prior_rate is None else 1.0 - prior_rate)


def shown_above(tally: Tally, theta: float, alpha: float, prior_rate: float | None = None) -> bool:
    """Whether one look shows that the mean exceeds `theta`.

    Args:
        tally: At most one round.
        theta: The bar, in (0, 1).
        alpha: Probability of showing it while it is not so, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None.

    Returns:
        True if `p_above` is at most alpha.

    Raises:
        ValueError: As `p_above`, or alpha outside (0, 1).
    """
    _require_level(alpha)
    return p_above(tally, theta, prior_rate) <= alpha


def shown_below(tally: Tally, theta: float, alpha: float, prior_rate: float | None = None) -> bool:
    """Whether one look shows that the mean lies under `theta`: the mirror image of `shown_above`.

    Args:
        tally: At most one round.
        theta: The bar, in (0, 1).
        alpha: Probability of showing it while it is not so, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None.

    Returns:
        True if `p_below` is at most alpha.

    Raises:
        ValueError: As `p_below`, or alpha outside (0, 1).
    """
    _require_level(alpha)
    return p_below(tally, theta, prior_rate) <= alpha


def clopper_pearson_lower(successes: int, n: int, alpha: float) -> float:
    """The rate at which so many successes have probability alpha: a one-sided lower bound for one rate.

    Args:
        successes: From 0 to n.
        n: Trials.
        alpha: One-sided level, in (0, 1).

    Returns:
        A rate in [0, 1]; 0 for no successes.

    Raises:
        ValueError: successes outside 0..n, or alpha outside (0, 1).

    References:
        Clopper and Pearson (1934), The use of confidence or fiducial limits, Biometrika 26.

    Example:
        >>> round(clopper_pearson_lower(60, 60, 0.05), 4)
        0.9513
    """
    _require_counts(successes, n)
    _require_level(alpha)
    return 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, alpha))


def clopper_pearson_upper(successes: int, n: int, alpha: float) -> float:
    """The mirror image of `clopper_pearson_lower`; 1 where every trial succeeded.

    Args:
        successes: From 0 to n.
        n: Trials.
        alpha: One-sided level, in (0, 1).

    Returns:
        A rate in [0, 1].

    Raises:
        ValueError: successes outside 0..n, or alpha outside (0, 1).
    """
    _require_counts(successes, n)
    _require_level(alpha)
    return 1.0 if successes == n else float(betainccinv(successes + 1, n - successes, alpha))


def lower_bound(tally: Tally, alpha: float, prior_rate: float | None = None) -> float:
    """The smallest bar that one look does not refute.

    For 0/1 values Clopper and Pearson's bound, held back to where Hoeffding's theorem applies (a single pass among n
    probes gives alpha / n); for graded values the e-process's.

    Args:
        tally: At most one round.
        alpha: Probability that the bound exceeds the true mean, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None.

    Returns:
        A bar in [0, 1]; 0 where nothing was read.

    Raises:
        ValueError: More than one round, or alpha outside (0, 1).
    """
    _require_one_look(tally)
    _require_level(alpha)
    if not tally.is_binary:
        return bounds.lower_bound(tally, alpha, prior_rate)
    successes, n = _passes(tally), tally.n
    if successes <= 1:
        return successes * alpha / max(n, 1)
    return min(clopper_pearson_lower(successes, n, alpha), (successes - 1) / n)


def upper_bound(tally: Tally, alpha: float, prior_rate: float | None = None) -> float:
    """The largest bar that one look does not refute: the mirror image of `lower_bound`.

    Args:
        tally: At most one round.
        alpha: Probability that the bound falls under the true mean, in (0, 1).
        prior_rate: The baseline's mean, in [0, 1], or None.

    Returns:
        A bar in [0, 1]; 1 where nothing was read.

    Raises:
        ValueError: More than one round, or alpha outside (0, 1).
    """
    return 1.0 - lower_bound(tally.mirrored(), alpha, None if prior_rate is None else 1.0 - prior_rate)


def _passes(tally: Tally) -> int:
    return round(math.fsum(v * c for v, c in zip(tally.values, tally.totals, strict=True)))


def _require_one_look(tally: Tally) -> None:
    if tally.rounds > 1:
        raise ValueError(f"one look reads one round, got {tally.rounds}; weigh repeated rounds by e-process")


def _require_counts(successes: int, n: int) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"successes must lie between 0 and n = {n}, got {successes}")


def _require_level(alpha: float) -> None:
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie strictly between 0 and 1, got {alpha!r}")
