"""Spans of time as people write them: `24h`, `90d`."""

from __future__ import annotations

import re

__all__ = ["seconds_of"]

_DURATION = re.compile(r"([0-9]{1,6})\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds_of(text: str) -> float | None:
    """Return the seconds of a span, None where it is none.

    >>> seconds_of("90d")
    7776000.0
    """
    found = _DURATION.fullmatch(text.strip())
    return None if found is None else float(found[1]) * _UNITS[found[2]]
