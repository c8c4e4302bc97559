"""Retention: forgetting what was said once it is older than a project keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rebaseline.app.keeping import readings_to_keep
from rebaseline.app.workspace import Workspace
from rebaseline.domain.record import Purgeable
from rebaseline.errors import UsageError
from rebaseline.store.replacing import replace_files
from rebaseline.store.store import Store

__all__ = ["Purge", "count_overdue", "purge_replies"]


@dataclass(frozen=True, slots=True)
class Purge:
    """What a purge did, or would do.

    Attributes:
        before: What was received earlier is purged.
        taken: By suite, target and model version.
        attempts: How many lost their words; 0 where nothing was done.
    """

    before: datetime
    taken: tuple[Purgeable, ...]
    attempts: int


def purge_replies(workspace: Workspace, *, older_than_seconds: float | None, now: datetime, dry_run: bool) -> Purge:
    """Purge replies, rejections and faults by age. Keys, usage and digests stay, and so do readings.

    Args:
        workspace: The project.
        older_than_seconds: Age from which words go; None for the project's `retention_days`.
        now: The instant of the purge.
        dry_run: Only say what would go.

    Raises:
        UsageError: No age is given, and the project sets none.
        SuiteErrors: A suite is wrong, so that nobody could keep what is read of its replies. Nothing is purged then.
        StoreError: The store cannot be written, is a bundle, or another process keeps its log from being emptied.
    """
    days = workspace.project.store.retention_days
    if older_than_seconds is None and days is None:
        raise UsageError(
            "nothing says how old a reply may get",
            remedy="set `retention_days` under [store] in rebaseline.toml, or give --older-than 90d",
        )
    age = timedelta(days=days or 0) if older_than_seconds is None else timedelta(seconds=older_than_seconds)
    with workspace.open_store(to_write=not dry_run) as store:
        before = now - age
        taken = tuple(store.purgeable(before=before))
        if not dry_run:
            replace_files(readings_to_keep(workspace, store, taken, before=before))
        # Also where nothing is left to take: an earlier purge may have had to leave words in the log.
        return Purge(before, taken, 0 if dry_run else store.purge(before=before, at=now))


def count_overdue(workspace: Workspace, store: Store, now: datetime) -> int:
    """Return how many attempts hold words for longer than the project keeps them; 0 where it sets no bound."""
    days = workspace.project.store.retention_days
    if days is None:
        return 0
    return sum(each.attempts for each in store.purgeable(before=now - timedelta(days=days)))
