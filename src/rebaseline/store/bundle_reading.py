"""Reads a bundle into a database of its own. A bundle comes from elsewhere: nothing of it is trusted.

Members are read as streams and never unpacked to files, so their names lead nowhere; each is held to the size, the
number of lines and the digest that the manifest gives, and each line to what the store itself would have written.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from rebaseline.domain.bundle import Manifest
from rebaseline.errors import StoreError
from rebaseline.store.attempt_lines import columns_of_line
from rebaseline.store.bundle_lines import BadLineError, Fields, model_of, parse_line, session_of
from rebaseline.store.bundle_manifest import ATTEMPTS, MANIFEST, MEMBERS, MODELS, SESSIONS, manifest_of
from rebaseline.store.opening import open_store
from rebaseline.store.store import Store

__all__ = ["Bounds", "open_bundle", "read_manifest"]

_ENCRYPTED = 0x1
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a bundle is read.

    Attributes:
        total: Bytes of all members together, not compressed.
        line: Bytes of one line.
        manifest: Bytes of the manifest.
        freely: Bytes that may come of a bundle however small it is.
        growth: Beyond `freely`: how many times the size of the file. Text of replies shrinks ten- to fortyfold.
    """

    total: int = 4 << 30
    line: int = 64 << 20
    manifest: int = 4 << 20
    freely: int = 256 << 20
    growth: int = 200


@dataclass
class _Reading:
    """Where a bundle is being read, for what is said of it."""

    path: Path
    bounds: Bounds
    place: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def refusal(self, problem: str, remedy: str = "") -> StoreError:
        where = f"{self.path}: {self.place}" if self.place else str(self.path)
        return StoreError(problem, where=where, remedy=remedy or "Have the bundle made again; nothing of it was kept.")


def read_manifest(path: Path, *, bounds: Bounds | None = None) -> Manifest:
    """Return what a bundle says of itself.

    Raises:
        StoreError: It is no bundle, damaged, or of a newer format.
    """
    reading = _Reading(path, bounds or Bounds())
    with _opened(reading) as bundle:
        return _manifest(reading, bundle)


def open_bundle(path: Path, folder: Path, *, bounds: Bounds | None = None) -> Store:
    """Return a store that answers as the one did of which the bundle was made; nothing can be written to it.

    Args:
        path: The bundle.
        folder: Where the database is made; the caller removes it when the store is closed.
        bounds: How much is read at most.

    Raises:
        StoreError: It is no bundle, damaged, changed, too large, or of a newer format.
    """
    reading = _Reading(path, bounds or Bounds())
    with _opened(reading) as bundle:
        manifest = _manifest(reading, bundle)
        store = open_store(f"sqlite:///{(folder / 'bundle.db').as_posix()}", root=folder)
        try:
            _load(reading, bundle, manifest, store)
        except BadLineError as error:
            store.close()
            raise reading.refusal(f"This bundle cannot be used: {error}") from None
        except BaseException:
            store.close()
            raise
    store.close_to_writing(path)
    return store


