"""From a trial to what somebody decides."""

from __future__ import annotations

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.repair import RepairKind, Trial

__all__ = ["decision_of"]


def decision_of(trial: Trial, reason: str = "") -> Decision:
    """Return the decision to take a repair; of a retirement, to retire.

    Args:
        trial: What was tried.
        reason: Why.
    """
    proposal = trial.proposal
    retires = proposal.kind is RepairKind.RETIRE
    return Decision(
        action=Action.RETIRE if retires else Action.REPAIR,
        suite=proposal.suite,
        assertion=proposal.assertion,
        reason=reason,
        edits=proposal.edits,
        project_edits=proposal.project_edits,
        words=proposal.words,
        verified=trial.verified,
    )
