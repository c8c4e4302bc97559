"""What a check made of one reply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rebaseline.domain.form import Form

__all__ = ["OUTSTANDING", "Assumption", "Reading", "Valued", "Void"]


class Assumption(StrEnum):
    """What must be true for a reading to mean what the claim says."""

    ACCEPTED = "accepted"
    COMPLETE = "complete"
    ENGAGED = "engaged"
    READABLE = "readable"
    FORM = "form"
    AGREEMENT = "agreement"
    CONTROLS = "controls"
    ALIVE = "alive"
    ANCHORS = "anchors"
    FRESH = "fresh"
    DELIVERED = "delivered"
    """The attempt ended in a reply or a rejection: broken by a fault after the last retry."""
    JUDGED = "judged"
    """The judge has been asked about the reply, and answered: broken while it has not."""
    KEPT = "kept"
    """The reply is at hand: broken where it was purged, and no accepted baseline keeps what was read of it."""


OUTSTANDING = frozenset({Assumption.DELIVERED, Assumption.JUDGED, Assumption.KEPT})
"""What asking again may bring: voids of these kinds say nothing of the check, and never make an assertion invalid."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The check read the reply.

    Attributes:
        value: 1 pass, 0 fail, or a score between.
        forms: Forms that were undone on the way, or that made it a fail.
        note: What was read, for people; may be empty. Untrusted text: never longer than 200 characters.
    """

    value: float
    forms: tuple[Form, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Void:
    """The check could not read the reply as intended. Never a pass, never a fail, never 0.

    Attributes:
        broken: The assumption that does not hold.
        forms: Forms that stand between the strict and the tolerant reading.
        if_undone: Value of the tolerant reading, should the forms be declared undone; None where there is none.
        note: Why, for people; may be empty.
    """

    broken: Assumption
    forms: tuple[Form, ...] = ()
    if_undone: float | None = None
    note: str = ""


Reading = Valued | Void
