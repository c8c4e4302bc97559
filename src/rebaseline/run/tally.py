"""Counts of a run. Counts only: a reply that is recorded is not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.record import AttemptRecord

__all__ = ["Progress", "RunCounts", "Tally"]

_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. What is neither done, waiting nor retrying has not begun.

    Attributes:
        done: Attempts finished, rejections and faults included.
        total: Attempts to be made in this run.
        waiting: Attempts that wait for a reply.
        retrying: Attempts that wait out a pause after a fault.
        rejected: Of those done, the provider no longer takes the request.
        faulted: Of those done, infrastructure failed at the last try.
        calls: Calls made.
    """

    done: int
    total: int
    waiting: int
    retrying: int
    rejected: int
    faulted: int
    calls: int


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run did.

    Attributes:
        answered: Replies.
        rejected: Requests that the provider no longer takes.
        faulted: Faults that were final.
        unsent: Attempts that were planned and not finished, since `max_calls` was reached.
        known: Attempts that were stored before and not made again.
        calls: Calls made, retries and tool rounds included.
        served: Replies by the model id that answered; more than one id means that an alias moved in mid-run.
        unknown_model: Of the rejections, those that say that there is no such model (404).
    """

    answered: int
    rejected: int
    faulted: int
    unsent: int
    known: int
    calls: int
    served: Mapping[str, int]
    unknown_model: int = 0


@dataclass(slots=True)
class Tally:
    """The counts while they grow; every change is told to `tell`.

    Attributes:
        total: Attempts to be made.
        tell: Told of each change.
        answered: Replies.
        rejected: Rejections.
        faulted: Final faults.
        waiting: Attempts that wait for a reply.
        retrying: Attempts that wait out a pause.
        calls: Calls made.
        served: Replies by served id.
        unknown_model: Rejections that say that there is no such model.
    """

    total: int
    tell: Callable[[Progress], None]
    answered: int = 0
    rejected: int = 0
    faulted: int = 0
    waiting: int = 0
    retrying: int = 0
    calls: int = 0
    served: Counter[str] = field(default_factory=Counter)
    unknown_model: int = 0

    @property
    def done(self) -> int:
        """Attempts finished."""
        return self.answered + self.rejected + self.faulted

    def began(self) -> None:
        """Count an attempt that begins to wait for a reply."""
        self.waiting += 1
        self._tell()

    def left(self) -> None:
        """Count an attempt that was given up before its end."""
        self.waiting -= 1
        self._tell()

    def paused(self) -> None:
        """Count an attempt that failed and will be tried again."""
        self.waiting -= 1
        self.retrying += 1
        self._tell()

    def resumed(self) -> None:
        """Count an attempt that is tried again."""
        self.retrying -= 1
        self.waiting += 1
        self._tell()

    def finished(self, record: AttemptRecord) -> None:
        """Count an attempt that is finished."""
        match record.attempt:
            case Answered():
                self.answered += 1
                self.served[record.model.served] += 1
            case Rejected(status=status):
                self.rejected += 1
                self.unknown_model += status == _NOT_FOUND
            case Faulted():
                self.faulted += 1
        self.waiting -= 1
        self._tell()

    def counts(self, *, known: int) -> RunCounts:
        """Return the counts of a run that has ended."""
        return RunCounts(
            answered=self.answered,
            rejected=self.rejected,
            faulted=self.faulted,
            unsent=self.total - self.done,
            known=known,
            calls=self.calls,
            served=dict(self.served),
            unknown_model=self.unknown_model,
        )

    def _tell(self) -> None:
        self.tell(Progress(self.done, self.total, self.waiting, self.retrying, self.rejected, self.faulted, self.calls))
