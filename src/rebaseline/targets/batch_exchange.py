"""One exchange with a batch API, and what its failures mean, the same for every vendor's SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import aiohttp
import httpx2

from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.batching import Setback
from rebaseline.targets.http_client import BROKEN, not_reached
from rebaseline.targets.refused import Opener
from rebaseline.targets.wire_values import MalformedError, mapping_at

__all__ = ["CALL_SECONDS", "NOT_FOUND", "Exchange", "item_error", "json_of"]

CALL_SECONDS = 60.0
"""Of a call that moves little; of one that streams, for each piece."""

NOT_FOUND = 404
_TIMEOUT = 408
_SERVER = 500
_OVERLOADED = 529
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError)

_Came = TypeVar("_Came")


@dataclass(frozen=True, slots=True)
class Exchange:
    """How calls of one SDK are made.

    Attributes:
        opener: Who is asked and what opens it, for errors.
        status_error: What the SDK raises for a status above 299.
        broken: What it raises where the exchange broke.
        outcome: What such a status means.
    """

    opener: Opener
    status_error: type[Exception]
    broken: type[Exception]
    outcome: Callable[[Any], Asked | ProviderError]

    async def attempt(
        self, call: Callable[[], Awaitable[_Came]], *, seconds: float = CALL_SECONDS
    ) -> _Came | Setback | Rejected:
        """Make a call.

        Returns:
            What it brought; a setback where it may be made again; a rejection where it may not.

        Raises:
            ProviderError: The key or the account is refused, or a proxy refuses us.
        """
        never_sent = False
        try:
            async with asyncio.timeout(seconds):
                return await call()
        except TimeoutError:
            return Setback(Faulted("timeout", hint=f"no answer within {seconds:g} s"), perhaps_done=True)
        except self.status_error as error:
            outcome = self.outcome(error)
        except (self.broken, *BROKEN) as error:
            outcome, never_sent = not_reached(error, self.opener), _never_sent(error)
        except MalformedError as error:
            return Setback(Faulted("malformed", 200, str(error)), perhaps_done=True)
        # Raised out here, the error carries no context: the SDK's exception holds the request, and so the key.
        if isinstance(outcome, ProviderError):
            raise outcome
        meaning = _meaning(outcome)
        return replace(meaning, perhaps_done=False) if never_sent and isinstance(meaning, Setback) else meaning

    async def lines(self, opened: Callable[[], Awaitable[Any]]) -> AsyncGenerator[bytes | Setback | Rejected, None]:
        """Yield the lines of a streamed body, one at a time; last of all a setback or rejection where it broke off.

        Lines end at a line feed and nowhere else: a reply may hold other characters that text is split at.
        """
        response = await self.attempt(opened)
        if isinstance(response, Setback | Rejected):
            yield response
            return
        try:
            pieces = response.iter_bytes()
            rest = b""
            while True:
                piece = await self.attempt(lambda: anext(pieces, None))
                if piece is None:
                    break
                if isinstance(piece, Setback | Rejected):
                    yield piece
                    return
                *whole, rest = (rest + piece).split(b"\n")
                for line in whole:
                    yield line
            yield rest
        finally:
            await response.close()

    def refusal(self, wanted: str, rejected: Rejected) -> ProviderError:
        """Return the error of a call that was rejected."""
        status = "" if rejected.status is None else f" (status {rejected.status})"
        words = f": {self.opener.without_secret(rejected.hint)}" if rejected.hint else ""
        return ProviderError(
            f"{self.opener.provider} refuses to {wanted}{status}{words}",
            where=self.opener.where,
            remedy="A run without --batch names what is objected to; or the server has no batch API.",
        )


def json_of(body: bytes) -> Mapping[str, Any]:
    """Return the object that a body holds.

    Raises:
        MalformedError: It holds none.
    """
    try:
        return mapping_at(json.loads(body), "body")
    except (ValueError, RecursionError):
        problem = "the answer is not JSON"
    raise MalformedError(problem)


def item_error(status: int) -> httpx2.Response:
    """Return the response that a request of a batch would have had by itself, for the SDK's errors are made of one."""
    return httpx2.Response(status, request=httpx2.Request("POST", "https://batch.invalid"))


def _meaning(outcome: Asked) -> Setback | Rejected:
    match outcome.attempt:
        case Faulted(status=status) as fault:
            return Setback(fault, outcome.retry_after_seconds, perhaps_done=_perhaps_done(status))
        case Rejected() as rejected:
            return rejected
        case _:  # a filter may withhold a reply, but here none was asked for
            return Rejected(hint="the provider filtered the request")


def _perhaps_done(status: int | None) -> bool:
    return status is None or status == _TIMEOUT or (status >= _SERVER and status != _OVERLOADED)


def _never_sent(error: BaseException) -> bool:
    """Say whether nobody was reached, by the types of the causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _NEVER_SENT):
            return True
        cause = cause.__cause__
    return False
