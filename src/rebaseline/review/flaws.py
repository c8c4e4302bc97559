"""What can be wrong with a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Flaw", "FlawKind"]


class FlawKind(StrEnum):
    """What is wrong."""

    EDITED = "edited"
    """The content of an entry is not what was written."""
    RENAMED = "renamed"
    """The name of an entry's file does not fit it, or the entry stands there twice."""
    DAMAGED = "damaged"
    """An entry is cut short, or no JSON."""
    CONFLICTED = "conflicted"
    """An entry holds marks of a merge."""
    NEWER = "newer"
    """An entry has a format of a later version of rebaseline."""
    FOREIGN = "foreign"
    """A file in the folder is no entry."""
    MISSING = "missing"
    """An entry is named as a parent, or stands in another commit, and is not there."""
    CYCLE = "cycle"
    """Entries name each other as parents."""
    CLOCK = "clock"
    """An entry is dated before one of its parents."""
    ROOT = "root"
    """An entry follows none, and is not the first."""
    BEHIND = "behind"
    """Another commit has moved on, or an entry that it does not have does not follow all that it has."""
    OUTSIDE = "outside"
    """A baseline is not what the ledger says: it was changed, added or taken away past it."""
    EVIDENCE = "evidence"
    """An entry rests on a baseline that is not the one it wrote."""
    UNSIGNED = "unsigned"
    """The policy wants a signature and there is none."""
    BAD_SIGNATURE = "bad signature"
    """A signature does not fit, or is nobody's who may sign."""
    WRONG_SIGNER = "wrong signer"
    """Somebody else signed than the one who is named as acting."""
    POLICY = "policy"
    """The project demands less of its ledger, or lets more pass, than another commit does."""
    DUTIES = "duties"
    """The same person proposed and accepted, or nobody is named as having proposed."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One finding.

    Attributes:
        kind: What is wrong.
        where: The file, relative to the ledger's folder; of a baseline, relative to the project.
        message: What is wrong, with the offending value.
        remedy: What to do.
        blocks: The ledger cannot be relied upon; else it is a warning.
    """

    kind: FlawKind
    where: str
    message: str
    remedy: str
    blocks: bool = True
