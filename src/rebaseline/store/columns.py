"""Column types that give back exactly what was put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.types import UserDefinedType

from rebaseline.errors import UsageError

__all__ = ["ExactText", "Instant", "decode_text", "encode_text"]


def encode_text(text: str) -> str | bytes:
    r"""Return what SQLite stores for `text`: itself where that is safe, else its bytes.

    SQLite's text is UTF-8 that many tools end at the first NUL. A reply may hold NUL or half of a surrogate pair
    (`"\ud800"` in a provider's JSON), so such a text is kept as a BLOB in UTF-8 with the halves passed through.
    The rule depends on the text alone, so equal texts stay equal and unique keys hold.
    """
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return text.encode("utf-8", "surrogatepass")


def decode_text(stored: str | bytes) -> str:
    """Return the text for which `encode_text` gave `stored`."""
    return stored.decode("utf-8", "surrogatepass") if isinstance(stored, bytes) else stored


class ExactText(UserDefinedType[str]):
    """Any Python string, NUL and lone surrogates included."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the column's type in SQL. A BLOB in a TEXT column stays a BLOB."""
        return "TEXT"

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any]:
        """Return the function that prepares a value for SQLite."""
        del dialect
        return lambda value: None if value is None else encode_text(value)

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any]:
        """Return the function that reads a value from SQLite."""
        del dialect, coltype
        return lambda stored: stored.decode("utf-8", "surrogatepass") if isinstance(stored, bytes) else stored


class Instant(UserDefinedType[datetime]):
    """An instant with time zone, kept as UTC in ISO 8601 with microseconds: it sorts as text."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the column's type in SQL."""
        return "TEXT"

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any]:
        """Return the function that prepares a value for SQLite."""
        del dialect
        return _iso

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any]:
        """Return the function that reads a value from SQLite."""
        del dialect, coltype
        return lambda stored: None if stored is None else datetime.fromisoformat(stored)


def _iso(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise UsageError(f"The instant {instant.isoformat()} has no time zone", remedy="Give it one, as with UTC.")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
