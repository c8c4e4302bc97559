"""Sessions and the targets that they asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.model import Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind
from rebaseline.errors import StoreError
from rebaseline.store.schema import sessions, targets

__all__ = ["SessionScope", "add_session", "read_sessions", "scopes_of"]

# Built once: every batch of replies that is stored asks it.
_SCOPES = select(sessions.c.key, sessions.c.id, sessions.c.suite, sessions.c.target_id).where(
    sessions.c.key.in_(bindparam("b_keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class SessionScope:
    """What a session key stands for in the tables.

    Attributes:
        id: Row of the session.
        suite: Suite id.
        target_id: Row of the target.
    """

    id: int
    suite: str
    target_id: int


def add_session(connection: Connection, header: SessionHeader) -> None:
    """Store a session and its target; a session that is stored already is left alone.

    Raises:
        StoreError: The key stands for a session of another suite, target or kind.
    """
    target_id = _add_target(connection, header.target)
    values = {
        "key": header.key,
        "kind": header.kind.value,
        "suite": header.suite,
        "suite_version": header.suite_version,
        "suite_fingerprint": header.suite_fingerprint,
        "target_id": target_id,
        "requested": header.target.model,
    }
    provenance = header.provenance
    inserted = connection.execute(
        insert(sessions)
        .values(
            **values,
            sdk=provenance.sdk,
            api_version=provenance.api_version,
            tool=provenance.tool,
            started_at=header.started_at,
        )
        .on_conflict_do_nothing()
        .returning(sessions.c.id)
    ).scalar()
    if inserted is None:
        _require_same(connection, header.key, values)


def _add_target(connection: Connection, target: Target) -> int:
    values = {
        "name": target.name,
        "fingerprint": target.fingerprint,
        "type": target.type,
        "kind": target.kind.value,
        "settings": canonical_json(dict(target.settings)),
        "identity": canonical_json(dict(target.identity)),
    }
    # The kind is no part of the fingerprint: it says how replies are read, not how they are asked for.
    statement = insert(targets).values(**values)
    statement = statement.on_conflict_do_update(
        index_elements=["name", "fingerprint"], set_={"kind": statement.excluded.kind}
    )
    return int(connection.execute(statement.returning(targets.c.id)).scalar_one())


def _require_same(connection: Connection, key: str, values: Mapping[str, Any]) -> None:
    stored = connection.execute(select(sessions).where(sessions.c.key == key)).one()._mapping  # noqa: SLF001 - public
    other = [name for name, value in values.items() if stored[name] != value]
    if other:
        raise StoreError(
            f"The session {key!r} is stored already with another {', '.join(other)}",
            where=f"session {key!r}",
            remedy="Give the new session a key of its own.",
        )


def scopes_of(connection: Connection, keys: Iterable[str]) -> dict[str, SessionScope]:
    """Return what each session key stands for.

    Raises:
        StoreError: A session was never begun.
    """
    wanted = sorted(set(keys))
    found = connection.execute(_SCOPES, {"b_keys": wanted})
    scopes = {row.key: SessionScope(row.id, row.suite, row.target_id) for row in found}
    missing = [key for key in wanted if key not in scopes]
    if missing:
        raise StoreError(
            f"The session {missing[0]!r} was never begun, so its attempts have no suite and no target",
            where=f"session {missing[0]!r}",
            remedy="Call begin_session before record. Nothing of this step was stored.",
        )
    return scopes


def read_sessions(connection: Connection, *, suite: str | None, target: str | None) -> list[SessionHeader]:
    """Return the sessions of a suite and a target, or of all of them, the oldest first."""
    statement = (
        select(
            sessions,
            targets.c.name,
            targets.c.type,
            targets.c.kind.label("target_kind"),
            targets.c.settings,
            targets.c.identity,
        )
        .join(targets, targets.c.id == sessions.c.target_id)
        .order_by(sessions.c.started_at, sessions.c.id)
    )
    if suite is not None:
        statement = statement.where(sessions.c.suite == suite)
    if target is not None:
        statement = statement.where(targets.c.name == target)
    return [_header_of(row) for row in connection.execute(statement)]


def _header_of(row: Any) -> SessionHeader:
    return SessionHeader(
        key=row.key,
        kind=SessionKind(row.kind),
        suite=row.suite,
        suite_version=row.suite_version,
        suite_fingerprint=row.suite_fingerprint,
        target=Target(
            name=row.name,
            type=row.type,
            kind=TargetKind(row.target_kind),
            model=row.requested,
            settings=json.loads(row.settings),
            identity=json.loads(row.identity),
        ),
        provenance=Provenance(sdk=row.sdk, api_version=row.api_version, tool=row.tool),
        started_at=row.started_at,
    )
