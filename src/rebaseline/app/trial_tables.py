"""Readings of a variant in the place of an assertion's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from rebaseline.app.assessing import Tables
from rebaseline.app.comparing import SuiteSide
from rebaseline.assess.preview import declared
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.comparison import Side
from rebaseline.domain.repair import Counts
from rebaseline.domain.suite import Assertion
from rebaseline.repair.verifying import Rows

__all__ = ["counts_of", "narrowed", "rows_of", "with_declared", "with_tables"]

_Value = TypeVar("_Value")


def with_tables(side: SuiteSide, tables: Tables, key: str, name: str) -> SuiteSide:
    """Return a side in which an assertion is read as its variant is; all else, steadiness too, stays as it was."""

    def taken(found: Mapping[str, _Value]) -> dict[str, _Value]:
        return {name: found[key]} if key in found else {}

    return replace(
        side,
        tables=Tables(
            claims={**side.tables.claims, **taken(tables.claims)},
            alive=taken(tables.alive),
            live=taken(tables.live),
            against=taken(tables.against),
            labels=taken(tables.labels),
            unjudged=taken(tables.unjudged),
            confirmed=taken(tables.confirmed),
            answers=taken(tables.answers),
        ),
        accepted_readings=side.accepted_readings - {name},
    )


def narrowed(side: SuiteSide, name: str, probes: Sequence[str]) -> SuiteSide:
    """Return a side whose claim is read on some probes only."""
    table = side.tables.claims[name]
    rows = rows_of(table)
    kept = tuple(probe for probe in table.probes if probe in set(probes))
    narrow = replace(table, probes=kept, readings=tuple(tuple(rows[probe]) for probe in kept))
    return replace(side, tables=replace(side.tables, claims={**side.tables.claims, name: narrow}))


def rows_of(table: ReadingTable) -> Rows:
    """Return the readings by probe."""
    return dict(zip(table.probes, table.readings, strict=True))


def counts_of(side: Side | None) -> Counts | None:
    """Return how the replies of a side are read; None without a side."""
    if side is None:
        return None
    return Counts(side.evidence.passes, side.evidence.void_count, side.evidence.replies)


def with_declared(side: SuiteSide, assertion: Assertion) -> SuiteSide | None:
    """Return an accepted side read as if an assertion's forms had been declared then; None where it has no readings.

    A declaration changes nothing but readings that are void for a form, and these say what undoing it would give. So
    the replies themselves need not be at hand.
    """
    table = side.tables.claims.get(assertion.id)
    if table is None:
        return None
    claims = {**side.tables.claims, assertion.id: declared(table, assertion.consumer)}
    return replace(side, tables=replace(side.tables, claims=claims))