@contextmanager
def _opened(reading: _Reading) -> Iterator[ZipFile]:
    try:
        with _zip(reading) as bundle:
            _check_members(reading, bundle)
            yield bundle
    except (BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(reading, error) from error
    except OSError as error:
        raise _unreadable(reading, error) from error


def _zip(reading: _Reading) -> ZipFile:
    try:
        return ZipFile(reading.path)
    except OSError as error:
        raise _unreadable(reading, error) from error
    except (BadZipFile, NotImplementedError, ValueError) as error:  # the latter two by fields that make no sense
        raise _damaged(reading, error) from error


def _unreadable(reading: _Reading, error: OSError) -> StoreError:
    return reading.refusal(f"The bundle cannot be read: {error.strerror or error}", "Name the file of one.")


def _damaged(reading: _Reading, error: Exception) -> StoreError:
    return reading.refusal(f"This is no bundle, or it is damaged or cut short: {error}")


def _check_members(reading: _Reading, bundle: ZipFile) -> None:
    infos = bundle.infolist()
    names = [info.filename for info in infos]
    for name in names:
        if name not in {MANIFEST, *MEMBERS}:
            raise reading.refusal(f"A bundle has no member {name[:80]!r}", "Name the file of a bundle.")
        if names.count(name) > 1:
            raise reading.refusal(f"The member {name!r} is there {names.count(name)} times")
    for name in (MANIFEST, *MEMBERS):
        if name not in names:
            raise reading.refusal(
                f"The member {name!r} is missing", "Name the file of a bundle, or have it made again."
            )
    for info in infos:
        _check_member(reading, info)
    total = sum(info.file_size for info in infos)
    grown = reading.bounds.freely + reading.bounds.growth * reading.path.stat().st_size
    if total > min(reading.bounds.total, grown):
        raise reading.refusal(
            f"Its members hold {total:,} bytes when unpacked; at most {min(reading.bounds.total, grown):,} are read",
            "Have a smaller one made: fewer suites, or fewer model versions.",
        )


def _check_member(reading: _Reading, info: ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise reading.refusal(f"The member {info.filename!r} is encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise reading.refusal(f"The member {info.filename!r} is packed by method {info.compress_type}, not by deflate")


def _manifest(reading: _Reading, bundle: ZipFile) -> Manifest:
    reading.place = MANIFEST
    with bundle.open(MANIFEST) as file:
        text = file.read(reading.bounds.manifest + 1)
    if len(text) > reading.bounds.manifest:
        raise reading.refusal(f"The manifest is longer than {reading.bounds.manifest:,} bytes")
    try:
        manifest = manifest_of(parse_line(text))
    except BadLineError as error:
        remedy = "Upgrade rebaseline, or have the bundle made by this version." if "format is" in str(error) else ""
        raise reading.refusal(f"This manifest cannot be used: {error}", remedy) from None
    for name, member in manifest.members.items():
        if bundle.getinfo(name).file_size != member.size:
            raise reading.refusal(
                f"{name} has {bundle.getinfo(name).file_size:,} bytes, and {member.size:,} by the manifest"
            )
    return manifest


def _load(reading: _Reading, bundle: ZipFile, manifest: Manifest, store: Store) -> None:
    with store.filling() as filler:
        for model in _members(reading, bundle, manifest, MODELS, model_of):
            filler.add_model(model)
        models = filler.models
        for session in _members(reading, bundle, manifest, SESSIONS, lambda line: session_of(line, models=models)):
            filler.add_session(session)
        sessions = filler.sessions
        filler.add_attempts(
            _members(
                *(reading, bundle, manifest, ATTEMPTS),
                lambda line: (
                    line.whole("session", least=1, most=sessions),
                    line.whole("model", least=1, most=models),
                    columns_of_line(line),
                ),
            )
        )


def _members(
    reading: _Reading, bundle: ZipFile, manifest: Manifest, name: str, read: Callable[[Fields], _T]
) -> Iterator[_T]:
    """Yield what the lines of a member say, and hold the whole to the manifest."""
    expected, digest, size, count = manifest.members[name], hashlib.sha256(), 0, 0
    with io.BufferedReader(cast("io.RawIOBase", bundle.open(name)), 1 << 20) as file:
        while line := file.readline(reading.bounds.line + 1):
            count += 1
            reading.place = f"{name}:{count}"
            size += len(line)
            if len(line) > reading.bounds.line:
                raise BadLineError(f"it is longer than {reading.bounds.line:,} bytes")
            if count > expected.lines or size > expected.size:
                raise BadLineError(f"the manifest says that {name} ends before it, with line {expected.lines:,}")
            digest.update(line)
            yield read(parse_line(line))
    reading.place = name
    if (count, size) != (expected.lines, expected.size):
        raise BadLineError(f"it has {count:,} lines, and {expected.lines:,} by the manifest")
    if digest.hexdigest() != expected.sha256:
        raise BadLineError(
            f"its SHA-256 is {digest.hexdigest()}, and {expected.sha256} by the manifest: it was changed"
        )
