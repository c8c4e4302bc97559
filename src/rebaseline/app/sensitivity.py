"""Whether an assertion was shown able to fail, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rebaseline.app.assessing import Instruments
from rebaseline.assess.examples import first_failing, first_passing
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.seeding import FaultReading, seed_faults
from rebaseline.assess.suite_reader import rules_of
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import ShownBy
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import Assertion, Suite, conversation_of

__all__ = ["Shown", "faults_in_stored", "shown_able_to_fail"]

Shown = tuple[ReadingTable, Callable[[str, int], Reply | None]]
"""Readings of one side, and what finds the reply of a cell."""


def shown_able_to_fail(
    suite: Suite,
    assertion: Assertion,
    findings: ControlFindings,
    sides: Iterable[Shown],
    instruments: Instruments,
    target_kind: TargetKind,
) -> ShownBy | None:
    """Return by what an assertion was shown able to fail; None where nothing shows it.

    Looked for in this order: a control that must fail and does; a real reply that fails; a fault seeded in a control or
    in a stored reply that passes, and read as a fail. A void shows nobody that a check can fail.

    Args:
        suite: The suite as it stands now.
        assertion: The assertion.
        findings: Its controls, and the faults seeded in them.
        sides: The candidate's side, then the baseline's.
        instruments: What reads seeded faults.
        target_kind: Who sets the limits of a reply.
    """
    every = tuple(sides)
    if findings.failed_a_control:
        return ShownBy.CONTROL
    if any(first_failing(table) for table, _ in every):
        return ShownBy.FAILURE
    if any(fault.failed for fault in findings.faults):
        return ShownBy.FAULT
    for table, fetch in every:
        faults = faults_in_stored(suite, assertion, (table, fetch), instruments, target_kind)
        if faults is not None:
            return ShownBy.FAULT if any(fault.failed for fault in faults) else None
    return None


def faults_in_stored(
    suite: Suite, assertion: Assertion, side: Shown, instruments: Instruments, target_kind: TargetKind
) -> tuple[FaultReading, ...] | None:
    """Return what a check makes of faults put into the first stored reply that it passes; None where there is none.

    Args:
        suite: The suite as it stands now.
        assertion: The assertion.
        side: Whose replies.
        instruments: What reads seeded faults.
        target_kind: Who sets the limits of a reply.
    """
    table, fetch = side
    cell = first_passing(table)
    probe = None if cell is None else next((probe for probe in suite.probes if probe.id == cell[0]), None)
    reply = None if cell is None or probe is None else fetch(*cell)
    if probe is None or reply is None:
        return None
    asked = conversation_of(probe)
    node = instruments.compile_check(assertion.check, probe.fields, asked)
    compile_second = instruments.second_for(assertion, asked)
    second = None if compile_second is None else compile_second(probe.fields)
    rules = rules_of(assertion, probe, target_kind)
    return seed_faults(node, reply, rules, instruments.refusal, second=second)
