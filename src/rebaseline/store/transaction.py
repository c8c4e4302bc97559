"""Several files of the project changed together: all or none of them, whenever the process is killed.

The new contents are written beside a manifest under `.rebaseline/changes/`, and one rename of that folder commits
them. Then each file is moved to its place, in the order given, and the folder goes. Whoever uses the project next
finishes a change that was committed, and throws away one that was not.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.locking import locked
from rebaseline.store.manifest import MANIFEST, inner_path, manifest_bytes, parse_manifest, sha256_of, staged_name

__all__ = ["Replacement", "Transaction", "finish_changes", "transaction"]

_FOLDER = (".rebaseline", "changes")
_COMMITTED = "committed"
_STAGING, _DONE = "staging-", "done-"
_WAIT_SECONDS = 10.0


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

    root: Path

    def commit(self, replacements: Sequence[Replacement]) -> tuple[FileChange, ...]:
        """Change the files, in this order; all are as before where it fails.

        Raises:
            ChangeError: A file is not what the decision was made on, may not be changed, or cannot be written.
        """
        changes = tuple(FileChange(it.path, it.before, sha256_of(it.content)) for it in replacements)
        for change in changes:
            _require_unmoved(self.root, change)
        folder = _folder(self.root)
        with _speaking_of(self.root):
            staged = _stage(folder, changes, replacements)
            try:
                staged.rename(folder / _COMMITTED)
            except BaseException:
                shutil.rmtree(staged, ignore_errors=True)
                raise
            try:
                _sync(folder)
            except OSError:
                _drop(folder / _COMMITTED)
                raise
            _roll_forward(self.root, changes, put_back=True)
        return changes


@contextmanager
def transaction(root: Path, *, wait_seconds: float = _WAIT_SECONDS) -> Iterator[Transaction]:
    """Keep every other process from changing files of the project in this block, and finish what one left unfinished.

    Args:
        root: Folder of the project.
        wait_seconds: How long to wait for another process.

    Raises:
        ChangeError: Another process is changing files, or an unfinished change cannot be finished.
    """
    folder = _folder(root)
    with contextlib.ExitStack() as held:
        with _speaking_of(root):
            held.enter_context(locked(folder / "lock", wait_seconds=wait_seconds))
        _recover(root)
        yield Transaction(root)


def finish_changes(root: Path, *, wait_seconds: float = _WAIT_SECONDS) -> None:
    """Finish a change that was committed and not finished, and throw away what was not committed.

    Costs one look at a folder where there is neither.

    Raises:
        ChangeError: A change cannot be finished: a file is neither as it was nor as it is to be, or cannot be written.
    """
    folder = _folder(root)
    try:
        left = [name for name in os.listdir(folder) if name != "lock"]  # noqa: PTH208 - names are all that is asked
    except (FileNotFoundError, NotADirectoryError):
        return
    if not left:
        return
    if _COMMITTED in left:
        with transaction(root, wait_seconds=wait_seconds):
            return
    with contextlib.suppress(ChangeError), transaction(root, wait_seconds=0):  # else it is being staged just now
        return


def _folder(root: Path) -> Path:
    return root.joinpath(*_FOLDER)


@contextmanager
def _speaking_of(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ChangeError(
            f"files of the project cannot be changed: {error.strerror or error}",
            where=str(error.filename or root),
            remedy="check access rights and room on the disk, then give the same command again; "
            + (
                "the change is committed and will then be finished"
                if (_folder(root) / _COMMITTED).exists()
                else "nothing was changed"
            ),
        ) from error


def _require_unmoved(root: Path, change: FileChange) -> None:
    now = sha256_of(_content(inner_path(root, change.path)))
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


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _stage(folder: Path, changes: Sequence[FileChange], replacements: Sequence[Replacement]) -> Path:
    staged = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        for index, replacement in enumerate(replacements):
            if replacement.content is not None:
                _write(staged / staged_name(index), replacement.content)
        _write(staged / MANIFEST, manifest_bytes(changes))
        _sync(staged)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return staged


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _recover(root: Path) -> None:
    folder = _folder(root)
    committed = folder / _COMMITTED
    with _speaking_of(root):
        for name in sorted(it.name for it in folder.iterdir()):
            if name.startswith((_STAGING, _DONE)):
                shutil.rmtree(folder / name, ignore_errors=True)
        if not committed.exists():
            return
        manifest = committed / MANIFEST
        content = _content(manifest) or b""
        _roll_forward(root, parse_manifest(content, root=root, shown=str(manifest)), put_back=False)


def _roll_forward(root: Path, changes: Sequence[FileChange], *, put_back: bool) -> None:
    """Move what is not in its place yet. Nothing is moved before every file was found as it was, or as it is to be."""
    committed = _folder(root) / _COMMITTED
    try:
        todo = _still_to_move(root, changes)
    except ChangeError:
        if put_back:  # somebody wrote to a file in the very moment between the last look and the commit
            _drop(committed)
        raise
    touched: list[_Move] = []
    try:
        for move in todo:
            touched.append(move)
            _move(committed, move)
    except OSError:
        if put_back:
            for move in touched:
                move.beside.unlink(missing_ok=True)
            for move in touched:
                _put_back(move)
            _drop(committed)
        raise
    with contextlib.suppress(OSError):  # every file is in its place: what is left of the record says nothing else
        _drop(committed)


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


def _still_to_move(root: Path, changes: Sequence[FileChange]) -> list[_Move]:
    todo = []
    for index, change in enumerate(changes):
        path = inner_path(root, change.path)
        content = _content(path)
        if sha256_of(content) != change.after:
            _require_finishable(_folder(root) / _COMMITTED, index, change, sha256_of(content))
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
    if change.after and sha256_of(_content(staged)) != change.after:
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
    _sync(move.path.parent)


def _replace(move: _Move, content: bytes) -> None:
    move.beside.unlink(missing_ok=True)
    _write(move.beside, content)
    if move.path.exists():
        move.beside.chmod(move.path.stat().st_mode & 0o777)
    move.beside.replace(move.path)


def _put_back(move: _Move) -> None:
    if _content(move.path) == move.content:
        return
    if move.content is None:
        move.path.unlink()
    else:
        _replace(move, move.content)


def _drop(committed: Path) -> None:
    """Take the record away; renamed first, so that half of it is never taken for a change."""
    done = Path(tempfile.mkdtemp(prefix=_DONE, dir=committed.parent)) / "it"
    committed.rename(done)
    _sync(committed.parent)
    shutil.rmtree(done.parent, ignore_errors=True)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
