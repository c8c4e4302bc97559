"""Rules that were changed in the suite's file since they were accepted: a new baseline accepts them, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rebaseline.app.duties import last_acceptances, proposers_of, require_duties
from rebaseline.app.reading_keys import reading_key
from rebaseline.app.versions import accepted_baseline
from rebaseline.app.workspace import Workspace
from rebaseline.assess.rules import rule_changes
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Actor
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.load.suites import named_tables

__all__ = ["GONE", "require_other_author", "rules_since_accepted"]


GONE = "no longer asked"
"""Action of an entry's item for an assertion that was accepted, and is retired or taken out."""


def rules_since_accepted(
    workspace: Workspace, suite: Suite, target: Target, readings: SuiteReadings
) -> Mapping[str, tuple[RuleChange, ...]]:
    """Return by assertion what changed of its rule since the baseline that was accepted last, of whatever version.

    An assertion that was accepted and is out of use, or not there any more, is among them.

    Raises:
        BaselineError: A baseline is damaged.
    """
    last = accepted_baseline(workspace, suite, target, None, "")
    accepted = {} if last is None else last.assertions
    known = {assertion.id for assertion in suite.assertions}
    retired = {assertion.id for assertion in suite.retired}
    found = {
        assertion.id: (
            *rule_changes(accepted[assertion.id], assertion, readings.claims[assertion.id].probes),
            *_probe_changes(suite, accepted[assertion.id], assertion),
        )
        for assertion in suite.assertions
        if assertion.id in accepted and assertion.id in readings.claims
    }
    gone = {
        name: (RuleChange("assertion", it.verdict, *("retired", "") if name in retired else ("taken out", "looser")),)
        for name, it in accepted.items()
        if name not in known
    }
    return gone | {name: changes for name, changes in found.items() if changes}


def _probe_changes(suite: Suite, accepted: AcceptedAssertion, now: Assertion) -> Iterator[RuleChange]:
    """Say that probes are asked, or their rows read, otherwise than they were: a reference can be changed, too."""
    keys = {probe.id: reading_key(now, probe) for probe in suite.probes_on(now.on)}
    changed = sum(key != accepted.probe_keys.get(probe, key) for probe, key in keys.items())
    if changed:
        yield RuleChange("probes", f"{len(accepted.probe_keys)}", f"{changed} of them changed")


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
