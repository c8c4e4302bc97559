"""The entries of `probes` as domain records: written-out ones and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rebaseline.domain.suite import Location, Probe
from rebaseline.errors import ConfigurationError
from rebaseline.load.blueprint import Blueprint
from rebaseline.load.complaints import LineOf, Loc, read_shape
from rebaseline.load.findings import Findings, closest
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
        line_of: Line of a place in the file.
        path: How messages name the file.
        findings: Where problems are noted.
    """

    prelude: PreludeShape
    tables: Tables
    line_of: LineOf
    path: str
    findings: Findings

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
        shape = read_shape(
            TableShape if tabled else ProbeShape,
            entry,
            line_of=self.line_of,
            path=self.path,
            findings=self.findings,
            loc=loc,
        )
        if isinstance(shape, TableShape):
            table = self._table(shape, loc)
            if table is not None:
                usual_id = "{{ id }}" if "id" in table.columns else None
                yield from self._batch(shape, loc, table.path, table.rows, usual_id=usual_id, columns=table.columns)
        elif isinstance(shape, ProbeShape):
            yield from self._batch(shape, loc, self.path, (Row(self.line_of(loc), {}),))

    def _table(self, shape: TableShape, loc: Loc) -> Table | None:
        table = self.tables[shape.each]
        if isinstance(table, Table):
            self.findings.extend(table.problems)
            return table
        problem = f"{table.where} {table.problem}" if table.where else table.problem
        self.findings.error(self.path, self.line_of((*loc, "each")), problem, table.remedy)
        return None

    def _batch(
        self,
        shape: ProbeShape | TableShape,
        loc: Loc,
        path: str,
        rows: tuple[Row, ...],
        *,
        usual_id: str | None = None,
        columns: tuple[str, ...] = (),
    ) -> Iterator[_Batch]:
        defaults, variables = self.prelude.defaults, self.prelude.vars
        try:
            blueprint = Blueprint.draw(shape, defaults, variables, usual_id=usual_id)
        except ConfigurationError as refusal:
            self.findings.refusal(self.path, self.line_of((*loc, refusal.where)), refusal)
            return
        if blueprint.seeded and (blueprint.samples or 1) > 1:
            self.findings.error(
                self.path,
                self.line_of((*loc, "parameters", "seed")),
                f"`seed` is fixed and `samples` is {blueprint.samples}: every sample would be a copy of the first",
                "take `seed` out, or write `samples: 1`",
            )
        for column in sorted(blueprint.base.keys() & set(columns)):
            self.findings.warning(
                self.path,
                self.line_of((*loc, "each")),
                f"the column `{column}` of {path} hides the variable or field of that name",
                "rename one of them",
            )
        yield _Batch(blueprint, loc, path, rows, columns)

    def _stamp(self, batch: _Batch, usual_samples: int) -> Iterator[Probe]:
        """Give the probes of a batch; what a row cannot fill in is noted at the row."""
        blueprint, base, wanted = batch.blueprint, batch.blueprint.base, batch.blueprint.names
        samples = blueprint.samples or (1 if blueprint.seeded else usual_samples)
        troubles = RowTroubles(batch.path, self.findings)
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
            line = self.line_of((*batch.loc, batch.blueprint.key_of(name)))
            self.findings.error(
                self.path, line, f"a template names `{name}`, which is no {places}", closest(name, known)
            )

    def _refuse_twins(self, probes: tuple[Probe, ...]) -> None:
        """Note ids that stand twice: pairs and baselines go by id."""
        first: dict[str, Probe] = {}
        troubles: dict[str, RowTroubles] = {}
        for probe in probes:
            earlier = first.setdefault(probe.id, probe)
            if earlier is not probe:
                trouble = troubles.setdefault(probe.where.path, RowTroubles(probe.where.path, self.findings))
                trouble.add(
                    probe.where.line,
                    f"the id `{probe.id}` is taken (first at {earlier.where})",
                    'rename one; a table without a column `id` takes a template: `id: "{{ name }}"`',
                )
        for trouble in troubles.values():
            trouble.close()
