"""Rules that were changed in the suite's file since they were accepted: a new baseline accepts them, too."""

from __future__ import annotations

from collections.abc import Mapping

from rebaseline.app.accepted_rules import GONE, baselines_of, changes_since, gone_since, last_accepted
from rebaseline.app.duties import last_acceptances, proposers_of, require_duties
from rebaseline.app.workspace import Workspace
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Actor
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.load.suites import named_tables

__all__ = ["GONE", "require_other_author", "rules_since_accepted"]


def rules_since_accepted(
    workspace: Workspace, suite: Suite, target: Target, readings: SuiteReadings
) -> Mapping[str, tuple[RuleChange, ...]]:
    """Return by assertion what changed of its rule since it was accepted last, by a baseline of whatever version.

    An assertion that was accepted and is out of use, or not there any more, is among them, until the ledger says so.

    Raises:
        BaselineError: A baseline is damaged.
        LedgerError: The ledger cannot be read.
    """
    last = last_accepted(baselines_of(workspace, suite, target))
    retired = {assertion.id for assertion in suite.retired}
    found = {
        assertion.id: changes_since(last[assertion.id].assertion, assertion, suite.probes_on(assertion.on))
        for assertion in suite.assertions
        if assertion.id in last and assertion.id in readings.claims
    }
    gone = {
        name: (RuleChange("assertion", it.verdict, *("retired", "") if name in retired else ("taken out", "looser")),)
        for name, it in gone_since(workspace, suite, target, last).items()
    }
    return gone | {name: changes for name, changes in found.items() if changes}


def require_other_author(
    workspace: Workspace, suite: Suite, target: Target, actor: Actor, rules: Mapping[str, object]
) -> Actor | None:
    """Return who changed the suite last, and refuse whoever changed it since it was accepted, if duties are separate.

    The suite is its file and the tables that it names. Everybody is asked about who changed them since the commit that
    added the entry which accepted the suite last: a later edit by somebody else hides nobody.

    Args:
        workspace: The project.
        suite: The suite.
        target: The target whose baselines it has.
        actor: Who accepts.
        rules: By assertion id: what changed; nothing is asked where nothing did.

    Raises:
        LedgerError: The actor is among them, or an edit is not committed, or git is not there.
    """
    if not rules or not workspace.project.ledger.separate_duties:
        return None
    place = workspace.project.root / suite.where.path
    files = [place, *(place.parent / name for name in named_tables(place))]
    proposers = proposers_of(workspace, files, last_acceptances(workspace, suite.id, target.name))
    names = ", ".join(f"{suite.id}/{name}" for name in rules)
    require_duties(workspace, actor, proposers or [None], what=f"the changed rule of {names}")
    return proposers[0] if proposers else None
