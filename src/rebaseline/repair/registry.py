"""The proposals for each assumption that may be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rebaseline.domain.reading import Assumption
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.arms import propose_alive_check, propose_arm_of_its_own
from rebaseline.repair.bars import propose_bar, propose_retirement
from rebaseline.repair.facts import Facts
from rebaseline.repair.forms import propose_declarations, propose_forms_to_undo
from rebaseline.repair.judges import propose_judge
from rebaseline.repair.output_limits import propose_limit
from rebaseline.repair.parameters import propose_parameters
from rebaseline.repair.phrases import propose_phrases
from rebaseline.repair.references import propose_references
from rebaseline.repair.silence import propose_silence
from rebaseline.repair.switching import propose_second, propose_tolerant

__all__ = ["PROPOSERS", "Proposer", "propose"]

Proposer = Callable[[Facts, Reason], Iterator[Proposal]]
"""From what is known of an assertion and one reason why it is invalid, to changes that may mend it."""

PROPOSERS: Mapping[Assumption, tuple[Proposer, ...]] = {
    Assumption.ACCEPTED: (propose_parameters,),
    Assumption.COMPLETE: (propose_limit,),
    Assumption.ENGAGED: (propose_silence,),
    Assumption.READABLE: (propose_forms_to_undo, propose_tolerant, propose_second, propose_silence),
    Assumption.FORM: (propose_declarations,),
    Assumption.AGREEMENT: (propose_second, propose_phrases),
    Assumption.CONTROLS: (propose_tolerant, propose_second, propose_arm_of_its_own),
    Assumption.ALIVE: (propose_second, propose_alive_check),
    Assumption.ANCHORS: (propose_judge, propose_second),
    Assumption.FRESH: (propose_references,),
}
"""By broken assumption, the best first. Every assertion may also have its bar moved, or be retired."""

_ALWAYS: tuple[Proposer, ...] = (propose_bar, propose_retirement)


def propose(facts: Facts) -> tuple[Proposal, ...]:
    """Return every proposal for an assertion, each change once; moving the bar and retiring come last."""
    reasons = facts.reasons
    found = [
        proposal
        for reason in reasons
        for proposer in PROPOSERS.get(reason.broken, ())
        for proposal in proposer(facts, reason)
    ]
    found += [proposal for proposer in _ALWAYS for proposal in proposer(facts, reasons[0])] if reasons else []
    once: dict[str, Proposal] = {}
    for proposal in found:
        once.setdefault(_change(proposal), proposal)
    return tuple(once.values())


def _change(proposal: Proposal) -> str:
    """Name a change by what it does to the files; one without an edit by its kind and words."""
    if proposal.kind is RepairKind.RETIRE or not (proposal.edits or proposal.project_edits):
        return f"{proposal.kind} {proposal.words}"
    return repr((proposal.edits, proposal.project_edits))
