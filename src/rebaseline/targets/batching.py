"""The seam at a provider's batch API: many requests go in together, and attempts come out later, in any order.

As in `TargetAdapter`, what a provider or the network does is a value, and an exception is for a person. What went wrong
on the way is a `Setback`: whoever asked waits and asks again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from rebaseline.domain.attempt import Faulted
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked, Request

__all__ = [
    "CLOCK_SKEW",
    "KEPT_DAYS",
    "SUBMIT_SECONDS",
    "BatchAdapter",
    "BatchState",
    "Collected",
    "Gone",
    "Search",
    "Setback",
    "Unclear",
    "Undone",
]

SUBMIT_SECONDS = 600.0
"""No submission takes longer: it is given up then. What an older one came to can be looked up."""

CLOCK_SKEW = timedelta(minutes=10)
"""Our clock and the provider's may differ by so much."""

KEPT_DAYS = 29
"""Providers keep results for so long, or a day more."""


@dataclass(frozen=True, slots=True)
class Setback:
    """The provider was not reached, or was in no state to do what it was asked.

    Attributes:
        fault: What went wrong.
        retry_after_seconds: How long the provider asks to be left alone; None where it does not say.
        perhaps_done: It may have been done all the same: the provider's answer was lost.
    """

    fault: Faulted
    retry_after_seconds: float | None = None
    perhaps_done: bool = False


@dataclass(frozen=True, slots=True)
class BatchState:
    """How a batch stands.

    Attributes:
        ended: Nothing more will come: what was answered can be collected, also of a batch that expired.
        word: The provider's own word for its state.
        done: Requests that are through, however; None where the provider does not say before the end.
        total: Requests of the batch; None where the provider does not say.
        expires_at: When it ends at the latest, with time zone; None where the provider does not say.
        failure: Why the batch was not begun at all, in the provider's words; None for one that was.
    """

    ended: bool
    word: str
    done: int | None = None
    total: int | None = None
    expires_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The provider knows no such batch: it was asked for with another key or address, or is kept no longer."""


@dataclass(frozen=True, slots=True)
class Undone:
    """A request of a batch that ended was not answered, and was not paid for. It can be asked again.

    Attributes:
        kind: `expired`, `canceled`, or a kind of fault such as `server` or `overloaded`.
        error: The key or the account was refused for it: a person must act.
    """

    kind: str
    error: ProviderError | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Whether a batch was submitted cannot be told yet.

    Attributes:
        batch_id: The provider's name of one that could be it, and does not show whose it is before it ends.
    """

    batch_id: str


@dataclass(frozen=True, slots=True)
class Search:
    """What is known of a batch that may have been submitted.

    Attributes:
        key: Our name of it, as given to `submit`.
        size: How many requests it has.
        since: The instant before it was submitted, with time zone.
        known: The provider's names of batches that are not it.
    """

    key: str
    size: int
    since: datetime
    known: frozenset[str] = frozenset()


Collected = tuple[str, Asked | Undone]
"""A custom id, and what came of its request. An attempt in it is a reply or a rejection."""


class BatchAdapter(Protocol):
    """One way to ask one provider for many replies together.

    Every method raises `ProviderError` where a person must act: on the key, the account, or a batch that is refused.
    """

    @property
    def provider(self) -> str:
        """Who is asked: a vendor, or the host of a compatible endpoint."""

    @property
    def provenance(self) -> Provenance:
        """With what it is asked."""

    @property
    def mandatory(self) -> frozenset[str]:
        """Parameters without which no request is valid."""

    @property
    def most_requests(self) -> int:
        """Requests that one batch can hold."""

    @property
    def most_bytes(self) -> int:
        """Bytes that the requests of one batch may have together, as `size` counts them."""

    def size(self, custom_id: str, request: Request) -> int:
        """Return the bytes that a request takes in a batch.

        Raises:
            ConfigurationError: The request cannot be expressed.
        """

    async def submit(self, key: str, requests: Sequence[tuple[str, Request]]) -> str | Setback:
        """Hand a batch to the provider, within `SUBMIT_SECONDS`.

        Args:
            key: Our name of the batch, at most 32 letters, digits, `-` and `_`.
            requests: Each with its custom id: the key, `-`, and more of the same characters, at most 64 together.

        Returns:
            The provider's name of the batch.
        """

    async def find(self, search: Search) -> str | Unclear | Setback | None:
        """Return the provider's name of a batch that may have been submitted; None where there is none."""

    async def poll(self, batch_id: str) -> BatchState | Gone | Setback:
        """Return how a batch stands."""

    def collect(self, batch_id: str) -> AsyncGenerator[Collected | Setback, None]:
        """Yield what came of each request of a batch that ended, in any order, one at a time.

        A setback is the last that it yields; whoever collects begins again. Requests may be missing altogether.
        """

    async def cancel(self, batch_id: str) -> Setback | None:
        """Ask the provider to end a batch early. What was answered by then can be collected, and is paid for."""

    async def aclose(self) -> None:
        """Let go of connections. No call may follow."""
