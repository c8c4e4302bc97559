"""The manifest of a change of several files: what each was, and what it is to be. It is read as untrusted."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.stamp import Stamp

__all__ = ["MANIFEST", "STAMPED", "Manifest", "manifest_bytes", "parse_manifest", "sha256_of", "staged_name"]

MANIFEST = "manifest.json"
STAMPED = "stamped"
"""Name of the file beside the manifest that the manifest's stamp is of."""

_FORMAT = 2
_DIGEST = re.compile(r"[0-9a-f]{64}|")
_DAMAGED = "compare the files with git, put them right by hand, then delete this folder"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a change is.

    Attributes:
        changes: In the order in which they are made.
        stamp: What the stamped file beside it had where the change was made.
    """

    changes: tuple[FileChange, ...]
    stamp: Stamp


def sha256_of(content: bytes | None) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits; empty for None: no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def staged_name(index: int) -> str:
    """Return the name under which the new content of a manifest's file is kept beside it."""
    return f"{index:04}.new"


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest's file."""
    files = [{"path": it.path, "before": it.before, "after": it.after} for it in manifest.changes]
    stamp = {"number": manifest.stamp.number, "changed_ns": manifest.stamp.changed_ns}
    content = {"format": _FORMAT, "stamp": stamp, "files": files}
    return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()


def parse_manifest(content: bytes, *, shown: str) -> Manifest:
    """Return what a manifest says. Which files it may name is not looked at here.

    Args:
        content: The file's bytes.
        shown: How messages name the manifest.

    Raises:
        ChangeError: It is no manifest of this version.
    """
    try:
        found = json.loads(content)
        return Manifest(tuple(_change(it) for it in _files(found)), _stamp(found.get("stamp")))
    except (ValueError, RecursionError) as error:
        raise ChangeError(
            f"this record of an unfinished change is damaged or foreign: {error}", where=shown, remedy=_DAMAGED
        ) from error


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


def _stamp(it: Any) -> Stamp:
    number, changed_ns = (it.get("number"), it.get("changed_ns")) if isinstance(it, dict) else (None, None)
    if type(number) is not int or type(changed_ns) is not int:  # nor a bool, which passes for a number
        raise ValueError("it does not say where it was made")
    return Stamp(number, changed_ns)
