"""Asks in OpenAI's formats, through OpenAI's own SDK.

Importing this module loads the SDK, so only the registry does, when such a target is opened.

The SDK's low-level call is used with a body of our own: everything is sent as the suite wrote it, parameters that this
version of the SDK does not know included, and the reply comes back as bytes, which its records would not keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

import httpx2
import openai

from rebaseline import __version__
from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.allowance import allowance_of
from rebaseline.targets.base import Asked, Request
from rebaseline.targets.http_client import BROKEN, not_reached
from rebaseline.targets.openai_access import Access, WireFormat
from rebaseline.targets.openai_client import open_sdk, outcome_of, request_id_of
from rebaseline.targets.refused import Opener
from rebaseline.targets.wire_json import encoded

__all__ = ["OpenAITarget"]


class OpenAITarget:
    """A target behind a server that speaks one of OpenAI's formats.

    The SDK's own retries are off: the engine counts every call.

    Attributes:
        provider: Vendor, or host of the server.
        mandatory: None: the formats need the model and the messages only.
    """

    mandatory: frozenset[str] = frozenset()

    def __init__(self, access: Access, wire_format: WireFormat, *, monotonic: Callable[[], float]) -> None:
        self.provider = access.opener.provider
        self._access = access
        self._format = wire_format
        self._path = access.path or wire_format.path
        self._monotonic = monotonic
        self._client, self._omitted = open_sdk(access)

    @cached_property
    def provenance(self) -> Provenance:
        """The SDK, the API's version where its address does not hold it, and we ourselves."""
        return Provenance(
            sdk=f"openai {openai.__version__}", api_version=self._access.api_version, tool=f"rebaseline {__version__}"
        )

    async def ask(self, request: Request) -> Asked:
        """Make one call.

        Raises:
            ProviderError: The key or the account is refused.
            ConfigurationError: A parameter names a part of the request that is none, or cannot be sent.
        """
        body = encoded(self._format.body(request))
        try:
            # The client's time-outs restart with each chunk, and servers send blanks to stay connected: bound it all.
            async with asyncio.timeout(request.timeout_seconds):
                outcome = await self._send(body)
        except TimeoutError:
            return Asked(Faulted("timeout", hint=f"no complete reply within {request.timeout_seconds:g} s"))
        # Raised out here, the error carries no context: the SDK's exception holds the request, and so the key.
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
        if self._access.tokens is not None:
            await self._access.tokens.aclose()

    async def _send(self, body: bytes) -> Asked | ProviderError:
        started = self._monotonic()
        try:
            headers, opener = await self._access.admission()
        except ConnectionError as error:
            return Asked(Faulted("connection", hint=str(error)))
        try:
            response = await self._client.post(
                self._path, cast_to=httpx2.Response, content=body, options={"headers": {**self._omitted, **headers}}
            )
        except openai.APIStatusError as error:
            return outcome_of(error, opener)
        except (openai.APIConnectionError, *BROKEN) as error:
            return not_reached(error, opener)
        headers_back = dict(response.headers.items())  # in lower case; the client's own mapping decodes at each look
        asked = self._format.read(
            response.content, latency_seconds=self._monotonic() - started, request_id=request_id_of(headers_back)
        )
        return _allowed(_without_secret(asked, opener), headers_back)


def _without_secret(asked: Asked, opener: Opener) -> Asked:
    """Return it with no key of ours in the words of an error that was sent with a status of success."""
    if isinstance(asked.attempt, Faulted | Rejected):
        return replace(asked, attempt=replace(asked.attempt, hint=opener.without_secret(asked.attempt.hint)))
    return asked


def _allowed(asked: Asked, headers: Mapping[str, str]) -> Asked:
    return replace(asked, allowance=allowance_of(headers))
