"""What of a diff is in the queue of a review, and what is not, and why: the diff and the review count alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Counted", "absent_words", "count_lines"]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many assertions of a diff need someone, by where they are.

    Attributes:
        here: In the queue.
        decided: Decided before, so left out.
        unfit: Left out by `--only`.
        unsettled: More replies would tell, and no person.
        unmeasured: Nothing to judge by.
        never_valid: Accepted as invalid, so never valid; those in the queue among them.
        never_valid_here: Of these, in the queue.
        never_valid_holding: Of these, holding now.
    """

    here: int
    decided: int = 0
    unfit: int = 0
    unsettled: int = 0
    unmeasured: int = 0
    never_valid: int = 0
    never_valid_here: int = 0
    never_valid_holding: int = 0

    @property
    def in_all(self) -> int:
        """What a diff says needs someone."""
        return self.here + self.decided + self.unfit + self.unsettled + self.unmeasured


def absent_words(counted: Counted) -> str:
    """Return what needs someone and is not in the queue: `4 unsettled, which need replies (--only unsettled)`."""
    unmeasured, unsettled = _need(counted.unmeasured), _need(counted.unsettled)
    parts = [
        f"{counted.unsettled} unsettled, which {unsettled} replies (--only unsettled)" if counted.unsettled else "",
        f"{counted.unmeasured} unmeasured, which {unmeasured} replies" if counted.unmeasured else "",
        f"{counted.decided} decided before (--again)" if counted.decided else "",
        f"{counted.unfit} left out by --only" if counted.unfit else "",
    ]
    return ", ".join(part for part in parts if part)


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def count_lines(counted: Counted) -> Iterator[str]:
    """Yield the head of a review: what is in the queue, what is not, and what never was valid."""
    absent = absent_words(counted)
    verb = _need(counted.in_all)
    here = f"{counted.here} of the {counted.in_all} that {verb} someone" if absent else f"{counted.here} {verb} someone"
    yield here + (f"; not in this queue: {absent}" if absent else "")
    if counted.never_valid:
        where = [
            f"{counted.never_valid_here} in this queue" if counted.never_valid_here else "",
            f"{counted.never_valid_holding} holding now, so not in it" if counted.never_valid_holding else "",
        ]
        parts = ", ".join(part for part in where if part)
        yield f"{counted.never_valid} never valid (`rebaseline doctor`)" + (f": {parts}" if parts else "")
