"""What became of looking at a signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["BAD_STATES", "SignatureState", "Signed"]


class SignatureState(StrEnum):
    """What is known of a signature."""

    GOOD = "signed"
    """It fits, and whoever is named as acting made it."""
    OTHER = "signed by somebody else"
    """It fits, and is not the actor's."""
    UNKNOWN = "signed by nobody known"
    """Its key is nobody's who may sign, or may sign no longer."""
    BAD = "bad signature"
    """It does not fit the entry, or is no signature."""
    NONE = "unsigned"
    UNCHECKED = "signature not checked"
    """What is needed to check it is not set up here."""


BAD_STATES = frozenset({SignatureState.BAD, SignatureState.OTHER, SignatureState.UNKNOWN})
"""Those of a signature that is there, was looked at, and does not bind whoever is named as acting."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was looked at.

    Attributes:
        state: What is known.
        by: Whose key it is; empty where that is not known.
        why: What speaks against it, or kept it from being checked, for people; empty where it is good.
    """

    state: SignatureState
    by: str = ""
    why: str = ""
