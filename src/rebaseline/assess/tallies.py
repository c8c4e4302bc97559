"""Counts over the attempts at a suite: copies, sessions, and what the provider did."""

from __future__ import annotations

from collections import Counter

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.comparison import Provider
from rebaseline.domain.record import AttemptRecord

__all__ = ["Copies", "ProviderTally", "SessionTally"]

_NOT_FOUND = 404


class Copies:
    """Replies that a cache gave again, known by their request id."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: set[int] = set()

    def holds(self, record: AttemptRecord) -> bool:
        """Say whether the probe was answered under the same request id before."""
        request = record.attempt.request_id if isinstance(record.attempt, Answered) else None
        if request is None:
            return False
        key = hash((record.probe, request))
        known = key in self._seen
        self._seen.add(key)
        self.count += known
        return known


class SessionTally:
    """Which session each round came from; a round of two sessions cannot show that a target is steady."""

    def __init__(self) -> None:
        self._seen: dict[int, set[str]] = {}

    def add(self, record: AttemptRecord) -> None:
        """Note the session of an attempt."""
        self._seen.setdefault(record.sample, set()).add(record.session)

    def order(self) -> tuple[str, ...]:
        """Return the session of each sample index; empty text where one mixes sessions."""
        last = max(self._seen, default=-1)
        rounds = (self._seen.get(sample, set()) for sample in range(last + 1))
        return tuple(next(iter(keys)) if len(keys) == 1 else "" for keys in rounds)


class ProviderTally:
    """Counts of what came of the attempts."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._culprits: Counter[str] = Counter()
        self._novelty: Counter[str] = Counter()

    def add(self, record: AttemptRecord) -> None:
        """Count an attempt."""
        match record.attempt:
            case Answered(served_model=served, novelty=novelty, unread=unread, usage=usage):
                self._counts["answered"] += 1
                self._novelty.update((*novelty, *unread))
                self._counts["input_tokens"] += usage.input_tokens or 0
                self._counts["output_tokens"] += usage.output_tokens or 0
                self._counts["uncounted"] += usage.input_tokens is None or usage.output_tokens is None
                self._counts["confirmed"] += served is not None and served == record.model.served
            case Rejected(status=status, culprit=culprit):
                self._counts["unknown_model" if status == _NOT_FOUND else "rejected"] += 1
                if culprit:
                    self._culprits[culprit] += 1
            case Faulted():
                self._counts["faulted"] += 1

    def sum(self) -> Provider:
        """Return the counts."""
        return Provider(**self._counts, culprits=dict(self._culprits), novelty=dict(self._novelty))
