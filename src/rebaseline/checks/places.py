r"""Where in a reply a value stands: all of it, a LaTeX command or tag, a group of a pattern, the last number."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from rebaseline.checks.kind import misused
from rebaseline.checks.numerals import NUMBER_TOKEN
from rebaseline.checks.patterns import as_searchable, compiled

__all__ = ["Group", "Inside", "LastNumber", "Lone", "Place", "place_of"]

Spans = tuple[tuple[int, int], ...]
_LONGEST = 2_000
_MOST_MATCHES = 50
_COMMAND = re.compile(r"\\+[A-Za-z]+")
_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?$")
_GROUPS_BEFORE = re.compile(r"(?<![\w.,])[-+\u2212]?[0-9]{1,3}(?: [0-9]{3})* $")
_TAG = re.compile(r"<([A-Za-z][\w-]*)>")


class Place(Protocol):
    """Finds where a value stands."""

    @property
    def words(self) -> str:
        """What it is called in a note."""

    def find(self, text: str) -> Spans:
        """Return the spans of the value; more than one where the text gives it more than once."""

    def example(self, value: str) -> str | None:
        """Return a text in which `value` stands in this place; None where that cannot be made up."""


@dataclass(frozen=True, slots=True)
class Lone:
    """The whole reply."""

    words: ClassVar[str] = "number"

    def find(self, text: str) -> Spans:
        """Return the whole text."""
        return ((0, len(text)),)

    def example(self, value: str) -> str | None:
        """Return the value."""
        return value


@dataclass(frozen=True, slots=True)
class Inside:
    r"""The last `\name{…}` or `<name>…</name>` of a reply. Of a LaTeX command one or two backslashes are taken.

    Attributes:
        opening: The pattern of what opens it.
        open_mark: What nests, `{` or the tag.
        close_mark: What closes it.
        words: Its name.
    """

    opening: re.Pattern[str]
    open_mark: str
    close_mark: str
    words: str

    def find(self, text: str) -> Spans:
        """Return the content of the last one that is closed."""
        last = _last(self.opening.finditer(text))
        if last is None:
            return ()
        start, depth = last.end(), 1
        position = start
        while depth and position < min(len(text), start + _LONGEST):
            if text.startswith(self.close_mark, position):
                depth -= 1
            elif text.startswith(self.open_mark, position):
                depth += 1
            position += 1
        return () if depth else ((start, position - 1),)

    def example(self, value: str) -> str | None:
        """Return the value between the marks."""
        return f"{self.words.split('…', maxsplit=1)[0]}{value}{self.close_mark}"


@dataclass(frozen=True, slots=True)
class Group:
    """The first group of a pattern, at every match.

    Attributes:
        pattern: RE2 syntax with one group.
    """

    pattern: str
    words: ClassVar[str] = "number at the pattern"

    def find(self, text: str) -> Spans:
        """Return the group's spans; every match past the fiftieth is left out."""
        spans = []
        for match in compiled("number", self.pattern).finditer(as_searchable(text)):
            if match.start(1) >= 0:
                spans.append((match.start(1), match.end(1)))
            if len(spans) == _MOST_MATCHES:
                break
        return tuple(spans)

    def example(self, value: str) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Return None: a pattern is not run backwards."""
        return None


@dataclass(frozen=True, slots=True)
class LastNumber:
    """The last number in the text."""

    words: ClassVar[str] = "number"

    def find(self, text: str) -> Spans:
        """Return the last number; only the last part of a long text is searched.

        `1 380` may be one number or two, so that both readings are returned.
        """
        offset = max(0, len(text) - _LONGEST * 10)
        last = _last(NUMBER_TOKEN.finditer(text, offset))
        if last is None:
            return ()
        start, end = last.span()
        before = _GROUPS_BEFORE.search(text[max(0, start - 30) : start]) if _GROUP.match(text, start, end) else None
        return ((start, end),) if before is None else ((start - len(before[0]), end), (start, end))

    def example(self, value: str) -> str | None:
        """Return the value."""
        return value


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    newest = deque(matches, maxlen=1)
    return newest[0] if newest else None


def place_of(check: str, options: Mapping[str, Any], last: bool) -> Place:  # noqa: FBT001 - one of three ways
    """Return the place that the options name; at most one of `within`, `pattern` and `last`."""
    within, pattern = options.get("within"), options.get("pattern")
    if sum((within is not None, pattern is not None, last)) > 1:
        raise misused(check, "takes only one of `within`, `pattern` and `last`", dict(options), "leave the others out")
    if within is not None:
        return _inside(check, within)
    if pattern is not None:
        return _group(check, pattern)
    return LastNumber() if last else Lone()


def _inside(check: str, within: Any) -> Inside:
    if isinstance(within, str) and _COMMAND.fullmatch(within):
        name = within.lstrip("\\")
        return Inside(re.compile(r"\\" + name + r"[ \t]?\{"), "{", "}", f"\\{name}{{…}}")
    tag = _TAG.fullmatch(within) if isinstance(within, str) else None
    if tag:
        return Inside(re.compile(re.escape(within)), within, f"</{tag[1]}>", f"{within}…</{tag[1]}>")
    raise misused(
        check, "option `within` must be a LaTeX command or a tag", within, r"write `within: \boxed` or `<answer>`"
    )


def _group(check: str, pattern: Any) -> Group:
    if not isinstance(pattern, str) or compiled(check, pattern).groups != 1:
        raise misused(
            check, "option `pattern` must have exactly one group", pattern, r"write for example `total: (\S+)`"
        )
    return Group(pattern)
