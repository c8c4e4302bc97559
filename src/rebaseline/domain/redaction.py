"""What is taken out of replies before they are stored."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RedactionRule"]


@dataclass(frozen=True, slots=True)
class RedactionRule:
    """One thing to take out.

    Attributes:
        pattern: What to look for, in RE2; empty for a preset.
        preset: Name of a preset; empty for a pattern.
        replacement: What stands in its place, as it is written.
    """

    pattern: str
    preset: str
    replacement: str
