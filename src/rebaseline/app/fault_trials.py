"""Seeded faults tried on stored replies: those that a suite's own checks pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from rebaseline.app.assessing import Instruments
from rebaseline.app.workspace import Workspace
from rebaseline.assess.reading import read_reply
from rebaseline.assess.seeding import FaultReading, seed_faults
from rebaseline.assess.suite_reader import rules_of
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import Valued
from rebaseline.domain.suite import Assertion, Probe, Suite, conversation_of
from rebaseline.store.header import exists_as_ours
from rebaseline.store.place import database_path

__all__ = ["stored_faults"]

_READ = 400
"""Stored replies of a suite that are looked through for one that passes."""


def stored_faults(workspace: Workspace, suite: Suite, instruments: Instruments) -> dict[str, tuple[FaultReading, ...]]:
    """Return, by assertion id, what a check makes of faults put into a stored reply that it passes.

    The newest version's replies to the probes as they are worded now are looked through, as many as are soon read.
    Assertions that a judge reads are left out, since it would have to be asked; so are those that pass none of them. No
    store is made where there is none.
    """
    open_to = {assertion.id: assertion for assertion in suite.assertions if not assertion.judges}
    found: dict[str, tuple[FaultReading, ...]] = {}
    for probe, reply, kind in islice(_replies(workspace, suite), _READ):
        for assertion in [*open_to.values()]:
            if assertion.on is not None and assertion.on not in probe.tags:
                continue
            faults = _try(assertion, probe, reply, kind, instruments)
            if faults is not None:
                found[assertion.id] = faults
                del open_to[assertion.id]
        if not open_to:
            break
    return found


def _try(
    assertion: Assertion, probe: Probe, reply: Reply, kind: TargetKind, instruments: Instruments
) -> tuple[FaultReading, ...] | None:
    """Return readings of faults put into a reply; None for one that does not pass."""
    asked = conversation_of(probe)
    node = instruments.compile_check(assertion.check, probe.fields, asked)
    compile_second = instruments.second_for(assertion, asked)
    second = None if compile_second is None else compile_second(probe.fields)
    rules = rules_of(assertion, probe, kind)
    reading = read_reply(node, reply, rules, instruments.refusal, second=second)
    if not isinstance(reading, Valued) or reading.value < 1.0:
        return None
    return seed_faults(node, reply, rules, instruments.refusal, second=second)


def _replies(workspace: Workspace, suite: Suite) -> Iterator[tuple[Probe, Reply, TargetKind]]:
    """Yield stored replies of the newest version on each target, with what they answer."""
    project = workspace.project
    if not exists_as_ours(database_path(project.store.url, root=project.root)):
        return
    probes = {probe.id: probe for probe in suite.probes}
    with workspace.open_store() as store:
        newest = {holding.target: holding for holding in store.holdings(suite=suite.id) if holding.answered}
        for name, holding in newest.items():
            target = project.targets.get(name)
            if target is None:
                continue
            for record in store.attempts(suite.id, name, holding.model.name):
                probe = probes.get(record.probe)
                if probe is None or probe.fingerprint != record.probe_fingerprint:
                    continue
                if isinstance(record.attempt, Answered):
                    yield probe, record.attempt.reply, target.kind
