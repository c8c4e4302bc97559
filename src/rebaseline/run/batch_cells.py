"""Which askings can go into a batch, and how they are divided among batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rebaseline.domain.batch import BatchItem
from rebaseline.domain.suite import Probe, Role
from rebaseline.run.budget import Budget, Reservation
from rebaseline.run.conversation import Conversation
from rebaseline.run.frame import Frame
from rebaseline.run.rounds import Cell
from rebaseline.targets.base import Request
from rebaseline.targets.batching import BatchAdapter

__all__ = ["Entry", "chunks", "is_one_call", "items_of"]

_ID_CHARACTERS = 40
"""Room for a key and a number; it is what counts towards the size of a request before it has a name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request that is to go into a batch.

    Attributes:
        cell: What it asks.
        request: How.
        reservation: What was set aside for it.
    """

    cell: Cell
    request: Request
    reservation: Reservation


def is_one_call(probe: Probe, frame: Frame) -> bool:
    """Say whether a probe is asked with a single call, whatever the model replies.

    A script in which the model must answer in between, or that has results for tools, needs the reply to one call to
    make the next; a batch cannot wait for that.
    """
    answers_between = any(one.role is Role.USER and other.role is Role.USER for one, other in pairwise(probe.turns))
    return not answers_between and not frame.results


def items_of(key: str, entries: Iterable[Entry]) -> tuple[BatchItem, ...]:
    """Return the entries of a batch under names that show whose they are: the key and a number."""
    return tuple(
        BatchItem(f"{key}-{number:05}", entry.cell.probe.id, entry.cell.probe.fingerprint, entry.cell.sample)
        for number, entry in enumerate(entries)
    )


def chunks(cells: Iterable[tuple[Cell, Frame]], adapter: BatchAdapter, budget: Budget) -> Iterator[list[Entry]]:
    """Yield what goes into one batch each, in the order of the cells, until a bound leaves no more.

    A request that alone is larger than a batch may be comes alone: the provider says what it thinks of it.

    Raises:
        ConfigurationError: A request cannot be expressed.
    """
    entries: list[Entry] = []
    weight = 0
    for cell, frame in cells:
        request = Conversation(cell.probe, frame, sample=cell.sample).request
        size = adapter.size("-" * _ID_CHARACTERS, request)
        if entries and (len(entries) >= adapter.most_requests or weight + size > adapter.most_bytes):
            yield entries
            entries, weight = [], 0
        reservation = budget.admit(request)
        if reservation is None:
            break
        entries.append(Entry(cell, request, reservation))
        weight += size
    if entries:
        yield entries
