"""Reads attempts back: one stream for a model version, in the order of probes and samples."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, literal, literal_column, select, union_all

from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord, Holding
from rebaseline.store.rows import READ, record_of
from rebaseline.store.schema import ANSWERED, UNANSWERED, attempts, model_versions, sessions, targets
from rebaseline.store.views import cells_of, newest_way_to_ask, unanswered_by_model

__all__ = ["read_attempts", "read_done", "read_holdings", "read_unknown_models", "target_row", "view_of"]

_NOT_FOUND = 404
_CHUNK_ROWS = 500
_CHUNK_SIZE = 8_000_000


def target_row(
    connection: Connection, suite: str, target: str, model: str, target_fingerprint: str | None
) -> int | None:
    """Return the row of the target to read: the one named, else the newest way to ask that met the model."""
    if target_fingerprint is None:
        return newest_way_to_ask(connection, suite, target, model)
    return connection.execute(
        select(targets.c.id).where(targets.c.name == target, targets.c.fingerprint == target_fingerprint)
    ).scalar()


def view_of(
    connection: Connection, suite: str, target_id: int, model: str, *, cell: tuple[str, int] | None = None
) -> Iterator[Row[Any]]:
    """Yield the key of the attempt that stands for the model in each cell, ordered by probe and sample.

    Args:
        connection: In a transaction.
        suite: Suite id.
        target_id: Row of the target.
        model: The served id.
        cell: Only this probe and sample.
    """
    statement = cells_of(suite, target_id, model, cell=cell)
    last: tuple[Any, ...] | None = None
    for row in connection.execution_options(yield_per=5000).execute(statement):
        this = (row.probe, row.sample, row.probe_fingerprint)
        if this != last:
            last = this
            yield row


def read_attempts(connection: Connection, cells: Iterable[Row[Any]]) -> Iterator[AttemptRecord]:
    """Yield the attempts of some cells, in their order.

    The keys are taken first and kept as bare numbers, 16 bytes an attempt; the replies then come in chunks, so
    memory does not grow with what they say.
    """
    ids, sizes = array("q"), array("q")
    for row in cells:
        ids.append(row.id)
        sizes.append(row.size)
    models = _models(connection)
    keys = {row.id: row.key for row in connection.execute(select(sessions.c.id, sessions.c.key))}
    for chunk in _chunks(ids, sizes):
        rows = connection.execute(select(*READ).where(attempts.c.id.in_(chunk.tolist())))
        records = dict(record_of(row, models, keys) for row in rows)
        for row_id in chunk:
            yield records[row_id]


def _chunks(ids: array[int], sizes: array[int]) -> Iterator[array[int]]:
    start = weight = 0
    for position, size in enumerate(sizes):
        if position > start and (weight + size > _CHUNK_SIZE or position - start >= _CHUNK_ROWS):
            yield ids[start:position]
            start, weight = position, 0
        weight += size
    if start < len(ids):
        yield ids[start:]


def _models(connection: Connection) -> dict[int, ModelVersion]:
    return {
        row.id: ModelVersion(row.provider, row.requested, row.served)
        for row in connection.execute(select(model_versions))
    }


def read_done(connection: Connection, suite: str, target_id: int, requested: str) -> Iterator[Row[Any]]:
    """Yield the cells that some version answered or rejected when `requested` was asked for."""
    asked = select(model_versions.c.id).where(model_versions.c.requested == requested)
    scope = select(sessions.c.id).where(sessions.c.suite == suite, sessions.c.target_id == target_id)
    columns = (
        *(attempts.c.probe, attempts.c.probe_fingerprint, attempts.c.sample),
        *(attempts.c.outcome, attempts.c.received_at),
    )
    answered = select(*columns).where(
        ANSWERED, attempts.c.suite == suite, attempts.c.target_id == target_id, attempts.c.model_id.in_(asked)
    )
    unanswered = select(*columns).where(UNANSWERED, attempts.c.session_id.in_(scope), attempts.c.model_id.in_(asked))
    yield from connection.execution_options(yield_per=5000).execute(union_all(answered, unanswered))


def read_holdings(connection: Connection, *, suite: str | None, target: str | None) -> list[Holding]:
    """Return what is held, by suite, way to ask and model version; the oldest first."""
    answered = select(
        attempts.c.suite,
        attempts.c.target_id,
        attempts.c.model_id,
        literal("answered").label("outcome"),
        attempts.c.received_at,
    ).where(ANSWERED)
    cells = union_all(answered, select(unanswered_by_model())).subquery()
    oldest = func.min(cells.c.received_at)
    statement = (
        select(
            cells.c.suite,
            targets.c.name,
            targets.c.fingerprint,
            *(model_versions.c.provider, model_versions.c.requested, model_versions.c.served),
            *(
                func.count().filter(cells.c.outcome == literal_column(f"'{outcome}'")).label(outcome)
                for outcome in ("answered", "rejected", "faulted")
            ),
            oldest.label("first"),
            func.max(cells.c.received_at).label("last"),
        )
        .join(targets, targets.c.id == cells.c.target_id)
        .join(model_versions, model_versions.c.id == cells.c.model_id)
        .group_by(cells.c.suite, cells.c.target_id, cells.c.model_id)
        .order_by(
            *(oldest, cells.c.suite, targets.c.name, model_versions.c.served),
            *(model_versions.c.provider, model_versions.c.requested, targets.c.fingerprint),
        )
    )
    if suite is not None:
        statement = statement.where(cells.c.suite == suite)
    if target is not None:
        statement = statement.where(targets.c.name == target)
    return [_holding_of(row) for row in connection.execute(statement)]


def _holding_of(row: Any) -> Holding:
    return Holding(
        suite=row.suite,
        target=row.name,
        model=ModelVersion(row.provider, row.requested, row.served),
        answered=row.answered,
        rejected=row.rejected,
        faulted=row.faulted,
        first_received_at=row.first,
        last_received_at=row.last,
        target_fingerprint=row.fingerprint,
    )


def read_unknown_models(connection: Connection, target: str) -> list[str]:
    """Return the models that a target's provider did not know when it was asked last."""
    last = (
        select(
            model_versions.c.served,
            func.max(attempts.c.received_at).filter(attempts.c.status == _NOT_FOUND).label("unknown_at"),
            func.max(attempts.c.received_at).filter(attempts.c.outcome == "answered").label("answered_at"),
        )
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .join(targets, targets.c.id == attempts.c.target_id)
        .where(targets.c.name == target)
        .group_by(model_versions.c.served)
        .subquery()
    )
    gone = last.c.answered_at.is_(None) | (last.c.unknown_at > last.c.answered_at)
    rows = connection.execute(select(last.c.served).where(last.c.unknown_at.is_not(None), gone).order_by("served"))
    return [served for (served,) in rows]
