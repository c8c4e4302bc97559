"""Which pair of replies shows best what happened to an assertion."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.verdict import Failing, Invalid, Verdict

__all__ = ["choose_cell", "first_failing", "first_passing"]

_Cell = tuple[str, int]


def choose_cell(
    old: ReadingTable | None, new: ReadingTable, verdict: Verdict, flickering: Container[str] = ()
) -> _Cell | None:
    """Return probe and sample of a reply that shows the verdict, if possible one whose old reply passed.

    Of a probe whose old samples disagree a pass that became a fail shows little: others are shown rather.

    Failing shows a fail; Invalid shows a void of its weightiest reason, or any reply where the instrument is out. Other
    verdicts show a fail, or else a void.
    """
    telling = _telling(verdict)
    found = _first(old, new, telling, flickering)
    if found is None and telling is _failed:
        return _first(old, new, _is_void, flickering)
    return found


def _first(
    old: ReadingTable | None, new: ReadingTable, telling: Callable[[Reading], bool], flickering: Container[str]
) -> _Cell | None:
    """Return the first cell that tells and whose old reply passed, if possible of a probe that does not flicker."""
    before = {} if old is None else dict(zip(old.probes, old.readings, strict=True))
    first: _Cell | None = None
    unsteady: _Cell | None = None
    for probe, sample, reading in _cells(new):
        if not telling(reading):
            continue
        row = before.get(probe, ())
        if sample < len(row) and _passed(row[sample]):
            if probe not in flickering:
                return probe, sample
            unsteady = unsteady or (probe, sample)
        first = first or (probe, sample)
    return unsteady or first


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


def _is_void(reading: Reading) -> bool:
    return isinstance(reading, Void)


def _failed(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value < 1.0


def _cells(table: ReadingTable) -> Iterator[tuple[str, int, Reading]]:
    for probe, row in zip(table.probes, table.readings, strict=True):
        for sample, reading in enumerate(row):
            if reading is not None:
                yield probe, sample, reading
