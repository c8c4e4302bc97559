"""The store: every attempt, by the model version that answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row

from rebaseline.domain.attempt import Attempt
from rebaseline.domain.bundle import BundleChoice
from rebaseline.domain.record import AttemptRecord, Holding, LeftOut, Purgeable, PurgedVersion, Recorded, SessionHeader
from rebaseline.errors import StoreError
from rebaseline.store.batches import BatchLedger
from rebaseline.store.engine import outside_transaction, writing
from rebaseline.store.packing import Packed, pack
from rebaseline.store.purging import (
    count_asked_again,
    count_purged,
    holds_purged,
    purge_before,
    purgeable_before,
    purged_cells,
    purged_versions,
)
from rebaseline.store.reading import read_attempts, read_done, read_holdings, read_unknown_models, target_row, view_of
from rebaseline.store.sessions import add_session, read_sessions
from rebaseline.store.trouble import speaking_of
from rebaseline.store.unpacking import Filler
from rebaseline.store.writing import add_attempts

__all__ = ["Redact", "Store", "writes_nothing"]

Redact = Callable[[Attempt], Attempt]
"""Takes out of an attempt what must not reach the disk."""


class Store:
    """An open results database. Threads may share it; `open_store` makes it.

    Attributes:
        path: The file.
    """

    def __init__(self, engine: Engine, path: Path, redact: Redact | None = None) -> None:
        self.path = path
        self._redact = redact
        self._engine = engine
        self._turn = threading.Lock()
        self._bundle: Path | None = None
        self._purged: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection. Streams that are still open end."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with speaking_of(self.path), self._engine.begin() as connection:
            yield connection

    def close_to_writing(self, bundle: Path) -> None:
        """Refuse from now on to be written to, since the store was made of a bundle and goes with the command."""
        self.path = self._bundle = bundle

    @contextmanager
    def packed(self, choice: BundleChoice) -> Iterator[Packed]:
        """Give what a bundle of a choice holds, as it stands at one instant."""
        with self._reading() as connection:
            yield pack(connection, choice)

    @contextmanager
    def filling(self) -> Iterator[Filler]:
        """Fill an empty store with what a bundle holds: all of it, or nothing where that fails."""
        with self._writing() as connection:
            yield Filler(connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._bundle is not None:
            raise writes_nothing(self._bundle)
        # Threads of one process take turns here rather than in SQLite, which polls.
        with speaking_of(self.path), self._turn, writing(self._engine) as connection:
            yield connection

    def begin_session(self, header: SessionHeader) -> None:
        """Store what a run or an import is about; its key then carries suite and target.

        Beginning the same session again does nothing, so that a run can be resumed and a file imported twice.

        Raises:
            StoreError: The key stands for another session, or the database cannot be written.
        """
        with self._writing() as connection:
            add_session(connection, header)

    def record(self, records: Sequence[AttemptRecord], *, redacted: bool = False) -> Recorded:
        """Store attempts in one transaction: when this returns they are on the disk, all of them.

        A stored reply is never overwritten. A stored fault or rejection gives way to a reply, a fault to a rejection,
        and a rejection to one whose culprit is known, of the same cell.

        Args:
            records: Attempts of sessions that were begun; of several sessions, if need be.
            redacted: Their texts went through a redaction before; through that of the store they go in any case.

        Returns:
            How many were stored, gave way, or were known; stored and known add up to `len(records)`.

        Raises:
            StoreError: A session was not begun, or the database cannot be written. Nothing is stored then.
        """
        if not records:
            return Recorded(new=0, replaced=0, known=0)
        if self._redact is not None:
            # Here and nowhere else: whoever stores something stores it through this.
            records = [replace(record, attempt=self._redact(record.attempt)) for record in records]
            redacted = True
        with self._writing() as connection:
            return add_attempts(connection, records, redacted=redacted)

    def attempts(
        self,
        suite: str,
        target_name: str,
        model_name: str,
        *,
        probe_fingerprints: Mapping[str, str] | None = None,
        target_fingerprint: str | None = None,
    ) -> Iterator[AttemptRecord]:
        """Stream the attempts that stand for a model, ordered by probe and sample, one a cell.

        Faults and rejections are among them: those of sessions in which this model answered, or, where nobody
        answered, those that asked for this id. A fault cannot say who would have answered; where an alias moved
        within a session its faults stand against both models. Purged replies are left out.

        Args:
            suite: Suite id.
            target_name: Target name.
            model_name: The served id.
            probe_fingerprints: By probe id, the request that is asked for; attempts of another request, and of
                probes that are not named, are left out (`left_out` counts them). None gives every request.
            target_fingerprint: Which way to ask. None takes the newest that met the model: two ways never mix.
        """
        with self._reading() as connection:
            row = target_row(connection, suite, target_name, model_name, target_fingerprint)
            if row is not None:
                cells = view_of(connection, suite, row, model_name)
                yield from read_attempts(connection, _asked_for(cells, probe_fingerprints))

    def left_out(
        self,
        suite: str,
        target_name: str,
        model_name: str,
        *,
        probe_fingerprints: Mapping[str, str],
        target_fingerprint: str | None = None,
    ) -> LeftOut:
        """Count what `attempts` leaves out when it is asked the same."""
        with self._reading() as connection:
            row = target_row(connection, suite, target_name, model_name, target_fingerprint)
            if row is None:
                return LeftOut(stale=0, purged=0)
            cells = view_of(connection, suite, row, model_name)
            stale = sum(probe_fingerprints.get(cell.probe) != cell.probe_fingerprint for cell in cells)
            return LeftOut(stale=stale, purged=count_purged(connection, suite, row, model_name))

    def purged(
        self,
        suite: str,
        target_name: str,
        model_name: str,
        *,
        probe_fingerprints: Mapping[str, str],
        target_fingerprint: str | None = None,
    ) -> dict[tuple[str, int], datetime]:
        """Return the cells, probe and sample, whose reply to the request asked for was purged and not asked again.

        With each stands when the last reply that was purged had been received.
        """
        with self._reading() as connection:
            if not self._holds_purged(connection):
                return {}
            row = target_row(connection, suite, target_name, model_name, target_fingerprint)
            cells = [] if row is None else purged_cells(connection, suite, row, model_name)
            return {
                (cell.probe, cell.sample): cell.received_at
                for cell in cells
                if probe_fingerprints.get(cell.probe) == cell.probe_fingerprint
            }

    def asked_again(self, suite: str, target_name: str, model_name: str) -> int:
        """Return how many cells hold another reply than one that was purged."""
        with self._reading() as connection:
            row = (
                target_row(connection, suite, target_name, model_name, None) if self._holds_purged(connection) else None
            )
            return 0 if row is None else count_asked_again(connection, suite, row, model_name)

    def _holds_purged(self, connection: Connection) -> bool:
        """Return whether anything was ever purged: asked once, for most stores never hold any."""
        if self._purged is None:
            self._purged = holds_purged(connection)
        return self._purged

    def purged_versions(self, target: str) -> list[PurgedVersion]:
        """Return the model versions on a target of which replies were purged, by suite."""
        with self._reading() as connection:
            return purged_versions(connection, target)

    def purgeable(self, *, before: datetime) -> list[Purgeable]:
        """Return what `purge` would take, by suite, target and model version."""
        with self._reading() as connection:
            return purgeable_before(connection, before)

    def attempt(
        self,
        suite: str,
        target_name: str,
        model_name: str,
        probe: str,
        sample: int,
        *,
        probe_fingerprint: str | None = None,
        target_fingerprint: str | None = None,
    ) -> AttemptRecord | None:
        """Return one attempt, to show its text; None where nothing is stored.

        Args:
            suite: Suite id.
            target_name: Target name.
            model_name: The served id.
            probe: Probe id.
            sample: Which asking.
            probe_fingerprint: Of which request; None takes the one that was asked last.
            target_fingerprint: Which way to ask; None takes the newest that met the model.
        """
        with self._reading() as connection:
            row = target_row(connection, suite, target_name, model_name, target_fingerprint)
            if row is None:
                return None
            cells = list(view_of(connection, suite, row, model_name, cell=(probe, sample)))
            if probe_fingerprint is not None:
                cells = [cell for cell in cells if cell.probe_fingerprint == probe_fingerprint]
            newest = max(cells, key=lambda cell: cell.received_at, default=None)
            return None if newest is None else next(read_attempts(connection, [newest]))

    def done_cells(
        self,
        suite: str,
        target_name: str,
        target_fingerprint: str,
        requested: str,
        *,
        served: str | None = None,
        since: datetime | None = None,
    ) -> set[tuple[str, str, int]]:
        """Return the cells that need no asking: (probe, request fingerprint, sample) of replies and rejections.

        An alias may have moved since. Name `served`, which a canary tells, or what the older model answered would
        pass for what the newer one would say.

        Args:
            suite: Suite id.
            target_name: Target name.
            target_fingerprint: The way to ask.
            requested: The id that requests name.
            served: Count only what stands for this model; None counts whoever answered.
            since: Count only what was received from then on. An older reply still keeps its cell: what is asked
                again is recorded as a further sample.
        """
        with self._reading() as connection:
            row = target_row(connection, suite, target_name, requested, target_fingerprint)
            if row is None:
                return set()
            if served is None:
                cells = read_done(connection, suite, row, requested)
            else:
                cells = view_of(connection, suite, row, served)
            return {
                (cell.probe, cell.probe_fingerprint, cell.sample)
                for cell in cells
                if cell.outcome != "faulted" and (since is None or cell.received_at >= since)
            }

    def batches(self, suite: str, target_name: str, target_fingerprint: str) -> BatchLedger:
        """Return the batches of a suite on a target that is asked this way."""
        return BatchLedger(suite, target_name, target_fingerprint, self._reading, self._writing)

    def holdings(self, suite: str | None = None, target: str | None = None) -> list[Holding]:
        """Return what is held, by suite, way to ask and model version, the oldest first."""
        with self._reading() as connection:
            return read_holdings(connection, suite=suite, target=target)

    def unknown_models(self, target: str) -> list[str]:
        """Return the models that a target's provider did not know when it was asked last."""
        with self._reading() as connection:
            return read_unknown_models(connection, target)

    def sessions(self, suite: str | None = None, target: str | None = None) -> list[SessionHeader]:
        """Return the sessions of a suite and a target, or all, the oldest first."""
        with self._reading() as connection:
            return read_sessions(connection, suite=suite, target=target)

    def purge(self, *, before: datetime, at: datetime) -> int:
        """Forget what was said in replies, rejections and faults received before an instant; digests stay.

        Args:
            before: Attempts received earlier are purged.
            at: The instant to note as that of the purge.

        Returns:
            How many attempts lost their words.

        Raises:
            StoreError: The database cannot be written, or another process reads it, so that its log still holds them.
        """
        with self._writing() as connection:
            self._purged = None
            purged = purge_before(connection, before=before, at=at)
        with speaking_of(self.path):
            # Until the log is emptied it still holds the text.
            busy, *_ = outside_transaction(self._engine, "PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise StoreError(
                f"The words of {purged:,} attempts are purged, but another process reads the database, and its log "
                "(`-wal`) still holds them",
                where=str(self.path),
                remedy="Let that process end, and give the same command again: it empties the log.",
            )
        return purged


def writes_nothing(bundle: Path) -> StoreError:
    """Return what is said where something would be stored, and a bundle stands in place of the store."""
    return StoreError(
        "A bundle is read in place of the store, and nothing can be stored in it",
        where=str(bundle),
        remedy="Leave --bundle (or REBASELINE_BUNDLE) out to use the project's own store.",
    )


def _asked_for(cells: Iterator[Row[Any]], wanted: Mapping[str, str] | None) -> Iterator[Row[Any]]:
    if wanted is None:
        return cells
    return (cell for cell in cells if wanted.get(cell.probe) == cell.probe_fingerprint)
