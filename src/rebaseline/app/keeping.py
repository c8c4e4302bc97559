"""What was read of replies is kept when their words are purged, and read again in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from rebaseline.app.benches import judges_as_asked
from rebaseline.app.reading_keys import reading_key
from rebaseline.app.sides import read_stored
from rebaseline.app.workspace import Workspace
from rebaseline.assess.kept import PURGED
from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.domain.attempt import Answered
from rebaseline.domain.judge import Judge
from rebaseline.domain.kept import ARMS, KeptRow
from rebaseline.domain.reading import Reading
from rebaseline.domain.record import Purgeable
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.store.kept_file import kept_path, load_kept, render_kept
from rebaseline.store.store import Store

__all__ = ["readings_to_keep"]


def readings_to_keep(
    workspace: Workspace, store: Store, taken: Iterable[Purgeable], *, before: datetime
) -> dict[Path, bytes]:
    """Return the files that keep what is read, by the rules as they stand, of replies that are about to be purged.

    Replies to suites or on targets that are not in the project any more are read by nothing, so nothing is kept.

    Args:
        workspace: The project.
        store: Its store.
        taken: What the purge takes.
        before: It takes what was received earlier.

    Raises:
        SuiteErrors: A suite is wrong, so that nothing can be read.
        StoreError: What was kept earlier is damaged.
    """
    suites = {suite.id: suite for suite in workspace.suites()}
    files: dict[Path, bytes] = {}
    for each in taken:
        suite, target = suites.get(each.suite), workspace.project.targets.get(each.target)
        if suite is None or target is None:
            continue
        going = _going(store, suite, each, before)
        if not going:
            continue
        readings, _ = read_stored(workspace, store, suite, target, each.model)
        path = kept_path(workspace.project.root, suite.id, target.name, each.model)
        rows = {_key(row): row for row in load_kept(path)}
        for row in _rows(suite, readings, going, judges_as_asked(workspace, suite)):
            earlier = rows.get(_key(row))
            rows[_key(row)] = row if earlier is None else _merged(earlier, row)
        files[path] = render_kept(rows.values())
    return files


def _going(store: Store, suite: Suite, taken: Purgeable, before: datetime) -> frozenset[Place]:
    """Return the cells whose reply, to a probe as it is worded now, is about to go."""
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    return frozenset(
        (record.probe, record.sample)
        for record in store.attempts(suite.id, taken.target, taken.model, probe_fingerprints=wording)
        if isinstance(record.attempt, Answered) and record.received_at < before
    )


def _rows(
    suite: Suite, readings: SuiteReadings, going: frozenset[Place], judges: Mapping[str, Judge]
) -> Iterator[KeptRow]:
    tables = {arm: getattr(readings, arm) for arm in ARMS}
    probes = {probe.id: probe for probe in suite.probes}
    for assertion in suite.assertions:
        for arm in ARMS:
            table = tables[arm].get(assertion.id)
            if table is None:
                continue
            kept = {probe: _only(probe, row, going) for probe, row in zip(table.probes, table.readings, strict=True)}
            kept = {probe: row for probe, row in kept.items() if any(reading is not None for reading in row)}
            if kept:
                yield KeptRow(
                    arm,
                    assertion.id,
                    assertion.fingerprint,
                    {probe: reading_key(assertion, probes[probe]) for probe in kept},
                    kept,
                    _marks(assertion, judges),
                )


def _marks(assertion: Assertion, judges: Mapping[str, Judge]) -> dict[str, str]:
    return {name: judges[name].mark for name in sorted(assertion.judges) if name in judges}


def _only(probe: str, row: tuple[Reading | None, ...], going: frozenset[Place]) -> tuple[Reading | None, ...]:
    return tuple(
        reading if (probe, sample) in going and reading != PURGED else None for sample, reading in enumerate(row)
    )


def _key(row: KeptRow) -> tuple[object, ...]:
    """Return what must be the same for two readings to be one reply's: what another rule or judge read stays beside."""
    return row.arm, row.assertion, row.rule, *sorted(row.judges.items())


def _merged(earlier: KeptRow, now: KeptRow) -> KeptRow:
    """Return both, the later reading of a cell in place of the earlier. Another request begins anew."""
    readings = {
        probe: row
        for probe, row in earlier.readings.items()
        if earlier.keys[probe] == now.keys.get(probe, earlier.keys[probe])
    }
    for probe, row in now.readings.items():
        before = readings.get(probe, ())
        width = max(len(before), len(row))
        readings[probe] = tuple(
            later if later is not None else first
            for first, later in zip(_padded(before, width), _padded(row, width), strict=True)
        )
    return KeptRow(now.arm, now.assertion, now.rule, {**earlier.keys, **now.keys}, readings, now.judges)


def _padded(row: tuple[Reading | None, ...], width: int) -> tuple[Reading | None, ...]:
    return (*row, *[None] * (width - len(row)))
