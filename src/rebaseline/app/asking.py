"""Asking one suite: who answers today, what they have not answered yet, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rebaseline.app.recording import Recording
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Probe, Suite
from rebaseline.plan.blocks import Remaining, answered_last, plan_remaining
from rebaseline.report.progress import Settled
from rebaseline.run.batch_parts import Standing
from rebaseline.run.batches import BatchRun
from rebaseline.run.counts import Progress, RunCounts
from rebaseline.run.engine import Engine
from rebaseline.run.rounds import Plan
from rebaseline.store.batches import BatchLedger
from rebaseline.store.store import Store

if TYPE_CHECKING:
    from rebaseline.app.judging import JudgeRun, Judging
    from rebaseline.app.settling import Open, Settling

__all__ = ["Asking", "Known", "RunStatus", "SuiteRun", "plan_of"]

_AWAITED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Where the run of a suite stands.

    Attributes:
        suite: Suite id.
        progress: What the engine tells.
        settled: How many assertions are settled; None where the run does not stop at verdicts.
        standing: How a batch stands, where the run waits for one.
    """

    suite: str
    progress: Progress
    settled: Settled | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """What a run did with one suite.

    Attributes:
        suite: Suite id.
        counts: What came of it.
        settled: How many assertions are settled; None where the run does not stop at verdicts.
        identities: What the application said of itself, in the order heard; more than one means that it changed in
            mid-run.
        awaited: Askings that were left out, since an open batch has them.
        batch: What was done through batches; None where nothing was.
        judged: What its judges were asked.
    """

    suite: str
    counts: RunCounts
    settled: Settled | None = None
    identities: tuple[dict[str, str], ...] = ()
    awaited: int = 0
    batch: BatchRun | None = None
    judged: tuple[JudgeRun, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the first asking of a suite showed.

    Attributes:
        canary: Its counts.
        served: Who answers, or answered last.
        remaining: What they are still to be asked.
    """

    canary: RunCounts
    served: str
    remaining: Remaining


@dataclass(slots=True)
class Asking:
    """One suite on one target in one run.

    Attributes:
        workspace: The project.
        store: The replies.
        suite: The suite.
        target: The target as the project has it.
        engine: Asks, within the bounds of the whole run.
        recording: Stores what is heard.
        tell: Told where the run stands.
        now: The instant.
        most_replies: With early stop: an assertion that has so many replies is given up; None without early stop.
        judging: Asks the judges of the suite; None where it has none.
    """

    workspace: Workspace
    store: Store
    suite: Suite
    target: Target
    engine: Engine
    recording: Recording
    tell: Callable[[RunStatus], None]
    now: Callable[[], datetime]
    most_replies: int | None = None
    judging: Judging | None = None
    _settled: Settled | None = None
    _judged: dict[tuple[str, str], JudgeRun] = field(default_factory=dict)

    async def run(self) -> SuiteRun:
        """Learn by one asking who answers today, then ask what that version has not answered yet."""
        known = await self.learn()
        awaited = self.awaited()
        remaining = replace(known.remaining, done=known.remaining.done | awaited)
        if self.most_replies is None:
            plan = self.plan(remaining)
            counts, planned = await self.ask(plan), plan.size
            await self.judge({known.served, *known.canary.served, *counts.served})
        else:
            counts, planned = await self._ask_until_settled(known.served, remaining, self.most_replies)
        return self.result(known.canary, counts, planned=planned, awaited=len(awaited - known.remaining.done))

    async def learn(self) -> Known:
        """Ask the first probe once, and say what is left to ask of whoever answered."""
        canary = await self.engine.run(
            Plan((replace(self.suite.probes[0], samples=1),), self.target, self.recording.key), self.recording.record
        )
        served = next(iter(canary.served), None)
        if served is None:  # it met a fault: what the version that answered last said is not asked again
            held = self.store.holdings(suite=self.suite.id, target=self.target.name)
            served = answered_last(held, self.target) or self.target.model
        return Known(canary, served, self.remaining(served))

    def plan(self, remaining: Remaining) -> Plan:
        """Return the plan of what remains."""
        return Plan(remaining.probes, self.target, self.recording.key, remaining.done)

    def result(self, canary: RunCounts, counts: RunCounts, *, planned: int, awaited: int = 0) -> SuiteRun:
        """Return what the run did with the suite, the first asking included."""
        identities = tuple(dict(identity) for identity in self.recording.identities)
        total = _added(canary, counts, planned=planned)
        return SuiteRun(self.suite.id, total, self._settled, identities, awaited, judged=self.judged)

    async def judge(self, served: Iterable[str]) -> None:
        """Have the judges read what these versions said, and what a diff compares it with."""
        if self.judging is None:
            return
        from rebaseline.app.versions import compared_versions  # noqa: PLC0415 - scipy is slow to load

        heard = self.recording.target
        models = [
            name
            for version in sorted(served)
            for name in (version, *compared_versions(self.workspace, self.store, self.suite, heard, version))
        ]
        for run in await self.judging.judge(self.suite, heard, models):
            key = (run.judge, run.version)
            before = self._judged.get(key)
            self._judged[key] = run if before is None else before.followed_by(run)

    @property
    def judged(self) -> tuple[JudgeRun, ...]:
        """What the judges were asked so far."""
        return tuple(self._judged.values())

    def ledger(self) -> BatchLedger:
        """Return where the batches of this suite are noted."""
        heard = self.recording.target
        return self.store.batches(self.suite.id, heard.name, heard.fingerprint)

    def awaited(self) -> frozenset[tuple[str, int]]:
        """Return the cells whose replies are awaited from an open batch: they are paid for.

        A batch ends within a day; one that is open for two was most likely lost, and holds nothing up any more.
        """
        wording = {probe.id: probe.fingerprint for probe in self.suite.probes}
        return frozenset(
            (item.probe, item.sample)
            for batch in self.ledger().open()
            if self.now() - batch.submitted_at < _AWAITED
            for item in batch.items
            if wording.get(item.probe) == item.probe_fingerprint
        )

    def remaining(self, served: str) -> Remaining:
        """Return what this model version, and this state of the application, is still to be asked."""
        heard = self.recording.target

        def stored(since: datetime | None) -> set[tuple[str, str, int]]:
            return self.store.done_cells(
                self.suite.id, heard.name, heard.fingerprint, heard.model, served=served, since=since
            )

        reuse = timedelta(seconds=self.workspace.project.run.reuse_within_seconds)
        return plan_remaining(self.suite.probes, stored(None), stored(self.now() - reuse))

    async def ask(self, plan: Plan) -> RunCounts:
        """Ask what is left of a plan, one call after the other."""
        return await self.engine.run(
            plan,
            self.recording.record,
            tell=lambda progress: self.tell(RunStatus(self.suite.id, progress, self._settled)),
        )

    async def _ask_until_settled(self, served: str, remaining: Remaining, most_replies: int) -> tuple[RunCounts, int]:
        """Ask round by round what the assertions that are still open rest on; judge at the end of each.

        Returns:
            The counts, and how many askings were planned in all.
        """
        from rebaseline.app.settling import Settling  # noqa: PLC0415 - scipy is slow to load, and seldom needed to ask

        settling = Settling(self.workspace, self.store, self.suite, self.recording.target, most_replies)
        asked = remaining.stored | self.awaited()
        plan = self._first_round(remaining)
        planned, counts = plan.size, replace(await self.ask(plan), known=0)
        while True:
            await self.judge({served})
            asked |= {(cell.probe.id, cell.sample) for cell in plan.cells()}
            unsettled = settling.open_assertions(served)
            self._settled = Settled(len(self.suite.assertions) - len(unsettled), len(self.suite.assertions))
            plan = self._next_rounds(settling, unsettled, asked)
            moved = set(counts.served) - {served} or self.recording.target.identity != settling.target.identity
            if not plan.size or counts.unsent or moved:
                return counts, planned
            planned += plan.size
            counts += replace(await self.ask(plan), known=0)

    def _first_round(self, remaining: Remaining) -> Plan:
        """Return the first round of a block that is due, since what is stored is too old to speak for today."""
        probes = remaining.probes if remaining.block else ()
        first = {(probe.id, remaining.block * (probe.samples // (remaining.block + 1))) for probe in probes}
        return self._of(first - remaining.done)

    def _next_rounds(
        self, settling: Settling, unsettled: tuple[Open, ...], asked: AbstractSet[tuple[str, int]]
    ) -> Plan:
        """Return, of each open assertion that is not given up, the first round that is not whole."""
        wanted: set[tuple[str, int]] = set()
        for each in unsettled:
            probes = settling.probes_of((each,))
            number = 0
            while all((probe.id, number) in asked for probe in probes) and number < each.most_rounds:
                number += 1
            if number < each.most_rounds:
                wanted |= {(probe.id, number) for probe in probes}
        return self._of(wanted - asked)

    def _of(self, cells: AbstractSet[tuple[str, int]]) -> Plan:
        """Return a plan of these cells alone."""
        return plan_of(cells, self.suite.probes, self.target, self.recording.key)


def plan_of(cells: AbstractSet[tuple[str, int]], probes: Iterable[Probe], target: Target, session: str) -> Plan:
    """Return a plan of these cells alone.

    Args:
        cells: Probe id and sample.
        probes: Probes, those of the cells among them.
        target: What they are asked of.
        session: Key of the session.
    """
    most: dict[str, int] = {}
    for probe, sample in cells:
        most[probe] = max(most.get(probe, 0), sample + 1)
    asked = tuple(replace(probe, samples=most[probe.id]) for probe in probes if probe.id in most)
    others = {(probe.id, sample) for probe in asked for sample in range(probe.samples)} - cells
    return Plan(asked, target, session, frozenset(others))


def _added(canary: RunCounts, counts: RunCounts, *, planned: int) -> RunCounts:
    """Count the first asking with the rest.

    Its reply is one that the plan then found stored. A fault of it was asked again by the plan and counts by what came
    of that; where nothing was left to plan it is said.
    """
    both = canary + counts
    if not planned:
        return replace(both, known=max(0, counts.known - canary.answered - canary.rejected))
    return replace(
        both,
        faulted=counts.faulted,
        faults=counts.faults,
        fault_words=counts.fault_words,
        known=max(0, counts.known - canary.answered - canary.rejected),
    )
