"""How long a provider asks to be left alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

__all__ = ["retry_after_seconds"]


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the wait that the headers of a reply ask for.

    `retry-after-ms` is finer and wins. An HTTP date is measured against the reply's own `date`: a clock of ours would
    add its own error, and this function would need one.

    Args:
        headers: The reply's headers; keys in lower case, or a mapping that ignores case.

    Returns:
        Seconds, at least 0; None where the headers ask for nothing that can be read.

    >>> retry_after_seconds({"retry-after": "2"})
    2.0
    >>> retry_after_seconds({"retry-after-ms": "250", "retry-after": "1"})
    0.25
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    stated = headers.get("retry-after")
    seconds = _number(stated)
    return seconds if seconds is not None else _until(stated, headers.get("date"))


def _number(text: str | None) -> float | None:
    """Return a finite number of at least 0, or None."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(then: str | None, now: str | None) -> float | None:
    """Return the seconds from `now` to `then`, both HTTP dates."""
    start, end = _instant(now), _instant(then)
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())


def _instant(text: str | None) -> datetime | None:
    """Return the instant of an HTTP date; one without a zone counts as unreadable."""
    try:
        instant = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
