"""Entries of the ledger: who decided what, when, why, and upon which evidence. Each names those before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rebaseline.domain.decision import Actor

__all__ = ["Entry", "FileChange"]


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
        items: What was decided of each assertion: plain values by assertion id, such as action, verdicts, edits in
            words, rule changes with their direction (`looser`, `tighter` or empty), owner and expiry of a waiver.
        files: What was done to files.
        evidence: Digest of the baseline, or of the readings, that the decision rests on.
        parents: Digests of the entries that had none after them, sorted.
        proposed_by: Who proposed it, where somebody else accepted it.
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
