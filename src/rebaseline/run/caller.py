"""Makes calls: bounded in number and cost, paced, tried again after faults, given up when nobody is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from rebaseline.domain.attempt import Faulted
from rebaseline.errors import ProviderError
from rebaseline.run.budget import Budget
from rebaseline.run.limits import Limits
from rebaseline.run.pacer import Pacer, Ticket
from rebaseline.run.tally import Tally
from rebaseline.targets.base import Asked, Request, TargetAdapter

__all__ = ["Caller"]

_MOST_PUT_OFF = 4
"""Tries that were only put off are not counted, up to so many times the tries that are."""


@dataclass(slots=True)
class Caller:
    """The one place where calls are made, and so the one that can bound them.

    Attributes:
        adapter: Whom to ask.
        limits: How often to try, and how long to wait in between.
        tally: Counts attempts that pause.
        budget: Whether a call may be made.
        pacer: When.
        sleep: Waits so many seconds.
        jitter: Where the chance in waits comes from.
    """

    adapter: TargetAdapter
    limits: Limits
    tally: Tally
    budget: Budget
    pacer: Pacer
    sleep: Callable[[float], Awaitable[None]]
    jitter: Random
    _silent: int = 0
    _met: bool = False

    async def call(self, request: Request) -> Asked | None:
        """Make a call, and again while it faults.

        Returns:
            What came of it, a fault only after the last try; None where a bound leaves no call.

        Raises:
            ProviderError: The provider refuses us, or nobody is there at all.
        """
        tried, put_off, answers = 0, 0, self.pacer.answers
        while self.budget.has_calls:
            ticket = await self.pacer.enter()
            asked = await self._ask(request, ticket)
            tried += 1
            if asked is None or not isinstance(asked.attempt, Faulted) or asked.final:
                return asked
            limited = self.pacer.limited(asked)
            # What alone is more than the provider's limit is put off for ever, whatever others are granted.
            put_off += limited and self.pacer.busy_with_others(answers)
            failures = tried - min(put_off, _MOST_PUT_OFF * self.limits.tries)
            answers = self.pacer.answers
            if failures >= self.limits.tries:
                return asked
            if not limited:
                await self._pause(failures, asked.retry_after_seconds)
        return None

    async def _ask(self, request: Request, ticket: Ticket) -> Asked | None:
        """Make one call with what is set aside for it; None where nothing is left."""
        asked = None
        try:
            reservation = await self.budget.reserve(request)
            if reservation is not None:
                try:
                    asked = await self.adapter.ask(request)
                finally:
                    self.budget.settle(reservation, asked)
                self._listen(asked)
        finally:
            self.pacer.leave(ticket, asked)
        return asked

    async def _pause(self, failures: int, retry_after_seconds: float | None) -> None:
        self.tally.paused()
        await self.sleep(self.limits.backoff.wait_seconds(failures, retry_after_seconds, self.jitter))
        self.tally.resumed()

    def _listen(self, asked: Asked) -> None:
        """Raise when so many calls in a row found nobody and none ever did: the server is down, waiting burns time."""
        attempt = asked.attempt
        nobody = isinstance(attempt, Faulted) and attempt.kind == "connection"
        self._met = self._met or not isinstance(attempt, Faulted)
        self._silent = self._silent + 1 if nobody else 0
        if self._silent >= self.limits.silence and not self._met:
            raise ProviderError(
                f"{self.adapter.provider} cannot be reached: {self._silent} calls in a row found nobody",
                remedy="Check that the server runs, its address, and the way to it (proxy, firewall).",
            )
