"""A provider's batch API in memory, a clock that only waiting moves, and a wire that kills at any step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from rebaseline.domain.attempt import Answered, Faulted, Reply, Stop, Usage
from rebaseline.domain.model import Provenance
from rebaseline.run.engine import Surroundings
from rebaseline.targets.base import Asked, Request
from rebaseline.targets.batching import BatchState, Collected, Gone, Search, Setback, Unclear, Undone

__all__ = ["NOON", "BatchProvider", "Clock", "Held", "Killed", "Tripwire", "answered"]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here."""


class Tripwire:
    """Counts steps, and kills at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.steps: list[str] = []
        self._at = at

    def step(self, name: str) -> None:
        """Pass a place where a process may end."""
        self.steps.append(name)
        if len(self.steps) - 1 == self._at:
            raise Killed(name)

    def around(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return `act` with a step before it and one after it."""

        def stepped(*args: Any, **more: Any) -> Any:
            self.step(f"before {name}")
            result = act(*args, **more)
            self.step(f"after {name}")
            return result

        return stepped


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now = NOON
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def surroundings(self, tell: Callable[[Any], None] = lambda progress: None) -> Surroundings:
        """Return what an engine is given."""

        def seconds() -> float:
            return (self.now - NOON).total_seconds()

        return Surroundings(lambda: self.now, self.sleep, Random(1), tell, monotonic=seconds)


def answered(request: Request, served: str = "model-1") -> Asked:
    """Return a reply that shows which request it is for."""
    return Asked(Answered(Reply(f"re {request.probe} {request.sample}", Stop.COMPLETE), served, usage=Usage(10, 5)))


@dataclass
class Held:
    """A batch that the provider holds."""

    id: str
    requests: list[tuple[str, Request]]
    created_at: datetime
    polls_left: int
    canceled: bool = False


@dataclass
class BatchProvider:
    """Takes batches and answers them after some polls; an adapter to itself, for the account outlives any process.

    Attributes:
        clock: The time.
        wire: Where a process may end.
        polls: So many polls find a batch in progress.
        outcome: What comes of a request: an outcome, or None for no line about it at all.
        tells_names: It finds a batch by our name; else only by the names in its results, once it has ended.
        submitting: Popped at each submission: a setback or an error in place of taking it; None takes it.
        lose_answers: So many submissions are taken, and their answer is lost.
        polling: Popped at each poll, as `submitting`.
        breaks: Popped at each collection: after so many results it breaks off; None for never.
        shuffle: Chance of the order of results; None leaves the order of the requests.
    """

    clock: Clock
    wire: Tripwire = field(default_factory=Tripwire)
    polls: int = 2
    outcome: Callable[[Request], Asked | Undone | None] = answered
    tells_names: bool = True
    submitting: list[Any] = field(default_factory=list)
    lose_answers: int = 0
    polling: list[Any] = field(default_factory=list)
    breaks: list[int | None] = field(default_factory=list)
    shuffle: Random | None = None
    held: dict[str, Held] = field(default_factory=dict)
    results: dict[str, list[Collected]] = field(default_factory=dict)
    most_requests: int = 100
    most_bytes: int = 10_000
    provider: str = "fake"
    provenance: Provenance = Provenance(sdk="fake")  # noqa: RUF009 - frozen
    mandatory: frozenset[str] = frozenset()

    @property
    def asked(self) -> list[tuple[str, int]]:
        """Probe and sample of every request that was ever submitted."""
        return [(request.probe, request.sample) for held in self.held.values() for _, request in held.requests]

    def size(self, custom_id: str, request: Request) -> int:
        return len(custom_id) + sum(len(message.text) for message in request.messages)

    async def submit(self, key: str, requests: Sequence[tuple[str, Request]]) -> str | Setback:
        del key
        self.wire.step("before submit")
        told = self.submitting.pop(0) if self.submitting else None
        if isinstance(told, Exception):
            raise told
        if told is not None:
            return told
        batch_id = f"batch_{len(self.held)}"
        self.held[batch_id] = Held(batch_id, list(requests), self.clock.now, self.polls)
        if self.lose_answers:
            self.lose_answers -= 1
            return Setback(Faulted("connection"), perhaps_done=True)
        self.wire.step("after submit")
        return batch_id

    async def find(self, search: Search) -> str | Unclear | Setback | None:
        self.wire.step("find")
        for held in reversed(self.held.values()):
            named = held.requests[0][0].startswith(f"{search.key}-")
            if self.tells_names or held.polls_left <= 0:
                if named:
                    return held.id
            elif held.id not in search.known and held.created_at >= search.since and len(held.requests) == search.size:
                held.polls_left -= 1
                return Unclear(held.id)
        return None

    async def poll(self, batch_id: str) -> BatchState | Gone | Setback:
        self.wire.step("poll")
        told = self.polling.pop(0) if self.polling else None
        if isinstance(told, Exception):
            raise told
        if told is not None:
            return told
        held = self.held.get(batch_id)
        if held is None:
            return Gone()
        held.polls_left -= 1
        ended = held.polls_left < 0
        expires_at = held.created_at + timedelta(days=1)
        return BatchState(ended, "ended" if ended else "busy", 0, len(held.requests), expires_at)

    async def collect(self, batch_id: str) -> AsyncGenerator[Collected | Setback, None]:
        if batch_id not in self.results:  # what was answered stays so, however often it is looked at
            made = [(custom_id, self.outcome(request)) for custom_id, request in self.held[batch_id].requests]
            self.results[batch_id] = [(custom_id, outcome) for custom_id, outcome in made if outcome is not None]
        lines = list(self.results[batch_id])
        if self.shuffle is not None:
            self.shuffle.shuffle(lines)
        most = self.breaks.pop(0) if self.breaks else None
        for number, line in enumerate(lines):
            if number == most:
                yield Setback(Faulted("connection"))
                return
            self.wire.step("result")
            yield line

    async def cancel(self, batch_id: str) -> Setback | None:
        self.held[batch_id].canceled = True
        return None

    async def aclose(self) -> None:
        """Hold no connection."""
