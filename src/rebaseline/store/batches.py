"""Batches that were handed to a provider, from before they are submitted until their replies are stored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from rebaseline.domain.batch import Batch, BatchItem
from rebaseline.errors import StoreError
from rebaseline.store.schema import batch_items, batches, sessions, targets
from rebaseline.store.sessions import scopes_of

__all__ = ["BatchLedger"]

_OPEN = batches.c.collected_at.is_(None)
_CELL = (batch_items.c.probe, batch_items.c.probe_fingerprint, batch_items.c.sample)


@dataclass(frozen=True, slots=True)
class BatchLedger:
    """The batches of one suite on one target, asked one way. Each method is one transaction.

    A batch is noted before it is submitted, so that a process that dies in between leaves a trace to follow: what was
    submitted is paid for, whether anybody collects it or not.

    Attributes:
        suite: Suite id.
        target_name: Target name.
        target_fingerprint: The way to ask; batches of another way are not of this ledger.
        reading: Opens a transaction that reads.
        writing: Opens a transaction that may write.
    """

    suite: str
    target_name: str
    target_fingerprint: str
    reading: Callable[[], AbstractContextManager[Connection]]
    writing: Callable[[], AbstractContextManager[Connection]]

    def note(self, batch: Batch) -> None:
        """Note a batch that is about to be submitted.

        Raises:
            StoreError: Its session was not begun, or another open batch asks for one of its cells: another process was
                faster, and the same would be paid for twice.
        """
        with self.writing() as connection:
            scope = scopes_of(connection, [batch.session])[batch.session]
            asked = connection.execute(self._own(*_CELL))
            twice = {tuple(row) for row in asked} & {item.cell for item in batch.items}
            if twice:
                raise StoreError(
                    f"{len(twice)} of {len(batch.items)} requests are in a batch that is open already",
                    where=f"suite {self.suite!r}, target {self.target_name!r}",
                    remedy="Another process submitted them. Let it finish, or run again to wait for its batch.",
                )
            values = {"key": batch.key, "session_id": scope.id, "provider_id": batch.provider_id}
            batch_id = connection.execute(
                insert(batches).values(**values, submitted_at=batch.submitted_at).returning(batches.c.id)
            ).scalar_one()
            connection.execute(insert(batch_items), [_row(batch_id, item) for item in batch.items])

    def submitted(self, key: str, provider_id: str) -> None:
        """Note under which name the provider took a batch.

        Raises:
            StoreError: No such batch is open.
        """
        with self.writing() as connection:
            self._one(connection, key)
            connection.execute(update(batches).where(batches.c.key == key).values(provider_id=provider_id))

    def drop(self, key: str) -> None:
        """Forget a batch that never came to be.

        Raises:
            StoreError: No such batch is open, or the provider took it.
        """
        with self.writing() as connection:
            row = self._one(connection, key)
            if row.provider_id is not None:
                raise StoreError(
                    f"Batch {key!r} was submitted, as {row.provider_id!r}: it is paid for", where=f"batch {key!r}"
                )
            connection.execute(delete(batch_items).where(batch_items.c.batch_id == row.id))
            connection.execute(delete(batches).where(batches.c.id == row.id))

    def close(self, key: str, *, at: datetime) -> None:
        """Note that everything of a batch is stored that there is to store. Closing it again does nothing."""
        with self.writing() as connection:
            ids = select(batches.c.id).where(batches.c.key == key)
            connection.execute(delete(batch_items).where(batch_items.c.batch_id.in_(ids)))
            connection.execute(update(batches).where(batches.c.key == key, _OPEN).values(collected_at=at))

    def open(self) -> list[Batch]:
        """Return the batches whose replies are not all stored, the oldest first."""
        columns = (*(batches.c.id, batches.c.key, sessions.c.key), batches.c.submitted_at, batches.c.provider_id)
        with self.reading() as connection:
            rows = connection.execute(self._own(*columns).distinct().order_by(batches.c.submitted_at, batches.c.id))
            return [
                Batch(key, session, submitted_at, _items(connection, batch_id), provider_id)
                for batch_id, key, session, submitted_at, provider_id in rows
            ]

    def known(self) -> frozenset[str]:
        """Return the provider's names of all batches that were ever noted, of every suite and target."""
        with self.reading() as connection:
            named = select(batches.c.provider_id).where(batches.c.provider_id.is_not(None))
            return frozenset(connection.execute(named).scalars())

    def sessions(self) -> frozenset[str]:
        """Return the keys of the sessions of this suite and target that submitted a batch."""
        with self.reading() as connection:
            keys = select(sessions.c.key).join(batches, batches.c.session_id == sessions.c.id)
            return frozenset(connection.execute(self._scoped(keys)).scalars())

    def elsewhere(self) -> int:
        """Return how many open batches this suite and target name have that were asked another way."""
        with self.reading() as connection:
            counted = select(func.count(batches.c.id.distinct())).join(sessions, sessions.c.id == batches.c.session_id)
            counted = counted.join(targets, targets.c.id == sessions.c.target_id)
            return connection.execute(
                counted.where(
                    _OPEN,
                    sessions.c.suite == self.suite,
                    targets.c.name == self.target_name,
                    targets.c.fingerprint != self.target_fingerprint,
                )
            ).scalar_one()

    def _one(self, connection: Connection, key: str) -> Row[Any]:
        row = connection.execute(select(batches).where(batches.c.key == key, _OPEN)).one_or_none()
        if row is None:
            raise StoreError(
                f"No batch {key!r} is open",
                where=f"suite {self.suite!r}, target {self.target_name!r}",
                remedy="Another process gave it up or collected it. Run again.",
            )
        return row

    def _own(self, *columns: Any) -> Select[Any]:
        joined = (
            select(*columns)
            .select_from(batches)
            .join(batch_items, batch_items.c.batch_id == batches.c.id)
            .join(sessions, sessions.c.id == batches.c.session_id)
        )
        return self._scoped(joined).where(_OPEN)

    def _scoped(self, statement: Select[Any]) -> Select[Any]:
        return statement.join(targets, targets.c.id == sessions.c.target_id).where(
            sessions.c.suite == self.suite,
            targets.c.name == self.target_name,
            targets.c.fingerprint == self.target_fingerprint,
        )


def _row(batch_id: int, item: BatchItem) -> dict[str, Any]:
    cell = {"probe": item.probe, "probe_fingerprint": item.probe_fingerprint, "sample": item.sample}
    return {"batch_id": batch_id, "custom_id": item.custom_id, **cell}


def _items(connection: Connection, batch_id: int) -> tuple[BatchItem, ...]:
    items = select(batch_items.c.custom_id, *_CELL).where(batch_items.c.batch_id == batch_id)
    rows = connection.execute(items.order_by(batch_items.c.custom_id))
    return tuple(BatchItem(*row) for row in rows)
