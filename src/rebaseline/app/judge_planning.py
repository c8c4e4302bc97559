"""What judges would be asked by a run, and what that takes; nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from rebaseline.app.benches import earlier_version, judged_leaves
from rebaseline.app.foreseeing import asking_of
from rebaseline.app.judge_requests import Wanted, readers_of, wanted_of
from rebaseline.app.judging import anchors_stand, judge_target, judged_cells
from rebaseline.app.versions import compared_versions
from rebaseline.app.workspace import Workspace
from rebaseline.domain.attempt import Answered, Reply, Stop
from rebaseline.domain.judge import Bench, Judge, judging_suite
from rebaseline.domain.model import Target
from rebaseline.domain.suite import CheckSpec, Probe, Suite, conversation_of
from rebaseline.load.settings import TargetLimits
from rebaseline.plan.blocks import Remaining
from rebaseline.plan.demand import Demand, Measured, add_demands, demand_of, estimate_askings
from rebaseline.plan.forecast import JudgeForecast
from rebaseline.run.frame import manner_of
from rebaseline.run.limits import Limits
from rebaseline.store.store import Store

__all__ = ["forecast_judges"]

_USUAL_REPLY = "x" * 800
"""Stands for a reply that is still to come where none is stored to tell how long they are: about 200 tokens."""


def forecast_judges(
    workspace: Workspace, store: Store, suite: Suite, target: Target, served: str | None, remaining: Remaining | None
) -> tuple[JudgeForecast, ...]:
    """Return what each judge of a suite would be asked now.

    Args:
        workspace: The project.
        store: The replies, and the judges' answers.
        suite: The suite.
        target: The target whose replies are judged.
        served: Model version that is taken to answer; None where none ever did.
        remaining: What it is still to be asked; None where nobody can be asked.
    """
    if not suite.asks_judges:
        return ()
    models = () if served is None else (served, *compared_versions(workspace, store, suite, target, served))
    coming = {} if remaining is None else _coming(workspace, suite, remaining)
    return tuple(
        _forecast(workspace, store, suite, replace(wanted, judge=judge), coming)
        for wanted in wanted_of(workspace, store, suite, target, models)
        for judge in _both(store, suite, wanted.judge)
    )


def _both(store: Store, suite: Suite, judge: Judge) -> tuple[Judge, ...]:
    """Return a judge, and who judged before where the suite names it."""
    earlier = None if judge.previous is None else earlier_version(store, suite, judge)
    return (judge,) if earlier is None else (judge, earlier)


def _coming(workspace: Workspace, suite: Suite, remaining: Remaining) -> Mapping[str, list[tuple[Probe, int]]]:
    """Return, by judge, a request as it may look for each probe that is asked, and how many of them will come."""
    compile_check = workspace.registry.with_bench(Bench(suite.judges)).compile
    reply = Reply(_USUAL_REPLY, Stop.COMPLETE)
    found: dict[str, list[tuple[Probe, int]]] = {}
    for probe in remaining.probes:
        left = remaining.left(probe)
        for spec in _checks_of(suite, probe) if left else ():
            for leaf in judged_leaves(compile_check(spec, probe.fields, conversation_of(probe))):
                found.setdefault(leaf.judge.id, []).extend((request, left) for request in leaf.requests(reply))
    return found


def _checks_of(suite: Suite, probe: Probe) -> Iterator[CheckSpec]:
    readers = {
        spec.fingerprint: spec
        for assertion in suite.assertions
        for spec, tag in readers_of(assertion)
        if tag is None or tag in probe.tags
    }
    yield from readers.values()


def _forecast(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    wanted: Wanted,
    coming: Mapping[str, list[tuple[Probe, int]]],
) -> JudgeForecast:
    judge = wanted.judge
    target = judge_target(workspace, judge)
    limits = workspace.project.limits.get(target.name, TargetLimits())
    manner = manner_of(target, limits.timeout_seconds or Limits().timeout_seconds)
    lately = datetime.now(UTC) - anchors_stand(workspace)
    stored, recent = (judged_cells(store, suite, judge, target, since) for since in (None, lately))
    probes, done = wanted.askings(stored, recent, more=bool(coming.get(judge.id)))
    now = [(probe, sum((probe.id, n) not in done for n in range(probe.samples))) for probe in probes]
    later = [(probe, count * judge.samples) for probe, count in coming.get(judge.id, [])]
    everything = [(probe, count) for probe, count in (*now, *later) if count]
    measured = _measured(store, suite, judge)
    estimates = estimate_askings((asking_of(probe, manner) for probe, _ in everything), measured)
    demand = add_demands(demand_of(estimates[probe.id], count, limits.price) for probe, count in everything)
    return JudgeForecast(
        judge=judge.id,
        version=judge.version.served,
        target=target.name,
        anchors=len(wanted.anchors),
        stored=sum(probe.samples for probe in probes) - sum(count for _, count in now),
        demand=demand if everything else Demand(),
        priced=limits.price is not None,
    )


def _measured(store: Store, suite: Suite, judge: Judge) -> dict[str, Measured]:
    """Return what the judge's stored answers took: those to come take about as much."""
    found: dict[str, Measured] = {}
    for record in store.attempts(judging_suite(suite.id, judge.id), judge.version.target, judge.version.served):
        if isinstance(record.attempt, Answered):
            usage = record.attempt.usage
            found[record.probe] = Measured(usage.input_tokens, usage.output_tokens, record.attempt.latency_seconds)
    return found
