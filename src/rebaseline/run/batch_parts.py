"""What the stages of a batch run share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rebaseline.domain.batch import Batch
from rebaseline.run.budget import Budget, Reservation
from rebaseline.run.engine import Surroundings
from rebaseline.run.limits import Limits
from rebaseline.run.tally import Tally
from rebaseline.targets.batching import BatchAdapter, BatchState

__all__ = ["BatchLedger", "OpenBatch", "Parts", "Standing", "untold_standing"]


class BatchLedger(Protocol):
    """Where batches are noted, durably when a method returns."""

    def note(self, batch: Batch) -> None:
        """Note a batch that is about to be submitted; refuse one whose cells are in an open batch."""

    def submitted(self, key: str, provider_id: str) -> None:
        """Note under which name the provider took it."""

    def drop(self, key: str) -> None:
        """Forget one that never came to be."""

    def close(self, key: str, *, at: datetime) -> None:
        """Note that all its replies are stored."""

    def open(self) -> list[Batch]:
        """Return the batches of this suite and target whose replies are not all stored."""

    def known(self) -> frozenset[str]:
        """Return the provider's names of all batches ever noted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a batch stands.

    Attributes:
        batch: The batch.
        state: What the provider says of it.
    """

    batch: Batch
    state: BatchState


def untold_standing(standing: Standing) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class OpenBatch:
    """A batch that is open.

    Attributes:
        batch: It.
        reservations: What was set aside for requests that this run submitted, by custom id.
        ours: This run submitted it.
        taken: Custom ids whose outcome was taken.
        setbacks: So many times in a row nothing was learnt of it.
    """

    batch: Batch
    reservations: dict[str, Reservation] = field(default_factory=dict)
    ours: bool = False
    taken: set[str] = field(default_factory=set)
    setbacks: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """What all plans of one run share.

    Attributes:
        adapter: Whom to ask.
        surroundings: Clock, sleep and chance.
        limits: Bounds, with the price of batches.
        budget: Holds them.
        tally: Counts.
        new_key: Returns a new name for a batch.
        standing: Told how batches stand.
        ours: Open batches that this run submitted, by key: what was set aside for them is known here alone.
        rounds: So often something was submitted, by session.
    """

    adapter: BatchAdapter
    surroundings: Surroundings
    limits: Limits
    budget: Budget
    tally: Tally
    new_key: Callable[[], str]
    standing: Callable[[Standing], None]
    ours: dict[str, OpenBatch] = field(default_factory=dict)
    rounds: Counter[str] = field(default_factory=Counter)
