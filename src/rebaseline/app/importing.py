"""Replies that a team already has, brought into the store; no call is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rebaseline import __version__
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import ModelVersion, Provenance, Target
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.domain.suite import Probe, Suite
from rebaseline.errors import UsageError
from rebaseline.interop.lines import BadLine, ParsedLine
from rebaseline.interop.replies import load_replies

__all__ = ["ImportReport", "import_replies"]

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        stored: Replies, rejections and faults that are new in the store.
        known: Lines that the store held already.
        differing: Of those known, lines whose reply is another one than what is stored in its place.
        bad: Lines that could not be used, with number and reason.
        unknown_probes: By probe id that the suite does not have: how many lines named it.
        models: Served ids with counts.
        missing: Probes of the suite that no line answered.
        notes: What the lines hold that is not read, each named once.
    """

    stored: int
    known: int
    differing: int
    bad: tuple[BadLine, ...]
    unknown_probes: dict[str, int]
    models: dict[str, int]
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()


def import_replies(
    workspace: Workspace, path: Path, *, suite_id: str, target_name: str | None, model: str, now: datetime
) -> ImportReport:
    """Store the replies of a JSON Lines file.

    A bad line is reported and the others are kept. A second import of the same file stores nothing.

    Args:
        workspace: The project.
        path: One JSON object a line.
        suite_id: The suite whose probes were asked.
        target_name: The target that was asked; None where the project has one only.
        model: The model version that answered, where a line does not name one.
        now: The instant of the import, for lines that do not say when they were received.

    Raises:
        ConfigurationError: The file is no text, or cannot be read.
        UsageError: There is no such suite or target, or the model's name is empty.
        SuiteErrors: Redaction would blind a check.
    """
    if not model.strip():
        raise UsageError("the model has no name", remedy="say who answered with --model")
    suite = workspace.suites([suite_id])[0]
    target = workspace.target(target_name)
    if workspace.redactor is not None:
        from rebaseline.app.redacting import refuse_blindness  # noqa: PLC0415 - few projects redact

        refuse_blindness(workspace, [suite])
    lines = load_replies(path)
    first = next(lines, None)
    session = f"import-{_digest(path, suite, target, model)}"
    intake = _Intake({probe.id: probe for probe in suite.probes}, model, session, now)
    with workspace.open_store(to_write=True) as store:
        store.begin_session(
            SessionHeader(
                key=session,
                kind=SessionKind.IMPORT,
                suite=suite.id,
                suite_version=suite.version,
                suite_fingerprint=suite.fingerprint,
                target=target,
                provenance=Provenance(tool=f"rebaseline {__version__}"),
                started_at=now,
            )
        )
        stored = known = differing = 0
        for batch in _batches(intake.records(_chain(first, lines))):
            recorded = store.record(batch)
            stored += recorded.new
            known += recorded.known
            differing += recorded.differing
    return ImportReport(
        stored=stored,
        known=known,
        differing=differing,
        bad=tuple(intake.bad),
        unknown_probes=intake.unknown,
        models=intake.models,
        missing=tuple(probe.id for probe in suite.probes if probe.id not in intake.seen),
        notes=tuple(intake.notes),
    )


def _digest(path: Path, suite: Suite, target: Target, model: str) -> str:
    """Name the session by what is imported, so that a second import of the same file is the same session.

    A suite or a target that changed since makes another one: the replies then answer other requests.
    """
    asked = (suite.id, str(suite.version), suite.fingerprint, target.name, target.fingerprint, target.model, model)
    content = hashlib.sha256("\0".join(asked).encode("utf-8", "surrogatepass"))
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            content.update(block)
    return content.hexdigest()[:32]


def _chain(first: ParsedLine | BadLine | None, rest: Iterator[ParsedLine | BadLine]) -> Iterator[ParsedLine | BadLine]:
    """Put the first line back: reading it shows that the file can be read before a session is opened."""
    if first is not None:
        yield first
        yield from rest


def _batches(records: Iterator[AttemptRecord]) -> Iterator[list[AttemptRecord]]:
    batch: list[AttemptRecord] = []
    for record in records:
        batch.append(record)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Intake:
    """Turns lines into records and keeps account of what was not used."""

    def __init__(self, probes: dict[str, Probe], model: str, session: str, now: datetime) -> None:
        self._probes = probes
        self._model = model
        self._session = session
        self._now = now
        self.bad: list[BadLine] = []
        self.unknown: dict[str, int] = {}
        self.models: dict[str, int] = {}
        self.seen: set[str] = set()
        self.notes: list[str] = []

    def records(self, lines: Iterator[ParsedLine | BadLine]) -> Iterator[AttemptRecord]:
        for line in lines:
            if isinstance(line, BadLine):
                self.bad.append(line)
                continue
            self.notes.extend(line.notes)
            probe = self._probes.get(line.probe)
            if probe is None:
                self.unknown[line.probe] = self.unknown.get(line.probe, 0) + 1
                continue
            yield self._record(probe, line)

    def _record(self, probe: Probe, line: ParsedLine) -> AttemptRecord:
        served = line.served_model or self._model
        self.seen.add(probe.id)
        self.models[served] = self.models.get(served, 0) + 1
        return AttemptRecord(
            probe=probe.id,
            probe_fingerprint=probe.fingerprint,
            sample=line.sample,
            model=ModelVersion("import", served, served),
            attempt=line.attempt,
            # A clock that ran ahead must not make this the version that answered last, for ever.
            received_at=min(line.received_at or self._now, self._now),
            session=self._session,
        )
