"""Hard bounds of a run: on calls and on money."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Usage
from rebaseline.domain.model import Price
from rebaseline.run.cost import most_input_tokens, named_output_tokens
from rebaseline.run.counts import Bound, Spending
from rebaseline.run.limits import Limits
from rebaseline.targets.base import Asked, Request

__all__ = ["Budget", "Reservation"]

_LEAST_OUTPUT_TOKENS = 4096
_TIMES_THE_LONGEST = 4
_MAY_HAVE_RUN = frozenset({408, 502, 504, 520, 522, 524})
"""Statuses of gateways that gave up on a model which may have answered, and been paid, all the same."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The most that a call can cost.

    Attributes:
        input_tokens: Bound on the tokens of the request.
        output_tokens: Bound on the tokens of the reply.
        usd: What these cost; 0 where the price is unknown.
    """

    input_tokens: int
    output_tokens: int
    usd: float


_UNPRICED = Reservation(0, 0, 0.0)


class Budget:
    """Lets a call be made only where its worst cost fits into what is left, and then takes its real one.

    The worst cost rests on the bytes of the request and on the output limit that its parameters name. Where they name
    none, a reply is taken to have at most 4,096 tokens, or four times the longest of this run if that is more. Only
    then can a reply be longer than that and the bound be passed, by the calls in flight at most; and where the other
    side adds text that we do not see, until the first replies have shown how much.

    Attributes:
        calls: Calls made.
        spending: What was spent so far.
        stopped_by: The bound for which a call was not made; None for none.
    """

    def __init__(self, limits: Limits) -> None:
        self.calls = 0
        self.spending = Spending(usd=None if limits.price is None else 0.0)
        self.stopped_by: Bound | None = None
        self._max_calls = limits.max_calls
        self._max_usd = limits.max_usd
        self._price = limits.price
        self._reserved_usd = 0.0
        self._in_flight = 0
        self._back = asyncio.Event()
        self._longest = 0
        self._excess = {"input": 1.0, "output": 1.0}

    @property
    def reserved_usd(self) -> float:
        """What is set aside for calls that are out."""
        return self._reserved_usd

    def lower(self, *, calls: int, usd: float) -> None:
        """Take what others spent out of the bounds; what is left of one is never below 0.

        Args:
            calls: Calls that they made.
            usd: What these cost at most.
        """
        if self._max_calls is not None:
            self._max_calls = max(self.calls, self._max_calls - calls)
        if self._max_usd is not None:
            self._max_usd = max(0.0, self._max_usd - usd)

    @property
    def has_calls(self) -> bool:
        """Whether the bound on calls leaves one; noted in `stopped_by` where not."""
        if self._max_calls is not None and self.calls >= self._max_calls:
            self.stopped_by = Bound.CALLS
            return False
        return True

    async def reserve(self, request: Request) -> Reservation | None:
        """Count a call that is about to be made and set its worst cost aside.

        Where it does not fit, calls in flight are waited for: they mostly cost less than was set aside for them.

        Returns:
            None where the call may not be made. Else `settle` must follow.
        """
        while self.has_calls:
            reservation = self._set_aside(request)
            if reservation is not None:
                return reservation
            if not self._in_flight:
                self.stopped_by = Bound.USD
                break
            self._back.clear()
            await self._back.wait()
        return None

    def admit(self, request: Request) -> Reservation | None:
        """Do what `reserve` does without waiting: what is in flight may come back in a day only.

        Returns:
            None where the call may not be made. Else `settle` or `release` must follow.
        """
        if not self.has_calls:
            return None
        reservation = self._set_aside(request)
        if reservation is None:
            self.stopped_by = Bound.USD
        return reservation

    def release(self, reservation: Reservation, *, made: bool) -> None:
        """Give back what was set aside for a call that cost nothing; one that was not even made is not counted."""
        self._return(reservation)
        self.calls -= not made

    def _set_aside(self, request: Request) -> Reservation | None:
        worst = self._worst(request, self._price)
        if not self._fits(worst):
            return None
        self.calls += 1
        self._reserved_usd += worst.usd
        self._in_flight += 1
        return worst

    def _return(self, reservation: Reservation) -> None:
        self._in_flight -= 1
        # A sum of differences would drift away from 0.
        self._reserved_usd = self._reserved_usd - reservation.usd if self._in_flight else 0.0
        self._back.set()

    def settle(self, reservation: Reservation, asked: Asked | None) -> None:
        """Put what a call really cost in the place of what was set aside; None where nothing came of it."""
        self._return(reservation)
        attempt = asked.attempt if asked else None
        usage = attempt.usage if isinstance(attempt, Answered) else Usage()
        if _unbilled(attempt):
            return
        self.spending += self._cost(reservation, usage)
        self._learn("input", usage.input_tokens or 0, reservation.input_tokens)
        self._learn("output", usage.output_tokens or 0, reservation.output_tokens)
        self._longest = max(self._longest, usage.output_tokens or 0)

    def _fits(self, worst: Reservation) -> bool:
        spent_usd = self.spending.at_most_usd or 0.0
        return self._max_usd is None or spent_usd + self._reserved_usd + worst.usd <= self._max_usd

    def _worst(self, request: Request, price: Price | None) -> Reservation:
        if price is None:
            return _UNPRICED
        named = named_output_tokens(request.parameters)
        learned = max(_LEAST_OUTPUT_TOKENS, _TIMES_THE_LONGEST * self._longest)
        sent = int(most_input_tokens(request) * self._excess["input"]) + 1
        replied = learned if named is None else int(named * self._excess["output"]) + 1
        return Reservation(sent, replied, price.usd(sent, replied))

    def _cost(self, reservation: Reservation, usage: Usage) -> Spending:
        """Return what a call took; a count that is missing stands at its bound, apart from what is known."""
        sent, replied = usage.input_tokens, usage.output_tokens
        if self._price is None:
            return Spending(sent or 0, replied or 0)
        bounds = (reservation.input_tokens if sent is None else 0, reservation.output_tokens if replied is None else 0)
        return Spending(
            sent or 0, replied or 0, self._price.usd(sent or 0, replied or 0), unstated_usd=self._price.usd(*bounds)
        )

    def _learn(self, side: str, tokens: int, bound: int) -> None:
        """Raise a bound that was passed: the other side added text of its own, or heeds no limit."""
        if tokens > bound > 0:
            self._excess[side] *= tokens / bound


def _unbilled(attempt: Attempt | None) -> bool:
    """Say whether a call was refused, and so costs nothing."""
    match attempt:
        case Rejected():
            return True
        case Faulted(status=int(status)):
            return status >= 400 and status not in _MAY_HAVE_RUN  # noqa: PLR2004 - statuses that are no answer
        case _:
            return False
