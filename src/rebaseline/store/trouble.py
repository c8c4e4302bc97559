"""SQLite's errors in words that say what to do. Told by their codes, never by their text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.exc import StatementError

from rebaseline.errors import RebaselineError, StoreError, UsageError

__all__ = ["speaking_of"]

_KEPT = "Nothing of this step was stored; what was stored before is still there."
_BUSY = (
    "The results database is locked by another process",
    f"Wait for the other run to end, or stop it; then give the same command again. {_KEPT}",
)
_DAMAGED = (
    "The results database is damaged",
    "Put back a copy. `sqlite3 FILE .recover` may save what is left.",
)
_READ_ONLY = (
    "The results database cannot be written",
    "Make the file and its folder writable for this user, or point [store] url elsewhere.",
)
_FULL = (
    "The disk of the results database is full",
    f"Make room, then give the same command again. {_KEPT}",
)
_NOT_WRITTEN = (
    "The results database cannot grow: the disk is full or fails, or a quota or a bound on files is reached",
    f"Make room or raise the bound, or check the disk; then give the same command again. {_KEPT}",
)
_WORDS = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: _BUSY,
        sqlite3.SQLITE_LOCKED: _BUSY,
        sqlite3.SQLITE_PROTOCOL: _BUSY,
        sqlite3.SQLITE_CORRUPT: _DAMAGED,
        sqlite3.SQLITE_NOTADB: _DAMAGED,
        sqlite3.SQLITE_READONLY: _READ_ONLY,
        sqlite3.SQLITE_PERM: _READ_ONLY,
        sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
        sqlite3.SQLITE_FULL: _FULL,
        sqlite3.SQLITE_NOLFS: _FULL,
        sqlite3.SQLITE_IOERR_WRITE: _NOT_WRITTEN,
        sqlite3.SQLITE_IOERR_FSYNC: _NOT_WRITTEN,
        sqlite3.SQLITE_IOERR_TRUNCATE: _NOT_WRITTEN,
        sqlite3.SQLITE_IOERR_SHMSIZE: _NOT_WRITTEN,
        sqlite3.SQLITE_IOERR: (
            "The disk of the results database failed",
            f"Check the disk and its mount. {_KEPT}",
        ),
        sqlite3.SQLITE_TOOBIG: ("A reply is too large for the results database", "SQLite takes up to 1 GB a reply."),
    }
)
"""By code: an extended one, which says more, or a primary one, which stands for all that extend it."""

_PRIMARY = 0xFF
"""The low byte of an extended code is the code that it extends."""


@contextmanager
def speaking_of(path: Path) -> Iterator[None]:
    """Turn what SQLite raises in the block into a `StoreError` about the file `path`.

    Raises:
        StoreError: SQLite refused, for a reason that a person can change.
        UsageError: A number is larger than any that SQLite stores, or an instant has no time zone.
    """
    try:
        yield
    except OverflowError as error:
        raise UsageError(
            "A number of this attempt is beyond 64 bits, and nothing of this step was stored",
            where=str(path),
            remedy="Check token counts, sample numbers and statuses.",
        ) from error
    except (StatementError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, StatementError) else error
        if isinstance(cause, RebaselineError):  # raised by a column type of ours
            raise cause from None
        code = getattr(cause, "sqlite_errorcode", None) or 0
        words = _WORDS.get(code) or _WORDS.get(code & _PRIMARY)
        if words is None:
            raise
        raise StoreError(words[0], where=str(path), remedy=words[1]) from error
