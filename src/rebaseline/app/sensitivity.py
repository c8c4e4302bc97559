"""Whether an assertion was shown able to fail, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rebaseline.app.assessing import Instruments
from rebaseline.assess.examples import first_failing, first_passing
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.seeding import seed_faults
from rebaseline.assess.suite_reader import rules_of
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import ShownBy
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import Assertion, Suite, conversation_of

__all__ = ["Shown", "shown_able_to_fail"]

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
    probes = {probe.id: probe for probe in suite.probes}
    for table, fetch in every:
        cell = first_passing(table)
        reply = None if cell is None or cell[0] not in probes else fetch(*cell)
        if cell is None or reply is None:
            continue
        probe = probes[cell[0]]
        asked = conversation_of(probe)
        node = instruments.compile_check(assertion.check, probe.fields, asked)
        compile_second = instruments.second_for(assertion, asked)
        second = None if compile_second is None else compile_second(probe.fields)
        rules = rules_of(assertion, probe, target_kind)
        faults = seed_faults(node, reply, rules, instruments.refusal, second=second)
        return ShownBy.FAULT if any(fault.failed for fault in faults) else None
    return None
