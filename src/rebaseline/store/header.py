"""What kind of file stands where the database should be, told from its first 100 bytes.

Nothing is opened through SQLite before this has said that the file is ours, so a foreign or damaged file is left
exactly as it was: SQLite itself would replay a journal or change a header. The layout is at
https://www.sqlite.org/fileformat2.html#the_database_header.
"""

from __future__ import annotations

import struct
from pathlib import Path

from rebaseline.errors import StoreError
from rebaseline.store.schema import APPLICATION_ID

__all__ = ["exists_as_ours"]

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def exists_as_ours(path: Path) -> bool:
    """Say whether `path` holds one of our databases; False where there is nothing yet.

    An empty file counts as nothing: it is what a first start leaves that was killed before its first commit.

    Raises:
        StoreError: Something else is there, or our database is cut short.
    """
    try:
        if path.is_dir():
            raise _refusal(path, "This is a folder, not a results database", "Name a file in [store] url.")
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _refusal(
            path, f"The results database cannot be read: {error.strerror}", "Check its access rights."
        ) from error
    if size == 0 and not _has_content(_beside(path, "-wal")):
        return False
    _check_kind(path, header)
    _check_length(path, header, size)
    return True


def _check_kind(path: Path, header: bytes) -> None:
    if not header.startswith(_MAGIC[: max(len(header), 1)]):
        raise _refusal(
            path,
            f"This is not a SQLite database: it begins with {header[:16]!r}",
            "Name another file in [store] url, or move this one away.",
        )
    if len(header) < _HEADER:
        raise _cut(path, len(header), "not even its header is whole")
    (application_id,) = struct.unpack_from(">I", header, 68)
    if application_id != APPLICATION_ID:
        raise _refusal(
            path,
            f"This SQLite database belongs to another program: application id {application_id:#010x}, "
            f"ours is {APPLICATION_ID:#010x}",
            "Name another file in [store] url.",
        )


def _check_length(path: Path, header: bytes, size: int) -> None:
    if _has_content(_beside(path, "-wal")) or _has_content(_beside(path, "-journal")):
        # Pages may still be in the log, or the journal of a commit that was killed takes the file back to what it was:
        # SQLite knows, and refuses a short file itself.
        return
    (page_size,) = struct.unpack_from(">H", header, 16)
    changed, pages = struct.unpack_from(">II", header, 24)
    (valid_for,) = struct.unpack_from(">I", header, 92)
    expected = pages * (65536 if page_size == 1 else page_size)
    if changed == valid_for and size < expected:
        raise _cut(path, size, f"its header speaks of {expected} bytes")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _cut(path: Path, size: int, why: str) -> StoreError:
    return _refusal(
        path,
        f"The results database is cut short: {size} bytes are there, {why}",
        "Put back a copy. `sqlite3 FILE .recover` may save what is left; nothing was changed here.",
    )


def _refusal(path: Path, problem: str, remedy: str) -> StoreError:
    return StoreError(problem, where=str(path), remedy=remedy)
