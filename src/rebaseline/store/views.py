"""Which attempts stand for a model version.

A reply stands for the version that gave it. A fault or a rejection cannot say who would have answered, so it stands

* for every version that answered the same requested id in its session; or else, where nobody did,
* for the requested id itself; but
* where it names a version of its own (an imported log may), for that one alone.

One cell (probe, request fingerprint, sample) has one attempt in the view of a version: its reply, else the rejection
or fault that says most, the newest of equals. Two ways to ask one target (two target fingerprints) are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from rebaseline.store.schema import ANSWERED, UNANSWERED, attempts, model_versions, session_models, sessions, targets
from rebaseline.store.writing import STANDING

__all__ = ["answered_in_session", "cells_of", "newest_way_to_ask", "unanswered_by_model"]

_ANSWERED_STANDING = 3


def newest_way_to_ask(connection: Connection, suite: str, target: str, model: str) -> int | None:
    """Return the row of the target under whose fingerprint the model was met last, None where it never was.

    A session in which the model answered goes before one in which it was only asked for.
    """
    return connection.execute(
        select(sessions.c.target_id)
        .join(targets, targets.c.id == sessions.c.target_id)
        .join(session_models, session_models.c.session_id == sessions.c.id)
        .join(model_versions, model_versions.c.id == session_models.c.model_id)
        .where(sessions.c.suite == suite, targets.c.name == target, model_versions.c.served == model)
        .order_by(session_models.c.answered.desc(), sessions.c.started_at.desc(), sessions.c.id.desc())
        .limit(1)
    ).scalar()


def cells_of(suite: str, target_id: int, model: str, *, cell: tuple[str, int] | None = None) -> Select[Any]:
    """Return the query of all attempts that may stand for a model, the best of each cell first.

    Its columns are narrow on purpose: what is ordered here are keys, not replies. With `cell`, a probe and a sample,
    it gives that one alone.
    """
    columns = (
        *(attempts.c.id, attempts.c.probe, attempts.c.sample, attempts.c.probe_fingerprint, attempts.c.outcome),
        *(attempts.c.received_at, attempts.c.size),
    )
    served = select(model_versions.c.id).where(model_versions.c.served == model)
    answered = select(*columns, literal(_ANSWERED_STANDING).label("standing")).where(
        ANSWERED, attempts.c.suite == suite, attempts.c.target_id == target_id, attempts.c.model_id.in_(served)
    )
    scope = select(sessions.c.id).where(sessions.c.suite == suite, sessions.c.target_id == target_id)
    unanswered = (
        select(*columns, STANDING.label("standing"))
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .where(UNANSWERED, attempts.c.session_id.in_(scope), _stands_for(model))
    )
    if cell is not None:
        only = and_(attempts.c.probe == cell[0], attempts.c.sample == cell[1])
        answered, unanswered = answered.where(only), unanswered.where(only)
    cells = union_all(answered, unanswered).subquery()
    return select(cells).order_by(
        cells.c.probe,
        cells.c.sample,
        cells.c.probe_fingerprint,
        cells.c.standing.desc(),
        cells.c.received_at.desc(),
        cells.c.id.desc(),
    )


def _stands_for(model: str) -> ColumnElement[bool]:
    names_none = model_versions.c.served == model_versions.c.requested
    return or_(
        and_(names_none, answered_in_session([model])),
        and_(model_versions.c.served == model, or_(~names_none, ~answered_in_session(None))),
    )


def answered_in_session(served: Sequence[str] | None) -> ColumnElement[bool]:
    """Whether one of some versions answered the requested id of `attempts` in its session; None for any version."""
    answering = model_versions.alias()
    conditions = [
        session_models.c.session_id == attempts.c.session_id,
        session_models.c.answered,
        answering.c.id == session_models.c.model_id,
        answering.c.provider == model_versions.c.provider,
        answering.c.requested == model_versions.c.requested,
    ]
    if served is not None:
        conditions.append(answering.c.served.in_(served))
    return exists().where(*conditions).correlate(attempts, model_versions)


def unanswered_by_model() -> Subquery:
    """Return every cell without a reply, by the model version that it stands against, with what says most of it."""
    answering = model_versions.alias()
    names_none = model_versions.c.served == model_versions.c.requested
    by_answer = (
        select(attempts.c.id, answering.c.id.label("model_id"))
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .join(session_models, session_models.c.session_id == attempts.c.session_id)
        .join(answering, answering.c.id == session_models.c.model_id)
        .where(
            UNANSWERED,
            names_none,
            session_models.c.answered,
            answering.c.provider == model_versions.c.provider,
            answering.c.requested == model_versions.c.requested,
        )
    )
    by_name = (
        select(attempts.c.id, attempts.c.model_id)
        .join(model_versions, model_versions.c.id == attempts.c.model_id)
        .where(UNANSWERED, or_(~names_none, ~answered_in_session(None)))
    )
    standing = union_all(by_answer, by_name).subquery()
    return _one_a_cell(standing)


def _one_a_cell(standing: Subquery) -> Subquery:
    reply = attempts.alias()
    replied = exists().where(
        reply.c.outcome == "answered",
        reply.c.purged_at.is_(None),
        reply.c.suite == attempts.c.suite,
        reply.c.target_id == attempts.c.target_id,
        reply.c.model_id == standing.c.model_id,
        reply.c.probe == attempts.c.probe,
        reply.c.sample == attempts.c.sample,
        reply.c.probe_fingerprint == attempts.c.probe_fingerprint,
    )
    cell = (
        *(attempts.c.suite, attempts.c.target_id, standing.c.model_id),
        *(attempts.c.probe, attempts.c.sample, attempts.c.probe_fingerprint),
    )
    return (
        select(
            attempts.c.suite,
            attempts.c.target_id,
            standing.c.model_id,
            case((func.max(STANDING) > 0, "rejected"), else_="faulted").label("outcome"),
            func.max(attempts.c.received_at).label("received_at"),
        )
        .join(standing, standing.c.id == attempts.c.id)
        .where(~replied)
        .group_by(*cell)
        .subquery()
    )
