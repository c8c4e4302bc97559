"""The same replies under two judges: which of judge and model moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rebaseline.assess.pairs import change_of, pair_tables
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.judge_shift import JudgeShift
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["find_shift"]

_Two = tuple[ReadingTable, ReadingTable]


def find_shift(judge: str, versions: tuple[str, str], by_old: _Two, by_new: _Two) -> JudgeShift | None:
    """Return what two judges of the same replies show.

    A change from one judge to the other on the same replies cannot be the model's. A change of model read by one judge
    alone cannot be the judge's.

    Args:
        judge: Judge id.
        versions: Who judged before, and who judges now.
        by_old: The old model's readings and the new one's, by the judge before.
        by_new: The same by the judge of today.

    Returns:
        The shift; None where the judge before read none of these replies.
    """
    # The readings are laid side by side as rounds of their own, so that both models' replies speak of the judges.
    before, after = _beside(*by_old), _beside(*by_new)
    read = [
        (one, other) for one, other in _cells(before, after) if isinstance(one, Valued) and isinstance(other, Valued)
    ]
    if not read:
        return None
    both = all(table.complete_rounds() and not any(map(_waits, table.all_readings())) for table in by_old)
    return JudgeShift(
        judge=judge,
        old_version=versions[0],
        new_version=versions[1],
        replies=len(read),
        agreed=sum(one.value == other.value for one, other in read),
        of_judge=change_of(pair_tables(_judged(before), _judged(after))),
        of_model_by_old=change_of(pair_tables(*by_old)) if both else None,
        of_model_by_new=change_of(pair_tables(*by_new)),
    )


def _beside(old: ReadingTable, new: ReadingTable) -> ReadingTable:
    """Return one table with the probes of both models' replies, each under a name of its own."""
    return ReadingTable(
        probes=(*(f"old {probe}" for probe in old.probes), *(f"new {probe}" for probe in new.probes)),
        readings=(*old.readings, *new.readings),
        planned_rounds=max(old.planned_rounds, new.planned_rounds),
    )


def _judged(table: ReadingTable) -> ReadingTable:
    """Leave out probes with a reply that waits for its judge: they would leave every round incomplete."""
    kept = [place for place, row in enumerate(table.readings) if row and not any(map(_waits, row))]
    return replace(
        table,
        probes=tuple(table.probes[place] for place in kept),
        readings=tuple(table.readings[place] for place in kept),
    )


def _waits(reading: Reading | None) -> bool:
    return reading is None or (isinstance(reading, Void) and reading.broken is Assumption.JUDGED)


def _cells(one: ReadingTable, other: ReadingTable) -> Iterator[tuple[Reading | None, Reading | None]]:
    for before, after in zip(one.readings, other.readings, strict=True):
        yield from zip(before, after, strict=False)
