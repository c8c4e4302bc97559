"""Entries of a ledger for tests, and folders of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import Entry
from rebaseline.review.ledger import compose_entry, read_ledger

__all__ = ["ADA", "BOB", "START", "append", "entry_of"]

ADA, BOB = Actor("Ada Adams", "ada@bank.example"), Actor("Bob Brown", "bob@bank.example")
START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def entry_of(minute: int = 0, parents: Iterable[str] = (), **changed: Any) -> Entry:
    """An entry, so many minutes after nine."""
    given: dict[str, Any] = {
        "action": "accept",
        "at": START + timedelta(minutes=minute),
        "actor": ADA,
        "reason": "the release was looked at",
        "suite": "invoices",
        "suite_version": 1,
        "target": "app",
        "model": "model-6.2",
        "parents": tuple(parents),
    }
    return Entry(**(given | changed))


def append(folder: Path, minute: int = 0, **changed: Any) -> str:
    """Write an entry after the heads of a folder, and return its digest."""
    changed.setdefault("parents", read_ledger(folder).heads)
    name, content, digest = compose_entry(entry_of(minute, **changed))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return digest
