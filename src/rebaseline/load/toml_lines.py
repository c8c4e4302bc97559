"""Lines of keys in TOML, which the standard parser does not tell."""

from __future__ import annotations

import re
from collections.abc import Callable

from rebaseline.load.page import Loc

__all__ = ["lines_of"]

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")


def lines_of(text: str) -> Callable[[Loc], int]:
    """Return a search for the line of the nearest place that is written as a header or a key of its own.

    It reads headers and keys as lines begin, which is how people write them; a key inside an inline table or a text of
    several lines is found at the key that holds it.
    """
    places: dict[Loc, int] = {}
    section: Loc = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            section = _parts(header[1])
            places.setdefault(section, number)
        elif key:
            places.setdefault(section + _parts(key[1]), number)

    def line_of(loc: Loc) -> int:
        named = tuple(part for part in loc if isinstance(part, str))
        while named and named not in places:
            named = named[:-1]
        return places.get(named, 1)

    return line_of


def _parts(dotted: str) -> Loc:
    return tuple(next(group for group in found.groups() if group is not None) for found in _PART.finditer(dotted))
