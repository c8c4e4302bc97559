"""Names the culprit of each rejection, with one control for all that are rejected for the same thing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from rebaseline.domain.attempt import Rejected
from rebaseline.errors import ProviderError, RebaselineError
from rebaseline.run.control import MESSAGES, Accepted, Blamed, RefusesAll, control
from rebaseline.run.unknown_model import listed_models, unknown_model
from rebaseline.targets.base import Asked, Request, TargetAdapter

__all__ = ["Culprits", "Explained"]

_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Explained:
    """A rejection with its culprit, or what came in its place.

    Attributes:
        asked: The rejection with its culprit where that could be shown; an answer where the rejection was passing.
        error: To be raised once the rejection is recorded: nothing of ours is to blame.
    """

    asked: Asked
    error: RebaselineError | None = None


class Culprits:
    """What is known of why a provider rejects, in one run.

    A culprit stands for all requests of the same key (`Frame.key`), which differ in their words only; but once one of
    them was answered, what is rejected under that key depends on its words. Such a culprit, as `messages` always,
    stands for the further samples of the same place in the same probe and for no other.

    Args:
        adapter: Who rejects.
        call: Makes a call within the bounds of the run; None where they leave none.
    """

    def __init__(self, adapter: TargetAdapter, call: Callable[[Request], Awaitable[Asked | None]]) -> None:
        self._adapter = adapter
        self._call = call
        self._answered: set[str] = set()
        self._last_answered: Request | None = None
        self._refusal: RebaselineError | None = None
        self._by_key: dict[str, str | None] = {}
        self._by_place: dict[tuple[str, str, int], str | None] = {}
        self._refusing = asyncio.Lock()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def begin(self) -> None:
        """Forget what stood for single probes: their ids are of one suite, and a plan of another begins."""
        self._by_place.clear()

    def answered(self, key: str, request: Request) -> None:
        """Note that a request of this key was answered."""
        self._answered.add(key)
        self._last_answered = request

    async def explain(self, key: str, request: Request, asked: Asked, rejected: Rejected) -> Explained:
        """Name the culprit of a rejection. Of one key there is one control at a time, and the others wait for it.

        Args:
            key: The request's `Frame.key`.
            request: What was rejected.
            asked: What came of it.
            rejected: The same as an attempt.
        """
        place = (key, request.probe, len(request.messages))
        async with self._turns[key]:
            if self._refusal is not None:
                return Explained(asked, self._refusal)
            if place in self._by_place:
                return _blaming(asked, rejected, self._by_place[place])
            if key in self._by_key and key not in self._answered:
                return _blaming(asked, rejected, self._by_key[key])
            return await self._examine(place, request, asked, rejected)

    async def _examine(
        self, place: tuple[str, str, int], request: Request, asked: Asked, rejected: Rejected
    ) -> Explained:
        match await self._control(request):
            case Accepted(asked=passing):
                return Explained(passing)
            case RefusesAll(rejected=why):
                if await self._still_answers():
                    self._remember(place, None)
                    return _blaming(asked, rejected, None)
                async with self._refusing:  # requests of several keys may find it out at a time: it is said once
                    self._refusal = self._refusal or await self._refuses_all(request, why)
                return Explained(asked, self._refusal)
            case Blamed(culprit=culprit, settled=settled):
                if settled:
                    self._remember(place, culprit)
                return _blaming(asked, rejected, culprit)

    async def _control(self, request: Request) -> Accepted | RefusesAll | Blamed:
        steps = control(request, self._adapter.mandatory)
        try:
            trial = next(steps)
            while True:
                trial = steps.send(await self._call(trial))
        except StopIteration as end:
            finding: Accepted | RefusesAll | Blamed = end.value
            return finding

    async def _still_answers(self) -> bool:
        """Say whether what was answered last is answered again: the plainest request then lacks what is needed here."""
        if self._last_answered is None:
            return False
        again = await self._call(self._last_answered)
        return again is None or not isinstance(again.attempt, Rejected)

    def _remember(self, place: tuple[str, str, int], culprit: str | None) -> None:
        key = place[0]
        if culprit == MESSAGES or key in self._answered:
            self._by_place[place] = culprit
        else:
            self._by_key[key] = culprit

    async def _refuses_all(self, request: Request, why: Rejected) -> RebaselineError:
        provider = self._adapter.provider
        if why.status == _NOT_FOUND:
            return unknown_model(provider, request.model, why, await listed_models(self._adapter))
        words = f": {' '.join(why.hint.split())}" if why.hint else ""
        return ProviderError(
            f"{provider} rejects even the plainest request to {request.model!r} (status {why.status}){words}",
            remedy="No part of the suite is to blame: check the account, what it may use, and the target's address.",
        )


def _blaming(asked: Asked, rejected: Rejected, culprit: str | None) -> Explained:
    return Explained(replace(asked, attempt=replace(rejected, culprit=culprit)))
