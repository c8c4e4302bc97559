"""Where things stand in a TOML text: the spans of headers, keys and values, which the standard parser does not tell.

Libraries that write TOML back keep most of a text, not all of it: keys are added behind the comments of the next table,
and a table that is taken out takes those comments along. With the spans, a text is edited where it is meant, and only
there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rebaseline.domain.edit import Place

__all__ = ["Name", "TomlPart", "read_toml_parts"]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_INLINE_BLANK = re.compile(r"[ \t]*")
_KEY = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*"
    r"|[^\s,\]}#]+",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a key as it is written.

    Attributes:
        depth: Which step of the part's path it is.
        start: Where it begins in the text, quotes included.
        end: Where it ends.
    """

    depth: int
    start: int
    end: int


@dataclass(slots=True)
class TomlPart:
    """A header, a key with its value, or an item of a list.

    Attributes:
        kind: Which of these.
        path: The way to it from the root; elements of `[[arrays of tables]]` and items of lists by position.
        names: The parts of its key; none for an item.
        start: Where it begins in the text.
        value: Where its value begins; the end of a header.
        end: Where it ends; comments and commas behind it do not count.
        form: What its value is; a header has none.
        holder: The key or item in whose brackets it stands; None on a line of its own.
        held: What stands in its own brackets.
        comma: Where the comma behind it stands, -1 for none.
    """

    kind: Literal["header", "pair", "item"]
    path: Place
    names: tuple[Name, ...]
    start: int
    value: int
    end: int
    form: Literal["", "scalar", "list", "map"] = ""
    holder: TomlPart | None = None
    held: list[TomlPart] = field(default_factory=list)
    comma: int = -1

    def walk(self) -> Iterator[TomlPart]:
        """Yield the part, then all that it holds."""
        yield self
        for part in self.held:
            yield from part.walk()


def read_toml_parts(text: str) -> tuple[TomlPart, ...]:
    """Return what stands in a text on lines of its own, in order.

    Args:
        text: TOML; what is not was refused before.
    """
    return tuple(_Scan(text).parts())


class _Scan:
    """One way through a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.arrays: dict[Place, int] = {}
        """By path of an array of tables: position of its latest element, to which the headers that follow belong."""

    def parts(self) -> Iterator[TomlPart]:
        section: Place = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                part = self._header()
                section = part.path
            else:
                part = self._pair(section, None)
            yield part
            self._skip(_BLANK)

    def _skip(self, what: re.Pattern[str]) -> None:
        self.at = _matched(what, self.text, self.at).end()

    def _take(self, what: re.Pattern[str]) -> str:
        found = _matched(what, self.text, self.at)
        self.at = found.end()
        return found[0]

    def _key(self) -> list[tuple[str, int, int]]:
        found = []
        while True:
            self._skip(_INLINE_BLANK)
            start = self.at
            raw = self._take(_KEY)
            found.append((_unquoted(raw), start, self.at))
            end = self.at
            self._skip(_INLINE_BLANK)
            if self.text[self.at] != ".":
                self.at = end
                return found
            self.at += 1

    def _header(self) -> TomlPart:
        start, double = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        key = self._key()
        self._skip(_INLINE_BLANK)
        self.at += 2 if double else 1
        path: Place = ()
        names = []
        for name, begins, ends in key:
            if path in self.arrays:
                path = (*path, self.arrays[path])
            names.append(Name(len(path), begins, ends))
            path = (*path, name)
        if double:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
        return TomlPart("header", path, tuple(names), start, self.at, self.at)

    def _pair(self, section: Place, holder: TomlPart | None) -> TomlPart:
        start, key = self.at, self._key()
        names = tuple(Name(len(section) + depth, begins, ends) for depth, (_, begins, ends) in enumerate(key))
        self._skip(_INLINE_BLANK)
        self.at += 1  # the equals sign
        self._skip(_INLINE_BLANK)
        path = (*section, *(name for name, _, _ in key))
        return self._valued(TomlPart("pair", path, names, start, self.at, self.at, holder=holder))

    def _valued(self, part: TomlPart) -> TomlPart:
        opening = self.text[self.at]
        if opening in "[{":
            part.form = "list" if opening == "[" else "map"
            self._held(part, "]" if opening == "[" else "}")
        else:
            part.form = "scalar"
            self._take(_SCALAR)
        part.end = self.at
        return part

    def _held(self, part: TomlPart, closing: str) -> None:
        self.at += 1
        self._skip(_BLANK)
        while self.text[self.at] != closing:
            if part.form == "map":
                held = self._pair(part.path, part)
            else:
                path = (*part.path, len(part.held))
                held = self._valued(TomlPart("item", path, (), self.at, self.at, self.at, holder=part))
            part.held.append(held)
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                held.comma = self.at
                self.at += 1
                self._skip(_BLANK)
        self.at += 1


def _matched(what: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    found = what.match(text, at)
    if found is None:
        raise LookupError(f"character {at}: the parser read it, and the search for places does not")
    return found


def _unquoted(raw: str) -> str:
    return next(iter(tomllib.loads(f"{raw} = 0"))) if raw[0] in "\"'" else raw
