"""The rules that were accepted last, over all baselines of a suite: the newest file may leave some of them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rebaseline.app.ledgering import ledger_of
from rebaseline.app.reading_keys import OTHERWISE, REWORDED, ROW, probe_differences
from rebaseline.app.workspace import Workspace
from rebaseline.assess.rules import rule_changes
from rebaseline.domain.baseline import AcceptedAssertion, Baseline, Earlier, acceptances
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Probe, Suite
from rebaseline.store.baselines import find_baselines, load_baseline

__all__ = ["GONE", "baselines_of", "changes_since", "gone_since", "last_accepted"]

GONE = "no longer asked"
"""Action of an entry's item for an assertion that was accepted, and is retired or taken out."""


def baselines_of(workspace: Workspace, suite: Suite, target: Target) -> list[Baseline]:
    """Return the accepted baselines of a suite on a target, one a model version.

    Raises:
        BaselineError: One is damaged.
    """
    return [load_baseline(path) for path in find_baselines(workspace.project.paths.baselines, suite.id, target.name)]


def last_accepted(baselines: Sequence[Baseline]) -> dict[str, Earlier]:
    """Return by assertion id what was accepted of it last, by whatever file: a file may leave an assertion out."""
    found: dict[str, Earlier] = {}
    for each in (each for baseline in baselines for each in acceptances(baseline)):
        name = each.assertion.id
        if name not in found or found[name].accepted_at <= each.accepted_at:
            found[name] = each
    return found


def changes_since(accepted: AcceptedAssertion, now: Assertion, probes: Sequence[Probe]) -> tuple[RuleChange, ...]:
    """Return what is not as it was accepted: the rule, and the probes with the rows that it reads.

    Args:
        accepted: What was accepted.
        now: The assertion as it stands.
        probes: The probes that it speaks about now.
    """
    names = [probe.id for probe in probes]
    return (*rule_changes(accepted, now, names), *_probe_changes(accepted, now, probes))


_WORDS = {REWORDED: "reworded", ROW: "have another reference or row", OTHERWISE: "changed, in request or row"}


def _probe_changes(accepted: AcceptedAssertion, now: Assertion, probes: Sequence[Probe]) -> Iterator[RuleChange]:
    """Say that probes are asked, or their rows read, otherwise than they were: a reference can be changed, too."""
    counts = Counter(probe_differences(accepted, now, probes).values())
    for how, words in _WORDS.items():
        if counts[how]:
            yield RuleChange("probes", f"{len(accepted.probe_keys)}", f"{counts[how]} of them {words}")


def gone_since(
    workspace: Workspace, suite: Suite, target: Target, accepted: Mapping[str, Earlier]
) -> dict[str, AcceptedAssertion]:
    """Return what was accepted and is asked no more, as far as the ledger has no entry that says so since.

    Args:
        workspace: The project.
        suite: The suite as it stands.
        target: The target.
        accepted: What was accepted last (`last_accepted`).

    Raises:
        LedgerError: The ledger cannot be read.
    """
    known = {assertion.id for assertion in suite.assertions}
    gone = {name: each for name, each in accepted.items() if name not in known}
    if not gone:
        return {}
    for record in ledger_of(workspace).records.values():
        entry = record.entry
        if (entry.suite, entry.target) != (suite.id, target.name):
            continue
        for name, item in entry.items.items():
            if item.get("action") == GONE and name in gone and entry.at >= gone[name].accepted_at:
                del gone[name]
    return {name: each.assertion for name, each in gone.items()}
