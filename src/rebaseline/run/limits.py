"""How hard a run may try, and how long it waits in between."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

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
        asked_seconds = min(retry_after_seconds or 0.0, self.most_retry_after_seconds)
        return asked_seconds + jitter.uniform(0.0, span_seconds)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run.

    Attributes:
        concurrency: Calls at a time, at least 1.
        max_calls: Hard bound on calls, retries and tool rounds included; None for none.
        tries: Tries of one call, at least 1; after the last, a fault is final.
        timeout_seconds: For each call.
        silence: So many calls in a row that found nobody, before anybody answered, end the run.
        backoff: Waits between tries.
    """

    concurrency: int = 8
    max_calls: int | None = None
    tries: int = 5
    timeout_seconds: float = 120.0
    silence: int = 20
    backoff: Backoff = Backoff()

    def __post_init__(self) -> None:
        """Refuse bounds under which nothing could be asked, which would look like a run with nothing to do.

        Raises:
            UsageError: A bound is too low.
        """
        least = {"concurrency": 1, "tries": 1, "silence": 1, "max_calls": 0}
        for name, bound in least.items():
            value = getattr(self, name)
            if value is not None and value < bound:
                raise UsageError(f"{name} is {value}, under {bound}", where=name, remedy=f"Use at least {bound}.")
        if not self.timeout_seconds > 0:
            raise UsageError(f"timeout_seconds is {self.timeout_seconds}, not above 0", where="timeout_seconds")
