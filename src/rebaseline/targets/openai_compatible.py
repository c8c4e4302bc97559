"""Asks OpenAI, and whatever else speaks Chat Completions, through OpenAI's own SDK.

Importing this module loads the SDK, so only the registry does, when such a target is opened.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

import httpx2
import openai
from openai.resources.chat.completions import AsyncCompletions

from rebaseline import __version__
from rebaseline.domain.attempt import Faulted
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.allowance import allowance_of
from rebaseline.targets.base import Asked, Opening, Request
from rebaseline.targets.chat_reply import read_completion
from rebaseline.targets.chat_request import RESERVED, wire_messages, wire_parameters, wire_tools
from rebaseline.targets.endpoint import Endpoint, endpoint_of
from rebaseline.targets.refused import Opener, refused
from rebaseline.targets.retry_after import retry_after_seconds

__all__ = ["OpenAICompatibleTarget", "open_adapter"]

CONNECT_SECONDS = 10.0
"""A server that does not pick up within this is taken to be down."""

_TOO_MANY = 429
_NOT_PARAMETERS = RESERVED | {"self", "extra_headers", "extra_query", "extra_body", "timeout"}


class OpenAICompatibleTarget:
    """A target behind an endpoint that speaks Chat Completions.

    The SDK's own retries are off: the engine counts every call.

    Attributes:
        provider: Vendor, or host of the endpoint.
        mandatory: None: the format needs the model and the messages only.
    """

    mandatory: frozenset[str] = frozenset()

    def __init__(self, endpoint: Endpoint, *, monotonic: Callable[[], float]) -> None:
        self.provider = endpoint.provider
        self._opener = _opener(endpoint)
        self._monotonic = monotonic
        self._client = openai.AsyncOpenAI(api_key=endpoint.key or "none", base_url=endpoint.base_url, max_retries=0)
        # On every request, so that the SDK's own reading of the environment adds no header that the target has not.
        self._headers: dict[str, str | openai.Omit] = {
            "Authorization": openai.Omit() if endpoint.key is None else f"Bearer {endpoint.key}",
            "OpenAI-Organization": endpoint.organization or openai.Omit(),
            "OpenAI-Project": endpoint.project or openai.Omit(),
        }

    @cached_property
    def provenance(self) -> Provenance:
        """The SDK and we ourselves; the API's version is part of the address."""
        return Provenance(sdk=f"openai {openai.__version__}", tool=f"rebaseline {__version__}")

    async def ask(self, request: Request) -> Asked:
        """Make one call.

        Raises:
            ProviderError: The key or the account is refused.
            ConfigurationError: A parameter names a part of the request that is none.
        """
        try:
            # The SDK's time-outs restart with each chunk, and servers send blanks to stay connected: bound the whole.
            async with asyncio.timeout(request.timeout_seconds):
                return await self._send(request)
        except TimeoutError:
            return Asked(Faulted("timeout", hint=f"no complete reply within {request.timeout_seconds:g} s"))
        except openai.APIStatusError as error:
            outcome = self._refused(error)
        except openai.APIConnectionError as error:
            return Asked(_unreached(error))
        # Raised out here, the error carries no context: the SDK's exception holds the request, and so the key.
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _send(self, request: Request) -> Asked:
        parameters = wire_parameters(request)
        known = {name: parameters.pop(name) for name in sorted(_known_parameters() & parameters.keys())}
        if request.tools:
            known["tools"] = wire_tools(request.tools)
        connect_seconds = min(CONNECT_SECONDS, request.timeout_seconds)
        started = self._monotonic()
        # The parsed record is not wanted (see `chat_reply`): only the bytes and the headers are.
        create: Any = self._client.chat.completions.with_raw_response.create
        response = await create(
            model=request.model,
            messages=wire_messages(request),
            extra_headers=self._headers,
            extra_body=parameters or None,
            timeout=openai.Timeout(request.timeout_seconds, connect=connect_seconds),
            **known,
        )
        asked = read_completion(
            response.content,
            latency_seconds=self._monotonic() - started,
            request_id=response.headers.get("x-request-id"),
        )
        if isinstance(asked.attempt, Faulted):
            asked = replace(asked, attempt=replace(asked.attempt, hint=self._opener.without_secret(asked.attempt.hint)))
        return self._allowed(asked, response.headers)

    def _refused(self, error: openai.APIStatusError) -> Asked | ProviderError:
        """Return what a status above 299 means, by the status and the error's typed members."""
        spent = error.status_code == _TOO_MANY and "insufficient_quota" in (error.type, error.code)  # no wait helps
        outcome = refused(
            error.status_code,
            _words(error),
            self._opener,
            retry_after_seconds=retry_after_seconds(error.response.headers),
            out_of_funds=spent,
        )
        return outcome if isinstance(outcome, ProviderError) else self._allowed(outcome, error.response.headers)

    @staticmethod
    def _allowed(asked: Asked, headers: Mapping[str, str]) -> Asked:
        return replace(asked, allowance=allowance_of(headers))


def open_adapter(opening: Opening) -> OpenAICompatibleTarget:
    """Open a target of type `openai-compatible`."""
    return OpenAICompatibleTarget(endpoint_of(opening.target, opening.environment), monotonic=opening.monotonic)


def _opener(endpoint: Endpoint) -> Opener:
    variable = endpoint.key_variable
    return Opener(
        provider=endpoint.provider,
        where=endpoint.where,
        name=f"the key in {variable}" if variable else "a request without a key",
        remedy=f"Check {variable} and what it may use." if variable else "Name its variable in api_key_env.",
        secret=endpoint.key,
    )


def _words(error: openai.APIStatusError) -> str:
    """Return the message of an error with the members that name a culprit, as the provider sees it."""
    marks = [f"{name}={value}" for name in ("param", "code") if (value := getattr(error, name)) is not None]
    return f"{error.message} ({', '.join(marks)})" if marks else error.message


def _unreached(error: openai.APIConnectionError) -> Faulted:
    """Return the fault behind an error without a status, by the type of its cause."""
    match error.__cause__:
        case httpx2.ConnectTimeout():
            return Faulted("connection", hint="ConnectTimeout")
        case httpx2.TimeoutException() as cause:
            return Faulted("timeout", hint=type(cause).__name__)
        case httpx2.DecodingError():
            return Faulted("malformed", hint="DecodingError")
        case cause:
            return Faulted("connection", hint=type(cause).__name__)


@cache
def _known_parameters() -> frozenset[str]:
    """Return the parameters that this version of the SDK takes as arguments; it must be given others as a body."""
    return frozenset(inspect.signature(AsyncCompletions.create).parameters) - _NOT_PARAMETERS
