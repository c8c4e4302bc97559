"""TOML texts: read, and changed by splices."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rebaseline.domain.edit import Place
from rebaseline.errors import Problem, SuiteErrors
from rebaseline.load.findings import ERROR

__all__ = ["Splice", "begins_with", "line_end", "line_start", "newline_of", "parse_toml", "spliced"]


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Text that takes the place of other text.

    Attributes:
        start: Where the other text begins.
        end: Where it ends; equal to `start` where nothing is taken out.
        new: What is put there, its lines ended by a line feed.
    """

    start: int
    end: int
    new: str = ""


def parse_toml(text: str, *, shown: str) -> dict[str, Any]:
    """Return what a text says.

    Raises:
        SuiteErrors: It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        remedy = "check quotes, brackets and equals signs"
        raise SuiteErrors([Problem(shown, 0, ERROR, f"this is not TOML: {fault}", remedy)]) from fault


def newline_of(text: str) -> str:
    """Return how a text ends its lines: as its first one does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def spliced(text: str, splices: Iterable[Splice], newline: str) -> str:
    """Return a text with splices made that do not overlap; new lines end with `newline`."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.new.replace("\n", newline) + text[splice.end :]
    return text


def line_start(text: str, at: int) -> int:
    """Return where the line begins in which something stands."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line ends in which something stands, its comment included and its line end not."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def begins_with(path: Place, place: Place) -> bool:
    """Return whether a path leads to a place or below it."""
    return path[: len(place)] == place
