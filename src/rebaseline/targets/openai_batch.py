"""Batches of OpenAI: a file of requests goes in, a file of replies and one of errors come out.

Importing this module loads the SDK, so only the registry does, when a batch is asked for.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import httpx2
import openai

from rebaseline import __version__
from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked, Opening, Request
from rebaseline.targets.batch_exchange import CALL_SECONDS, NOT_FOUND, Exchange, json_of
from rebaseline.targets.batching import (
    CLOCK_SKEW,
    SUBMIT_SECONDS,
    BatchState,
    Collected,
    Gone,
    Search,
    Setback,
)
from rebaseline.targets.openai_access import Access, WireFormat
from rebaseline.targets.openai_batch_result import read_result
from rebaseline.targets.openai_client import open_sdk, outcome_of
from rebaseline.targets.openai_compatible import access_of
from rebaseline.targets.wire_json import encoded
from rebaseline.targets.wire_values import MalformedError, count_or_none, mapping_or_empty, text_or_none

__all__ = ["OpenAIBatches", "open_batches"]

_KEY = "rebaseline"
"""Under this name our own name of a batch is in its metadata."""

_ENDED = frozenset({"completed", "expired", "cancelled"})
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""

_PAGE = 100
_WORDS = 3
"""Of a list of errors, so many are shown."""

_FILES = ("output_file_id", "error_file_id")


class OpenAIBatches:
    """Batches in one of OpenAI's formats.

    Attributes:
        provider: Vendor, or host of the server.
        mandatory: None.
        most_requests: OpenAI's own bound.
        most_bytes: Less than OpenAI's 200 MB: the file is made in memory, and smaller batches begin sooner.
    """

    mandatory: frozenset[str] = frozenset()
    most_requests = 50_000
    most_bytes = 64_000_000

    def __init__(self, access: Access, wire_format: WireFormat) -> None:
        self.provider = access.opener.provider
        self._opener = access.opener
        self._format = wire_format
        self._client, omitted = open_sdk(access)
        self._headers: dict[str, Any] = {**omitted, **access.headers}
        self._exchange = Exchange(
            access.opener,
            openai.APIStatusError,
            openai.APIConnectionError,
            lambda error: outcome_of(error, self._opener),
        )

    @cached_property
    def provenance(self) -> Provenance:
        """The SDK and we ourselves."""
        return Provenance(sdk=f"openai {openai.__version__}", tool=f"rebaseline {__version__}")

    def size(self, custom_id: str, request: Request) -> int:
        """Return the bytes of a line of the file."""
        return len(self._line(custom_id, request))

    async def submit(self, key: str, requests: Sequence[tuple[str, Request]]) -> str | Setback:
        """Upload the requests, then make a batch of them. A file without a batch costs nothing and expires.

        Raises:
            ProviderError: The key is refused, or the batch.
        """
        content = b"".join(self._line(custom_id, request) for custom_id, request in requests)
        uploaded = await self._exchange.attempt(
            lambda: self._upload(f"{key}.jsonl", content), seconds=SUBMIT_SECONDS - CALL_SECONDS
        )
        match uploaded:
            case Rejected() as rejected:
                raise self._exchange.refusal("take the file of a batch", rejected)
            case Setback() as setback:
                return replace(setback, perhaps_done=False)
            case file_id:
                body = {
                    "input_file_id": file_id,
                    "endpoint": f"/v1{self._format.path}",
                    "completion_window": "24h",
                    "metadata": {_KEY: key},
                }
                return await self._named(body)

    async def find(self, search: Search) -> str | Setback | None:
        """Return the batch that bears our name, among those made since.

        Raises:
            ProviderError: The key is refused.
        """
        query: dict[str, Any] = {"limit": _PAGE}
        while True:
            page = await self._get("/batches", query)
            match page:
                case Rejected() as rejected:
                    raise self._exchange.refusal("list batches", rejected)
                case Setback():
                    return page
                case _:
                    batches = [each for each in page.get("data") or () if isinstance(each, Mapping)]
            for batch in batches:
                if mapping_or_empty(batch.get("metadata")).get(_KEY) == search.key:
                    return text_or_none(batch.get("id"))
            made_at = _instant(batches[-1].get("created_at")) if batches else None
            if not page.get("has_more") or made_at is None or made_at < search.since - CLOCK_SKEW:
                return None
            query["after"] = batches[-1].get("id")

    async def poll(self, batch_id: str) -> BatchState | Gone | Setback:
        """Return how a batch stands. A state that is unknown to us is none that has ended.

        Raises:
            ProviderError: The key is refused.
        """
        batch = await self._retrieve(batch_id)
        if isinstance(batch, Gone | Setback):
            return batch
        word = text_or_none(batch.get("status")) or "in no state"
        counts = mapping_or_empty(batch.get("request_counts"))
        through = [count_or_none(counts.get(name)) for name in ("completed", "failed")]
        return BatchState(
            ended=word in _ENDED,
            word=word,
            done=None if None in through else sum(each or 0 for each in through),
            total=count_or_none(counts.get("total")),
            expires_at=_instant(batch.get("expires_at")),
            failure=self._failure(batch) if word == "failed" else None,
        )

    async def collect(self, batch_id: str) -> AsyncGenerator[Collected | Setback, None]:
        """Yield what the file of replies and the file of errors say; either may be missing.

        Raises:
            ProviderError: The key is refused.
        """
        batch = await self._retrieve(batch_id)
        if isinstance(batch, Gone | Setback):
            yield batch if isinstance(batch, Setback) else Setback(Faulted("gone", NOT_FOUND))
            return
        for file_id in (text_or_none(batch.get(name)) for name in _FILES):
            if file_id is None:
                continue
            async with aclosing(self._file(file_id)) as lines:
                async for came in lines:
                    yield came
                    if isinstance(came, Setback):
                        return

    async def cancel(self, batch_id: str) -> Setback | None:
        """End a batch early; one that has ended stays as it is.

        Raises:
            ProviderError: The key is refused.
        """
        came = await self._exchange.attempt(lambda: self._call("POST", f"/batches/{batch_id}/cancel"))
        return came if isinstance(came, Setback) else None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _file(self, file_id: str) -> AsyncGenerator[Collected | Setback, None]:
        opened = self._client.files.with_streaming_response.content(file_id, extra_headers=self._headers)
        async with aclosing(self._exchange.lines(opened.__aenter__)) as lines:
            async for line in lines:
                if isinstance(line, Rejected):
                    yield Setback(Faulted("gone", line.status, line.hint))
                elif isinstance(line, Setback):
                    yield line
                elif (came := read_result(line, self._format, self._meaning)) is not None:
                    yield came

    async def _upload(self, name: str, content: bytes) -> str:
        created = await self._client.files.with_raw_response.create(
            file=(name, content, "application/jsonl"), purpose="batch", extra_headers=self._headers
        )
        return _id_of(json_of(created.content))

    async def _named(self, body: Mapping[str, Any]) -> str | Setback:
        made = await self._exchange.attempt(lambda: self._made(body))
        if isinstance(made, Rejected):
            raise self._exchange.refusal("take a batch", made)
        return made

    async def _made(self, body: Mapping[str, Any]) -> str:
        return _id_of(await self._call("POST", "/batches", body=body))

    async def _retrieve(self, batch_id: str) -> Mapping[str, Any] | Gone | Setback:
        batch = await self._get(f"/batches/{batch_id}", {})
        if isinstance(batch, Rejected):
            if batch.status == NOT_FOUND:
                return Gone()
            raise self._exchange.refusal("say how a batch stands", batch)
        return batch

    async def _get(self, path: str, query: Mapping[str, Any]) -> Mapping[str, Any] | Setback | Rejected:
        return await self._exchange.attempt(lambda: self._call("GET", path, query=query))

    async def _call(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        options: Any = {"headers": self._headers, "params": dict(query or {})}
        if method == "GET":
            response = await self._client.get(path, cast_to=httpx2.Response, options=options)
        else:
            response = await self._client.post(path, cast_to=httpx2.Response, body=body, options=options)
        return json_of(response.content)

    def _line(self, custom_id: str, request: Request) -> bytes:
        asked = {
            "custom_id": custom_id,
            "method": "POST",
            "url": f"/v1{self._format.path}",
            "body": self._format.body(request),
        }
        return encoded(asked) + b"\n"

    def _meaning(self, error: openai.APIStatusError) -> Asked | ProviderError:
        return outcome_of(error, self._opener)

    def _failure(self, batch: Mapping[str, Any]) -> str:
        listed = mapping_or_empty(batch.get("errors")).get("data")
        errors = [mapping_or_empty(each) for each in (listed if isinstance(listed, list) else [])[:_WORDS]]
        words = [f"{each.get('message')} (code={each.get('code')}, line={each.get('line')})" for each in errors]
        return self._opener.without_secret("; ".join(words) or "it does not say why")


def open_batches(opening: Opening) -> OpenAIBatches:
    """Open the batches of a target of type `openai` or `openai-compatible`.

    Raises:
        ConfigurationError: A setting is wrong, or the key is missing.
    """
    return OpenAIBatches(*access_of(opening))


def _id_of(body: Mapping[str, Any]) -> str:
    found = text_or_none(body.get("id"))
    if found is None:
        raise MalformedError("the answer names no id")
    return found


def _instant(seconds: Any) -> datetime | None:
    """Return the instant of a Unix time."""
    count = count_or_none(seconds)
    return None if count is None or count > _LAST_SECOND else datetime.fromtimestamp(count, UTC)
