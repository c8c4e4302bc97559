"""Takes from a database what a bundle holds: the attempts that stand for some model versions, and whose they are.

Numbers stand for rows: the first model version of a bundle is 1, and so on. The order of rows is that of the database
wherever it decides between equals, so that a store made of a bundle answers every question as its source does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from rebaseline.domain.bundle import BundleChoice, PackedSession
from rebaseline.domain.judge import judging_suite
from rebaseline.domain.model import ModelVersion
from rebaseline.store.schema import UNANSWERED, attempts, model_versions, session_models, sessions, targets
from rebaseline.store.sessions import read_sessions
from rebaseline.store.views import answered_in_session

__all__ = ["ATTEMPT_COLUMNS", "Packed", "pack"]

ATTEMPT_COLUMNS = tuple(
    column for column in attempts.c if column.name not in {"id", "session_id", "suite", "target_id", "model_id", "size"}
)
"""What a bundle says of an attempt beside its session and its model; the rest follows from these."""

_CHUNK = 500


@dataclass(frozen=True)
class Packed:
    """What goes into a bundle, in its order.

    Attributes:
        models: The model versions.
        sessions: The sessions, the oldest first.
    """

    models: tuple[ModelVersion, ...]
    sessions: tuple[PackedSession, ...]
    _connection: Connection = field(repr=False)
    _ids: Sequence[int] = field(repr=False)
    _numbers: tuple[Mapping[int, int], Mapping[int, int]] = field(repr=False)

    def attempts(self) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
        """Yield the attempts, the oldest first: number of the session, number of the model, and their columns."""
        session_numbers, model_numbers = self._numbers
        wanted = (attempts.c.id, attempts.c.session_id, attempts.c.model_id, *ATTEMPT_COLUMNS)
        for start in range(0, len(self._ids), _CHUNK):
            chunk = self._ids[start : start + _CHUNK]
            rows = self._connection.execute(select(*wanted).where(attempts.c.id.in_(chunk)))
            by_id = {row.id: row._mapping for row in rows}  # noqa: SLF001 - public
            for row_id in chunk:
                row = by_id[row_id]
                said = {column.name: row[column] for column in ATTEMPT_COLUMNS}
                yield session_numbers[row["session_id"]], model_numbers[row["model_id"]], said


def pack(connection: Connection, choice: BundleChoice) -> Packed:
    """Return what a bundle of a choice holds. Attempts are read later, on the same connection."""
    suites = _suites_of(connection, choice)
    asked = select(sessions.c.id).join(targets, targets.c.id == sessions.c.target_id)
    asked = asked.where(sessions.c.suite.in_(choice.suites), targets.c.name == choice.target)
    judged = select(sessions.c.id).where(sessions.c.suite.in_(suites))
    standing = or_(
        attempts.c.session_id.in_(judged), and_(attempts.c.session_id.in_(asked), _stands_for(choice.models))
    )
    # Of equals the one stored last is read, so the order in which they were stored is kept.
    ids = connection.execute(select(attempts.c.id).where(standing).order_by(attempts.c.received_at, attempts.c.id))
    chosen = [*ids.scalars()]
    met = _met(connection, {*connection.execute(asked).scalars()}, choice) | _met(
        connection, {*connection.execute(judged).scalars()}, None
    )
    headers = {header.key: header for header in read_sessions(connection, suite=None, target=None)}
    order = connection.execute(select(sessions.c.id, sessions.c.key).order_by(sessions.c.started_at, sessions.c.id))
    kept = [(row.id, headers[row.key]) for row in order if row.id in met]
    models = _models(connection, {model for row_id, _ in kept for model in met[row_id]})
    numbers = {row_id: number for number, (row_id, _) in enumerate(models, 1)}
    return Packed(
        models=tuple(model for _, model in models),
        sessions=tuple(
            PackedSession(header, {numbers[model]: answered for model, answered in sorted(met[row_id].items())})
            for row_id, header in kept
        ),
        _connection=connection,
        _ids=chosen,
        _numbers=({row_id: number for number, (row_id, _) in enumerate(kept, 1)}, numbers),
    )


def _suites_of(connection: Connection, choice: BundleChoice) -> list[str]:
    """Return the names under which the answers of judges of the chosen suites are stored."""
    prefixes = tuple(judging_suite(suite, "") for suite in choice.suites)
    names = connection.execute(select(sessions.c.suite).distinct()).scalars()
    return sorted(name for name in names if name.startswith(prefixes))


def _stands_for(models: Sequence[str]) -> ColumnElement[bool]:
    """Whether an attempt can stand for one of some model versions, as `views` has it."""
    versions = select(model_versions.c.id).where(model_versions.c.served.in_(models))
    alias = (
        select(model_versions.c.id)
        .where(
            model_versions.c.id == attempts.c.model_id,
            model_versions.c.served == model_versions.c.requested,
            answered_in_session(models),
        )
        .correlate(attempts)
        .exists()
    )
    return or_(attempts.c.model_id.in_(versions), and_(UNANSWERED, alias))


def _met(connection: Connection, ids: set[int], choice: BundleChoice | None) -> dict[int, dict[int, bool]]:
    """Return whom sessions met, by row of the session: with a choice only its models, and only sessions with one.

    Another version that answered in a session stays on record only where a fault would otherwise change hands.
    """
    rows = connection.execute(
        select(session_models, model_versions.c.provider, model_versions.c.requested, model_versions.c.served).join(
            model_versions, model_versions.c.id == session_models.c.model_id
        )
    )
    by_session: dict[int, list[Any]] = {}
    for row in rows:
        if row.session_id in ids:
            by_session.setdefault(row.session_id, []).append(row)
    found = {}
    for session_id, own in by_session.items():
        wanted = [row for row in own if choice is None or row.served in choice.models]
        if not wanted:
            continue
        named = {(row.provider, row.requested) for row in wanted}
        answered = {(row.provider, row.requested) for row in wanted if row.answered}
        others = [
            row
            for row in own
            if row not in wanted
            and (row.provider, row.requested) in named
            and (row.served == row.requested or (row.provider, row.requested) not in answered)
        ]
        found[session_id] = {row.model_id: row.answered for row in (*wanted, *others)}
    return found


def _models(connection: Connection, ids: set[int]) -> list[tuple[int, ModelVersion]]:
    rows = connection.execute(select(model_versions))
    found = [(row.id, ModelVersion(row.provider, row.requested, row.served)) for row in rows if row.id in ids]
    return sorted(found, key=lambda each: each[1])
