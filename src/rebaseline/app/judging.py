"""Asking judges about stored replies, and about the transcripts that people labelled."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rebaseline.app.benches import earlier_version
from rebaseline.app.judge_requests import Wanted, wanted_of
from rebaseline.app.recording import Recording
from rebaseline.app.workspace import Workspace
from rebaseline.domain.judge import Judge, judging_suite
from rebaseline.domain.model import Target
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Probe, Suite
from rebaseline.errors import ConfigurationError, UsageError
from rebaseline.run.counts import Progress, RunCounts
from rebaseline.run.engine import Engine, Surroundings
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.store.store import Store
from rebaseline.targets.registry import RECORDED, open_target

__all__ = ["JudgeRun", "Judging", "anchors_stand", "judge_target", "judged_cells"]

_ANCHORS_STAND = timedelta(hours=1)
_NOTHING_ASKED = RunCounts(0, 0, 0, 0, 0, 0, {})


@dataclass(frozen=True, slots=True)
class JudgeRun:
    """What was done with one judge.

    Attributes:
        suite: Suite id.
        judge: Judge id.
        version: The version that was asked.
        anchors: Of what was wanted, requests about labelled transcripts and controls.
        replies: Of what was wanted, requests about replies.
        counts: What came of what was not stored yet.
    """

    suite: str
    judge: str
    version: str
    anchors: int
    replies: int
    counts: RunCounts

    def followed_by(self, later: JudgeRun) -> JudgeRun:
        """Return what two rounds of judging come to: what was wanted is as the later one says."""
        counts = self.counts + later.counts
        return replace(later, counts=replace(counts, known=self.counts.known, unsent=later.counts.unsent))


@dataclass(slots=True)
class Judging:
    """Asks judges within the bounds of a run.

    Attributes:
        workspace: The project.
        store: The replies, and where the judges' answers go.
        surroundings: Clock, sleep and chance.
        limits_of: Bounds for a target, before anything was spent.
        tell: Told how a judge's work stands, with the name to show.
        engine: Who asks what is judged, under the same bounds; None where nobody does.
    """

    workspace: Workspace
    store: Store
    surroundings: Surroundings
    limits_of: Callable[[Target], Limits]
    tell: Callable[[str, Progress], None]
    engine: Engine | None = None
    _calls: int = field(default=0, init=False)
    _usd: float = field(default=0.0, init=False)

    def charge(self, counts: RunCounts) -> None:
        """Hold against the bounds what others spent under them."""
        self._calls += counts.calls
        self._usd += counts.spending.at_most_usd or 0.0

    async def judge(self, suite: Suite, target: Target, models: Iterable[str]) -> tuple[JudgeRun, ...]:
        """Ask the judges of a suite whatever they have not been asked about these replies.

        Where a judge took the place of another version, that one is asked too if the suite names it (`previous`): only
        two judges of the same replies can show which of judge and model moved.

        Raises:
            ConfigurationError: A judge is an alias that stands for another version, or its target is no model.
            UsageError: There is no such target, or it cannot be asked.
            ProviderError: The provider refuses us or whatever we ask, or nobody is there.
            UnknownModelError: There is no such model, or none for this key.
        """
        done = []
        for wanted in wanted_of(self.workspace, self.store, suite, target, models):
            done.append(await self._ask(suite, wanted))
            if wanted.judge.previous is not None:
                earlier = earlier_version(self.store, suite, wanted.judge)
                assert earlier is not None  # it names its version  # noqa: S101
                done.append(await self._ask(suite, replace(wanted, judge=earlier)))
        return tuple(done)

    async def _ask(self, suite: Suite, wanted: Wanted) -> JudgeRun:
        judge = wanted.judge
        target = judge_target(self.workspace, judge)
        name = judging_suite(suite.id, judge.id)
        session = f"judge-{uuid.uuid4()}"
        lately = self.surroundings.now() - anchors_stand(self.workspace)
        stored, recent = (judged_cells(self.store, suite, judge, target, since) for since in (None, lately))
        plan = Plan(*_in_order(wanted.askings(stored, recent), target, session))
        counts = replace(_NOTHING_ASKED, known=sum(probe.samples for probe in plan.probes) - plan.size)
        if plan.size:
            about = replace(suite, id=name, probes=plan.probes, assertions=(), judges={})
            async with self._opened(target) as (engine, recording_of):
                recording = recording_of(about, session)
                counts = await self._run(engine, plan, recording, judge)
        return JudgeRun(suite.id, judge.id, judge.version.served, len(wanted.anchors), len(wanted.replies), counts)

    async def _run(self, engine: Engine, plan: Plan, recording: Recording, judge: Judge) -> RunCounts:
        """Ask once, see who answers, and only then ask the rest."""
        first = next(plan.cells())
        rest = frozenset((cell.probe.id, cell.sample) for cell in plan.cells()) - {(first.probe.id, first.sample)}
        heard: list[AttemptRecord] = []
        canary = await engine.run(replace(plan, done=plan.done | rest), heard.extend)
        _require_pinned(judge, canary.served)  # what another version said is none of this judge's, and is not kept
        recording.record(heard)
        left = replace(plan, done=plan.done | {(first.probe.id, first.sample)})
        shown = f"{recording.suite.id}"
        counts = await engine.run(left, recording.record, tell=lambda progress: self.tell(shown, progress))
        return replace(canary + counts, known=sum(probe.samples for probe in plan.probes) - plan.size)

    @asynccontextmanager
    async def _opened(self, target: Target) -> AsyncIterator[tuple[Engine, Callable[[Suite, str], Recording]]]:
        """Open a judge's target, with what is left of the bounds; what it spends is held against the run's."""
        adapter = open_target(
            target, self.workspace.environment, monotonic=time.monotonic, root=self.workspace.project.root
        )
        engine = Engine(adapter, self.surroundings, self._left(self.limits_of(target)))

        def recording(suite: Suite, session: str) -> Recording:
            return Recording(self.store, suite, target, adapter.provenance, session, self.surroundings.now())

        try:
            yield engine, recording
        finally:
            self._calls += engine.calls
            self._usd += engine.spent_usd
            if self.engine is not None:
                self.engine.lower_bounds(calls=engine.calls, usd=engine.spent_usd)
            await adapter.aclose()

    def _left(self, limits: Limits) -> Limits:
        calls, usd = self._calls, self._usd
        if self.engine is not None:
            calls, usd = calls + self.engine.calls, usd + self.engine.spent_usd
        return replace(
            limits,
            max_calls=None if limits.max_calls is None else max(0, limits.max_calls - calls),
            max_usd=None if limits.max_usd is None else max(0.0, limits.max_usd - usd),
        )


def _in_order(
    askings: tuple[tuple[Probe, ...], frozenset[tuple[str, int]]], target: Target, session: str
) -> tuple[tuple[Probe, ...], Target, str, frozenset[tuple[str, int]]]:
    probes, done = askings
    return probes, target, session, done


def anchors_stand(workspace: Workspace) -> timedelta:
    """Return how long what a judge said of its anchors stands beside what it says of replies."""
    return min(_ANCHORS_STAND, timedelta(seconds=workspace.project.run.reuse_within_seconds))


def judged_cells(
    store: Store, suite: Suite, judge: Judge, target: Target, since: datetime | None = None
) -> set[tuple[str, int]]:
    """Return request and sample of what a judge's version has answered, as its target is asked now."""
    done = store.done_cells(
        judging_suite(suite.id, judge.id),
        target.name,
        target.fingerprint,
        target.model,
        served=judge.version.served,
        since=since,
    )
    return {(probe, sample) for probe, _, sample in done}


