"""Makes calls: bounded in number, tried again after faults, given up when nobody is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

from rebaseline.domain.attempt import Faulted
from rebaseline.errors import ProviderError
from rebaseline.run.limits import Limits
from rebaseline.run.tally import Tally
from rebaseline.targets.base import Asked, Request, TargetAdapter

__all__ = ["Caller"]


class Caller:
    """The one place where calls are made, and so the one that can bound them."""

    def __init__(
        self,
        adapter: TargetAdapter,
        limits: Limits,
        tally: Tally,
        *,
        sleep: Callable[[float], Awaitable[None]],
        jitter: Random,
    ) -> None:
        self._adapter = adapter
        self._limits = limits
        self._tally = tally
        self._sleep = sleep
        self._jitter = jitter
        self._silent = 0
        self._met = False

    async def call(self, request: Request) -> Asked | None:
        """Make a call, and again while it faults.

        Returns:
            What came of it, a fault only after the last try; None where the bound on calls leaves none.

        Raises:
            ProviderError: The provider refuses us, or nobody is there at all.
        """
        failures = 0
        while self._limits.max_calls is None or self._tally.calls < self._limits.max_calls:
            self._tally.calls += 1
            asked = await self._adapter.ask(request)
            self._listen(asked)
            failures += 1
            if not isinstance(asked.attempt, Faulted) or failures >= self._limits.tries:
                return asked
            await self._pause(failures, asked.retry_after_seconds)
        return None

    async def _pause(self, failures: int, retry_after_seconds: float | None) -> None:
        self._tally.paused()
        await self._sleep(self._limits.backoff.wait_seconds(failures, retry_after_seconds, self._jitter))
        self._tally.resumed()

    def _listen(self, asked: Asked) -> None:
        """Raise when so many calls in a row found nobody and none ever did: the server is down, waiting burns time."""
        attempt = asked.attempt
        nobody = isinstance(attempt, Faulted) and attempt.kind == "connection"
        self._met = self._met or not isinstance(attempt, Faulted)
        self._silent = self._silent + 1 if nobody else 0
        if self._silent >= self._limits.silence and not self._met:
            raise ProviderError(
                f"{self._adapter.provider} cannot be reached: {self._silent} calls in a row found nobody",
                remedy="Check that the server runs, its address, and the way to it (proxy, firewall).",
            )
