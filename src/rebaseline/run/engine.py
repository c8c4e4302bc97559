"""Asks what is planned, in rounds, a bounded number at a time, and hands each finished attempt on at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from rebaseline.domain.attempt import Answered, Attempt, Rejected
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Probe
from rebaseline.errors import RebaselineError
from rebaseline.run.budget import Budget
from rebaseline.run.caller import Caller
from rebaseline.run.conversation import Conversation
from rebaseline.run.culprits import Culprits
from rebaseline.run.frame import Frame, Manner, frame_of, manner_of
from rebaseline.run.journal import Journal, Recorder
from rebaseline.run.limits import Limits
from rebaseline.run.pacer import Pacer
from rebaseline.run.rounds import Cell, Plan
from rebaseline.run.tally import Progress, RunCounts, Tally, untold
from rebaseline.targets.base import Asked, Request, TargetAdapter

__all__ = ["Engine", "Surroundings", "run_plan"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine may not reach for by itself.

    Attributes:
        now: The instant, with time zone.
        sleep: Waits so many seconds.
        jitter: Where the chance in waits comes from.
        tell: Told how the run stands, at each change.
        monotonic: Seconds of a clock that never goes back; None for the event loop's own.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Random
    tell: Callable[[Progress], None] = untold
    monotonic: Callable[[], float] | None = None


async def run_plan(
    plan: Plan, adapter: TargetAdapter, record: Recorder, surroundings: Surroundings, limits: Limits | None = None
) -> RunCounts:
    """Ask what is left of one plan: `Engine.run` for a single plan."""
    return await Engine(adapter, surroundings, limits).run(plan, record)


class Engine:
    """Asks one target plan after plan, within one set of bounds, at one pace, and knowing what was learnt before.

    Args:
        adapter: Whom to ask. It is not closed.
        surroundings: Clock, sleep, chance, and who is told.
        limits: Bounds of all plans together; None for the default ones.
    """

    def __init__(self, adapter: TargetAdapter, surroundings: Surroundings, limits: Limits | None = None) -> None:
        self._adapter = adapter
        self._surroundings = surroundings
        self._limits = limits = limits or Limits()
        # Nothing but `received_at` comes from the wall clock, which may jump.
        clock = surroundings.monotonic or asyncio.get_running_loop().time
        sleep, jitter = surroundings.sleep, surroundings.jitter
        self._budget = budget = Budget(limits)
        self._tally = Tally(budget, clock)
        pacer = Pacer(limits, self._tally, clock=clock, sleep=sleep, jitter=jitter)
        self._caller = Caller(adapter, limits, self._tally, budget, pacer, sleep, jitter)
        self._culprits = Culprits(adapter, self._caller.call)

    @property
    def calls(self) -> int:
        """Calls made for all plans so far."""
        return self._budget.calls

    @property
    def spent_usd(self) -> float:
        """The most that these cost; 0 where no price is known."""
        return self._budget.spending.at_most_usd or 0.0

    def lower_bounds(self, *, calls: int, usd: float) -> None:
        """Hold against the bounds what others spent under them, between two plans."""
        self._budget.lower(calls=calls, usd=usd)

    async def run(self, plan: Plan, record: Recorder, *, tell: Callable[[Progress], None] | None = None) -> RunCounts:
        """Ask what is left of a plan.

        However it ends, by cancellation (Ctrl-C) or by an error too, what had finished is recorded first. The same plan
        with what was recorded as `done` then asks what is missing.

        Args:
            plan: What to ask. The target's setting `parameters` goes into every request; a probe's own win.
            record: Stores finished attempts (see `Recorder`).
            tell: Told how this plan stands, at each change; None for whom the surroundings name.

        Returns:
            Counts of this plan. More than one served id means that an alias moved: each reply is recorded under the id
            that answered.

        Raises:
            ProviderError: The provider refuses us or whatever we ask, or nobody is there.
            UnknownModelError: There is no such model, or none for this key.
            ConfigurationError: A parameter cannot be sent.
        """
        self._tally.begin(plan.size, tell or self._surroundings.tell)
        self._culprits.begin()
        run = _Run(
            plan,
            self._adapter.provider,
            manner_of(plan.target, self._limits.timeout_seconds),
            self._caller,
            self._culprits,
            Journal(record, self._tally.finished),
            self._tally,
            self._surroundings.now,
        )
        cells = plan.cells()
        places = min(self._limits.concurrency, self._tally.total)
        workers = [asyncio.create_task(run.work(cells)) for _ in range(places)]
        try:
            await asyncio.gather(*workers)
        finally:
            await _settle(workers, run.journal)
        return self._tally.counts(known=sum(probe.samples for probe in plan.probes) - self._tally.total)


async def _settle(workers: list[asyncio.Task[None]], journal: Journal) -> None:
    """Stop the workers and record what had finished, even when we are stopped a second time meanwhile."""
    try:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    finally:
        journal.close()


@dataclass(frozen=True, slots=True)
class _Run:
    """What the workers of one run share."""

    plan: Plan
    provider: str
    manner: Manner
    caller: Caller
    culprits: Culprits
    journal: Journal
    tally: Tally
    now: Callable[[], datetime]
    frames: dict[str, Frame] = field(default_factory=dict)

    async def work(self, cells: Iterator[Cell]) -> None:
        """Take one cell after the other from what all workers share, until none is left or no call is."""
        for cell in cells:
            self.tally.began()
            attempt, error = await self._converse(cell)
            if attempt is None:
                self.tally.left()
                return
            await self.journal.add(self._record(cell, attempt))
            if error is not None:
                raise error

    async def _converse(self, cell: Cell) -> tuple[Attempt | None, RebaselineError | None]:
        """Return the attempt, None where calls ran out before its end; and what to raise once it is recorded."""
        frame = self._frame(cell.probe)
        conversation = Conversation(cell.probe, frame, sample=cell.sample)
        attempt: Attempt | None = None
        error: RebaselineError | None = None
        while attempt is None:
            request = conversation.request
            asked = await self.caller.call(request)
            if asked is None:
                break
            if isinstance(asked.attempt, Rejected):
                asked, error = await self._explain(frame, request, asked, asked.attempt)
            if isinstance(asked.attempt, Answered):
                self.culprits.answered(frame.key, request)
            attempt = conversation.take(asked)
        return attempt, error

    async def _explain(
        self, frame: Frame, request: Request, asked: Asked, rejected: Rejected
    ) -> tuple[Asked, RebaselineError | None]:
        """Name the culprit of a rejection; an application's own is what its users get, and stands as it is."""
        if self.plan.target.kind is TargetKind.APPLICATION or asked.final:
            return asked, None
        explained = await self.culprits.explain(frame.key, request, asked, rejected)
        return explained.asked, explained.error

    def _frame(self, probe: Probe) -> Frame:
        if probe.samples == 1:
            return frame_of(probe, self.manner)  # held for nothing: it is not wanted again
        frame = self.frames.get(probe.id)
        if frame is None:
            frame = self.frames[probe.id] = frame_of(probe, self.manner)
        return frame

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