def judge_target(workspace: Workspace, judge: Judge) -> Target:
    """Return the target that a judge is asked on.

    Raises:
        UsageError: The project has no such target, or it cannot be asked.
    """
    targets = workspace.project.targets
    target = targets.get(judge.version.target)
    if target is None or target.type == RECORDED:
        what = "cannot be asked" if target else "is not in rebaseline.toml"
        raise UsageError(
            f"judge {judge.id!r}: its target {judge.version.target!r} {what}",
            where=str(judge.where),
            remedy=f"name a model that can be asked: {', '.join(_askable(targets)) or 'there is none yet'}",
        )
    return target


def _askable(targets: Mapping[str, Target]) -> list[str]:
    return [name for name, target in targets.items() if target.type != RECORDED]


def _require_pinned(judge: Judge, served: Mapping[str, int]) -> None:
    """Refuse a judge that is not the version which the suite pins: an alias may move, and every reading with it."""
    others = sorted(set(served) - {judge.version.served})
    if others:
        raise ConfigurationError(
            f"judge {judge.id!r} is pinned to {judge.version.served!r}, and {others[0]!r} answers on target "
            f"{judge.version.target!r}: an alias is no judge",
            where=str(judge.where),
            remedy=f"pin it: `version: {others[0]}` under the judge, and that id as the target's model where the "
            "provider offers it; then hold it against its anchors anew",
        )
