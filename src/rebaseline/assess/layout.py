"""Which cells of a table are read, and what each is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rebaseline.assess.pairs import pair_tables
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.evidence import Method
from rebaseline.domain.reading import Reading, Valued
from rebaseline.domain.suite import Bar, Never, NoWorse

__all__ = ["Cell", "Layout"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One reading that counts.

    Attributes:
        place: Place of its probe in the table.
        sample: Sample index.
        reading: What was read.
        old: The reading that it is paired with; None where readings are not paired.
    """

    place: int
    sample: int
    reading: Reading
    old: Reading | None


@dataclass(frozen=True)
class Layout:
    """The readings of one assertion as its bar reads them.

    Attributes:
        table: The candidate's readings.
        bar: The bar.
        method: How they were weighed.
        anchor: What a `no_worse` bar compares with; None for other bars.
    """

    table: ReadingTable
    bar: Bar
    method: Method
    anchor: ReadingTable | None = None

    @property
    def paired(self) -> bool:
        """Whether the values are differences."""
        return isinstance(self.bar, NoWorse)

    @property
    def arithmetic(self) -> bool:
        """Whether nothing but the mean counts, in whatever round a reading stands."""
        return self.method is Method.STEADY

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """The sample indices that are read; of a `never` bar every one, since a violation that is seen is seen."""
        if isinstance(self.bar, Never):
            return tuple(range(self.table.width))
        if not self.paired:
            return self.table.complete_rounds()
        return () if self.anchor is None else pair_tables(self.anchor, self.table).samples

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every reading that counts, round by round."""
        return tuple(self._cells())

    def _cells(self) -> Iterator[Cell]:
        old_rows = {} if self.anchor is None else dict(zip(self.anchor.probes, self.anchor.readings, strict=True))
        for sample in self.samples:
            for place, reading in enumerate(self.table.column(sample)):
                old_row = old_rows.get(self.table.probes[place], ())
                old = old_row[sample] if sample < len(old_row) else None
                if reading is not None and not (self.paired and old is None):
                    yield Cell(place, sample, reading, old if self.paired else None)

    @cached_property
    def whole_probes(self) -> bool:
        """Whether probes are the unit: a steady target gave each probe the same reading in every round."""
        if not self.arithmetic or len(self.samples) < 2:  # noqa: PLR2004 - one round repeats nothing
            return False
        seen: dict[int, set[float | None]] = {}
        for cell in self.cells:
            seen.setdefault(cell.place, set()).add(cell.reading.value if isinstance(cell.reading, Valued) else None)
        return all(len(values) == 1 for values in seen.values())
