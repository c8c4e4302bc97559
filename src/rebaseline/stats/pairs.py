"""Is the candidate worse than its baseline, pair by pair, and by how much?

A pair is sample r of probe j on the candidate and the stored sample r of probe j on the baseline; its difference
d = new - old lies in [-1, 1] and is read as y = (1 + d) / 2 in [0, 1]. "The mean drop exceeds m" is then "the mean of y
lies under (1 - m) / 2", so the e-process of `eprocess` serves unchanged, with rounds, and with probes that differ.

Pairs asked once are weighed by the same e-process after its single round. McNemar's exact test, which takes each
discordant pair for a fair coin, is not used. Its warrant is conditional on the number of discordant pairs, and under
"the mean of d is 0" that warrant fails when probes differ: let 5 probes always drop and 50 gain with probability 1/10
each. The mean of d is 0; yet among outcomes with just 5 discordant pairs all 5 are drops, and McNemar reports 1/32 for
what is certain there. Unconditionally a search over unequal probes found no excess, but we know of no proof, and on
graded differences and on margins m > 0 the test says nothing.

References:
    McNemar (1947), Note on the sampling error of the difference between correlated proportions, Psychometrika 12.
"""

from __future__ import annotations

from collections.abc import Iterable

from rebaseline.stats.bounds import smallest_bar_kept
from rebaseline.stats.eprocess import EValue, log_threshold, weigh
from rebaseline.stats.mixture import pair_mixture
from rebaseline.stats.tally import Tally

__all__ = [
    "difference_bounds",
    "drop_over",
    "drop_refuted",
    "mean_difference",
    "pair_tally",
    "shown_drop",
    "shown_gain",
]


def pair_tally(rounds: Iterable[Iterable[float]]) -> Tally:
    """Count rounds of differences as y = (1 + d) / 2.

    Args:
        rounds: Complete rounds of differences new - old, each in [-1, 1].

    Returns:
        The tally of y, for the functions of this module only.

    Raises:
        ValueError: A difference outside [-1, 1] or NaN, or a round without a pair.
    """
    return Tally.of([[_halved(difference) for difference in differences] for differences in rounds])


def mean_difference(tally: Tally) -> float | None:
    """The mean of d.

    Args:
        tally: From `pair_tally`.

    Returns:
        A mean in [-1, 1], negative for a drop; None where there is no pair.
    """
    mean = tally.mean
    return None if mean is None else 2.0 * mean - 1.0


def shown_drop(tally: Tally) -> EValue:
    """Evidence that the mean of d is negative: the candidate got worse.

    Args:
        tally: From `pair_tally`.

    Returns:
        The evidence. Pairs that agree neither add to it nor take from it.

    Example:
        >>> shown_drop(pair_tally([[-1] * 10 + [0] * 50])).shows(1 / 200)
        True
    """
    return weigh(tally.mirrored(), pair_mixture(0.5))


def shown_gain(tally: Tally) -> EValue:
    """Evidence that the mean of d is positive: the mirror image of `shown_drop`.

    Args:
        tally: From `pair_tally`.

    Returns:
        The evidence.
    """
    return weigh(tally, pair_mixture(0.5))


def drop_refuted(tally: Tally, margin: float) -> EValue:
    """Evidence that the mean drop is smaller than the margin.

    Args:
        tally: From `pair_tally`.
        margin: Drop that is not tolerated, in (0, 1).

    Returns:
        The evidence that the mean of d exceeds -margin.

    Raises:
        ValueError: margin outside (0, 1).

    Example:
        >>> drop_refuted(pair_tally([[0] * 60]), margin=0.1).shows(1 / 20)
        True
    """
    return weigh(tally, pair_mixture(_bar(margin)))


def drop_over(tally: Tally, margin: float) -> EValue:
    """Evidence that the mean drop exceeds the margin: that the mean of d lies under -margin.

    Args:
        tally: From `pair_tally`.
        margin: Drop that is tolerated, in (0, 1).

    Returns:
        The evidence.

    Raises:
        ValueError: margin outside (0, 1).
    """
    return weigh(tally.mirrored(), pair_mixture(1.0 - _bar(margin)))


def difference_bounds(tally: Tally, alpha: float) -> tuple[float, float]:
    """Which mean differences the pairs leave open.

    Args:
        tally: From `pair_tally`.
        alpha: Level of each of the two bounds, in (0, 1).

    Returns:
        A lower and an upper bound of the mean of d, in [-1, 1]; both ends where there is no pair.

    Raises:
        ValueError: alpha outside (0, 1).
    """
    threshold = log_threshold(alpha)
    lower = smallest_bar_kept(tally, pair_mixture, threshold)
    upper = 1.0 - smallest_bar_kept(tally.mirrored(), pair_mixture, threshold)
    return 2.0 * lower - 1.0, 2.0 * upper - 1.0


def _halved(difference: float) -> float:
    if not -1.0 <= difference <= 1.0:
        raise ValueError(f"a difference must lie in [-1, 1], got {difference!r}")
    return (1.0 + difference) / 2.0


def _bar(margin: float) -> float:
    if not 0.0 < margin < 1.0:
        raise ValueError(f"margin must lie strictly between 0 and 1, got {margin!r}")
    return (1.0 - margin) / 2.0
