"""Counts of a run while it goes on. Counts only: a reply that is recorded is not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.record import AttemptRecord
from rebaseline.run.budget import Budget
from rebaseline.run.counts import Progress, RunCounts, Spending

__all__ = ["Progress", "RunCounts", "Tally", "untold"]

_NOT_FOUND = 404


def untold(progress: Progress) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Tally:
    """The counts while they grow; every change is told to `tell`.

    Attributes:
        budget: Knows calls and what they cost.
        clock: Seconds that never go back.
        total: Attempts to be made.
        tell: Told of each change.
        answered: Replies.
        rejected: Rejections.
        faulted: Final faults.
        waiting: Attempts that wait for a reply.
        retrying: Attempts that wait out a pause of their own.
        held_back: Attempts that the provider's limits hold back.
        served: Replies by served id.
        faults: Final faults by kind.
        culprits: Rejections by culprit.
        novelty: What replies held that is new to us.
        fault_words: By kind, the words that came with the first final fault.
        unknown_model: Rejections that say that there is no such model.
        began_at: By the clock, when the plan began.
        calls_before: Calls of earlier plans.
        spent_before: What earlier plans took.
    """

    budget: Budget
    clock: Callable[[], float]
    total: int = 0
    tell: Callable[[Progress], None] = untold
    answered: int = 0
    rejected: int = 0
    faulted: int = 0
    waiting: int = 0
    retrying: int = 0
    held_back: int = 0
    served: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    culprits: Counter[str] = field(default_factory=Counter)
    novelty: Counter[str] = field(default_factory=Counter)
    fault_words: dict[str, str] = field(default_factory=dict)
    unknown_model: int = 0
    began_at: float = 0.0
    calls_before: int = 0
    spent_before: Spending = field(default_factory=Spending)

    def begin(self, total: int, tell: Callable[[Progress], None]) -> None:
        """Count anew, for the next plan. What the bounds are held against goes on."""
        self.total, self.tell = total, tell
        self.answered = self.rejected = self.faulted = self.unknown_model = 0
        self.waiting = self.retrying = self.held_back = 0
        for counter in (self.served, self.faults, self.culprits, self.novelty):
            counter.clear()
        self.fault_words.clear()
        self.began_at = self.clock()
        self.calls_before, self.spent_before = self.budget.calls, self.budget.spending

    @property
    def calls(self) -> int:
        """Calls made for this plan."""
        return self.budget.calls - self.calls_before

    @property
    def spending(self) -> Spending:
        """What this plan took."""
        return self.budget.spending - self.spent_before

    @property
    def done(self) -> int:
        """Attempts recorded."""
        return self.answered + self.rejected + self.faulted

    def began(self) -> None:
        """Count an attempt that begins to wait for a reply."""
        self._move(waiting=1)

    def left(self) -> None:
        """Count an attempt that was given up before its end."""
        self._move(waiting=-1)

    def paused(self) -> None:
        """Count an attempt that failed and will be tried again."""
        self._move(waiting=-1, retrying=1)

    def resumed(self) -> None:
        """Count an attempt that is tried again."""
        self._move(waiting=1, retrying=-1)

    def held(self) -> None:
        """Count an attempt that the provider's limits hold back."""
        self._move(waiting=-1, held=1)

    def released(self) -> None:
        """Count an attempt that they hold back no longer."""
        self._move(waiting=1, held=-1)

    def finished(self, record: AttemptRecord) -> None:
        """Count an attempt that is recorded."""
        match record.attempt:
            case Answered(novelty=novelty, unread=unread):
                self.answered += 1
                self.served[record.model.served] += 1
                self.novelty.update((*novelty, *unread))
            case Rejected(status=status, culprit=culprit):
                self.rejected += 1
                self.unknown_model += status == _NOT_FOUND
                self.culprits[culprit or ""] += 1
            case Faulted(kind=kind, hint=hint):
                self.faulted += 1
                self.faults[kind] += 1
                self.fault_words.setdefault(kind, hint)
        self._move(waiting=-1)

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
            spending=self.spending,
            stopped_by=self.budget.stopped_by,
            faults=dict(self.faults),
            culprits=dict(self.culprits),
            novelty=dict(self.novelty),
            fault_words=dict(self.fault_words),
        )

    def _move(self, *, waiting: int, retrying: int = 0, held: int = 0) -> None:
        self.waiting += waiting
        self.retrying += retrying
        self.held_back += held
        self.tell(self._progress())

    def _progress(self) -> Progress:
        done, spending = self.done, self.spending
        spent_usd = spending.at_most_usd
        return Progress(
            done,
            self.total,
            self.waiting,
            self.retrying,
            self.rejected,
            self.faulted,
            self.calls,
            held=self.held_back,
            spending=spending,
            total_usd=spent_usd / done * self.total if done and spent_usd is not None else None,
            left_seconds=(self.clock() - self.began_at) / done * (self.total - done) if done else None,
            faults=dict(self.faults),
            culprits=dict(self.culprits),
            novelty=dict(self.novelty),
        )
