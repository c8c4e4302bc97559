"""Asking a target every probe of some suites, stored as the replies come."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from rebaseline.app.asking import Asking, RunStatus, SuiteRun
from rebaseline.app.recording import Recording, last_identity
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import UsageError
from rebaseline.plan.seeds import refuse_copies
from rebaseline.run.engine import Engine, Surroundings
from rebaseline.run.limits import Limits
from rebaseline.store.store import Store
from rebaseline.targets.base import TargetAdapter
from rebaseline.targets.batch_registry import open_batch
from rebaseline.targets.registry import open_target

if TYPE_CHECKING:
    from rebaseline.app.judging import Judging

__all__ = ["MOST_REPLIES", "RunRequest", "RunStatus", "SuiteRun", "limits_of", "run_suites"]

MOST_REPLIES = 300
"""With early stop, an assertion that has so many replies is given up, unless told otherwise or the suite plans more."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to ask.

    Attributes:
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        max_calls: Hard bound on calls; None for the project's.
        max_usd: Hard bound on cost; None for the project's.
        until_settled: Stop where the verdicts stand, and go on beyond the planned samples where they do not.
        most_replies: With `until_settled`: an assertion that has so many replies is given up.
        batch: Ask through the provider's batch API.
        wait: With `batch`: stay until all replies are there; else submit, collect what is there, and leave.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    max_calls: int | None = None
    max_usd: float | None = None
    until_settled: bool = False
    most_replies: int = MOST_REPLIES
    batch: bool = False
    wait: bool = True


def run_suites(workspace: Workspace, request: RunRequest, tell: Callable[[RunStatus], None]) -> tuple[SuiteRun, ...]:
    """Ask what is not stored yet. The same call resumes after an interruption.

    Args:
        workspace: The project.
        request: What to ask.
        tell: Told how a suite's run stands.

    Raises:
        ProviderError: The provider refuses us or whatever we ask, or nobody is there.
        UnknownModelError: There is no such model, or none for this key.
        ConfigurationError: The target's settings are wrong, or its key is missing.
        UsageError: There is no such suite or target, it cannot be asked, or a bound on cost has no price to go by.
        SuiteErrors: A fixed seed would make copies of every sample, or redaction would blind a check.
    """
    suites = workspace.suites(request.suites)
    target = workspace.target(request.target)
    if request.batch and request.until_settled:
        raise UsageError(
            "--until-settled judges after each round, and a batch may take a day for one",
            remedy="leave one of --batch and --until-settled out",
        )
    refuse_copies(_as_asked(suites, request), target)
    if workspace.redactor is not None:
        from rebaseline.app.redacting import refuse_blindness  # noqa: PLC0415 - few projects redact

        refuse_blindness(workspace, suites)
    limits = limits_of(workspace, target, max_calls=request.max_calls, max_usd=request.max_usd)
    with workspace.open_store(to_write=True) as store:
        return asyncio.run(_run_all(workspace, store, suites, target, request, limits, tell))


def _as_asked(suites: tuple[Suite, ...], request: RunRequest) -> tuple[Suite, ...]:
    """Return the suites with the samples that may be asked: early stop goes beyond what a suite plans."""
    if not request.until_settled:
        return suites
    return tuple(
        replace(suite, probes=tuple(replace(probe, samples=max(2, probe.samples)) for probe in suite.probes))
        for suite in suites
    )


def limits_of(workspace: Workspace, target: Target, *, max_calls: int | None, max_usd: float | None) -> Limits:
    """Return the bounds of a run: what the caller says, else the target's own, else the project's.

    Raises:
        UsageError: Cost is bounded and the target has no price.
    """
    run, usual = workspace.project.run, Limits()
    own = workspace.project.limits.get(target.name)
    price = own.price if own else None
    bound_usd = max_usd if max_usd is not None else run.max_usd
    return Limits(
        concurrency=(own.concurrency if own else None) or run.concurrency,
        max_calls=max_calls if max_calls is not None else run.max_calls,
        timeout_seconds=(own.timeout_seconds if own else None) or usual.timeout_seconds,
        max_usd=bound_usd,
        price=price,
    )


async def _run_all(
    workspace: Workspace,
    store: Store,
    suites: tuple[Suite, ...],
    target: Target,
    request: RunRequest,
    limits: Limits,
    tell: Callable[[RunStatus], None],
) -> tuple[SuiteRun, ...]:
    adapter = open_target(target, workspace.environment, monotonic=time.monotonic, root=workspace.project.root)
    try:
        jitter = Random()  # noqa: S311 - spreads retries, guards nothing
        surroundings = Surroundings(now=_now, sleep=asyncio.sleep, jitter=jitter)
        engine = Engine(adapter, surroundings, limits)
        most_replies = request.most_replies if request.until_settled else None
        judging = _judging(workspace, store, suites, request, surroundings, engine, tell)
        askings = [
            Asking(
                workspace,
                store,
                suite,
                target,
                engine,
                _recording(store, suite, target, adapter),
                tell,
                _now,
                most_replies,
                judging if suite.asks_judges else None,
            )
            for suite in suites
        ]
        if request.batch:
            return await _run_batches(workspace, target, adapter, surroundings, limits, askings, wait=request.wait)
        return tuple([await asking.run() for asking in askings])
    finally:
        await adapter.aclose()


def _judging(
    workspace: Workspace,
    store: Store,
    suites: tuple[Suite, ...],
    request: RunRequest,
    surroundings: Surroundings,
    engine: Engine,
    tell: Callable[[RunStatus], None],
) -> Judging | None:
    """Return who asks the judges, under the bounds of the run; None where there are none.

    Raises:
        UsageError: A judge's target is not there, or its cost is to be bounded and it has no price.
    """
    judges = [judge for suite in suites if suite.asks_judges for judge in suite.judges.values()]
    if not judges:
        return None
    from rebaseline.app.judging import Judging, judge_target  # noqa: PLC0415 - few suites have judges

    def bounds(target: Target) -> Limits:
        return limits_of(workspace, target, max_calls=request.max_calls, max_usd=request.max_usd)

    for judge in judges:
        bounds(judge_target(workspace, judge))  # what cannot be asked is known before anything is
    return Judging(
        workspace, store, surroundings, bounds, lambda name, progress: tell(RunStatus(name, progress)), engine
    )


async def _run_batches(
    workspace: Workspace,
    target: Target,
    adapter: TargetAdapter,
    surroundings: Surroundings,
    limits: Limits,
    askings: list[Asking],
    *,
    wait: bool,
) -> tuple[SuiteRun, ...]:
    from rebaseline.app.batching import Batching  # noqa: PLC0415 - seldom needed

    batches = open_batch(target, workspace.environment, monotonic=time.monotonic)
    try:
        runs = await Batching(adapter, batches, surroundings, limits, askings[0].tell, wait).run(askings)
        return tuple([await _judged(asking, run) for asking, run in zip(askings, runs, strict=True)])
    finally:
        await batches.aclose()


async def _judged(asking: Asking, run: SuiteRun) -> SuiteRun:
    if asking.judging is not None:
        asking.judging.charge(run.counts)
    await asking.judge(run.counts.served)
    return replace(run, judged=asking.judged)


def _recording(store: Store, suite: Suite, target: Target, adapter: TargetAdapter) -> Recording:
    known = replace(target, identity=last_identity(store, suite, target))
    return Recording(store, suite, known, adapter.provenance, f"run-{uuid.uuid4()}", _now())


def _now() -> datetime:
    return datetime.now(UTC)
