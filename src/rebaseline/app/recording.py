"""Stores what a run hears, in a session for each state of the application that answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from rebaseline import __version__
from rebaseline.domain.attempt import Answered
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.model import Provenance, Target
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.domain.suite import Suite
from rebaseline.store.store import Store

__all__ = ["Recording", "last_identity"]


def last_identity(store: Store, suite: Suite, target: Target) -> Mapping[str, str]:
    """Return what the application said of itself when it was last asked this way; nothing where it never did."""
    asked = [
        header for header in store.sessions(suite=suite.id, target=target.name) if _same_way(header.target, target)
    ]
    newest = max(asked, key=lambda header: header.started_at, default=None)
    return {} if newest is None else newest.target.identity


def _same_way(one: Target, other: Target) -> bool:
    return replace(one, identity={}).fingerprint == replace(other, identity={}).fingerprint


@dataclass
class Recording:
    """The sessions of one run of one suite.

    An application says with each reply which build, prompt or index gave it. What another state of it said answers for
    another target, so each state has a session of its own; a rejection or a fault, which says nothing, belongs to the
    state that was heard last.

    Attributes:
        store: Where attempts go.
        suite: The suite.
        target: The target, with the identity that was heard last.
        provenance: With what it is asked.
        key: Key of the first session.
        started_at: When the run began.
        identities: Every identity heard, in order.
    """

    store: Store
    suite: Suite
    target: Target
    provenance: Provenance
    key: str
    started_at: datetime
    identities: list[Mapping[str, str]] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin the session of the state heard last, for what is recorded later and by others."""
        self._session(self.target.identity)

    def record(self, records: Sequence[AttemptRecord]) -> None:
        """Store attempts: when this returns they are on the disk.

        Raises:
            StoreError: The database cannot be written.
        """
        for identity, group in groupby(self._heard(records), key=lambda each: each[0]):
            key = self._session(identity)
            self.store.record([replace(record, session=key) for _, record in group])

    def _heard(self, records: Sequence[AttemptRecord]) -> Iterator[tuple[Mapping[str, str], AttemptRecord]]:
        for record in records:
            if isinstance(record.attempt, Answered):
                self._hear(record.attempt.identity)
            yield self.target.identity, record

    def _hear(self, identity: Mapping[str, str]) -> None:
        if identity and dict(identity) != dict(self.target.identity):
            self.target = replace(self.target, identity=dict(identity))
        if identity and dict(identity) not in self.identities:
            self.identities.append(dict(identity))

    def _session(self, identity: Mapping[str, str]) -> str:
        """Return the key of the session of an identity, begun on first use."""
        name = canonical_json(dict(identity))
        if name not in self._keys:
            number = len(self._keys)
            key = self.key if not number else f"{self.key}.{number}"
            self.store.begin_session(
                SessionHeader(
                    key=key,
                    kind=SessionKind.RUN,
                    suite=self.suite.id,
                    suite_version=self.suite.version,
                    suite_fingerprint=self.suite.fingerprint,
                    target=replace(self.target, identity=dict(identity)),
                    provenance=replace(self.provenance, tool=f"rebaseline {__version__}"),
                    started_at=self.started_at,
                )
            )
            self._keys[name] = key
        return self._keys[name]
