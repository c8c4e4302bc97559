"""Batches of Anthropic: requests go in as one body, results come out as lines, in any order.

Importing this module loads the SDK, so only the registry does, when a batch is asked for.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import anthropic
import httpx2

# What the SDK's own `with_streaming_response` sends to itself: it has no public name for a path of one's own.
from anthropic._constants import RAW_RESPONSE_HEADER

from rebaseline import __version__
from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.anthropic_batch_result import read_result
from rebaseline.targets.anthropic_errors import outcome_of
from rebaseline.targets.anthropic_messages import way_of
from rebaseline.targets.anthropic_target import Way
from rebaseline.targets.base import Asked, Opening, Request
from rebaseline.targets.batch_exchange import NOT_FOUND, Exchange, json_of
from rebaseline.targets.batching import (
    CLOCK_SKEW,
    SUBMIT_SECONDS,
    BatchState,
    Collected,
    Gone,
    Search,
    Setback,
    Unclear,
)
from rebaseline.targets.messages_request import MANDATORY, wire_body
from rebaseline.targets.wire_json import encoded
from rebaseline.targets.wire_values import MalformedError, count_or_none, mapping_or_empty, text_or_none

__all__ = ["AnthropicBatches", "open_batches"]

_PATH = "/v1/messages/batches"
_PAGE = 100
_ENDED = "ended"
_THROUGH = ("succeeded", "errored", "canceled", "expired")


class AnthropicBatches:
    """Batches of Messages.

    Attributes:
        provider: Who is asked.
        mandatory: `max_tokens`.
        most_requests: Anthropic's own bound.
        most_bytes: Less than Anthropic's 256 MB: the body is made in memory, and smaller batches begin sooner.
    """

    mandatory = MANDATORY
    most_requests = 100_000
    most_bytes = 64_000_000

    def __init__(self, way: Way) -> None:
        self.provider = way.provider
        self._way = way
        self._opener = replace(way.opener, secret=way.secret())
        self._headers: dict[str, Any] = {"Accept": "application/json", **way.headers}
        self._exchange = Exchange(self._opener, anthropic.APIStatusError, anthropic.APIConnectionError, self._meaning)
        self._of_others: set[str] = set()

    @cached_property
    def provenance(self) -> Provenance:
        """The SDK, the version of the API that it is told to ask for, and we ourselves."""
        return Provenance(
            sdk=f"anthropic {anthropic.__version__}",
            api_version=self._way.api_version,
            tool=f"rebaseline {__version__}",
        )

    def size(self, custom_id: str, request: Request) -> int:
        """Return the bytes of an entry of the body."""
        return len(encoded(_entry(custom_id, request))) + 1

    async def submit(self, key: str, requests: Sequence[tuple[str, Request]]) -> str | Setback:
        """Hand over the requests. There is no place for `key`: the custom ids show it.

        Raises:
            ProviderError: The key is refused, or the batch.
        """
        del key
        entries = [_entry(custom_id, request) for custom_id, request in requests]
        made = await self._exchange.attempt(lambda: self._made(entries), seconds=SUBMIT_SECONDS)
        if isinstance(made, Rejected):
            raise self._exchange.refusal("take a batch", made)
        return made

    async def find(self, search: Search) -> str | Unclear | Setback | None:
        """Look for the batch whose results bear our name.

        A batch has no place for a name, and shows its custom ids only once it has ended. So one that began in those
        minutes, has as many requests, and is still in progress may be it: nobody can tell before it ends. A batch of
        another program that began then and has as many is so waited for too, a day at most.

        Raises:
            ProviderError: The key is refused.
        """
        unclear: Unclear | None = None
        query: dict[str, Any] = {"limit": _PAGE}
        while True:
            page = await self._page(query)
            if isinstance(page, Setback):
                return page
            batches = [mapping_or_empty(each) for each in page.get("data") or ()]
            for batch in batches:
                found = await self._examine(batch, search)
                if isinstance(found, Unclear):
                    unclear = unclear or found
                elif found is not None:
                    return found
            if not page.get("has_more") or not batches or _is_older(batches[-1], search):
                return unclear
            query = {"limit": _PAGE, "after_id": batches[-1].get("id")}

    async def poll(self, batch_id: str) -> BatchState | Gone | Setback:
        """Return how a batch stands. A state that is unknown to us is none that has ended.

        Raises:
            ProviderError: The key is refused.
        """
        batch = await self._exchange.attempt(lambda: self._call("GET", f"{_PATH}/{batch_id}"))
        if isinstance(batch, Rejected):
            if batch.status == NOT_FOUND:
                return Gone()
            raise self._exchange.refusal("say how a batch stands", batch)
        if isinstance(batch, Setback):
            return batch
        word = text_or_none(batch.get("processing_status")) or "in no state"
        if word == _ENDED and batch.get("archived_at"):
            return Gone()
        # Until the end all are counted as processing, whatever became of them.
        done = sum(_counts(batch)[name] for name in _THROUGH) if word == _ENDED else None
        return BatchState(
            ended=word == _ENDED,
            word=word,
            done=done,
            total=_total(batch),
            expires_at=_instant(batch.get("expires_at")),
        )

    async def collect(self, batch_id: str) -> AsyncGenerator[Collected | Setback, None]:
        """Yield what each line of the results says.

        The lines are asked for under the path that is documented, not under the address that the batch names: behind a
        gateway that would lead past it, with the gateway's key.

        Raises:
            ProviderError: The key is refused.
        """
        async with aclosing(self._exchange.lines(lambda: self._stream(batch_id))) as lines:
            async for line in lines:
                if isinstance(line, Rejected):
                    yield Setback(Faulted("gone", line.status, line.hint))
                elif isinstance(line, Setback):
                    yield line
                elif (came := read_result(line, self._meaning)) is not None:
                    yield came

    async def cancel(self, batch_id: str) -> Setback | None:
        """End a batch early; one that has ended stays as it is.

        Raises:
            ProviderError: The key is refused.
        """
        came = await self._exchange.attempt(lambda: self._call("POST", f"{_PATH}/{batch_id}/cancel"))
        return came if isinstance(came, Setback) else None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._way.client.close()

    async def _page(self, query: Mapping[str, Any]) -> Mapping[str, Any] | Setback:
        page = await self._exchange.attempt(lambda: self._call("GET", _PATH, query=query))
        if isinstance(page, Rejected):
            raise self._exchange.refusal("list batches", page)
        return page

    async def _examine(self, batch: Mapping[str, Any], search: Search) -> str | Unclear | Setback | None:
        """Say whether a batch of the list is the one that is searched for; None where it is another."""
        batch_id = text_or_none(batch.get("id"))
        if batch_id is None or batch_id in search.known | self._of_others:
            return None
        if _total(batch) != search.size or not _is_of_then(batch, search) or batch.get("archived_at"):
            return None
        if batch.get("processing_status") != _ENDED:
            return Unclear(batch_id)
        async with aclosing(self.collect(batch_id)) as results:
            async for came in results:
                if isinstance(came, Setback):
                    return came
                if came[0].startswith(f"{search.key}-"):
                    return batch_id
                break
        self._of_others.add(batch_id)
        return None

    def _meaning(self, error: anthropic.APIStatusError) -> Asked | ProviderError:
        return outcome_of(error, self._opener)

    async def _made(self, entries: list[dict[str, Any]]) -> str:
        batch = await self._call("POST", _PATH, body={"requests": entries})
        batch_id = text_or_none(batch.get("id"))
        if batch_id is None:
            raise MalformedError("the answer names no id")
        return batch_id

    async def _stream(self, batch_id: str) -> Any:
        options: Any = {"headers": {**self._headers, "Accept": "*/*", RAW_RESPONSE_HEADER: "stream"}}
        path = f"{_PATH}/{batch_id}/results"
        return await self._way.client.get(path, cast_to=anthropic.AsyncAPIResponse[bytes], options=options)

    async def _call(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        options: Any = {"headers": self._headers, "params": dict(query or {})}
        if method == "GET":
            response = await self._way.client.get(path, cast_to=httpx2.Response, options=options)
        else:
            response = await self._way.client.post(path, cast_to=httpx2.Response, body=body, options=options)
        return json_of(response.content)


def open_batches(opening: Opening) -> AnthropicBatches:
    """Open the batches of a target of type `anthropic`.

    Raises:
        ConfigurationError: A setting is wrong, or the key is missing.
    """
    return AnthropicBatches(way_of(opening))


def _entry(custom_id: str, request: Request) -> dict[str, Any]:
    return {"custom_id": custom_id, "params": wire_body(request)}


def _counts(batch: Mapping[str, Any]) -> dict[str, int]:
    counts = mapping_or_empty(batch.get("request_counts"))
    return {name: count_or_none(counts.get(name)) or 0 for name in (*_THROUGH, "processing")}


def _total(batch: Mapping[str, Any]) -> int:
    return sum(_counts(batch).values())


def _is_older(batch: Mapping[str, Any], search: Search) -> bool:
    made_at = _instant(batch.get("created_at"))
    return made_at is None or made_at < search.since - CLOCK_SKEW


def _is_of_then(batch: Mapping[str, Any], search: Search) -> bool:
    """Say whether a batch began while the one that is searched for may have been submitted."""
    made_at = _instant(batch.get("created_at"))
    until = search.since + timedelta(seconds=SUBMIT_SECONDS) + CLOCK_SKEW
    return made_at is not None and search.since - CLOCK_SKEW <= made_at <= until


def _instant(text: Any) -> datetime | None:
    """Return the instant of an RFC 3339 text that names its zone."""
    try:
        instant = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
