"""Asking a target every probe of some suites, stored as the replies come."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from rebaseline import __version__
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Provenance, Target
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.domain.suite import Suite
from rebaseline.plan.blocks import answered_last, plan_remaining
from rebaseline.plan.seeds import refuse_copies
from rebaseline.run.engine import Surroundings, run_plan
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.run.tally import Progress, RunCounts
from rebaseline.store.store import Store
from rebaseline.targets.base import TargetAdapter
from rebaseline.targets.registry import open_target

__all__ = ["RunRequest", "SuiteRun", "run_suites"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to ask.

    Attributes:
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        max_calls: Hard bound on calls; None for the project's.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    max_calls: int | None = None


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """What a run did with one suite.

    Attributes:
        suite: Suite id.
        counts: What came of it.
    """

    suite: str
    counts: RunCounts


def run_suites(
    workspace: Workspace, request: RunRequest, tell: Callable[[str, Progress], None]
) -> tuple[SuiteRun, ...]:
    """Ask what is not stored yet. The same call resumes after an interruption.

    Args:
        workspace: The project.
        request: What to ask.
        tell: Told how a suite's run stands.

    Raises:
        ProviderError: The provider refuses us, or nobody is there.
        ConfigurationError: The target's settings are wrong, or its key is missing.
        UsageError: There is no such suite or target, or it cannot be asked.
        SuiteErrors: A fixed seed would make copies of every sample.
    """
    suites = workspace.suites(request.suites)
    target = workspace.target(request.target)
    refuse_copies(suites, target)
    with workspace.open_store() as store:
        return asyncio.run(_run_all(workspace, store, suites, target, request, tell))


async def _run_all(
    workspace: Workspace,
    store: Store,
    suites: tuple[Suite, ...],
    target: Target,
    request: RunRequest,
    tell: Callable[[str, Progress], None],
) -> tuple[SuiteRun, ...]:
    adapter = open_target(target, workspace.environment, monotonic=time.monotonic, root=workspace.project.root)
    left = request.max_calls if request.max_calls is not None else workspace.project.run.max_calls
    runs: list[SuiteRun] = []
    try:
        for suite in suites:
            counts = await _run_one(workspace, store, suite, adapter, target, left, tell)
            left = None if left is None else max(0, left - counts.calls)
            runs.append(SuiteRun(suite.id, counts))
    finally:
        await adapter.aclose()
    return tuple(runs)


async def _run_one(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    adapter: TargetAdapter,
    target: Target,
    max_calls: int | None,
    tell: Callable[[str, Progress], None],
) -> RunCounts:
    """Learn by one asking who answers today, then ask what that model version has not answered yet."""
    session = f"run-{uuid.uuid4()}"
    store.begin_session(_header(suite, target, session, adapter.provenance))

    def record(records: Sequence[AttemptRecord]) -> None:
        store.record(records)

    def surroundings(report: Callable[[Progress], None]) -> Surroundings:
        jitter = Random()  # noqa: S311 - spreads retries, guards nothing
        return Surroundings(now=_now, sleep=asyncio.sleep, jitter=jitter, tell=report)

    first = Plan((replace(suite.probes[0], samples=1),), target, session)
    canary = await run_plan(first, adapter, record, surroundings(lambda _: None), _limits(workspace, target, max_calls))
    left = None if max_calls is None else max(0, max_calls - canary.calls)
    served = next(iter(canary.served), None)
    if served is None:  # it met a fault: what the version that answered last said is not asked again
        served = answered_last(store.holdings(suite=suite.id, target=target.name), target) or target.model
    plan = _plan(workspace, store, suite, target, session, served)
    counts = await run_plan(
        plan, adapter, record, surroundings(lambda progress: tell(suite.id, progress)), _limits(workspace, target, left)
    )
    return _added(canary, counts, planned=plan.size)


def _plan(workspace: Workspace, store: Store, suite: Suite, target: Target, session: str, served: str) -> Plan:
    """Return what this model version is still to be asked."""

    def stored(since: datetime | None) -> set[tuple[str, str, int]]:
        return store.done_cells(suite.id, target.name, target.fingerprint, target.model, served=served, since=since)

    young = stored(_now() - timedelta(seconds=workspace.project.run.reuse_within_seconds))
    remaining = plan_remaining(suite.probes, stored(None), young)
    return Plan(remaining.probes, target, session, remaining.done)


def _added(canary: RunCounts, counts: RunCounts, *, planned: int) -> RunCounts:
    """Count the first asking with the rest.

    Its reply is one that the plan then found stored. A fault of it was asked again by the plan and counts by what came
    of that; where nothing was left to plan it is said.
    """
    served = dict(canary.served)
    for name, count in counts.served.items():
        served[name] = served.get(name, 0) + count
    return replace(
        counts,
        answered=counts.answered + canary.answered,
        rejected=counts.rejected + canary.rejected,
        faulted=counts.faulted if planned else canary.faulted,
        known=max(0, counts.known - canary.answered - canary.rejected),
        calls=counts.calls + canary.calls,
        served=served,
        unknown_model=counts.unknown_model + canary.unknown_model,
    )


def _limits(workspace: Workspace, target: Target, max_calls: int | None) -> Limits:
    settings = workspace.project.limits.get(target.name)
    usual = Limits()
    return Limits(
        concurrency=(settings.concurrency if settings else None) or workspace.project.run.concurrency,
        max_calls=max_calls,
        timeout_seconds=(settings.timeout_seconds if settings else None) or usual.timeout_seconds,
    )


def _header(suite: Suite, target: Target, session: str, provenance: Provenance) -> SessionHeader:
    return SessionHeader(
        key=session,
        kind=SessionKind.RUN,
        suite=suite.id,
        suite_version=suite.version,
        suite_fingerprint=suite.fingerprint,
        target=target,
        provenance=Provenance(provenance.sdk, provenance.api_version, f"rebaseline {__version__}"),
        started_at=_now(),
    )


def _now() -> datetime:
    return datetime.now(UTC)
