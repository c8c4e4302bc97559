"""Asks for a message through Anthropic's own SDK, whichever platform serves it.

Importing this module loads the SDK, so only the modules that open such a target do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import anthropic
import httpx2

from rebaseline import __version__
from rebaseline.domain.attempt import Faulted
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.allowance import allowance_of
from rebaseline.targets.anthropic_errors import outcome_of
from rebaseline.targets.base import Asked, Request
from rebaseline.targets.http_client import BROKEN, not_reached
from rebaseline.targets.messages_reply import read_message
from rebaseline.targets.messages_request import MANDATORY, wire_body
from rebaseline.targets.refused import Opener

__all__ = ["Client", "MessagesTarget", "Way"]

Client = (
    anthropic.AsyncAnthropic
    | anthropic.AsyncAnthropicBedrock
    | anthropic.AsyncAnthropicBedrockMantle
    | anthropic.AsyncAnthropicVertex
)

_PATH = "/v1/messages"
"""The clients of clouds know this path, and put another in its place where theirs differs."""

_REQUEST_IDS = ("request-id", "x-amzn-requestid", "x-request-id")


@dataclass(frozen=True, slots=True)
class Way:
    """One platform that serves messages.

    Attributes:
        client: The SDK's client for it, its own retries off.
        provider: Who is asked.
        opener: What opens it; `secret` is filled in from below.
        api_version: The version of the API that is sent.
        headers: Sent with every request; never shown, since a key may be among them.
        extra: Members of every body that are not in the request, such as a version that a cloud wants there.
        secret: Returns the token that is sent now, to keep it out of hints; None where it never leaves the machine.
        refusals: What the cloud's own library raises where it finds nobody logged in.
        failures: What it raises where it fails to reach its service, so that another try may help; looked at first.
    """

    client: Client
    provider: str
    opener: Opener
    api_version: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra: Mapping[str, str] = field(default_factory=dict)
    secret: Callable[[], str | None] = lambda: None
    refusals: tuple[type[Exception], ...] = ()
    failures: tuple[type[Exception], ...] = ()


class MessagesTarget:
    """A target that speaks Anthropic's Messages.

    The SDK's own retries are off: the engine counts every call. Requests go through the SDK's `post`, which takes the
    body as we made it and gives the bytes back: neither is what its records would make of them.

    Attributes:
        provider: Who is asked.
        mandatory: `max_tokens`.
    """

    mandatory = MANDATORY

    def __init__(self, way: Way, *, monotonic: Callable[[], float]) -> None:
        self.provider = way.provider
        self._way = way
        self._monotonic = monotonic
        # On every request, so that no header of the SDK's environment stands in their place.
        self._headers = {"Accept": "application/json", "Content-Type": "application/json", **way.headers}

    @cached_property
    def provenance(self) -> Provenance:
        """The SDK, the version of the API that it is told to ask for, and we ourselves."""
        return Provenance(
            sdk=f"anthropic {anthropic.__version__}",
            api_version=self._way.api_version,
            tool=f"rebaseline {__version__}",
        )

    async def ask(self, request: Request) -> Asked:
        """Make one call.

        Raises:
            ProviderError: The key or the account is refused, or nobody is logged in to the cloud.
            ConfigurationError: The request cannot be expressed: see `wire_body`.
        """
        outcome: Asked | ProviderError
        try:
            # The client bounds connecting only, and servers send blanks to stay connected: bound the whole.
            async with asyncio.timeout(request.timeout_seconds):
                return await self._send(request)
        except TimeoutError:
            return Asked(Faulted("timeout", hint=f"no complete reply within {request.timeout_seconds:g} s"))
        except anthropic.APIStatusError as error:
            outcome = self._refused(error)
        except (anthropic.APIConnectionError, *BROKEN) as error:
            outcome = not_reached(error, self._way.opener)
        except self._way.failures as error:
            return Asked(Faulted("connection", hint=f"{self._way.opener.name}: {type(error).__name__}"))
        except self._way.refusals as error:
            outcome = self._locked_out(error)
        # Raised out here, the error carries no context: the SDK's exception holds the request, and so the key.
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Close the connections."""
        await self._way.client.close()

    @property
    def _opener(self) -> Opener:
        return replace(self._way.opener, secret=self._way.secret())

    async def _send(self, request: Request) -> Asked:
        body = {**self._way.extra, **wire_body(request)}
        started = self._monotonic()
        response = await self._way.client.post(
            _PATH, cast_to=httpx2.Response, body=body, options={"headers": self._headers}
        )
        asked = read_message(
            response.content,
            latency_seconds=self._monotonic() - started,
            request_id=next((response.headers[name] for name in _REQUEST_IDS if name in response.headers), None),
        )
        if isinstance(asked.attempt, Faulted):
            asked = replace(asked, attempt=replace(asked.attempt, hint=self._opener.without_secret(asked.attempt.hint)))
        return replace(asked, allowance=allowance_of(response.headers))

    def _refused(self, error: anthropic.APIStatusError) -> Asked | ProviderError:
        outcome = outcome_of(error, self._opener)
        if isinstance(outcome, ProviderError):
            return outcome
        return replace(outcome, allowance=allowance_of(error.response.headers))

    def _locked_out(self, error: Exception) -> ProviderError:
        opener = self._way.opener
        problem = f"{opener.name} cannot be had ({type(error).__name__})"
        return ProviderError(problem, where=opener.where, remedy=opener.remedy)
