"""Retention: the words go, keys and digests stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from rebaseline.domain.record import Purgeable, PurgedCell, PurgedVersion
from rebaseline.store.schema import ANSWERED, UNANSWERED, attempts, model_versions, targets

__all__ = [
    "count_asked_again",
    "count_purged",
    "holds_purged",
    "purge_before",
    "purgeable_before",
    "purged_cells",
    "purged_versions",
]


def purge_before(connection: Connection, *, before: datetime, at: datetime) -> int:
    """Forget the words of attempts that were received before an instant; return of how many.

    A purged reply makes room: its cell may be asked and stored again beside the digest that stays.
    """
    replies = connection.execute(
        update(attempts)
        .where(ANSWERED, attempts.c.received_at < before)
        .values(text=None, tool_calls=None, trace=None, size=0, purged_at=at)
    )
    hints = connection.execute(
        update(attempts)
        .where(UNANSWERED, attempts.c.purged_at.is_(None), attempts.c.received_at < before)
        .values(hint="", size=0, purged_at=at)
    )
    return replies.rowcount + hints.rowcount


def purgeable_before(connection: Connection, before: datetime) -> list[Purgeable]:
    """Return what a purge would take, by suite, target and model version."""
    with_words = or_(ANSWERED, UNANSWERED & attempts.c.purged_at.is_(None))
    rows = connection.execute(
        select(
            *(attempts.c.suite, targets.c.name, model_versions.c.served),
            *(func.count().label("attempts"), func.min(attempts.c.received_at).label("first")),
        )
        .join(targets, targets.c.id == attempts.c.target_id)
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .where(with_words, attempts.c.received_at < before)
        .group_by(attempts.c.suite, targets.c.name, model_versions.c.served)
        .order_by(attempts.c.suite, targets.c.name, model_versions.c.served)
    )
    return [Purgeable(row.suite, row.name, row.served, row.attempts, row.first) for row in rows]


def holds_purged(connection: Connection) -> bool:
    """Return whether the store holds anything that was purged."""
    return (
        connection.execute(select(attempts.c.id).where(attempts.c.purged_at.is_not(None)).limit(1)).first() is not None
    )


def count_purged(connection: Connection, suite: str, target_id: int, model: str) -> int:
    """Return how many replies of a model were purged, and not asked for again since."""
    return connection.execute(select(func.count()).where(*_gone(suite, target_id, model))).scalar_one()


def purged_cells(connection: Connection, suite: str, target_id: int, model: str) -> list[PurgedCell]:
    """Return the cells of these replies."""
    cell = (attempts.c.probe, attempts.c.probe_fingerprint, attempts.c.sample)
    last = func.max(attempts.c.received_at).label("last")
    rows = connection.execute(select(*cell, last).where(*_gone(suite, target_id, model)).group_by(*cell))
    return [PurgedCell(row.probe, row.probe_fingerprint, row.sample, row.last) for row in rows]


def purged_versions(connection: Connection, target: str) -> list[PurgedVersion]:
    """Return the model versions on a target whose replies were purged, by suite, all of them or some."""
    key = (attempts.c.suite, model_versions.c.served)
    rows = connection.execute(
        select(*key, func.max(attempts.c.received_at).label("last"))
        .join(targets, targets.c.id == attempts.c.target_id)
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .where(attempts.c.outcome == "answered", attempts.c.purged_at.is_not(None), targets.c.name == target)
        .group_by(*key)
    )
    return [PurgedVersion(row.suite, row.served, row.last) for row in rows]


def count_asked_again(connection: Connection, suite: str, target_id: int, model: str) -> int:
    """Return how many cells hold another reply than one that was purged."""
    cell = (attempts.c.probe, attempts.c.probe_fingerprint, attempts.c.sample)
    *where, replaced = _gone(suite, target_id, model)
    again = select(*cell).distinct().where(*where, ~replaced).subquery()
    return connection.execute(select(func.count()).select_from(again)).scalar_one()


def _gone(suite: str, target_id: int, model: str) -> tuple[ColumnElement[bool], ...]:
    served = select(model_versions.c.id).where(model_versions.c.served == model)
    again = attempts.alias()
    same = [
        again.c[name] == attempts.c[name]
        for name in ("suite", "target_id", "model_id", "probe", "sample", "probe_fingerprint")
    ]
    replaced = select(again.c.id).where(again.c.outcome == "answered", again.c.purged_at.is_(None), *same).exists()
    return (
        attempts.c.outcome == "answered",
        attempts.c.purged_at.is_not(None),
        attempts.c.suite == suite,
        attempts.c.target_id == target_id,
        attempts.c.model_id.in_(served),
        ~replaced,
    )
