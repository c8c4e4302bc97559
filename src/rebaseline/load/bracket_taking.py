"""What is taken out of brackets, in YAML as in TOML: no comment goes but those on lines that are the entry's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from rebaseline.load.splices import Splice, line_start

__all__ = ["Bracketed", "without_run"]

_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")


class Bracketed(Protocol):
    """One entry in brackets: an item, or a key with its value."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def comma(self) -> int:
        """Where the comma behind it stands; negative where there is none."""


def without_run(text: str, held: Sequence[Bracketed], first: int, last: int) -> list[Splice]:
    """Return the splices that take out entries that stand side by side.

    Between entries stand blanks, commas and comments alone, so a `#` there begins a comment.

    Args:
        text: The whole text.
        held: All entries of the brackets.
        first: The first entry that goes.
        last: The last one.
    """
    start, end, comma = held[first].start, held[last].end, held[last].comma
    before = held[first - 1] if first else None
    following = held[last + 1] if last + 1 < len(held) else None
    left_over = [Splice(before.comma, before.comma + 1)] if before and comma < 0 else []
    lines = _own_lines(text, start, end, comma)
    if lines:
        return [*left_over, lines]
    if following and "#" not in text[_of_one(text, start, end, comma) : following.start]:
        return [Splice(start, following.start)]
    if before and not following and "#" not in text[before.end : start]:
        return [Splice(before.end, end)]
    if _REST.match(text, max(end, comma + 1)) and text[line_start(text, start) : start].strip():
        start -= len(text[:start]) - len(text[:start].rstrip(" \t"))
    return [*left_over, Splice(start, end), *([Splice(comma, comma + 1)] if comma >= 0 else [])]


def _of_one(text: str, start: int, end: int, comma: int) -> int:
    """Return where an entry ends, or the comment on its line where nothing but brackets and dashes stands before it."""
    rest = _REST.match(text, max(end, comma + 1))
    opens = not text[line_start(text, start) : start].strip("{[- \t")
    return rest.end() if rest and opens and "#" not in text[end : comma + 1] else end


def _own_lines(text: str, start: int, end: int, comma: int) -> Splice | None:
    """Return the splice of the lines that entries have for themselves, a comment on the last included."""
    line = line_start(text, start)
    rest = _REST.match(text, max(end, comma + 1))
    if rest is None or text[line:start].strip() or (comma >= 0 and "\n" in text[end:comma]):
        return None
    return Splice(line, rest.end())
