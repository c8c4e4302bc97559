"""Retention: the words go, keys and digests stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from rebaseline.store.schema import ANSWERED, UNANSWERED, attempts, model_versions

__all__ = ["count_purged", "purge_before"]


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


def count_purged(connection: Connection, suite: str, target_id: int, model: str) -> int:
    """Return how many replies of a model were purged, and not asked for again since."""
    served = select(model_versions.c.id).where(model_versions.c.served == model)
    again = attempts.alias()
    same = [
        again.c[name] == attempts.c[name]
        for name in ("suite", "target_id", "model_id", "probe", "sample", "probe_fingerprint")
    ]
    replaced = select(again.c.id).where(again.c.outcome == "answered", again.c.purged_at.is_(None), *same).exists()
    return connection.execute(
        select(func.count()).where(
            attempts.c.outcome == "answered",
            attempts.c.purged_at.is_not(None),
            attempts.c.suite == suite,
            attempts.c.target_id == target_id,
            attempts.c.model_id.in_(served),
            ~replaced,
        )
    ).scalar_one()
