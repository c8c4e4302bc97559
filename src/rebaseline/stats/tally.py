"""The sufficient statistic of rounds of replies: which values occurred, and how often in each round."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value occurred in each complete round.

    Evidence may be read only at the end of a complete round. A tally keeps no order within a round, so code that
    holds one cannot read in the middle, and two runs that asked in another order weigh alike.

    Attributes:
        values: The distinct values that occurred, ascending, each in [0, 1].
        counts: One row a complete round, oldest first; one column a value.

    Example:
        >>> Tally.of([[1, 0, 1], [1, 1, 1]])
        Tally(values=(0.0, 1.0), counts=((1, 2), (0, 3)))
    """

    values: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        """Refuse what is no tally.

        Raises:
            ValueError: A value outside [0, 1] or NaN, values out of order, a row of another length, a negative
                count, or a round without a reply.
        """
        for value in self.values:
            if not 0.0 <= value <= 1.0:
                raise ValueError(f"a value must lie in [0, 1], got {value!r}")
        if any(left >= right for left, right in pairwise(self.values)):
            raise ValueError("values must be distinct and ascending; build a tally with Tally.of")
        for number, row in enumerate(self.counts, start=1):
            if len(row) != len(self.values) or (row and min(row) < 0):
                raise ValueError(
                    f"round {number} needs a count >= 0 for each of {len(self.values)} values, got {row!r}"
                )
            if not any(row):
                raise ValueError(f"round {number} has no reply; pass complete rounds only")

    @classmethod
    def of(cls, rounds: Iterable[Iterable[float]]) -> Tally:
        """Count rounds of values.

        Args:
            rounds: Complete rounds, oldest first; each holds the values of its replies in any order, each in [0, 1].

        Returns:
            The tally. No rounds give the empty tally.

        Raises:
            ValueError: A value outside [0, 1] or NaN, or a round without a reply.
        """
        counters = [Counter(values) for values in rounds]
        seen = sorted(set().union(*counters))
        rows = tuple(tuple([counter[value] for value in seen]) for counter in counters)
        return cls(tuple([float(value) + 0.0 for value in seen]), rows)  # + 0.0 turns -0.0 into 0.0

    @property
    def rounds(self) -> int:
        """Complete rounds."""
        return len(self.counts)

    @property
    def totals(self) -> tuple[int, ...]:
        """How often each value occurred, over all rounds."""
        return tuple(map(sum, zip(*self.counts, strict=True)))

    @property
    def n(self) -> int:
        """Replies, over all rounds."""
        return sum(map(sum, self.counts))

    @property
    def mean(self) -> float | None:
        """Mean of all values, in [0, 1]; None where nothing was read."""
        n = self.n
        if n == 0:
            return None
        return math.fsum(v * c for v, c in zip(self.values, self.totals, strict=True)) / n

    @property
    def is_binary(self) -> bool:
        """Whether every value is 0 or 1."""
        return all(value in {0.0, 1.0} for value in self.values)

    def mirrored(self) -> Tally:
        """The same rounds with 1 - x for each x: evidence that a mean lies under a bar is evidence on the mirror.

        Example:
            >>> Tally.of([[0, 0, 1]]).mirrored() == Tally.of([[1, 1, 0]])
            True
        """
        flipped = [1.0 - value for value in reversed(self.values)]
        rows = [tuple(reversed(row)) for row in self.counts]
        if all(left < right for left, right in pairwise(flipped)):
            return Tally(tuple(flipped), tuple(rows))
        # Two values under 1e-16 have the same mirror: their counts belong together.
        merged = sorted(set(flipped))
        column = [merged.index(value) for value in flipped]
        return Tally(tuple(merged), tuple(_gathered(row, column, len(merged)) for row in rows))


def _gathered(row: tuple[int, ...], column: list[int], width: int) -> tuple[int, ...]:
    """Add up the counts that fall into the same column."""
    sums = [0] * width
    for position, count in zip(column, row, strict=True):
        sums[position] += count
    return tuple(sums)
