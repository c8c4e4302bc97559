"""Asking a target every probe of some suites, stored as the replies come."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from rebaseline import __version__
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Provenance, Target
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.domain.suite import Suite
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
    """
    suites = workspace.suites(request.suites)
    target = workspace.target(request.target)
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
    adapter = open_target(target, workspace.environment, monotonic=time.monotonic)
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
    session = f"run-{uuid.uuid4()}"
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    plan = Plan(suite.probes, target, session, _done(workspace, store, suite, target, wording))
    if plan.size:
        store.begin_session(_header(suite, target, session, adapter.provenance))
    surroundings = Surroundings(
        now=_now,
        sleep=asyncio.sleep,
        jitter=Random(),  # noqa: S311 - spreads retries, guards nothing
        tell=lambda progress: tell(suite.id, progress),
    )

    def record(records: Sequence[AttemptRecord]) -> None:
        store.record(records)

    return await run_plan(plan, adapter, record, surroundings, _limits(workspace, target, max_calls))


def _done(
    workspace: Workspace, store: Store, suite: Suite, target: Target, wording: dict[str, str]
) -> frozenset[tuple[str, int]]:
    """Return the cells whose stored reply is young enough and answers the probe as it is worded now."""
    within = workspace.project.run.reuse_within_seconds
    since = _now() - timedelta(seconds=within)
    cells = store.done_cells(suite.id, target.name, target.fingerprint, target.model, since=since)
    return frozenset((probe, sample) for probe, print_, sample in cells if wording.get(probe) == print_)


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
