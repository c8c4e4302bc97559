"""Having judges read what is stored, without asking the target anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from rebaseline.app.asking import RunStatus
from rebaseline.app.judging import JudgeRun, Judging, judge_target
from rebaseline.app.running import limits_of
from rebaseline.app.versions import compared_versions, newest_version
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import UsageError
from rebaseline.run.engine import Surroundings
from rebaseline.run.limits import Limits
from rebaseline.store.store import Store

__all__ = ["JudgeRequest", "judge_stored"]


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """What to have judged.

    Attributes:
        suites: Suite ids; empty for all that have judges.
        target: The target whose replies are judged; None where the project has one only.
        models: Served ids; empty for the one that answered last and what it is compared with.
        max_calls: Hard bound on calls; None for the project's.
        max_usd: Hard bound on cost; None for the project's.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    models: tuple[str, ...] = ()
    max_calls: int | None = None
    max_usd: float | None = None


def judge_stored(
    workspace: Workspace, request: JudgeRequest, tell: Callable[[RunStatus], None]
) -> tuple[JudgeRun, ...]:
    """Ask judges what they have not said yet about stored replies and their anchors. The same call resumes.

    Raises:
        UsageError: No suite has a judge, there is no such suite or target, or nothing is stored.
        ConfigurationError: A judge is an alias that stands for another version.
        ProviderError: The provider refuses us or whatever we ask, or nobody is there.
        UnknownModelError: There is no such model, or none for this key.
    """
    suites = tuple(suite for suite in workspace.suites(request.suites) if suite.asks_judges)
    if not suites:
        raise UsageError(
            "no suite asks a judge",
            remedy="describe one under `judges` of a suite, and ask it with the check `{judge: ID}`",
        )
    target = workspace.target(request.target)

    def bounds(judge: Target) -> Limits:
        return limits_of(workspace, judge, max_calls=request.max_calls, max_usd=request.max_usd)

    for judge in (judge for suite in suites for judge in suite.judges.values()):
        bounds(judge_target(workspace, judge))
    with workspace.open_store(to_write=True) as store:
        surroundings = Surroundings(now=_now, sleep=asyncio.sleep, jitter=Random())  # noqa: S311 - spreads retries
        judging = Judging(
            workspace, store, surroundings, bounds, lambda name, progress: tell(RunStatus(name, progress))
        )
        return asyncio.run(_judge_all(workspace, store, suites, target, request, judging))


async def _judge_all(
    workspace: Workspace,
    store: Store,
    suites: tuple[Suite, ...],
    target: Target,
    request: JudgeRequest,
    judging: Judging,
) -> tuple[JudgeRun, ...]:
    runs: list[JudgeRun] = []
    for suite in suites:
        models = request.models or _usual(workspace, store, suite, target)
        runs.extend(await judging.judge(suite, target, models))
    return tuple(runs)


def _usual(workspace: Workspace, store: Store, suite: Suite, target: Target) -> tuple[str, ...]:
    newest = newest_version(store, target, [suite], None, None)
    return (newest, *compared_versions(workspace, store, suite, target, newest))


def _now() -> datetime:
    return datetime.now(UTC)
