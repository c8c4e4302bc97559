"""Writes a bundle: a zip of JSON Lines with a manifest. Equal content makes equal bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rebaseline.domain.bundle import BundleChoice, Manifest, Member, SuiteMark
from rebaseline.errors import StoreError, UsageError
from rebaseline.store.attempt_lines import attempt_line
from rebaseline.store.bundle_lines import encode_line, model_line, session_line
from rebaseline.store.bundle_manifest import ATTEMPTS, MANIFEST, MODELS, SESSIONS, manifest_content
from rebaseline.store.packing import Packed
from rebaseline.store.store import Store

__all__ = ["write_bundle"]

_NEVER = (1980, 1, 1, 0, 0, 0)
"""The zero of zip's clock: a member's own instant would make equal content differ."""


def write_bundle(
    path: Path, store: Store, choice: BundleChoice, *, tool: str, made_at: str, replace: bool = False
) -> Manifest:
    """Write the attempts that stand for some model versions to a file, whole or not at all.

    Only its owner can read it, as it holds what people and models said.

    Args:
        path: Where.
        store: The replies.
        choice: What to pack.
        tool: Version of rebaseline.
        made_at: When, in ISO 8601 with time zone.
        replace: Take the place of a file that is there.

    Raises:
        UsageError: There is a file, and it is not to be replaced.
        StoreError: The file cannot be written, or the store cannot be read.
    """
    if not replace and path.exists():
        raise UsageError("there is a file of this name", where=str(path), remedy="name another, or add --force")
    try:
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with store.packed(choice) as packed, ZipFile(file, "w") as bundle:
                manifest = _fill(bundle, packed, choice, tool, made_at)
            file.flush()
            os.fsync(file.fileno())
        _move(beside, path, replace=replace)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def _move(beside: Path, path: Path, *, replace: bool) -> None:
    if replace or os.name != "posix":
        beside.replace(path)
        return
    try:
        os.link(beside, path)  # unlike a move it never takes the place of a file that came meanwhile
    except FileExistsError:
        raise UsageError(
            "there is a file of this name", where=str(path), remedy="name another, or add --force"
        ) from None


def _fill(bundle: ZipFile, packed: Packed, choice: BundleChoice, tool: str, made_at: str) -> Manifest:
    counted: Counter[str] = Counter()
    members = {
        MODELS: _write(bundle, MODELS, map(model_line, packed.models)),
        SESSIONS: _write(bundle, SESSIONS, map(session_line, packed.sessions)),
        ATTEMPTS: _write(bundle, ATTEMPTS, _attempts(packed, counted)),
    }
    asked = {
        SuiteMark(it.header.suite, it.header.suite_version, it.header.suite_fingerprint)
        for it in packed.sessions
        if it.header.suite in choice.suites
    }
    manifest = Manifest(
        tool,
        made_at,
        choice,
        tuple(sorted(asked)),
        counted["answered"],
        counted["rejected"],
        counted["faulted"],
        counted["purged"],
        members,
    )
    _write(bundle, MANIFEST, [manifest_content(manifest)])
    return manifest


def _attempts(packed: Packed, counted: Counter[str]) -> Iterator[Mapping[str, Any]]:
    for session, model, columns in packed.attempts():
        counted["purged" if columns["purged_at"] is not None else columns["outcome"]] += 1
        yield attempt_line(session, model, columns)


def _write(bundle: ZipFile, name: str, lines: Iterable[Mapping[str, Any]]) -> Member:
    member = ZipInfo(name, _NEVER)
    member.compress_type = ZIP_DEFLATED
    member.create_system = 3  # the same on every system
    member.external_attr = 0o600 << 16
    digest, size, count = hashlib.sha256(), 0, 0
    with bundle.open(member, "w", force_zip64=True) as file:
        for content in lines:
            line = encode_line(content)
            digest.update(line)
            size += len(line)
            count += 1
            file.write(line)
    return Member(digest.hexdigest(), size, count)


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The bundle cannot be written: {error.strerror or error}",
        where=str(path),
        remedy="Name a file in a folder that is there and can be written to.",
    )
