"""Counts of errors beside the level that is stated for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rebaseline.stats.exact import binomial_tail_at_least, clopper_pearson_lower, clopper_pearson_upper

__all__ = ["HEAD", "Count", "interval", "markdown", "percent", "pooled"]

_CONFIDENCE = 0.99
_RARE = 1e-4
"""A count that would be rarer than this at the stated level is no chance: the level is exceeded."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened that may happen at a stated level only.

    Attributes:
        what: What it is, and where.
        errors: How often.
        of: Of how many.
        level: The stated level; None where none is stated, and the figure is there to be known.
    """

    what: str
    errors: int
    of: int
    level: float | None

    @property
    def exceeded(self) -> bool:
        """Whether chance does not explain the count at its level."""
        if self.level is None or self.errors == 0:
            return False
        return binomial_tail_at_least(self.errors, self.of, self.level) < _RARE

    def row(self) -> tuple[str, ...]:
        """Return what is printed: what, level, observed, 99 % interval, counts."""
        level = "none" if self.level is None else percent(self.level)
        return (self.what, level, *self.cells(), "EXCEEDED" if self.exceeded else "")

    def cells(self) -> tuple[str, str, str]:
        """Return the share, its interval, and the counts."""
        if not self.of:
            return "-", "-", "0 of 0"
        return percent(self.errors / self.of), interval(self.errors, self.of), f"{self.errors:,} of {self.of:,}"

    def __add__(self, other: Count) -> Count:
        """Pool two counts of the same thing."""
        return Count(self.what, self.errors + other.errors, self.of + other.of, self.level)


def pooled(counts: Iterable[Count]) -> list[Count]:
    """Return the counts with those of the same thing added up, in the order of their first."""
    sums: dict[str, Count] = {}
    for each in counts:
        sums[each.what] = sums[each.what] + each if each.what in sums else each
    return list(sums.values())


HEAD = ("what", "level", "seen", "99 % interval", "counts", "")


def interval(successes: int, of: int) -> str:
    """Return Clopper and Pearson's interval at 99 %."""
    tail = (1.0 - _CONFIDENCE) / 2.0
    low, high = clopper_pearson_lower(successes, of, tail), clopper_pearson_upper(successes, of, tail)
    return f"{percent(low)} to {percent(high)}"


def percent(share: float) -> str:
    """Return a share in percent, with as many digits as it takes to tell it from 0."""
    return f"{100.0 * share:.2f} %" if share < 0.1 else f"{100.0 * share:.1f} %"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table that documents can take as it is."""
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
