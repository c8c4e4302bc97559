"""Do both model versions agree against the reference? Then the reference may be what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["Answers", "Cell", "agreed_against", "without_agreed"]

Cell = tuple[str, int]
"""Probe id and sample."""

Answers = Mapping[Cell, str]
"""The wrong answer that each failing reply gives, where one is read."""


def agreed_against(old: ReadingTable, new: ReadingTable, old_answers: Answers, new_answers: Answers) -> frozenset[Cell]:
    """Return the replies of the new version that fail with an answer that the old version failed with, too.

    Only on probes on which the old version passes in no sample: where it passed, it does not agree against the
    reference, and a fail of the new version is the new version's own.

    Args:
        old: Readings of the old version.
        new: Readings of the new version.
        old_answers: Its wrong answers.
        new_answers: The new version's.
    """
    passed = {
        probe for probe, row in zip(old.probes, old.readings, strict=True) if any(_passes(reading) for reading in row)
    }
    failed = _failed(old)
    given: dict[str, set[str]] = {}
    for cell, answer in old_answers.items():
        if cell[0] not in passed and cell in failed:
            given.setdefault(cell[0], set()).add(answer)
    agreed = {cell for cell, answer in new_answers.items() if answer in given.get(cell[0], ())}
    return frozenset(agreed & _failed(new))


def without_agreed(table: ReadingTable, cells: frozenset[Cell]) -> ReadingTable:
    """Return the table with these replies void: the check cannot judge them before the reference was looked at."""
    return replace(
        table,
        readings=tuple(
            tuple(
                Void(Assumption.FRESH, if_undone=1.0) if (probe, sample) in cells else reading
                for sample, reading in enumerate(row)
            )
            for probe, row in zip(table.probes, table.readings, strict=True)
        ),
    )


def _passes(reading: Reading | None) -> bool:
    return isinstance(reading, Valued) and reading.value >= 1.0


def _failed(table: ReadingTable) -> set[Cell]:
    return {
        (probe, sample)
        for probe, row in zip(table.probes, table.readings, strict=True)
        for sample, reading in enumerate(row)
        if isinstance(reading, Valued) and reading.value < 1.0
    }
