"""Several files of the project changed together: all or none of them, whenever the process is killed.

The new contents are written beside a manifest under `.rebaseline/changes/`, and one rename of that folder commits
them. Then each file is moved to its place, in the order given, and the folder goes. Whoever uses the project next
finishes a change that was committed here, and throws away one that was not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.change_folder import ChangeFolder
from rebaseline.store.changeable import Changeable
from rebaseline.store.disk import content_of
from rebaseline.store.manifest import sha256_of
from rebaseline.store.moving import roll_forward
from rebaseline.store.recovery import WAIT_SECONDS, held

__all__ = ["Replacement", "Transaction", "transaction"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One file of a change.

    Attributes:
        path: Relative to the project, with forward slashes.
        content: What it is to hold; None takes it away.
        before: SHA-256 of the bytes that the decision was made on; empty where there was no file.
    """

    path: str
    content: bytes | None
    before: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """The right to change files of a project, held by one process at a time; `transaction` gives it."""

    changeable: Changeable

    def commit(self, replacements: Sequence[Replacement]) -> tuple[FileChange, ...]:
        """Change the files, in this order; all are as before where it fails.

        Raises:
            ChangeError: A file is not what the decision was made on, may not be changed, or cannot be written.
        """
        changes = tuple(FileChange(it.path, it.before, sha256_of(it.content)) for it in replacements)
        for change in changes:
            _require_unmoved(self.changeable, change)
        folder = ChangeFolder(self.changeable.root)
        with folder.speaking():
            folder.commit(folder.stage(changes, [it.content for it in replacements]))
            roll_forward(self.changeable, changes, put_back=True)
        return changes


@contextmanager
def transaction(changeable: Changeable, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[Transaction]:
    """Keep every other process from changing files of the project in this block, and finish what one left unfinished.

    Args:
        changeable: What may be changed.
        wait_seconds: How long to wait for another process.

    Raises:
        ChangeError: Another process is changing files, or an unfinished change cannot be finished.
    """
    with held(changeable, wait_seconds=wait_seconds):
        yield Transaction(changeable)


def _require_unmoved(changeable: Changeable, change: FileChange) -> None:
    now = sha256_of(content_of(changeable.place(change)))
    if now != change.before:
        raise ChangeError(
            "the file is not there any more"
            if not now
            else "another file stands here than was looked at"
            if change.before
            else "a file stands here, where none was looked at",
            where=change.path,
            remedy="look at it as it stands now, and decide again; nothing was changed",
        )
