"""Texts changed by splices: what is not spliced stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Splice", "line_end", "line_start", "newline_of", "spliced"]


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
