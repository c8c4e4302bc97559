"""A project with one assertion of each verdict on the new version, for tests of what is decided of them."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Any

from tests.support.project import NEW, OLD, TOTALS, Project

from rebaseline.app.deciding import Applied, apply_decisions
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Action, Actor, Decision
from rebaseline.domain.edit import Put

__all__ = ["ADA", "AT", "FENCE_UNDONE", "SUITE", "VERDICTS", "apply", "bring_both", "decide", "tree"]

SUITE = """\
suite: {id: invoices, version: 3, kind: functional, owner: payments, layers: [model]}
# The probes are last year's invoices.
probes:
  each: rows.csv
  user: "Return JSON with key total.\\n{{ text }}"
assertions:
  - id: total  # read by the ledger
    claim: The total equals the invoice's.
    check: {json_path: $.total, number: "{{ reference }}"}
    bar: {at_least: 0.9}
  - id: polite
    claim: It says please.
    check: {contains: please}
    bar: {at_least: 0.9}
  - id: short
    claim: It is short.
    check: {length: {max_words: 40}}
    bar: {at_least: 0.8}
  - id: thanks
    claim: It says thank you in every second reply.
    check: {contains: thank you}
    bar: {at_least: 0.5}
"""

VERDICTS = {"total": "invalid", "polite": "failing", "short": "holds", "thanks": "inconclusive"}
"""By the new version's replies, which fence their JSON, say please never, and thank you in half of the replies."""

FENCE_UNDONE = (Put(("assertions", "total", "consumer", "fence"), "undone"),)
ADA = Actor("Ada Ruiz", "ada@bank.example")
AT = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)


def bring_both(project: Project) -> Project:
    project.suite(SUITE)
    project.bring(OLD, {p: f'{{"total": {total}, "note": "please, thank you"}}' for p, total in TOTALS.items()})
    thanks = ["thank you", "good bye"]
    new = {
        p: f'```json\n{{"total": {total}, "note": "{thanks[n % 2]}"}}\n```'
        for n, (p, total) in enumerate(TOTALS.items())
    }
    project.bring(NEW, new)
    assert project.accept().code == 0
    return project


def decide(action: Action, assertion: str, **more: Any) -> Decision:
    usual: dict[str, Any] = {"reason": "looked at it"}
    if action is Action.REPAIR:
        usual = {"edits": FENCE_UNDONE, "words": "undo a fence before reading", "verified": True}
    if action is Action.WAIVE:
        usual |= {"owner": "payments", "expires_on": date(2026, 12, 20)}
    return Decision(action, "invoices", assertion, **(usual | more))


def apply(project: Project, *decisions: Decision, **more: Any) -> Applied:
    workspace = open_workspace(project.root, os.environ)
    usual: dict[str, Any] = {"models": (OLD, NEW), "target": None, "actor": ADA, "at": AT}
    return apply_decisions(workspace, decisions, **(usual | more))


def tree(project: Project) -> dict[str, bytes]:
    """Every file of the project, but the store and the lock."""
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in sorted(project.root.rglob("*"))
        if path.is_file() and "results.db" not in path.name and path.name != "lock"
    }
