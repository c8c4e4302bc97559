"""Verdicts, changes and transitions: closed unions and enumerations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption

__all__ = [
    "Change",
    "Failing",
    "Holds",
    "Inconclusive",
    "Invalid",
    "Reason",
    "Transition",
    "Unmeasured",
    "Unsettled",
    "Verdict",
    "VerdictName",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an assertion is invalid.

    Attributes:
        broken: The assumption.
        replies: How many replies broke it; 0 for a test of the instrument.
        forms: The forms, where form is what broke.
        detail: What to know beyond that, for people.
    """

    broken: Assumption
    replies: int = 0
    forms: tuple[Form, ...] = ()
    detail: str = ""


class Unsettled(StrEnum):
    """Why a verdict is not reached, where more replies would reach it."""

    NO_ALARM = "no alarm"
    """All planned replies are in and nothing is wrong; the claim is just not shown."""
    SUSPECTED = "suspected"
    """The estimate is on the wrong side of the bar, not yet shown to be."""
    TOO_FEW = "too few"
    """Planned replies are still missing."""
    VOIDS = "voids"
    """The bar lies between the two readings of the voids; that they are too many is not shown yet."""
    POSSIBLE = "possible violations"
    """The rate is shown under its ceiling, but void replies may hide what must never happen: they are settled first."""
    ANCHORS = "anchors"
    """Its judge has not been held against all of its labelled transcripts yet."""
    ARM = "arm"
    """The claim is met; the arm that shows that the model engages is not yet settled."""


@dataclass(frozen=True, slots=True)
class Holds:
    """The claim is met even on the harshest reading."""


@dataclass(frozen=True, slots=True)
class Failing:
    """The claim is not met even with every doubt in its favour."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """No amount of sampling would settle it, or the instrument is out.

    Attributes:
        reasons: Why, the weightiest first; at least one.
        straddles: The answer hangs on the replies that the check cannot read; else the instrument is out.
        proven: That no sampling would settle it is shown by e-values, not only at the planned end.
    """

    reasons: tuple[Reason, ...]
    straddles: bool = True
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Sampling would settle it.

    Attributes:
        why: What kind of doubt is left.
        needed: About how many more replies at the rate seen so far; None where none would do at that rate.
        would_have_seen: Largest rate under the bar that these replies would have shown four times in five;
            None where no rate would have been.
    """

    why: Unsettled
    needed: int | None = None
    would_have_seen: float | None = None


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """No reply was had.

    Attributes:
        fault: What stood in the way.
    """

    fault: str


Verdict = Holds | Failing | Invalid | Inconclusive | Unmeasured


class VerdictName(StrEnum):
    """The verdicts' names, for tables, files and policies."""

    HOLDS = "holds"
    FAILING = "failing"
    INVALID = "invalid"
    INCONCLUSIVE = "inconclusive"
    UNMEASURED = "unmeasured"

    @property
    def said(self) -> str:
        """What is said of an assertion with this verdict: `it holds`, `it is failing`."""
        return "it holds" if self is VerdictName.HOLDS else f"it is {self}"

    @classmethod
    def of(cls, verdict: Verdict) -> VerdictName:
        """Return the name of a verdict."""
        match verdict:
            case Holds():
                return cls.HOLDS
            case Failing():
                return cls.FAILING
            case Invalid():
                return cls.INVALID
            case Inconclusive():
                return cls.INCONCLUSIVE
            case Unmeasured():
                return cls.UNMEASURED


class Change(StrEnum):
    """What the pairs with the baseline show."""

    WORSE = "worse shown"
    BETTER = "better shown"
    NONE_SHOWN = "no change shown"
    UNKNOWN = "no pairs"


class Transition(StrEnum):
    """From the baseline's verdict to the candidate's."""

    SURVIVED = "survived"
    REGRESSED = "regressed"
    INVALIDATED = "invalidated"
    UNSETTLED = "unsettled"
    UNMEASURED = "unmeasured"
    RECOVERED = "recovered"
    NEVER_VALID = "never valid"
    STILL_FAILING = "still failing"
    NEW = "new"
