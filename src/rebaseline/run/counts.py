"""What a run did, and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Bound", "Progress", "RunCounts", "Spending"]


class Bound(StrEnum):
    """A bound that stopped a run."""

    CALLS = "max_calls"
    USD = "max_usd"


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls took.

    Attributes:
        input_tokens: Tokens of requests, as far as replies stated them.
        output_tokens: Tokens of replies, as far as they stated them.
        usd: What the stated tokens cost; None where the price is unknown, which is not 0.
        unstated_usd: The most that calls cost which stated no tokens: lost on the way, timed out, or silent about it.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = None
    unstated_usd: float = 0.0

    @property
    def at_most_usd(self) -> float | None:
        """The most that was spent; None where the price is unknown."""
        return None if self.usd is None else self.usd + self.unstated_usd

    def __sub__(self, earlier: Spending) -> Spending:
        """Return what was spent since `earlier`, which was a state of the same account."""
        usd = None if self.usd is None or earlier.usd is None else self.usd - earlier.usd
        return Spending(
            self.input_tokens - earlier.input_tokens,
            self.output_tokens - earlier.output_tokens,
            usd,
            self.unstated_usd - earlier.unstated_usd,
        )

    def __add__(self, other: Spending) -> Spending:
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Spending(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            usd,
            self.unstated_usd + other.unstated_usd,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. What is neither done, waiting, retrying nor held has not begun.

    Attributes:
        done: Attempts recorded, rejections and faults included.
        total: Attempts to be made in this run.
        waiting: Attempts that wait for a reply, or for the recorder.
        retrying: Attempts that wait out a pause of their own after a fault.
        rejected: Of those done, the provider no longer takes the request.
        faulted: Of those done, infrastructure failed at the last try.
        calls: Calls made.
        held: Attempts whose next call is held back by the provider's limits.
        spending: What calls took so far.
        total_usd: What the whole run will have cost, by what an attempt cost so far; None where the price is unknown or
            nothing is done yet.
        left_seconds: What the rest will take, by this run's own pace; None while nothing is done.
        faults: Final faults by kind.
        culprits: Rejections by culprit; empty text where it is not known.
        novelty: What replies held that we have not seen before, by its name.
    """

    done: int
    total: int
    waiting: int
    retrying: int
    rejected: int
    faulted: int
    calls: int
    held: int = 0
    spending: Spending = Spending()
    total_usd: float | None = None
    left_seconds: float | None = None
    faults: Mapping[str, int] = field(default_factory=dict)
    culprits: Mapping[str, int] = field(default_factory=dict)
    novelty: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run did.

    Attributes:
        answered: Replies.
        rejected: Requests that the provider no longer takes.
        faulted: Faults that were final.
        unsent: Attempts that were planned and not finished, since `stopped_by` was reached.
        known: Attempts that were stored before and not made again.
        calls: Calls made, retries, tool rounds and controls included.
        served: Replies by the model id that answered; more than one id means that an alias moved in mid-run.
        unknown_model: Of the rejections, those that say that there is no such model (404).
        spending: What calls took.
        stopped_by: The bound for which a call was not made; None where none stopped the run.
        faults: Final faults by kind.
        culprits: Rejections by culprit; empty text where it is not known.
        novelty: What replies held that we have not seen before, by its name.
        fault_words: By kind, the words that came with the first final fault: untrusted text.
    """

    answered: int
    rejected: int
    faulted: int
    unsent: int
    known: int
    calls: int
    served: Mapping[str, int]
    unknown_model: int = 0
    spending: Spending = Spending()
    stopped_by: Bound | None = None
    faults: Mapping[str, int] = field(default_factory=dict)
    culprits: Mapping[str, int] = field(default_factory=dict)
    novelty: Mapping[str, int] = field(default_factory=dict)
    fault_words: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: RunCounts) -> RunCounts:
        """Return the counts of two runs, one after the other; the later one says what stopped them."""
        return RunCounts(
            answered=self.answered + other.answered,
            rejected=self.rejected + other.rejected,
            faulted=self.faulted + other.faulted,
            unsent=self.unsent + other.unsent,
            known=self.known + other.known,
            calls=self.calls + other.calls,
            served=_sum(self.served, other.served),
            unknown_model=self.unknown_model + other.unknown_model,
            spending=self.spending + other.spending,
            stopped_by=other.stopped_by or self.stopped_by,
            faults=_sum(self.faults, other.faults),
            culprits=_sum(self.culprits, other.culprits),
            novelty=_sum(self.novelty, other.novelty),
            fault_words={**other.fault_words, **self.fault_words},
        )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
