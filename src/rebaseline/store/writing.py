"""Stores attempts. A reply is never overwritten; a fault or a rejection gives way to what says more.

All attempts of one call share a scope (session, suite, target) or are split by it. Within a scope:

1. Who was asked, and who answered in this session, is noted first: by it faults find the model they stand against.
2. Faults and rejections of the same cell give way. One of another session gives way only where no other model
   answered in that session: when an alias moved between them, the older model's fault is still its fault.
3. What is new goes in. Unique indexes leave what is stored already alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from rebaseline.domain.attempt import Answered
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord, Recorded
from rebaseline.store.rows import columns_of, standing_of
from rebaseline.store.schema import ANSWERED, UNANSWERED, attempts, model_versions, session_models, sessions
from rebaseline.store.sessions import SessionScope, scopes_of

__all__ = ["STANDING", "add_attempts"]

STANDING = case((attempts.c.outcome == "faulted", 0), (attempts.c.culprit.is_(None), 1), else_=2)
"""How much a stored fault or rejection says, as `rows.standing_of` has it."""

_GIVE_WAY = delete(attempts).where(
    UNANSWERED,
    attempts.c.session_id == bindparam("b_session"),
    attempts.c.probe == bindparam("b_probe"),
    attempts.c.sample == bindparam("b_sample"),
    attempts.c.probe_fingerprint == bindparam("b_fingerprint"),
    attempts.c.model_id.in_((bindparam("b_asked"), bindparam("b_model"))),
    bindparam("b_standing") >= STANDING,
)

# Built once: a run stores small batches, of which putting statements together would be half of the time.
_VERSIONS = select(model_versions.c.id, model_versions.c.served).where(
    model_versions.c.provider == bindparam("b_provider"), model_versions.c.requested == bindparam("b_requested")
)
_ADD_VERSION = insert(model_versions).returning(model_versions.c.id)
_NEW_NOTE = insert(session_models)
_NOTE = _NEW_NOTE.on_conflict_do_update(
    index_elements=["session_id", "model_id"],
    set_={"answered": session_models.c.answered | _NEW_NOTE.excluded.answered},
)
_ADD = insert(attempts).on_conflict_do_nothing()


def add_attempts(connection: Connection, records: Sequence[AttemptRecord], *, redacted: bool) -> Recorded:
    """Store attempts on a connection that holds the right to write.

    Args:
        connection: Its transaction is committed by the caller.
        records: Their sessions were begun.
        redacted: The texts went through a redaction.

    Raises:
        StoreError: A session was never begun.
    """
    scopes = scopes_of(connection, (record.session for record in records))
    models = _model_ids(connection, records)
    by_scope: dict[SessionScope, list[AttemptRecord]] = defaultdict(list)
    for record in records:
        by_scope[scopes[record.session]].append(record)
    new = replaced = differing = 0
    for scope, own in by_scope.items():
        _note_models(connection, scope, own, models)
        replaced += _give_way(connection, scope, own, models)
        added = _insert(connection, scope, own, models, redacted=redacted)
        new += added
        differing += _differing(connection, scope, own, models) if added < len(own) else 0
    return Recorded(new=new, replaced=replaced, known=len(records) - new, differing=differing)


def _asked(model: ModelVersion) -> ModelVersion:
    return ModelVersion(model.provider, model.requested, model.requested)


def _model_ids(connection: Connection, records: Sequence[AttemptRecord]) -> dict[ModelVersion, int]:
    wanted = {record.model for record in records}
    wanted |= {_asked(model) for model in wanted}
    ids: dict[ModelVersion, int] = {}
    for provider, requested in sorted({(model.provider, model.requested) for model in wanted}):
        known = connection.execute(_VERSIONS, {"b_provider": provider, "b_requested": requested})
        ids |= {ModelVersion(provider, requested, row.served): row.id for row in known}
    for model in sorted(wanted - ids.keys()):
        # Nobody else can have added it since it was looked for: this transaction holds the right to write.
        key = {"provider": model.provider, "requested": model.requested, "served": model.served}
        ids[model] = connection.execute(_ADD_VERSION, key).scalar_one()
    return ids


def _note_models(
    connection: Connection, scope: SessionScope, records: Sequence[AttemptRecord], models: dict[ModelVersion, int]
) -> None:
    answered: dict[int, bool] = {}
    for record in records:
        model = models[record.model]
        answered[model] = answered.get(model, False) or isinstance(record.attempt, Answered)
    connection.execute(
        _NOTE, [{"session_id": scope.id, "model_id": model, "answered": was} for model, was in answered.items()]
    )


def _give_way(
    connection: Connection, scope: SessionScope, records: Sequence[AttemptRecord], models: dict[ModelVersion, int]
) -> int:
    unanswered = _sessions_with_unanswered(connection, scope)
    if not unanswered:
        return 0
    before = _changes(connection)
    here = unanswered.get(scope.id) or _answerers(connection, scope.id)
    for session_id, answerers in unanswered.items():
        weaker = [
            {
                "b_session": session_id,
                "b_probe": record.probe,
                "b_sample": record.sample,
                "b_fingerprint": record.probe_fingerprint,
                "b_asked": models[_asked(record.model)],
                "b_model": models[record.model],
                # In its own session the same thing twice is known, not replaced.
                "b_standing": standing_of(record.attempt) - (session_id == scope.id),
            }
            for record in records
            if answerers <= ({models[record.model]} if isinstance(record.attempt, Answered) else here)
        ]
        if weaker:
            connection.execute(_GIVE_WAY, weaker)
    return _changes(connection) - before


def _sessions_with_unanswered(connection: Connection, scope: SessionScope) -> dict[int, frozenset[int]]:
    own = exists().where(and_(UNANSWERED, attempts.c.session_id == sessions.c.id))
    ids = connection.execute(
        select(sessions.c.id).where(sessions.c.suite == scope.suite, sessions.c.target_id == scope.target_id, own)
    ).scalars()
    return {session_id: _answerers(connection, session_id) for session_id in ids.all()}


def _answerers(connection: Connection, session_id: int) -> frozenset[int]:
    return frozenset(
        connection.execute(
            select(session_models.c.model_id).where(
                session_models.c.session_id == session_id, session_models.c.answered
            )
        ).scalars()
    )


def _insert(
    connection: Connection,
    scope: SessionScope,
    records: Sequence[AttemptRecord],
    models: dict[ModelVersion, int],
    *,
    redacted: bool,
) -> int:
    before = _changes(connection)
    rows: list[dict[str, Any]] = [
        {
            "session_id": scope.id,
            "suite": scope.suite,
            "target_id": scope.target_id,
            "model_id": models[record.model],
            "probe": record.probe,
            "probe_fingerprint": record.probe_fingerprint,
            "sample": record.sample,
            "received_at": record.received_at,
            "redacted": redacted,
            **columns_of(record.attempt),
        }
        # Of one cell met twice in one call the first row stays, so what says most goes in first.
        for record in sorted(records, key=lambda record: standing_of(record.attempt), reverse=True)
    ]
    connection.execute(_ADD, rows)
    return _changes(connection) - before


def _differing(
    connection: Connection, scope: SessionScope, records: Sequence[AttemptRecord], models: dict[ModelVersion, int]
) -> int:
    """Count replies in whose place another reply is stored."""
    stored = {
        (row.probe, row.probe_fingerprint, row.sample, row.model_id): row.digest
        for row in connection.execute(
            select(
                *(attempts.c.probe, attempts.c.probe_fingerprint, attempts.c.sample),
                *(attempts.c.model_id, attempts.c.digest),
            ).where(
                ANSWERED,
                attempts.c.suite == scope.suite,
                attempts.c.target_id == scope.target_id,
                attempts.c.model_id.in_({models[record.model] for record in records}),
                attempts.c.probe.in_({record.probe for record in records}),
            )
        )
    }
    return sum(
        stored.get((record.probe, record.probe_fingerprint, record.sample, models[record.model]))
        not in {None, columns_of(record.attempt)["digest"]}
        for record in records
        if isinstance(record.attempt, Answered)
    )


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
