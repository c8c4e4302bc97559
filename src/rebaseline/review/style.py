"""How a terminal shows emphasis: by its own codes, or by marks where it has none. Pure."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rebaseline.review.marking import Piece

__all__ = ["Style", "clean", "side_by_side", "wrap_pieces"]

_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_TOKENS = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can do.

    Attributes:
        width: Columns, at least 40.
        colour: It takes codes for emphasis.
    """

    width: int = 80
    colour: bool = False

    def strong(self, text: str) -> str:
        """Return our own words, set off."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def faint(self, text: str) -> str:
        """Return our own words, set back."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def differing(self, text: str) -> str:
        """Return a stretch that differs, marked."""
        return f"\x1b[7m{text}\x1b[0m" if self.colour else f"[{text}]"

    @property
    def mark_width(self) -> int:
        """Columns that a mark takes."""
        return 0 if self.colour else 2


def clean(text: str) -> str:
    """Return untrusted text without anything that takes hold of a terminal; line ends stay, tabs become blanks."""
    plain = text.replace("\r\n", "\n").replace("\t", "    ")
    return "".join(char for char in plain if char == "\n" or unicodedata.category(char) not in _UNPRINTABLE)


def columns_of(text: str) -> int:
    """Return how many columns text takes: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
        for char in text
    )


def wrap_pieces(pieces: Iterable[Piece], style: Style, width: int, most_lines: int) -> list[tuple[str, int]]:
    """Return pieces in lines of a width, what differs marked: each line with the columns that it takes.

    Lines break between words, and within a word that is longer than a line. What differs is marked as one stretch from
    its first word to its last on a line. The last line says so where text is left.
    """
    lines: list[tuple[str, int]] = []
    line: list[tuple[str, bool]] = []
    used = 0
    for word, differs in _tokens(pieces, width - style.mark_width):
        if word == "\n":
            lines.append(_marked(line, style))
            line, used = [], 0
            continue
        takes = columns_of(word) + (style.mark_width if differs and not (line and line[-1][1]) else 0)
        if line and used + takes > width:
            lines.append(_marked(line, style))
            line, used = [], 0
            if word.isspace():
                continue
            takes = columns_of(word) + (style.mark_width if differs else 0)
        line.append((word, differs))
        used += takes
    lines.append(_marked(line, style))
    while len(lines) > 1 and not lines[-1][0]:
        lines.pop()
    if len(lines) > most_lines:
        return [*lines[: most_lines - 1], (style.faint("…"), 1)]
    return lines


def _marked(line: Iterable[tuple[str, bool]], style: Style) -> tuple[str, int]:
    """Return a line with the columns that it takes; blanks at the ends of a stretch are not of it."""
    shown, used = "", 0
    for differs, run in groupby(line, key=itemgetter(1)):
        text = "".join(word for word, _ in run)
        inner = text.strip() if differs else ""
        before = text[: text.index(inner)] if inner else text
        shown += f"{before}{style.differing(inner)}{text[len(before) + len(inner) :]}" if inner else text
        used += columns_of(text) + (style.mark_width if inner else 0)
    bare = shown.rstrip()
    return bare, used - columns_of(shown[len(bare) :])


def _tokens(pieces: Iterable[Piece], longest: int) -> Iterator[tuple[str, bool]]:
    """Yield words and blanks, cut to what fits on a line, and line ends."""
    for piece in pieces:
        for at, part in enumerate(clean(piece.text).split("\n")):
            if at:
                yield "\n", False
            for token in _TOKENS.findall(part):
                for cut in _cut(token, max(2, longest)):
                    yield cut, piece.differs


def _cut(token: str, longest: int) -> Iterator[str]:
    """Yield a word in stretches of at most so many columns."""
    start = used = 0
    for at, char in enumerate(token):
        takes = columns_of(char)
        if used + takes > longest:
            yield token[start:at]
            start, used = at, 0
        used += takes
    yield token[start:]


def side_by_side(left: list[tuple[str, int]], right: list[tuple[str, int]], width: int) -> list[str]:
    """Return two columns, each of so many columns, as lines."""
    rows = []
    for at in range(max(len(left), len(right))):
        text, used = left[at] if at < len(left) else ("", 0)
        other = right[at][0] if at < len(right) else ""
        rows.append(f"{text}{' ' * max(0, width - used)}  {other}".rstrip())
    return rows


def wrap_words(text: str, width: int, indent: str, hanging: str = "") -> list[str]:
    """Return words in lines of a width: the first after `indent`, the others under it and further by `hanging`."""
    return textwrap.wrap(
        clean(text).replace("\n", " "),
        max(20, width),
        initial_indent=indent,
        subsequent_indent=" " * len(indent) + hanging,
        break_on_hyphens=False,
    ) or [indent.rstrip()]
