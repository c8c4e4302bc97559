"""Whether a judge moved together with the model, found by reading the stored replies with both judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rebaseline.app.benches import earlier_version, instruments_of
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.workspace import Workspace
from rebaseline.assess.judge_shift import find_shift
from rebaseline.assess.suite_reader import read_suite
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.comparison import Comparison
from rebaseline.domain.judge import Judge
from rebaseline.domain.judge_shift import JudgeShift
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.store.store import Store

__all__ = ["with_judge_shifts"]


def with_judge_shifts(
    workspace: Workspace,
    store: Store,
    target: Target,
    suite: Suite,
    sides: tuple[SuiteSide | None, SuiteSide],
    comparisons: tuple[Comparison, ...],
) -> tuple[Comparison, ...]:
    """Return the comparisons, each with what its judges' earlier versions say of the same replies."""
    old, new = sides
    if old is None or not suite.asks_judges:
        return comparisons
    earlier = {name: earlier_version(store, suite, judge) for name, judge in suite.judges.items()}
    known = {name: judge for name, judge in earlier.items() if judge is not None}
    found: dict[str, tuple[JudgeShift, ...]] = {}
    for name, judge in known.items():
        asking = tuple(assertion for assertion in suite.assertions if name in assertion.check.judges)
        for key, shift in _shifts(workspace, store, target, suite, (old, new), judge, asking).items():
            found[key] = (*found.get(key, ()), shift)
    return tuple(replace(comparison, judge_shifts=found.get(comparison.assertion.id, ())) for comparison in comparisons)


def _shifts(
    workspace: Workspace,
    store: Store,
    target: Target,
    suite: Suite,
    sides: tuple[SuiteSide, SuiteSide],
    judge: Judge,
    asking: tuple[Assertion, ...],
) -> Mapping[str, JudgeShift]:
    only = replace(suite, assertions=asking)
    by_old = [
        _tables(workspace, store, target, only, side.model.name, {**suite.judges, judge.id: judge}) for side in sides
    ]
    by_new = [_tables(workspace, store, target, only, side.model.name, suite.judges) for side in sides]
    versions = (judge.version.served, suite.judges[judge.id].version.served)
    return {
        assertion.id: shift
        for assertion in asking
        if (
            shift := find_shift(
                judge.id,
                versions,
                (by_old[0][assertion.id], by_old[1][assertion.id]),
                (by_new[0][assertion.id], by_new[1][assertion.id]),
            )
        )
        is not None
    }


def _tables(
    workspace: Workspace, store: Store, target: Target, suite: Suite, model: str, judges: Mapping[str, Judge]
) -> Mapping[str, ReadingTable]:
    instruments = instruments_of(workspace, store, suite, judges)
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    return read_suite(
        suite,
        store.attempts(suite.id, target.name, model, probe_fingerprints=wording),
        compile_check=instruments.compile_check,
        refusal=instruments.refusal,
        target_kind=target.kind,
    ).claims
