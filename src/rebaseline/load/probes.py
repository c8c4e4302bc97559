"""The entries of `probes` as domain records: written-out ones and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rebaseline.domain.suite import Location, Probe
from rebaseline.errors import ConfigurationError
from rebaseline.load.blueprint import Blueprint
from rebaseline.load.complaints import read_shape
from rebaseline.load.findings import closest
from rebaseline.load.page import Loc, Page
from rebaseline.load.shape_probe import ProbeShape, TableShape
from rebaseline.load.shape_suite import PreludeShape
from rebaseline.load.tables import Row, RowTroubles, Table

__all__ = ["MOST_REPLIES", "ProbeReader", "Tables"]

MOST_REPLIES = 60
"""Replies that a suite asks for by default, over all its probes."""

Tables = Mapping[str, Table | ConfigurationError]
"""What `each` names, or why it could not be read."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """One entry and the rows that it is stamped on.

    Attributes:
        blueprint: The entry.
        loc: Its place in the suite's file.
        path: The file that the rows stand in.
        rows: One for an entry that is written out.
        columns: Columns of the table; empty for an entry that is written out.
    """

    blueprint: Blueprint
    loc: Loc
    path: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProbeReader:
    """Reads `probes`, noting every problem.

    Attributes:
        prelude: Defaults and variables of the suite.
        tables: The tables that entries name.
        page: The suite's file.
    """

    prelude: PreludeShape
    tables: Tables
    page: Page

    def read(self, raw: Any) -> tuple[Probe, ...]:
        """Return every probe that could be read, in the order of the file."""
        entries: list[tuple[Any, Loc]] = (
            [(entry, ("probes", index)) for index, entry in enumerate(raw)]
            if isinstance(raw, list)
            else [(raw, ("probes",))]
        )
        batches = [batch for entry, loc in entries for batch in self._batches(entry, loc)]
        count = sum(len(batch.rows) for batch in batches)
        usual = max(1, MOST_REPLIES // max(1, count))
        probes = tuple(probe for batch in batches for probe in self._stamp(batch, usual))
        self._refuse_twins(probes)
        return probes

    def _batches(self, entry: Any, loc: Loc) -> Iterator[_Batch]:
        """Give the entry as a batch, or nothing where it cannot be used."""
        tabled = isinstance(entry, dict) and "each" in entry
        shape = read_shape(TableShape if tabled else ProbeShape, entry, self.page, loc)
        if isinstance(shape, TableShape):
            table = self._table(shape, loc)
            blueprint = None if table is None else self._blueprint(shape, loc, numbered="id" not in table.columns)
            if table is not None and blueprint is not None:
                self._warn_of_hidden(blueprint, table, loc)
                yield _Batch(blueprint, loc, table.path, table.rows, table.columns)
        elif isinstance(shape, ProbeShape):
            blueprint = self._blueprint(shape, loc, numbered=False)
            if blueprint is not None:
                yield _Batch(blueprint, loc, self.page.path, (Row(self.page.line_of(loc), {}),))

    def _table(self, shape: TableShape, loc: Loc) -> Table | None:
        table = self.tables.get(shape.each) or ConfigurationError("has not been read", where=shape.each)
        if isinstance(table, Table):
            self.page.findings.extend(table.problems)
            return table
        problem = f"{table.where} {table.problem}" if table.where else table.problem
        self.page.error((*loc, "each"), problem, table.remedy)
        return None

    def _blueprint(self, shape: ProbeShape | TableShape, loc: Loc, *, numbered: bool) -> Blueprint | None:
        usual_id = None if numbered else "{{ id }}"
        try:
            blueprint = Blueprint.draw(shape, self.prelude.defaults, self.prelude.vars, usual_id=usual_id)
        except ConfigurationError as refusal:
            self.page.refusal((*loc, refusal.where), refusal)
            return None
        if blueprint.seeded and (blueprint.samples or 1) > 1:
            self.page.error(
                (*loc, "parameters", "seed"),
                f"`seed` is fixed and `samples` is {blueprint.samples}: every sample would be a copy of the first",
                "take `seed` out, or write `samples: 1`",
            )
        return blueprint

    def _warn_of_hidden(self, blueprint: Blueprint, table: Table, loc: Loc) -> None:
        for name in sorted(blueprint.base.keys() & set(table.columns)):
            self.page.warning(
                (*loc, "each"),
                f"the column `{name}` of {table.path} hides the variable or field of that name",
                "rename one of them",
            )

    def _stamp(self, batch: _Batch, usual_samples: int) -> Iterator[Probe]:
        """Give the probes of a batch; what a row cannot fill in is noted at the row."""
        blueprint, base, wanted = batch.blueprint, batch.blueprint.base, batch.blueprint.names
        samples = blueprint.samples or (1 if blueprint.seeded else usual_samples)
        troubles = RowTroubles(batch.path, self.page.findings)
        absent = wanted - base.keys() - set(batch.columns)
        for number, row in enumerate(batch.rows, start=1):
            fields = {**base, **row.cells}
            where = Location(batch.path, row.line)
            usual_id = f"{self.prelude.suite.id}-{number:04}"
            try:
                yield blueprint.stamp(fields, usual_id=usual_id, samples=samples, where=where)
            except ConfigurationError as refusal:
                if absent:
                    self._refuse_absent(batch, absent)
                    return
                troubles.add(row.line, refusal.problem, refusal.remedy)
        troubles.close()

    def _refuse_absent(self, batch: _Batch, absent: frozenset[str]) -> None:
        """Note names that no row has where they are asked for, not once for each row."""
        known = [*batch.columns, *batch.blueprint.base]
        places = f"column of {batch.path}, variable or field" if batch.columns else "variable or field"
        for name in sorted(absent):
            place = (*batch.loc, batch.blueprint.key_of(name))
            self.page.error(place, f"a template names `{name}`, which is no {places}", closest(name, known))

    def _refuse_twins(self, probes: tuple[Probe, ...]) -> None:
        """Note ids that stand twice: pairs and baselines go by id."""
        first: dict[str, Probe] = {}
        troubles: dict[str, RowTroubles] = {}
        for probe in probes:
            earlier = first.setdefault(probe.id, probe)
            if earlier is not probe:
                trouble = troubles.setdefault(probe.where.path, RowTroubles(probe.where.path, self.page.findings))
                trouble.add(
                    probe.where.line,
                    f"the id `{probe.id}` is taken (first at {earlier.where})",
                    'rename one; a table without a column `id` takes a template: `id: "{{ name }}"`',
                )
        for trouble in troubles.values():
            trouble.close()
