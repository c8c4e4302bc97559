"""A lock between processes that dies with the process that holds it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rebaseline.errors import ChangeError

__all__ = ["locked"]

_PAUSE_SECONDS = 0.05


@contextmanager
def locked(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock of a file in this block. The file itself stays: whoever took it away would lock another one.

    Args:
        path: The file; made where it is missing, with its folder.
        wait_seconds: How long to wait for another process.

    Raises:
        ChangeError: Another process holds it still.
        OSError: The file cannot be made or locked.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        tries = max(1, round(wait_seconds / _PAUSE_SECONDS))
        while not _taken(handle):
            tries -= 1
            if not tries:
                raise ChangeError(
                    "another process is changing the project's files",
                    where=str(path),
                    remedy="wait for it to end, then give the same command again; nothing was changed by this one",
                )
            time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)  # which lets go of the lock


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
