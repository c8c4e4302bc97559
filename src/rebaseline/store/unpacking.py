"""Puts what a bundle holds into a database that was made for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from rebaseline.domain.bundle import PackedSession
from rebaseline.domain.model import ModelVersion
from rebaseline.store.bundle_lines import BadLineError
from rebaseline.store.schema import attempts, model_versions, session_models, sessions
from rebaseline.store.sessions import SessionScope, add_session, scopes_of

__all__ = ["Filler"]

_ROWS = 1000


class Filler:
    """Stores the lines of a bundle, in their order, in one transaction of the caller's.

    Attributes:
        models: How many model versions were added; the next one is numbered one higher.
    """

    def __init__(self, connection: Connection) -> None:
        self.models = 0
        self._connection = connection
        self._scopes: list[SessionScope] = []

    @property
    def sessions(self) -> int:
        """How many sessions were added."""
        return len(self._scopes)

    def add_model(self, model: ModelVersion) -> None:
        """Store a model version.

        Raises:
            BadLineError: It is there already.
        """
        self.models += 1
        values = {"id": self.models, "provider": model.provider, "requested": model.requested, "served": model.served}
        try:
            self._connection.execute(insert(model_versions), values)
        except IntegrityError:
            raise BadLineError("the same model version was listed before") from None

    def add_session(self, packed: PackedSession) -> None:
        """Store a session and whom it met.

        Raises:
            BadLineError: A session of this key is there already.
        """
        key = packed.header.key
        if self._connection.execute(select(sessions.c.id).where(sessions.c.key == key)).first() is not None:
            raise BadLineError(f"the session {key[:60]!r} was listed before")
        add_session(self._connection, packed.header)
        scope = scopes_of(self._connection, [key])[key]
        self._scopes.append(scope)
        rows = [{"session_id": scope.id, "model_id": model, "answered": was} for model, was in packed.met.items()]
        if rows:
            self._connection.execute(insert(session_models), rows)

    def add_attempts(self, lines: Iterable[tuple[int, int, Mapping[str, Any]]]) -> None:
        """Store attempts: number of the session, number of the model version, both from 1, and columns.

        Raises:
            BadLineError: Two stand in one place.
        """
        left = iter(lines)
        while batch := list(islice(left, _ROWS)):
            values = [self._row(*line) for line in batch]
            try:
                self._connection.execute(insert(attempts), values)
            except IntegrityError:
                raise BadLineError(
                    f"of the {len(values):,} attempts up to it two stand in one place: same probe, sample and version"
                ) from None

    def _row(self, session: int, model: int, columns: Mapping[str, Any]) -> dict[str, Any]:
        scope = self._scopes[session - 1]
        own = {"session_id": scope.id, "suite": scope.suite, "target_id": scope.target_id, "model_id": model}
        return {**own, **columns}
