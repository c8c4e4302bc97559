"""Paths that files name: taken only where they stay inside the project, and out of what is git's or ours."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from rebaseline.errors import ChangeError

__all__ = ["inner_parts", "inner_path", "is_hidden", "is_reached_directly"]

_PRIVATE = (".git", ".rebaseline")


def inner_parts(path: str) -> tuple[str, ...]:
    """Return the names that a relative path with forward slashes is made of. No disk is looked at.

    Raises:
        ChangeError: It leads out of the project, or into git's folder or ours.
    """
    parts = tuple(path.split("/"))
    if any(part in {"", ".", ".."} or ":" in part or "\\" in part or "\0" in part for part in parts):
        raise ChangeError(f"{path!r} is no path of a file inside the project")
    if any(_is_private(part) for part in parts):
        raise ChangeError(f"{path!r} lies in a folder that is not the project's own to change")
    return parts


def inner_path(root: Path, path: str) -> Path:
    """Return the file that a relative path names, after links.

    Args:
        root: Folder of the project.
        path: Relative to it, with forward slashes.

    Raises:
        ChangeError: It leads out of the project, also by a link, or into git's folder or ours.
    """
    resolved = root.joinpath(*inner_parts(path)).resolve()
    home = root.resolve()
    if not resolved.is_relative_to(home) or any(_is_private(part) for part in resolved.relative_to(home).parts):
        raise ChangeError(f"{path!r} leads out of the project by a link")
    return resolved


def is_reached_directly(root: Path, parts: Sequence[str]) -> bool:
    """Return whether no name below the root is a link, or another name (Windows has short ones) of what it names."""
    place = root.resolve()
    for part in parts:
        place /= part
        if place.is_symlink():
            return False
    return os.path.normcase(place.resolve()) == os.path.normcase(place)


def is_hidden(part: str) -> bool:
    """Return whether a name begins with a dot in the eyes of some file system."""
    return _plain(part).startswith(".")


def _is_private(part: str) -> bool:
    plain = _plain(part)
    return plain in _PRIVATE or plain.startswith("git~")


def _plain(part: str) -> str:
    """Return a name as the most forgiving file system has it: without case, unseen characters and dots at its end."""
    plain = unicodedata.normalize("NFKC", part).casefold()
    return "".join(char for char in plain if unicodedata.category(char) != "Cf").rstrip(". ")
