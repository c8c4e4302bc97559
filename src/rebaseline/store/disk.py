"""Bytes and names that are on the disk when the call returns, and what is taken off it without following links."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

__all__ = ["content_of", "sync_folder", "throw_away", "write_new"]


def content_of(path: Path) -> bytes | None:
    """Return a file's bytes; None where there is no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_new(path: Path, content: bytes) -> None:
    """Write a file where there is none. What stands there, a link too, is neither followed nor overwritten.

    Raises:
        OSError: Something stands there, or the file cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def throw_away(path: Path) -> None:
    """Take away a folder with all that is in it, or a file; of a link the link alone. What cannot go stays."""
    if path.is_symlink() or path.is_file():
        with contextlib.suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
