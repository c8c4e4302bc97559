"""What readings would be if the one open question about them were answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["Answer", "answer_question", "count_passes", "declared", "open_forms"]


class Answer(StrEnum):
    """An answer to "does what reads this reply undo the form?", or to "is the second reading right?"."""

    UNDONE = "undone"
    BREAKS = "breaks"


def open_forms(table: ReadingTable) -> tuple[Form, ...]:
    """Return the undeclared forms that made replies void, the most frequent first."""
    counts: dict[Form, int] = {}
    for reading in table.all_readings():
        if isinstance(reading, Void) and reading.broken is Assumption.FORM:
            for form in reading.forms:
                counts[form] = counts.get(form, 0) + 1
    return tuple(sorted(counts, key=lambda form: (-counts[form], form)))


def answer_question(table: ReadingTable, answer: Answer) -> ReadingTable:
    """Return the table with every void that has a second value read by `answer`; other readings stay."""
    if answer is Answer.UNDONE:
        return _map(table, _undone)
    return _map(table, _broken)


def declared(table: ReadingTable, consumer: Mapping[Form, FormEffect]) -> ReadingTable:
    """Return the table as it is once the reader downstream is known to do so with these forms.

    A void that other forms stand behind, too, stays one; and a reply that breaks its reader on one form fails.
    """

    def change(reading: Reading) -> Reading:
        if not isinstance(reading, Void) or reading.broken is not Assumption.FORM or reading.if_undone is None:
            return reading
        effects = [consumer.get(form) for form in reading.forms]
        if FormEffect.BREAKS in effects:
            return Valued(0.0, reading.forms)
        return reading if None in effects else Valued(reading.if_undone, reading.forms)

    return _map(table, change)


def count_passes(table: ReadingTable) -> tuple[int, int]:
    """Return passes and readings over the complete rounds."""
    readings = [reading for row in table.rounds() for reading in row]
    return sum(isinstance(reading, Valued) and reading.value >= 1.0 for reading in readings), len(readings)


def _undone(reading: Reading) -> Reading:
    if isinstance(reading, Void) and reading.if_undone is not None:
        return Valued(reading.if_undone, reading.forms)
    return reading


def _broken(reading: Reading) -> Reading:
    """The consumer breaks on the form: a fail. The second reading is wrong: what the check read, its opposite."""
    if not isinstance(reading, Void) or reading.if_undone is None:
        return reading
    if reading.broken is Assumption.AGREEMENT:
        return Valued(1.0 - reading.if_undone, reading.forms)
    return Valued(0.0, reading.forms)


def _map(table: ReadingTable, change: Callable[[Reading], Reading]) -> ReadingTable:
    return replace(
        table,
        readings=tuple(
            tuple(None if reading is None else change(reading) for reading in row) for row in table.readings
        ),
    )
