"""What the judges of a suite said, from the store; and what reads replies by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from rebaseline.app.assessing import Instruments
from rebaseline.app.workspace import Workspace
from rebaseline.checks.bounded import core_of
from rebaseline.checks.instruments.judge import Judged
from rebaseline.checks.judging.answers import read_vote
from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Leaf, Look
from rebaseline.domain.judge import Anchor, Bench, Judge, JudgeVersion, judging_suite
from rebaseline.domain.suite import Suite
from rebaseline.store.store import Store

__all__ = [
    "anchor_reader",
    "bench_of",
    "earlier_version",
    "instruments_of",
    "judged_leaves",
    "judges_as_asked",
]


def instruments_of(
    workspace: Workspace, store: Store | None, suite: Suite, judges: Mapping[str, Judge] | None = None
) -> Instruments:
    """Return what reads the replies of a suite, its judges' answers included.

    Args:
        workspace: The project.
        store: Where the answers are; None for a suite that is only looked at, so that no judge has said anything.
        suite: The suite.
        judges: Judges to read by, by id; None for the suite's own.
    """
    usual = workspace.instruments
    known = judges_as_asked(workspace, suite, judges)
    if not known:
        return usual
    bench = Bench(known) if store is None else bench_of(store, suite, known)
    looks = {judge.id: tuple(_looks(judge, bench)) for judge in known.values()}
    return Instruments(workspace.registry.with_bench(bench).compile, usual.refusal, known, looks)


def judges_as_asked(workspace: Workspace, suite: Suite, judges: Mapping[str, Judge] | None = None) -> dict[str, Judge]:
    """Return judges with how their targets are asked now: other settings make another instrument."""
    targets = workspace.project.targets
    return {
        name: replace(judge, settings=targets[judge.version.target].fingerprint)
        if judge.version.target in targets
        else judge
        for name, judge in (suite.judges if judges is None else judges).items()
    }


def bench_of(store: Store, suite: Suite, judges: Mapping[str, Judge]) -> Bench:
    """Return what judges said of whatever they were asked about in a suite, each by its version."""
    return Bench(judges, {name: _votes(store, suite, judge) for name, judge in judges.items()})


def _votes(store: Store, suite: Suite, judge: Judge) -> dict[str, tuple[Look | None, ...]]:
    found: dict[str, list[Look | None]] = defaultdict(list)
    stored = store.attempts(
        judging_suite(suite.id, judge.id),
        judge.version.target,
        judge.version.served,
        target_fingerprint=judge.settings or None,
    )
    for record in stored:
        votes = found[record.probe_fingerprint]
        votes.extend([None] * (record.sample + 1 - len(votes)))
        votes[record.sample] = read_vote(judge, record.attempt)
    return {request: tuple(votes) for request, votes in found.items()}


def anchor_reader(judge: Judge, anchor: Anchor, bench: Bench) -> tuple[Judged, Reply]:
    """Return what reads an anchor, and its transcript as a reply."""
    return Judged(judge, bench, anchor.given, anchor.asked), Reply(anchor.reply, Stop.COMPLETE)


def _looks(judge: Judge, bench: Bench) -> Iterator[tuple[Anchor, Look]]:
    for anchor in judge.anchors:
        reader, reply = anchor_reader(judge, anchor, bench)
        yield anchor, reader.look(reply, frozenset())


def judged_leaves(node: CheckNode) -> Iterator[Judged]:
    """Yield the judges' readings that a check is made of."""
    match node:
        case Leaf(instrument=instrument):
            core = core_of(instrument)
            if isinstance(core, Judged):
                yield core
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from judged_leaves(part)


def earlier_version(store: Store, suite: Suite, judge: Judge) -> Judge | None:
    """Return the judge as it was before: the version that the suite names, else the one that judged last before it.

    None where no other version ever judged for this suite.
    """
    if judge.previous is not None:
        return replace(judge, version=judge.previous)
    held = [
        holding
        for holding in store.holdings(suite=judging_suite(suite.id, judge.id))
        if holding.answered and (holding.target, holding.model.served) != (judge.version.target, judge.version.served)
    ]
    last = max(held, key=lambda holding: (holding.last_received_at, holding.model.served), default=None)
    return None if last is None else replace(judge, version=JudgeVersion(last.target, last.model.served))
