"""Asking suites through a provider's batch API: later, and for less."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rebaseline.app.asking import Asking, Known, RunStatus, SuiteRun, plan_of
from rebaseline.domain.record import AttemptRecord
from rebaseline.run.batch_cells import is_one_call
from rebaseline.run.batch_parts import Standing
from rebaseline.run.batches import BatchEngine, BatchRun
from rebaseline.run.counts import Progress, RunCounts
from rebaseline.run.engine import Engine, Surroundings
from rebaseline.run.frame import frame_of, manner_of
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.targets.base import TargetAdapter
from rebaseline.targets.batching import BatchAdapter

__all__ = ["Batching"]


@dataclass(slots=True)
class Batching:
    """All suites of one run.

    Attributes:
        live: Asks what a batch cannot.
        batches: Asks the rest.
        surroundings: Clock, sleep and chance.
        limits: Bounds of both together.
        tell: Told where the run stands.
        wait: Stay until all replies are there.
    """

    live: TargetAdapter
    batches: BatchAdapter
    surroundings: Surroundings
    limits: Limits
    tell: Callable[[RunStatus], None]
    wait: bool
    _status: RunStatus | None = None

    async def run(self, askings: Sequence[Asking]) -> tuple[SuiteRun, ...]:
        """Submit what every suite lacks, then collect; at last ask one by one what a batch cannot.

        All suites are submitted before the first is waited for, so that their batches are out together.
        """
        known = [await asking.learn() for asking in askings]
        spent = [each.canary for each in known]
        engine = BatchEngine(
            self.batches,
            self.surroundings,
            _left(self.limits, spent),
            new_key=lambda: secrets.token_hex(6),
            standing=self._stand,
        )
        runs = [
            await self._through(engine, asking, each, wait=False) for asking, each in zip(askings, known, strict=True)
        ]
        if self.wait:
            waited = [
                await self._through(engine, asking, each, wait=True)
                for asking, each in zip(askings, known, strict=True)
            ]
            runs = [_joined(one, other) for one, other in zip(runs, waited, strict=True)]
        spent += [run.counts for run in runs]
        # What is out is set aside; what an earlier run had asked for was held against that run's bound.
        out_usd = max((run.reserved_usd for run in runs), default=0.0) - sum(run.collected_usd for run in runs)
        live = Engine(self.live, self.surroundings, _left(self.limits, spent, out_usd))
        return tuple(
            [
                await self._finish(replace(asking, engine=live), each, run)
                for asking, each, run in zip(askings, known, runs, strict=True)
            ]
        )

    async def _through(self, engine: BatchEngine, asking: Asking, known: Known, *, wait: bool) -> BatchRun:
        asking.recording.begin()
        plan = asking.plan(asking.remaining(known.served))
        self._status = RunStatus(asking.suite.id, Progress(0, plan.size, 0, 0, 0, 0, 0))
        return await engine.run(
            plan,
            lambda records: _store(asking, records),
            asking.ledger(),
            wait=wait,
            served=known.served,
            tell=lambda progress: self._tell(RunStatus(asking.suite.id, progress)),
        )

    def _tell(self, status: RunStatus) -> None:
        self._status = status
        self.tell(status)

    def _stand(self, standing: Standing) -> None:
        if self._status is not None:
            self.tell(replace(self._status, standing=standing))

    async def _finish(self, asking: Asking, known: Known, run: BatchRun) -> SuiteRun:
        """Ask one by one what takes several calls, and once more what was rejected: only then is a culprit named."""
        remaining = asking.remaining(known.served)
        manner = manner_of(asking.target, self.limits.timeout_seconds)
        single = {probe.id for probe in asking.suite.probes if is_one_call(probe, frame_of(probe, manner))}
        plan = Plan(
            tuple(probe for probe in remaining.probes if probe.id not in single),
            asking.target,
            asking.recording.key,
            remaining.done,
        )
        live = await asking.ask(plan)
        rejected = {(cell.probe.id, cell.sample) for cell in run.rejected}
        again = plan_of(rejected, (cell.probe for cell in run.rejected), asking.target, asking.recording.key)
        explained = await asking.ask(again)
        counts = replace(run.counts, known=0, unsent=run.counts.unsent) + replace(live, known=0)
        counts = counts + replace(explained, known=0, rejected=0, answered=explained.answered)
        counts = replace(counts, known=run.counts.known)
        result = asking.result(known.canary, counts, planned=1, awaited=len(asking.awaited()))
        return replace(result, batch=run)


def _store(asking: Asking, records: Sequence[AttemptRecord]) -> None:
    """Store attempts under the session that submitted them, which may be an earlier one."""
    asking.store.record(records)


def _joined(first: BatchRun, then: BatchRun) -> BatchRun:
    """Return what two calls for the same plan did; what is open or missing is as the later one says."""
    counts = first.counts + then.counts
    undone = {kind: first.undone.get(kind, 0) + then.undone.get(kind, 0) for kind in {*first.undone, *then.undone}}
    return BatchRun(
        replace(counts, unsent=then.counts.unsent, known=first.counts.known),
        first.submitted + then.submitted,
        then.open,
        then.several_calls,
        undone,
        first.lost + then.lost,
        (*first.rejected, *then.rejected),
        first.collected_usd + then.collected_usd,
        then.reserved_usd,
    )


def _left(limits: Limits, spent: Sequence[RunCounts], more_usd: float = 0.0) -> Limits:
    """Return what is left of the bounds."""
    calls = sum(counts.calls for counts in spent)
    usd = sum(counts.spending.at_most_usd or 0.0 for counts in spent)
    return replace(
        limits,
        max_calls=None if limits.max_calls is None else max(0, limits.max_calls - calls),
        max_usd=None if limits.max_usd is None else max(0.0, limits.max_usd - usd - more_usd),
    )
