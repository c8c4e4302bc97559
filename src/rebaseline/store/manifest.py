"""The manifest of a change of several files: what each was, and what it is to be. It is read as untrusted."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError

__all__ = ["MANIFEST", "inner_path", "manifest_bytes", "parse_manifest", "sha256_of", "staged_name"]

MANIFEST = "manifest.json"
_FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}|")
_DAMAGED = "compare the files with git, put them right by hand, then delete this folder"
_PRIVATE = (".git", ".rebaseline")


def sha256_of(content: bytes | None) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits; empty for None: no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def staged_name(index: int) -> str:
    """Return the name under which the new content of a manifest's file is kept beside it."""
    return f"{index:04}.new"


def manifest_bytes(changes: Sequence[FileChange]) -> bytes:
    """Return the manifest's file."""
    files = [{"path": it.path, "before": it.before, "after": it.after} for it in changes]
    return (json.dumps({"format": _FORMAT, "files": files}, indent=1, ensure_ascii=True) + "\n").encode()


def parse_manifest(content: bytes, *, root: Path, shown: str) -> tuple[FileChange, ...]:
    """Return what a manifest says, in its order.

    Args:
        content: The file's bytes.
        root: Folder of the project: no path may lead out of it.
        shown: How messages name the manifest.

    Raises:
        ChangeError: It is no manifest of this version, or names a file that it may not.
    """
    try:
        found = json.loads(content)
        changes = tuple(_change(it) for it in _files(found))
        for change in changes:
            inner_path(root, change.path)
    except (ValueError, RecursionError) as error:
        raise ChangeError(
            f"this record of an unfinished change is damaged or foreign: {error}", where=shown, remedy=_DAMAGED
        ) from error
    except ChangeError as error:
        raise ChangeError(error.problem, where=shown, remedy=_DAMAGED) from error
    return changes


def _files(found: Any) -> list[Any]:
    if not isinstance(found, dict) or found.get("format") != _FORMAT or not isinstance(found.get("files"), list):
        raise ValueError(f"it is none of format {_FORMAT}")
    files: list[Any] = found["files"]
    paths = [it.get("path") for it in files if isinstance(it, dict)]
    if len({str(path).casefold() for path in paths}) != len(files):
        raise ValueError("it names a file twice, or none")
    return files


def _change(it: Any) -> FileChange:
    values = [it.get(key) for key in ("path", "before", "after")] if isinstance(it, dict) else []
    if len(values) != 3 or not all(isinstance(value, str) for value in values):  # noqa: PLR2004 - the three keys
        raise ValueError("an entry lacks its path or digests")
    path, before, after = (str(value) for value in values)
    if not _DIGEST.fullmatch(before) or not _DIGEST.fullmatch(after):
        raise ValueError(f"{path!r} has a digest that is none")
    return FileChange(path, before, after)


def inner_path(root: Path, path: str) -> Path:
    """Return the file that a relative path names.

    Args:
        root: Folder of the project.
        path: Relative to it, with forward slashes.

    Raises:
        ChangeError: It leads out of the project, also by a link, or into git's folder or ours.
    """
    parts = path.split("/")
    if any(part in {"", ".", ".."} or ":" in part or "\\" in part or "\0" in part for part in parts):
        raise ChangeError(f"{path!r} is no path of a file inside the project")
    if any(_is_private(part) for part in parts):
        raise ChangeError(f"{path!r} lies in a folder that is not the project's own to change")
    resolved = root.joinpath(*parts).resolve()
    home = root.resolve()
    if not resolved.is_relative_to(home) or any(_is_private(part) for part in resolved.relative_to(home).parts):
        raise ChangeError(f"{path!r} leads out of the project by a link")
    return resolved


def _is_private(part: str) -> bool:
    """Return whether a name is git's or ours in the eyes of some file system (case, unseen characters, short names)."""
    plain = unicodedata.normalize("NFKC", part).casefold()
    plain = "".join(char for char in plain if unicodedata.category(char) != "Cf").rstrip(". ")
    return plain in _PRIVATE or plain.startswith("git~")
