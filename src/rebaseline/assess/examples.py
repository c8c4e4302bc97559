"""Which pair of replies shows best what happened to an assertion."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.verdict import Failing, Invalid, Verdict

__all__ = ["choose_cell", "first_failing", "first_passing"]

_Cell = tuple[str, int]


def choose_cell(old: ReadingTable | None, new: ReadingTable, verdict: Verdict) -> _Cell | None:
    """Return probe and sample of a reply that shows the verdict, if possible one whose old reply passed.

    Failing shows a fail; Invalid shows a void of its weightiest reason, or any reply where the instrument is out. Other
    verdicts show a fail, or else a void.
    """
    telling = _telling(verdict)
    shown = [(probe, sample) for probe, sample, reading in _cells(new) if telling(reading)]
    if not shown and telling is _failed:
        shown = [(probe, sample) for probe, sample, reading in _cells(new) if isinstance(reading, Void)]
    if not shown:
        return None
    before = {} if old is None else {(probe, sample): reading for probe, sample, reading in _cells(old)}
    return next((cell for cell in shown if _passed(before.get(cell))), shown[0])


def _telling(verdict: Verdict) -> Callable[[Reading], bool]:
    match verdict:
        case Failing():
            return _failed
        case Invalid(reasons=reasons) if reasons[0].replies:
            return lambda reading: isinstance(reading, Void) and reading.broken is reasons[0].broken
        case Invalid(reasons=reasons) if reasons[0].broken is Assumption.ALIVE:
            return lambda _: True
        case _:
            return _failed


def first_passing(table: ReadingTable) -> _Cell | None:
    """Return the first cell that passes."""
    return next(((probe, sample) for probe, sample, reading in _cells(table) if _passed(reading)), None)


def first_failing(table: ReadingTable) -> _Cell | None:
    """Return the first cell that fails."""
    return next(((probe, sample) for probe, sample, reading in _cells(table) if _failed(reading)), None)


def _passed(reading: Reading | None) -> bool:
    return isinstance(reading, Valued) and reading.value >= 1.0


def _failed(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value < 1.0


def _cells(table: ReadingTable) -> Iterator[tuple[str, int, Reading]]:
    for probe, row in zip(table.probes, table.readings, strict=True):
        for sample, reading in enumerate(row):
            if reading is not None:
                yield probe, sample, reading
