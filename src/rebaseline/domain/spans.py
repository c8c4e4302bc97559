"""Spans of time and days as people write them: `24h`, `90d`, `2027-01-31`."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["day_of", "seconds_of"]

_DURATION = re.compile(r"([0-9]{1,6})\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def seconds_of(text: str) -> float | None:
    """Return the seconds of a span, None where it is none.

    >>> seconds_of("90d")
    7776000.0
    """
    found = _DURATION.fullmatch(text.strip())
    return None if found is None else float(found[1]) * _UNITS[found[2]]


def day_of(text: str, today: date) -> date | None:
    """Return the day that is named, None where none is.

    Args:
        text: A day, `2027-01-31`, or a span from today on, `30d` or `2w`. A span is of whole days.
        today: The day from which a span counts.

    >>> day_of("2w", date(2026, 11, 26)), day_of("90m", date(2026, 11, 26))
    (datetime.date(2026, 12, 10), None)
    """
    plain = text.strip()
    seconds = seconds_of(plain)
    try:
        if seconds is not None:
            return None if seconds % _UNITS["d"] else today + timedelta(seconds=seconds)
        return date.fromisoformat(plain) if _DAY.fullmatch(plain) else None
    except (ValueError, OverflowError):
        return None
