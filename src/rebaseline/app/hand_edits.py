"""Rules that were changed in the suite's file since they were accepted: a new baseline accepts them, too."""

from __future__ import annotations

from collections.abc import Mapping

from rebaseline.app.duties import proposer_of, require_duties
from rebaseline.app.versions import accepted_baseline
from rebaseline.app.workspace import Workspace
from rebaseline.assess.rules import rule_changes
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Actor
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite

__all__ = ["require_other_author", "rules_since_accepted"]


def rules_since_accepted(
    workspace: Workspace, suite: Suite, target: Target, readings: SuiteReadings
) -> Mapping[str, tuple[RuleChange, ...]]:
    """Return by assertion what changed of its rule since the baseline that was accepted last, of whatever version.

    Raises:
        BaselineError: A baseline is damaged.
    """
    last = accepted_baseline(workspace, suite, target, None, "")
    accepted = {} if last is None else last.assertions
    found = {
        assertion.id: rule_changes(accepted[assertion.id], assertion, readings.claims[assertion.id].probes)
        for assertion in suite.assertions
        if assertion.id in accepted and assertion.id in readings.claims
    }
    return {name: changes for name, changes in found.items() if changes}


def require_other_author(workspace: Workspace, suite: Suite, actor: Actor, rules: Mapping[str, object]) -> Actor | None:
    """Return who changed the suite's file last, and refuse them, where the project wants duties to be separate.

    Args:
        workspace: The project.
        suite: The suite.
        actor: Who accepts.
        rules: By assertion id: what changed; nothing is asked where nothing did.

    Raises:
        LedgerError: It is the actor, or the edit is not committed, or git is not there.
    """
    if not rules or not workspace.project.ledger.separate_duties:
        return None
    proposer = proposer_of(workspace, workspace.project.root / suite.where.path)
    names = ", ".join(f"{suite.id}/{name}" for name in rules)
    require_duties(workspace, actor, [proposer], what=f"the changed rule of {names}")
    return proposer
