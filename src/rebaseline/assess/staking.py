"""The bets behind the e-values of one assertion, taken apart."""

from __future__ import annotations

from dataclasses import replace

from rebaseline.assess.pairs import pair_tables, tallies_of
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.weigh import mixtures_of, theta_of
from rebaseline.domain.account import Stakes
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.stats.mixture import Mixture, pair_mixture
from rebaseline.stats.stakes import stakes_of
from rebaseline.stats.tally import Tally

__all__ = ["Bets", "stakes_of_pairs", "stakes_of_table"]

_HALF = 0.5
Bets = tuple[tuple[Stakes, Stakes], tuple[Stakes, Stakes], Stakes | None]
"""On "above" and on "under the bar", each on the harshest and the kindest reading; on a drop, where there are pairs."""


def stakes_of_table(table: ReadingTable, bar: AtLeast | Never, *, prior_rate: float | None) -> Bets:
    """Return the bets on the complete rounds of a table.

    Args:
        table: The readings.
        bar: The bar.
        prior_rate: The same as they were weighed with.
    """
    low, high = Tally.of(table.limits.low), Tally.of(table.limits.high)
    above, below = mixtures_of(bar, prior_rate)
    return (*_both(low, high, above, below), None)


def stakes_of_pairs(anchor: ReadingTable, new: ReadingTable, bar: NoWorse) -> Bets:
    """Return the bets on the pairs."""
    low, high = tallies_of(pair_tables(anchor, new))
    theta = theta_of(bar)
    sides = _both(low, high, pair_mixture(theta), pair_mixture(1.0 - theta))
    return (*sides, _mirrored(high, pair_mixture(_HALF)))


def _both(
    low: Tally, high: Tally, above: Mixture, below: Mixture
) -> tuple[tuple[Stakes, Stakes], tuple[Stakes, Stakes]]:
    return (
        (stakes_of(low, above), stakes_of(high, above)),
        (_mirrored(low, below), _mirrored(high, below)),
    )


def _mirrored(tally: Tally, mixture: Mixture) -> Stakes:
    """Return bets on "under": 1 + l ((1 - x) - (1 - theta)) is 1 + l (theta - x), so only the level is turned back."""
    stakes = stakes_of(tally.mirrored(), mixture)
    return replace(stakes, theta=1.0 - stakes.theta)
