"""What a project's assertions suffer from over time, each with what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Ailment", "AilmentKind"]


class AilmentKind(StrEnum):
    """What is wrong, the weightiest first."""

    DAMAGED = "damaged"
    """The ledger is not as it was written: no waiver counts, and nobody can decide."""
    NEVER_VALID = "never valid"
    """It was accepted although it did not measure its claim."""
    EXPIRED = "expired"
    """A waiver whose last day is over, or words that are kept too long."""
    WAITING = "waiting"
    """Somebody proposed it, and nobody accepted it yet."""
    STALE = "stale"
    """What was accepted is not what is asked, read or answered now."""
    UNOWNED = "unowned"
    """Nobody answers for it."""
    UNUSED = "unused"
    """Nothing refers to it."""
    RETIRED = "retired"
    """Out of use: an assertion, or a model that its provider does not know any more."""


@dataclass(frozen=True, slots=True)
class Ailment:
    """One finding.

    Attributes:
        kind: What is wrong.
        subject: What it is about: `suite/assertion`, a file, a target.
        words: What was found, for people.
        mend: The command that mends it, or the edit to make.
        where: File and line, relative to the project; empty where there is none.
    """

    kind: AilmentKind
    subject: str
    words: str
    mend: str
    where: str = ""
