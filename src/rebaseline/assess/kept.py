"""Cells whose reply was purged: what was accepted of them stands, and of the rest nobody knows any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.reading import Assumption, Reading, Void

__all__ = ["PURGED", "count_purged", "with_purged", "without_purged_arms"]

PURGED = Void(Assumption.KEPT)
"""How a purged reply reads: against the claim and in its favour, as every void does."""


def with_purged(
    readings: SuiteReadings, purged: Collection[Place], accepted: Mapping[str, Mapping[Place, Reading]]
) -> SuiteReadings:
    """Return readings in which every purged cell is there, too.

    Args:
        readings: What is read of the replies at hand.
        purged: Probe and sample of each purged cell.
        accepted: By assertion id: readings that an accepted baseline keeps of such cells.
    """
    if not purged:
        return readings

    def filled(
        tables: Mapping[str, ReadingTable], known: Mapping[str, Mapping[Place, Reading]]
    ) -> dict[str, ReadingTable]:
        return {key: _filled(table, purged, known.get(key, {})) for key, table in tables.items()}

    return replace(
        readings,
        claims=filled(readings.claims, accepted),
        alive=filled(readings.alive, {}),
        live=filled(readings.live, {}),
        against=filled(readings.against, {}),
        unjudged=filled(readings.unjudged, {}),
        purged=len(purged),
    )


def without_purged_arms(readings: SuiteReadings, names: Collection[str]) -> SuiteReadings:
    """Return readings without the arms of these assertions, where replies of an arm were purged."""
    arms = (readings.alive, readings.live, readings.against)
    gone = {name for name in names if count_purged(*(tables.get(name) for tables in arms))}
    alive, live, against = ({name: it for name, it in tables.items() if name not in gone} for tables in arms)
    return replace(readings, alive=alive, live=live, against=against)


def _filled(table: ReadingTable, purged: Collection[Place], known: Mapping[Place, Reading]) -> ReadingTable:
    rows = {probe: list(row) for probe, row in zip(table.probes, table.readings, strict=True)}
    for probe, sample in purged:
        row = rows.get(probe)
        if row is None:
            continue
        row.extend([None] * (sample + 1 - len(row)))
        if row[sample] is None:
            row[sample] = known.get((probe, sample), PURGED)
    return replace(table, readings=tuple(tuple(rows[probe]) for probe in table.probes))


def count_purged(*tables: ReadingTable | None) -> int:
    """Return how many readings of some tables are of purged replies that nothing keeps."""
    return sum(
        isinstance(reading, Void) and reading.broken is Assumption.KEPT
        for table in tables
        if table is not None
        for reading in table.all_readings()
    )
