"""Entries of the ledger: who decided what, when, why, and upon which evidence. Each names those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Action, Actor

__all__ = ["Entry", "FileChange", "needs_two", "plain_rules"]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What an entry did to a file of the project.

    Attributes:
        path: Relative to the project, with forward slashes.
        before: SHA-256 of its bytes; empty where it did not exist.
        after: SHA-256 of its bytes; empty where it was taken away.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        action: `accept`, or what was decided (`domain.decision.Action`), or `withdraw` for a waiver taken back, ….
        at: When, with time zone.
        actor: Who.
        reason: Why.
        suite: Suite id.
        suite_version: Its version after the entry.
        target: Target name.
        model: The new model version.
        compared_with: The old model version; empty where there was none.
        items: What was decided of each assertion: plain values by assertion id. Its keys, where they apply: `action`;
            `verdict` before, and `verdict_after` where it is another; `words`, what a repair does, and whether it was
            `verified`; `rules`, a list of changed rules, each with `what`, `old`, `new` and `direction` (`looser`,
            `tighter` or empty); `reason`; `owner` and `expires_on` of a waiver; `review_seconds`.
        files: What was done to files.
        evidence: Digest of the baseline, or of the readings, that the decision rests on.
        parents: Digests of the entries that had none after them, sorted.
        proposed_by: Who proposed it, where that is known: somebody else than `actor` where duties are separate.
    """

    action: str
    at: datetime
    actor: Actor
    reason: str
    suite: str
    suite_version: int
    target: str
    model: str
    compared_with: str = ""
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: tuple[FileChange, ...] = ()
    evidence: str = ""
    parents: tuple[str, ...] = ()
    proposed_by: Actor | None = None


def needs_two(entry: Entry) -> tuple[str, ...]:
    """Return the assertions of which the entry changes a rule, or which it waives: what separate duties are for."""
    if entry.action == Action.WAIVE and not entry.items:
        return (entry.suite,)
    return tuple(
        name
        for name, item in entry.items.items()
        if item.get("rules") or Action.WAIVE in (item.get("action"), entry.action)
    )


def plain_rules(changes: Sequence[RuleChange]) -> list[dict[str, str]]:
    """Return changed rules as `rules` of an item holds them."""
    return [{"what": it.what, "old": it.old, "new": it.new, "direction": it.direction} for it in changes]
