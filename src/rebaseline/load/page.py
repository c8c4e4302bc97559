"""A file that is being read: its name, its lines, and where its problems go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rebaseline.errors import ConfigurationError
from rebaseline.load.findings import Findings

__all__ = ["Loc", "Page"]

Loc = tuple[str | int, ...]
"""Keys and positions that lead to a place in a file."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file that is being read.

    Attributes:
        path: How messages name it.
        line_of: Line of a place in it.
        findings: Where its problems are noted.
    """

    path: str
    line_of: Callable[[Loc], int]
    findings: Findings

    def error(self, loc: Loc, message: str, remedy: str = "") -> None:
        """Note, at a place, what stops the file from being used."""
        self.findings.error(self.path, self.line_of(loc), message, remedy)

    def warning(self, loc: Loc, message: str, remedy: str = "") -> None:
        """Note, at a place, what the file can be used with."""
        self.findings.warning(self.path, self.line_of(loc), message, remedy)

    def refusal(self, loc: Loc, refusal: ConfigurationError) -> None:
        """Note an exception of another part of the program at the place that caused it."""
        self.error(loc, refusal.problem, refusal.remedy)
