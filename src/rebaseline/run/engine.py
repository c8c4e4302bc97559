"""Asks what is planned, in rounds, a bounded number at a time, and hands each finished attempt on at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from rebaseline.domain.attempt import Answered, Attempt
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord
from rebaseline.run.caller import Caller
from rebaseline.run.conversation import Conversation, Manner, manner_of
from rebaseline.run.journal import Journal, Recorder
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Cell, Plan
from rebaseline.run.tally import Progress, RunCounts, Tally
from rebaseline.targets.base import TargetAdapter

__all__ = ["Surroundings", "run_plan"]


def _untold(progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine may not reach for by itself.

    Attributes:
        now: The instant, with time zone.
        sleep: Waits so many seconds.
        jitter: Where the chance in waits comes from.
        tell: Told how the run stands, at each change.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Random
    tell: Callable[[Progress], None] = _untold


async def run_plan(
    plan: Plan, adapter: TargetAdapter, record: Recorder, surroundings: Surroundings, limits: Limits | None = None
) -> RunCounts:
    """Ask what is left of the plan.

    However it ends, by cancellation (Ctrl-C) or by an error too, what had finished is recorded first. The same plan
    with what was recorded as `done` then asks what is missing.

    Args:
        plan: What to ask. The target's setting `parameters` goes into every request; a probe's own win.
        adapter: Whom to ask. It is not closed.
        record: Stores finished attempts (see `Recorder`).
        surroundings: Clock, sleep, chance, and who is told.
        limits: Bounds; None for the default ones.

    Returns:
        Counts. More than one served id means that an alias moved: each reply is recorded under the id that answered.

    Raises:
        ProviderError: The provider refuses us, or nobody is there.
        ConfigurationError: A parameter cannot be sent.
    """
    limits = limits or Limits()
    tally = Tally(plan.size, surroundings.tell)
    run = _Run(
        plan,
        adapter.provider,
        manner_of(plan.target, limits.timeout_seconds),
        Caller(adapter, limits, tally, sleep=surroundings.sleep, jitter=surroundings.jitter),
        Journal(record),
        tally,
        surroundings.now,
    )
    cells = plan.cells()
    workers = [asyncio.create_task(run.work(cells)) for _ in range(min(limits.concurrency, tally.total))]
    try:
        await asyncio.gather(*workers)
    finally:
        await _settle(workers, run.journal)
    return tally.counts(known=sum(probe.samples for probe in plan.probes) - tally.total)


async def _settle(workers: list[asyncio.Task[None]], journal: Journal) -> None:
    """Stop the workers and record what had finished, even when we are stopped a second time meanwhile."""
    try:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    finally:
        journal.flush()


@dataclass(frozen=True, slots=True)
class _Run:
    """What the workers of one run share."""

    plan: Plan
    provider: str
    manner: Manner
    caller: Caller
    journal: Journal
    tally: Tally
    now: Callable[[], datetime]

    async def work(self, cells: Iterator[Cell]) -> None:
        """Take one cell after the other from what all workers share, until none is left or no call is."""
        for cell in cells:
            self.tally.began()
            attempt = await self._converse(Conversation(cell.probe, self.manner, sample=cell.sample))
            if attempt is None:
                self.tally.left()
                return
            record = self._record(cell, attempt)
            self.tally.finished(record)
            await self.journal.add(record)

    async def _converse(self, conversation: Conversation) -> Attempt | None:
        """Return the attempt; None where calls ran out before its end."""
        attempt: Attempt | None = None
        while attempt is None:
            asked = await self.caller.call(conversation.request)
            if asked is None:
                return None
            attempt = conversation.take(asked)
        return attempt

    def _record(self, cell: Cell, attempt: Attempt) -> AttemptRecord:
        requested = self.plan.target.model
        served = attempt.served_model if isinstance(attempt, Answered) else None
        return AttemptRecord(
            probe=cell.probe.id,
            probe_fingerprint=cell.probe.fingerprint,
            sample=cell.sample,
            model=ModelVersion(self.provider, requested, served or requested),
            attempt=attempt,
            received_at=self.now(),
            session=self.plan.session,
        )
