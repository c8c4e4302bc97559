"""Bytes from disk: bounded, UTF-8, and never from outside the folder that was named."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from rebaseline.errors import ConfigurationError
from rebaseline.load.findings import closest

__all__ = ["SUITE_BYTES", "TABLE_BYTES", "decoded", "inside", "load_text", "shown_path"]

SUITE_BYTES = 2_000_000
TABLE_BYTES = 64_000_000

_FOREIGN = re.compile(r"\\|^[A-Za-z]:|^/|^~")


def shown_path(path: Path, root: Path | None) -> str:
    """Return `path` for people: relative to `root` where it lies inside, with forward slashes.

    Without a root, a relative path is shown as it was given and an absolute one by its name.
    """
    if root is not None and path.is_absolute() and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name if path.is_absolute() else path.as_posix()


def load_text(path: Path, *, shown: str, limit_bytes: int) -> str:
    """Return the text of a file, its byte order mark taken off.

    Args:
        path: The file.
        shown: How messages name it.
        limit_bytes: The most that is read.

    Raises:
        ConfigurationError: It is missing, a folder, too large, or not UTF-8 text.
    """
    if path.is_dir():
        raise ConfigurationError("is a folder", where=shown, remedy="name a file")
    if not path.is_file():
        problem = "is not a regular file" if path.exists() else "does not exist"
        raise ConfigurationError(problem, where=shown, remedy="check the path")
    try:
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except OSError as fault:
        raise ConfigurationError(
            f"cannot be read: {fault.strerror}", where=shown, remedy="check its permissions"
        ) from fault
    return decoded(raw, shown=shown, limit_bytes=limit_bytes)


def decoded(raw: bytes, *, shown: str, limit_bytes: int) -> str:
    """Return the text that bytes are, the byte order mark taken off.

    Args:
        raw: The bytes.
        shown: How messages name the file that they are of.
        limit_bytes: The most that is taken.

    Raises:
        ConfigurationError: They are too many, or not UTF-8 text.
    """
    if len(raw) > limit_bytes:
        raise ConfigurationError(
            f"is larger than {limit_bytes // 1_000_000} MB", where=shown, remedy="split it, or move rows to a table"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ConfigurationError(
            f"is not UTF-8 text (byte {fault.start})", where=shown, remedy="save it as UTF-8"
        ) from fault
    if "\0" in text:
        raise ConfigurationError("is not text: it holds a zero byte", where=shown, remedy="name a text file")
    return text


def inside(folder: Path, name: str) -> Path:
    """Return the file that a suite names, which must lie in the suite's folder.

    A suite may come with a pull request, so it reads nothing elsewhere: no `..`, no absolute path, no link that leads
    out. Case must match the file's, so that a suite from Windows or macOS loads on Linux.

    Args:
        folder: The suite's folder.
        name: A relative path with forward slashes.

    Raises:
        ConfigurationError: The name leads out of the folder, or to nothing.
    """
    parts = PurePosixPath(name).parts
    if _FOREIGN.search(name) or ".." in parts or not parts or not name.isprintable():
        raise ConfigurationError(
            f"the file `{name}` is not inside the suite's folder",
            remedy="write a path relative to the suite, with forward slashes and without `..`",
        )
    found = folder
    for part in parts:
        found = _child(found, part, name)
    if not found.resolve().is_relative_to(folder.resolve()):
        raise ConfigurationError(f"the file `{name}` is a link out of the suite's folder", remedy="copy the file here")
    return found


def _child(folder: Path, part: str, name: str) -> Path:
    try:
        listing = os.listdir(folder)  # noqa: PTH208 - names as the file system writes them, not as we asked for them
    except OSError:
        listing = []
    if part not in listing:
        raise ConfigurationError(f"there is no file `{name}` in the suite's folder", remedy=closest(part, listing))
    return folder / part
