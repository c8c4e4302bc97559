"""The folder `.rebaseline/changes` of a project: what is being written, what was committed, and the lock."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.disk import sync_folder, throw_away, write_new
from rebaseline.store.inner_path import is_reached_directly
from rebaseline.store.manifest import MANIFEST, STAMPED, Manifest, manifest_bytes, staged_name
from rebaseline.store.stamp import stamp_of

__all__ = ["ChangeFolder"]

_FOLDER = (".rebaseline", "changes")
_COMMITTED, _LOCK = "committed", "lock"
_STAGING, _DONE = "staging-", "done-"


@dataclass(frozen=True, slots=True)
class ChangeFolder:
    """The folder of one project.

    Attributes:
        root: Folder of the project.
    """

    root: Path

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.root.joinpath(*_FOLDER)

    @property
    def lock(self) -> Path:
        """What a process holds while it changes files."""
        return self.path / _LOCK

    @property
    def committed(self) -> Path:
        """The change that is to be finished, where there is one."""
        return self.path / _COMMITTED

    @property
    def has_committed(self) -> bool:
        """Whether there is one, or something that passes for it."""
        return os.path.lexists(self.committed)

    def is_empty(self) -> bool:
        """Return whether nothing is to be finished or thrown away."""
        try:
            return not any(name != _LOCK for name in os.listdir(self.path))  # noqa: PTH208 - names are all that is asked
        except (FileNotFoundError, NotADirectoryError):
            return True

    def require_own(self) -> None:
        """Refuse a folder or a lock that is reached by a link: nothing outside the project is written or taken away.

        Raises:
            ChangeError: Names the link.
        """
        for depth in range(1, len(_FOLDER) + 2):
            parts = (*_FOLDER, _LOCK)[:depth]
            if not is_reached_directly(self.root, parts):
                raise ChangeError(
                    "this is a link, and changes of files are written in the project itself",
                    where=str(self.root.joinpath(*parts)),
                    remedy="delete the link, and name replies that lie behind it in `[store] url`; nothing was changed",
                )

    def stage(self, changes: Sequence[FileChange], contents: Sequence[bytes | None]) -> Path:
        """Write a change into a folder of its own; it is nothing yet.

        Args:
            changes: What the manifest is to say.
            contents: The new content of each; None for a file that goes.
        """
        staged = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self.path))
        try:
            for index, content in enumerate(contents):
                if content is not None:
                    write_new(staged / staged_name(index), content)
            write_new(staged / STAMPED, b"")
            manifest = Manifest(tuple(changes), stamp_of(staged / STAMPED))
            write_new(staged / MANIFEST, manifest_bytes(manifest))
            sync_folder(staged)
        except BaseException:
            throw_away(staged)
            raise
        return staged

    def commit(self, staged: Path) -> None:
        """Have a staged change be the one that is to be finished: one rename."""
        try:
            staged.rename(self.committed)
        except BaseException:
            throw_away(staged)
            raise
        try:
            sync_folder(self.path)
        except OSError:
            self.drop()
            raise

    def drop(self) -> None:
        """Take the committed change away; renamed first, so that half of it is never taken for a change."""
        done = Path(tempfile.mkdtemp(prefix=_DONE, dir=self.path)) / "it"
        self.committed.rename(done)
        sync_folder(self.path)
        throw_away(done.parent)

    def clear(self) -> None:
        """Throw away what was not committed, and what is done."""
        for path in sorted(self.path.iterdir()):
            if path.name.startswith((_STAGING, _DONE)):
                throw_away(path)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Say of a failure of the disk in this block whether anything was changed.

        Raises:
            ChangeError: The disk failed.
        """
        try:
            yield
        except OSError as error:
            raise ChangeError(
                f"files of the project cannot be changed: {error.strerror or error}",
                where=str(error.filename or self.root),
                remedy="check access rights and room on the disk, then give the same command again; "
                + (
                    "the change is committed and will then be finished" if self.has_committed else "nothing was changed"
                ),
            ) from error
