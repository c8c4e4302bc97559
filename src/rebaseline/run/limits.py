"""How hard a run may try, how long it waits in between, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rebaseline.domain.model import Price
from rebaseline.errors import UsageError

__all__ = ["Backoff", "Limits"]


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between tries: exponential, with full jitter, never shorter than the provider asks.

    Full jitter spreads workers that failed together over the whole span; a fixed wait would send them back together.

    Attributes:
        base_seconds: Longest first wait; each further one doubles it.
        most_seconds: Longest wait of our own.
        most_retry_after_seconds: Longest wait that a provider may ask for; a longer one is cut to this.
    """

    base_seconds: float = 0.5
    most_seconds: float = 30.0
    most_retry_after_seconds: float = 120.0

    def asked_seconds(self, retry_after_seconds: float | None) -> float:
        """Return how long the provider asks to be left alone, at most `most_retry_after_seconds`; 0 for not at all."""
        return min(retry_after_seconds or 0.0, self.most_retry_after_seconds)

    def wait_seconds(self, failures: int, retry_after_seconds: float | None, jitter: Random) -> float:
        """Return how long to wait.

        Args:
            failures: Tries of this call that failed, at least 1.
            retry_after_seconds: What the provider asks for; None for nothing.
            jitter: Where chance comes from.

        Returns:
            Seconds, at least 0: what the provider asks for, and a random part of our own span after it.
        """
        doublings = min(failures - 1, 32)
        span_seconds = min(self.most_seconds, self.base_seconds * 2**doublings)
        return self.asked_seconds(retry_after_seconds) + jitter.uniform(0.0, span_seconds)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run.

    Attributes:
        concurrency: Calls at a time, at least 1. The provider's own limits may keep the run below it.
        max_calls: Hard bound on calls, retries, tool rounds and controls included; None for none.
        tries: Tries of one call, at least 1; after the last, a fault is final. A try that the provider put off while it
            answered others is not counted: its turn has not come.
        timeout_seconds: For each call.
        silence: So many calls in a row that found nobody, before anybody answered, end the run.
        backoff: Waits between tries.
        max_usd: Hard bound on what the calls cost at `price`; None for none. `Budget` says what it rests on.
        price: What the target costs; None where it is not known.
    """

    concurrency: int = 8
    max_calls: int | None = None
    tries: int = 5
    timeout_seconds: float = 120.0
    silence: int = 20
    backoff: Backoff = Backoff()
    max_usd: float | None = None
    price: Price | None = None

    def __post_init__(self) -> None:
        """Refuse bounds under which nothing could be asked, which would look like a run with nothing to do.

        Raises:
            UsageError: A bound is too low, or cannot be held.
        """
        least = {"concurrency": 1, "tries": 1, "silence": 1, "max_calls": 0, "max_usd": 0}
        for name, bound in least.items():
            value = getattr(self, name)
            if value is not None and not value >= bound:
                raise UsageError(f"{name} is {value}, not {bound} or more", where=name, remedy=f"Use at least {bound}.")
        if not self.timeout_seconds > 0:
            raise UsageError(f"timeout_seconds is {self.timeout_seconds}, not above 0", where="timeout_seconds")
        if self.max_usd is not None and self.price is None:
            raise UsageError(
                f"max_usd is {self.max_usd}, but what the target costs is not known",
                where="max_usd",
                remedy="Give the target a price, such as price = { input = 2.5, output = 10.0 }, or bound max_calls.",
            )
