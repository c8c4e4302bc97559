"""Keeps within what a provider allows: how many calls at a time, and when none at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from rebaseline.domain.attempt import Answered, Faulted
from rebaseline.run.limits import Limits
from rebaseline.run.tally import Tally
from rebaseline.targets.base import Allowance, Asked

__all__ = ["Pacer", "Ticket"]

_LIMITED = frozenset({"rate_limit", "overloaded"})
_EAGERNESS = 1.25
"""Calls are spread over a little less than the time of a reply, or slow replies would leave places empty."""
_USUAL_REPLY_SECONDS = 4.0
"""The time of a reply before the first one has come."""
_REMEMBERED = 32
"""The time of a reply is a mean over about so many."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call that was let through.

    Attributes:
        number: Its place in the order of calls, from 0.
        began_at: By the clock, when it was let through.
    """

    number: int
    began_at: float


class Pacer:
    """A window of calls at a time that all workers share, and a pause that holds all of them.

    The window shrinks by half when the provider says that it is too much, and grows by one with each window of answers:
    many clients that do so share a limit fairly (Chiu and Jain 1989), and one alone stays close under it. A limit is of
    the account, so the pause is of all workers: each for itself would go on knocking in turn. Who waits goes in the
    order of coming, so none starves. From the first setback on calls are spread over the time that a reply takes, since
    many providers count by the second and refuse what comes in a burst.

    Attributes:
        window: Calls at a time, from 1 to `Limits.concurrency`.
        answers: Calls that the provider answered so far.
    """

    def __init__(
        self,
        limits: Limits,
        tally: Tally,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        jitter: Random,
    ) -> None:
        self.window = limits.concurrency
        self.answers = 0
        self._most = limits.concurrency
        self._backoff = limits.backoff
        self._tally = tally
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._gate = asyncio.Lock()
        self._freed = asyncio.Event()
        self._in_flight = 0
        self._number = 0
        self._reply_seconds = _USUAL_REPLY_SECONDS
        self._tokens = 0
        self._until = float("-inf")
        self._slept_until = float("-inf")
        self._mark = 0  # calls with a lower number began before the last setback
        self._setbacks = 0  # in a row
        self._successes = 0  # since the window last changed

    async def enter(self) -> Ticket:
        """Wait until a call may be made. `leave` must follow, whatever comes of the call."""
        if not self._gate.locked() and self._open():
            return self._admit()
        self._tally.held()
        try:
            async with self._gate:
                while not self._open():
                    await self._wait()
                return self._admit()
        finally:
            self._tally.released()

    def leave(self, ticket: Ticket, asked: Asked | None) -> None:
        """Take what came of a call; None where it was not made or nothing came of it."""
        self._in_flight -= 1
        self._freed.set()
        if asked is None:
            return
        match asked.attempt:
            case Faulted(kind=kind):
                if kind in _LIMITED:
                    self._set_back(ticket, asked.retry_after_seconds)
            case attempt:
                self._succeed(ticket)
                if isinstance(attempt, Answered):
                    self._tokens += (attempt.usage.input_tokens or 0) + (attempt.usage.output_tokens or 0)
        if asked.allowance is not None:
            self._heed(ticket, asked.allowance)

    def busy_with_others(self, answers: int) -> bool:
        """Say whether the provider answered calls since there were so many `answers`, or still may: calls are out."""
        return self.answers > answers or self._in_flight > 0

    @staticmethod
    def limited(asked: Asked) -> bool:
        """Say whether the provider refused the call for its limits; the shared pause is on then."""
        return isinstance(asked.attempt, Faulted) and asked.attempt.kind in _LIMITED

    def _open(self) -> bool:
        return self._in_flight < self.window and self._now() >= self._until

    def _now(self) -> float:
        """Return the time, at least that up to which we slept: timers may be a tick early."""
        return max(self._clock(), self._slept_until)

    async def _wait(self) -> None:
        """Wait for the end of the pause or a free place. Only the first in line waits here."""
        until = self._until
        seconds = until - self._now()
        if seconds > 0:
            await self._sleep(seconds)
            self._slept_until = max(self._slept_until, until)
        else:
            self._freed.clear()
            await self._freed.wait()

    def _admit(self) -> Ticket:
        now = self._now()
        ticket = Ticket(self._number, now)
        self._number += 1
        self._in_flight += 1
        if self._mark:
            self._until = max(self._until, now + self._reply_seconds / (self.window * _EAGERNESS))
        return ticket

    def _set_back(self, ticket: Ticket, retry_after_seconds: float | None) -> None:
        """Halve the window once for all calls that were out together, and hold everybody."""
        if ticket.number < self._mark:
            self._hold(self._backoff.asked_seconds(retry_after_seconds))
            return
        self._mark = self._number
        self._setbacks += 1
        self._successes = 0
        self.window = max(1, self.window // 2)
        self._hold(self._backoff.wait_seconds(self._setbacks, retry_after_seconds, self._jitter))

    def _succeed(self, ticket: Ticket) -> None:
        self.answers += 1
        self._reply_seconds += (self._now() - ticket.began_at - self._reply_seconds) / min(self.answers, _REMEMBERED)
        if ticket.number < self._mark:
            return
        self._setbacks = 0
        self._successes += 1
        if self._successes >= self.window:
            self._successes = 0
            self.window = min(self._most, self.window + 1)

    def _heed(self, ticket: Ticket, allowance: Allowance) -> None:
        """Hold where what is left will not do for the calls that are out.

        The provider counted this call and those before it; those that began later it may not have seen yet. What is
        left without a time at which it is full again says nothing: some servers always send 0.
        """
        later = min(self._in_flight, self._number - ticket.number - 1)
        each = self._tokens // self.answers if self.answers else 0
        for left, need, reset_seconds in (
            (allowance.requests, later, allowance.requests_reset_seconds),
            (allowance.tokens, later * each, allowance.tokens_reset_seconds),
        ):
            if left is not None and reset_seconds is not None and (left == 0 or left < need):
                self._hold(self._backoff.asked_seconds(reset_seconds))

    def _hold(self, seconds: float) -> None:
        self._until = max(self._until, self._now() + seconds)
