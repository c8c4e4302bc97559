"""Places in files."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOWHERE", "Location"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where something was written.

    Attributes:
        path: File, relative to the project where possible, with forward slashes.
        line: Line from 1; 0 where unknown.
    """

    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


NOWHERE = Location()
"""The place of what was not read from a file."""
