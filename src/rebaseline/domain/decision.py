"""What people decide of the items of a review, and the waivers that they give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rebaseline.domain.edit import Edit

__all__ = ["Action", "Actor", "Decision", "Finding", "Waiver"]


class Action(StrEnum):
    """What is done with one item."""

    REPAIR = "repair"
    """Its suite is edited, and the new version's replies, read with the edit, become its baseline."""
    REBASELINE = "re-baseline"
    """The new version's replies become its baseline as they are read now. Never of a failing assertion."""
    RETIRE = "retire"
    """It is taken out of use, with a reason."""
    WAIVE = "waive"
    """It blocks no longer until a day; it stays failing, or invalid."""
    REJECT = "reject"
    """The finding stands: the new version is to blame. It is recorded as it is, and blocks."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        name: As git knows them (`user.name`), or as `--as` names them.
        email: `user.email`; empty where only a name was given.
    """

    name: str
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides of one assertion, on one target, between two model versions.

    Attributes:
        action: What is done.
        suite: Suite id.
        assertion: Assertion id.
        reason: Why; needed to loosen a rule, to retire, to waive and to reject.
        edits: For a repair: edits of the suite's file.
        project_edits: For a repair: edits of the project file.
        words: For a repair: what it does.
        verified: For a repair: it was verified on stored replies.
        owner: For a waiver: who answers for it.
        expires_on: For a waiver: its last day.
        review_seconds: How long it was looked at; 0 where nobody measured.
    """

    action: Action
    suite: str
    assertion: str
    reason: str = ""
    edits: tuple[Edit, ...] = ()
    project_edits: tuple[Edit, ...] = ()
    words: str = ""
    verified: bool = False
    owner: str = ""
    expires_on: date | None = None
    review_seconds: float = 0.0

    @property
    def name(self) -> str:
        """Suite and assertion, as people name it."""
        return f"{self.suite}/{self.assertion}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a decision was about, so that it is known whether it still is.

    Attributes:
        verdict: The verdict's name.
        rule: Fingerprint of the assertion's rule.
        broken: What was broken, where it was invalid, the weightiest first: assumptions, and forms as `form: fence`.
        at_least: Shown lower bound, at 1/20, of the rate of passes, in [0, 1]; of pairs of the difference, in [-1, 1].
            None where no round was complete.
    """

    verdict: str
    rule: str
    broken: tuple[str, ...] = ()
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An assertion that does not block for a while, although it is failing or invalid.

    Attributes:
        suite: Suite id.
        assertion: Assertion id.
        target: Target name.
        model: The model version whose replies were looked at; it covers no other.
        finding: What was waived. It covers no other verdict, no other rule, and nothing that is shown to be worse.
        owner: Who answers for it.
        reason: Why.
        expires_on: Its last day.
        given_by: Who gave it.
        given_at: When, with time zone.
        entry: Digest of its entry in the ledger.
    """

    suite: str
    assertion: str
    target: str
    model: str
    finding: Finding
    owner: str
    reason: str
    expires_on: date
    given_by: str
    given_at: datetime
    entry: str = ""

    def is_expired(self, today: date) -> bool:
        """Return whether its last day is over."""
        return today > self.expires_on
