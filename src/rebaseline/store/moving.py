"""The files of a committed change moved to their places: nothing before every file was found as it was, or is to be."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.change_folder import ChangeFolder
from rebaseline.store.changeable import Changeable
from rebaseline.store.disk import content_of, sync_folder, write_new
from rebaseline.store.manifest import sha256_of, staged_name

__all__ = ["roll_forward"]


def roll_forward(changeable: Changeable, changes: Sequence[FileChange], *, put_back: bool) -> None:
    """Move what is not in its place yet, and take the record of the change away.

    Args:
        changeable: What may be changed.
        changes: What the committed change is.
        put_back: Where it fails, have all files as they were, and drop the change; else it stays to be finished.

    Raises:
        ChangeError: A file is neither as it was nor as it is to be, or may not be changed.
        OSError: A file cannot be written.
    """
    folder = ChangeFolder(changeable.root)
    try:
        todo = _still_to_move(changeable, folder.committed, changes)
    except ChangeError:
        if put_back:  # somebody wrote to a file in the very moment between the last look and the commit
            folder.drop()
        raise
    touched: list[_Move] = []
    try:
        for move in todo:
            touched.append(move)
            _move(folder.committed, move)
    except OSError:
        if put_back:
            for move in touched:
                move.beside.unlink(missing_ok=True)
            for move in touched:
                _put_back(move)
            folder.drop()
        raise
    with contextlib.suppress(OSError):  # every file is in its place: what is left of the record says nothing else
        folder.drop()


@dataclass(frozen=True, slots=True)
class _Move:
    """A file that is not in its place yet, with the content that stands there."""

    index: int
    path: Path
    is_there_after: bool
    content: bytes | None

    @property
    def beside(self) -> Path:
        return self.path.with_name(f".rebaseline-{self.index:04}.tmp")


def _still_to_move(changeable: Changeable, committed: Path, changes: Sequence[FileChange]) -> list[_Move]:
    todo = []
    for index, change in enumerate(changes):
        path = changeable.place(change)
        content = content_of(path)
        if sha256_of(content) != change.after:
            _require_finishable(committed, index, change, sha256_of(content))
            todo.append(_Move(index, path, bool(change.after), content))
    return todo


def _require_finishable(committed: Path, index: int, change: FileChange, now: str) -> None:
    staged = committed / staged_name(index)
    if now != change.before:
        raise ChangeError(
            f"{change.path} was edited while a change of it was unfinished: it is neither as it was nor as it is to be",
            where=str(committed),
            remedy=f"put it back as it was (git), and the next command finishes the change ({staged.name} in this "
            "folder is what it is to be); or delete this folder, which drops the change, and take the other files "
            "back with git. Nothing was overwritten.",
        )
    if change.after and sha256_of(content_of(staged)) != change.after:
        raise ChangeError(
            f"the record of an unfinished change is damaged: {staged.name} is not the new content of {change.path}",
            where=str(committed),
            remedy="take the files that it names back with git, then delete this folder; nothing was overwritten",
        )


def _move(committed: Path, move: _Move) -> None:
    """Put a staged file, which stays, or no file into a place."""
    if not move.is_there_after:
        move.path.unlink()
    else:
        move.path.parent.mkdir(parents=True, exist_ok=True)
        _replace(move, (committed / staged_name(move.index)).read_bytes())
    sync_folder(move.path.parent)


def _replace(move: _Move, content: bytes) -> None:
    move.beside.unlink(missing_ok=True)
    write_new(move.beside, content)
    if move.path.exists():
        move.beside.chmod(move.path.stat().st_mode & 0o777)
    move.beside.replace(move.path)


def _put_back(move: _Move) -> None:
    if content_of(move.path) == move.content:
        return
    if move.content is None:
        move.path.unlink()
    else:
        _replace(move, move.content)
