"""What the ledger says of the findings of a diff: which are waived, and how often rules were loosened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rebaseline.app.ledgering import ledger_of
from rebaseline.app.waiving import waivers_of
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import Comparison, Concessions, Diff
from rebaseline.domain.decision import Action, Waiver
from rebaseline.review.findings import what_differs

__all__ = ["with_concessions"]


def with_concessions(workspace: Workspace, diff: Diff, today: date) -> Diff:
    """Return a diff with the waivers of its findings, and with how much was conceded since the ledger began.

    A waiver covers its assertion, target, model version and finding, and nothing else; one that covers nothing is named
    in the notes.

    Args:
        workspace: The project.
        diff: The diff.
        today: The day on which a waiver must not be over.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    model = diff.new.name
    shown = {(comparison.suite, comparison.assertion.id): comparison for comparison in diff.comparisons}
    given = [it for it in waivers_of(workspace) if it.target == diff.target and (it.suite, it.assertion) in shown]
    unfit = {it: _why_unfit(it, shown[it.suite, it.assertion], model, today) for it in given}
    covering = {(it.suite, it.assertion): it for it in given if not unfit[it]}
    unused = [it for it in given if unfit[it] and not it.is_expired(today)]
    return replace(
        diff,
        comparisons=tuple(
            _with_waiver(it, covering.get((it.suite, it.assertion.id)), today) for it in diff.comparisons
        ),
        notes=(*diff.notes, *(_unused_words(it, unfit[it]) for it in unused)),
        concessions=_concessions(workspace, {it.suite for it in diff.comparisons}, diff.target),
    )


def _with_waiver(comparison: Comparison, waiver: Waiver | None, today: date) -> Comparison:
    if waiver is None:
        return comparison
    return replace(comparison, waiver=waiver, waiver_over_days=max(0, (today - waiver.expires_on).days))


def _why_unfit(waiver: Waiver, comparison: Comparison, model: str, today: date) -> str:
    """Return why a waiver does not cover a finding; empty where it does."""
    if waiver.model != model:
        return f"it covers {waiver.model}, not this version"
    if waiver.given_at.date() > today:
        return f"it is dated {waiver.given_at.date()}, a day to come"
    return what_differs(waiver.finding, comparison.assertion, comparison.new)


def _unused_words(waiver: Waiver, why: str) -> str:
    name = f"{waiver.suite}/{waiver.assertion}"
    return f"{name}: its waiver is unused: {why}; `rebaseline unwaive {name}` takes it back"


def _concessions(workspace: Workspace, suites: Collection[str], target: str) -> Concessions:
    """Count how often rules of these suites were loosened, and waivers given, since the ledger began."""
    entries = [
        record.entry
        for record in ledger_of(workspace).records.values()
        if record.entry.suite in suites and record.entry.target == target
    ]
    items = [item for entry in entries for item in entry.items.values()]
    return Concessions(
        since=min((entry.at.date() for entry in entries), default=None),
        loosened=sum(_loosened(item) for item in items),
        waived=sum(item.get("action") == Action.WAIVE for item in items),
    )


def _loosened(item: Mapping[str, Any]) -> int:
    rules = item.get("rules")
    found = rules if isinstance(rules, list) else []
    return sum(isinstance(rule, dict) and rule.get("direction") == "looser" for rule in found)
