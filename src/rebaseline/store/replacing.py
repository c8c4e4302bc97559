"""Files that are replaced whole: a reader sees the old ones or the new ones, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from rebaseline.store.disk import sync_folder

__all__ = ["replace_files"]


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write files, all or none: each is on the disk beside its place before the first one is moved there.

    Where a move fails, those that were made are taken back. A machine that stops between two moves leaves some files
    new and the others old; no file system takes several moves at once.

    Args:
        contents: What each file is to hold.

    Raises:
        OSError: A file cannot be written. All are as they were, unless taking back fails too.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    staged: dict[Path, Path] = {}
    moved: list[Path] = []
    try:
        for path, content in contents.items():
            staged[path] = _stage(path, content)
        for path, beside in staged.items():
            beside.replace(path)
            moved.append(path)
    except BaseException:
        _discard(beside for path, beside in staged.items() if path not in moved)
        for path in moved:
            _put_back(path, before[path])
        raise
    for folder in {path.parent for path in contents}:
        sync_folder(folder)


def _stage(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)  # mkstemp keeps a file to its owner; this one goes into git
    except BaseException:
        _discard([beside])
        raise
    return beside


def _put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        _stage(path, content).replace(path)


def _discard(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
