"""What a run would ask, what it would cost, and what chance each bar would have; nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rebaseline.app.foreseeing import Known, asking_of, known_of, seen_of
from rebaseline.app.judge_planning import forecast_judges
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, NoWorse, Suite
from rebaseline.load.settings import TargetLimits
from rebaseline.plan.blocks import Remaining, answered_last, plan_remaining
from rebaseline.plan.chance import chance_of_bar
from rebaseline.plan.demand import Demand, estimate_askings
from rebaseline.plan.forecast import AssertionForecast, Forecast, SuiteForecast, demand_of_suite
from rebaseline.plan.seeds import refuse_copies
from rebaseline.run.frame import manner_of
from rebaseline.run.limits import Limits
from rebaseline.store.store import Store
from rebaseline.targets.batch_registry import refuse_without_batches
from rebaseline.targets.registry import RECORDED

__all__ = ["PlanRequest", "plan_run"]


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What would be asked.

    Attributes:
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        max_calls: Hard bound on calls; None for the project's.
        batch: What takes one call is to go through a batch API.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    max_calls: int | None = None
    batch: bool = False


def plan_run(workspace: Workspace, request: PlanRequest) -> Forecast:
    """Return what `rebaseline run` would ask now. A model that was never asked is fine.

    Raises:
        ConfigurationError: The target's settings are wrong.
        UsageError: There is no such suite or target, or its type has no batch API.
        SuiteErrors: A fixed seed would make copies of every sample.
    """
    suites = workspace.suites(request.suites)
    target = workspace.target(request.target)
    refuse_copies(suites, target)
    if request.batch:
        refuse_without_batches(target)
    limits = workspace.project.limits.get(target.name, TargetLimits())
    settings = workspace.project.run
    with workspace.open_store() as store:
        forecasts = tuple(_suite(workspace, store, suite, target, request) for suite in suites)
    return Forecast(
        system=workspace.project.system.name,
        target=target.name,
        asked=target.type != RECORDED,
        suites=forecasts,
        concurrency=limits.concurrency or settings.concurrency,
        max_calls=settings.max_calls if request.max_calls is None else request.max_calls,
        max_usd=settings.max_usd,
        priced=limits.price is not None,
        batch=request.batch,
        reuse_within_seconds=settings.reuse_within_seconds,
    )


def _suite(workspace: Workspace, store: Store, suite: Suite, target: Target, request: PlanRequest) -> SuiteForecast:
    known = known_of(workspace, store, suite, target)
    planned = sum(probe.samples for probe in suite.probes)
    remaining: Remaining | None = None
    if target.type == RECORDED:
        served, stored, demand = known.newest, 0, Demand()
    else:
        served = answered_last(store.holdings(suite=suite.id, target=target.name), target)
        remaining = _remaining(workspace, store, suite, target, served)
        stored = max(0, planned - sum(remaining.left(probe) for probe in remaining.probes))
        demand = _demand(workspace, suite, target, remaining, known, batch=request.batch)
    return SuiteForecast(
        suite=suite.id,
        probes=len(suite.probes),
        planned=planned,
        stored=stored,
        served=served,
        demand=demand,
        assertions=tuple(_assertion(suite, assertion, target, known) for assertion in suite.assertions),
        judges=forecast_judges(workspace, store, suite, target, served, remaining),
    )


def _remaining(workspace: Workspace, store: Store, suite: Suite, target: Target, served: str | None) -> Remaining:
    """Return what a run would still ask if who answered last answers still."""

    def stored(since: datetime | None) -> set[tuple[str, str, int]]:
        return store.done_cells(
            suite.id, target.name, target.fingerprint, target.model, served=served or target.model, since=since
        )

    young = stored(datetime.now(UTC) - timedelta(seconds=workspace.project.run.reuse_within_seconds))
    return plan_remaining(suite.probes, stored(None), young)


def _demand(
    workspace: Workspace, suite: Suite, target: Target, remaining: Remaining, known: Known, *, batch: bool
) -> Demand:
    limits = workspace.project.limits.get(target.name, TargetLimits())
    manner = manner_of(target, limits.timeout_seconds or Limits().timeout_seconds)
    estimates = estimate_askings((asking_of(probe, manner) for probe in suite.probes), known.measured)
    return demand_of_suite(suite, remaining, estimates, limits.price, batch=batch)


def _assertion(suite: Suite, assertion: Assertion, target: Target, known: Known) -> AssertionForecast:
    probes = suite.probes_on(assertion.on)
    seen = seen_of(assertion, known)
    imported = known.imported_rounds.get(assertion.id, 0)
    planned = min((probe.samples for probe in probes), default=1)
    rounds = max(1, imported) if target.type == RECORDED else planned
    count = seen.probes if seen is not None and isinstance(assertion.bar, NoWorse) else len(probes)
    return AssertionForecast(
        suite=suite.id,
        assertion=assertion,
        probes=count,
        rounds=rounds,
        chance=chance_of_bar(assertion.bar, count, rounds, seen),
        seen=seen,
    )
