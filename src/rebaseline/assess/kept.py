"""Cells whose reply was purged: what was read of them then stands, and of the rest nobody knows any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["PURGED", "Known", "count_purged", "with_purged", "with_violations", "without_purged_arms"]

PURGED = Void(Assumption.KEPT)
"""How a purged reply reads: against the claim and in its favour, as every void does."""


Known = Mapping[str, Mapping[str, Mapping[Place, Reading]]]
"""By arm and assertion id: what was read of cells before they were purged."""


def with_purged(readings: SuiteReadings, purged: Collection[Place], known: Known) -> SuiteReadings:
    """Return readings in which every purged cell is there, too.

    Args:
        readings: What is read of the replies at hand.
        purged: Probe and sample of each purged cell.
        known: What was read of such cells; what is not there is void.
    """
    if not purged:
        return readings

    def filled(arm: str, tables: Mapping[str, ReadingTable]) -> dict[str, ReadingTable]:
        return {key: _filled(table, purged, known.get(arm, {}).get(key, {})) for key, table in tables.items()}

    return replace(
        readings,
        claims=filled("claims", readings.claims),
        alive=filled("alive", readings.alive),
        live=filled("live", readings.live),
        against=filled("against", readings.against),
        unjudged=filled("unjudged", readings.unjudged),
        purged=len(purged),
    )


def with_violations(readings: SuiteReadings, names: Collection[str], known: Known) -> SuiteReadings:
    """Return readings in which a violation stays one although its cell was purged and asked again.

    Args:
        readings: What is read, purged cells included.
        names: Ids of the assertions that say of something that it never happens.
        known: What was read of cells before they were purged.
    """
    claims = {
        key: _overridden(table, known.get("claims", {}).get(key, {})) if key in names else table
        for key, table in readings.claims.items()
    }
    return replace(readings, claims=claims)


def _overridden(table: ReadingTable, known: Mapping[Place, Reading]) -> ReadingTable:
    seen = {place: reading for place, reading in known.items() if isinstance(reading, Valued) and reading.value < 1.0}
    rows = tuple(
        tuple(reading and seen.get((probe, sample), reading) for sample, reading in enumerate(row))
        for probe, row in zip(table.probes, table.readings, strict=True)
    )
    return replace(table, readings=rows)


def without_purged_arms(readings: SuiteReadings, names: Collection[str]) -> SuiteReadings:
    """Return readings without the void cells of these assertions' arms; without the arms, where one has no other."""
    arms = {"alive": dict(readings.alive), "live": dict(readings.live), "against": dict(readings.against)}
    for name in names:
        left = {arm: _without_void(tables[name]) for arm, tables in arms.items() if name in tables}
        if not all(any(table.all_readings()) for table in left.values()):
            left = {}
        for arm, tables in arms.items():
            tables.pop(name, None)
            if arm in left:
                tables[name] = left[arm]
    return replace(readings, alive=arms["alive"], live=arms["live"], against=arms["against"])


def _without_void(table: ReadingTable) -> ReadingTable:
    rows = tuple(tuple(None if reading == PURGED else reading for reading in row) for row in table.readings)
    return replace(table, readings=rows)


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
