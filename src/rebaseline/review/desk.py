"""What a review may ask of the project that it is held in, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rebaseline.domain.repair import Trial
from rebaseline.review.console import Console
from rebaseline.review.queue import Item
from rebaseline.review.session import Session

__all__ = ["Desk", "Review"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a review may ask of the project. Each call reads it, and only `write` changes it.

    Attributes:
        keep: Puts the session on the disk; called after every key that changed it.
        write: Carries the decisions out, and says what was done. Raises RebaselineError where it refuses.
        why: The whole chain of an item's verdict, in lines that are fit to print.
        edit_of: The edit of a repair, as a unified diff.
        loosens: What a repair makes looser, in words; empty where nothing.
        label: Has replies of an item labelled on a console, given the marks of those that were shown beside their
            version; returns the item as it is then.
        clock: Seconds that only grow.
        today: The day, for waivers.
    """

    keep: Callable[[Session], None]
    write: Callable[[Session], Sequence[str]]
    why: Callable[[Item], Sequence[str]]
    edit_of: Callable[[Item, Trial], Sequence[str]]
    loosens: Callable[[Item, Trial], str]
    label: Callable[[Item, Console, frozenset[str]], Item]
    clock: Callable[[], float]
    today: date


@dataclass(frozen=True, slots=True)
class Review:
    """What came of a review.

    Attributes:
        session: What is decided and not written.
        written: Items whose decisions were written.
        left: Items without a decision.
    """

    session: Session
    written: int
    left: int
