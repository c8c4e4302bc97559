"""How a server that speaks OpenAI's formats is opened: where it is, who asks, and in which format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rebaseline.domain.model import Target
from rebaseline.errors import ConfigurationError
from rebaseline.targets import chat_reply, chat_request, responses_reply, responses_request
from rebaseline.targets.base import Asked, Request
from rebaseline.targets.refused import Opener

__all__ = ["CHAT", "RESPONSES", "Access", "Tokens", "WireFormat", "format_of"]


class _Read(Protocol):
    def __call__(self, body: bytes, *, latency_seconds: float | None, request_id: str | None) -> Asked: ...


@dataclass(frozen=True, slots=True)
class WireFormat:
    """One of OpenAI's formats. Its functions are pure: a batch uses them without a client.

    Attributes:
        path: Under the address of the API.
        body: Returns the body of a request.
        read: Returns what the body of a successful reply says.
    """

    path: str
    body: Callable[[Request], dict[str, Any]]
    read: _Read


CHAT = WireFormat("/chat/completions", chat_request.wire_body, chat_reply.read_completion)
RESPONSES = WireFormat("/responses", responses_request.wire_body, responses_reply.read_response)

_FORMATS = {"chat": CHAT, "responses": RESPONSES}


class Tokens(Protocol):
    """Where tokens come from that expire."""

    async def token(self) -> str:
        """Return a token that is valid now.

        Raises:
            ProviderError: There is none, and a person must act.
            ConnectionError: Whoever gives them cannot be reached.
        """

    async def aclose(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a server is opened.

    Attributes:
        base_url: Address under which the formats' paths lie.
        opener: Who is asked and what opens it, for errors.
        headers: Headers of every request; they hold the key, and so are never shown.
        query: Query of every request.
        tokens: Where the token of a request comes from, sent as `Authorization`; None where a key opens the server.
        api_version: The API's version, where it has one apart from its address.
        path: Of a request in a format; the format's own unless given.
    """

    base_url: str
    opener: Opener
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    tokens: Tokens | None = None
    api_version: str = ""
    path: str | None = None

    async def admission(self) -> tuple[Mapping[str, str], Opener]:
        """Return the headers of a request made now, and its opener with the secret that they hold.

        Raises:
            ProviderError: There is no token, and a person must act.
            ConnectionError: Whoever gives tokens cannot be reached.
        """
        if self.tokens is None:
            return self.headers, self.opener
        token = await self.tokens.token()
        return {**self.headers, "Authorization": f"Bearer {token}"}, self.opener.holding(token)


def format_of(target: Target, default: str) -> WireFormat:
    """Return the format that the setting `api` names.

    Raises:
        ConfigurationError: It is neither `chat` nor `responses`.
    """
    api = target.settings.get("api", default)
    wire_format = _FORMATS.get(api) if isinstance(api, str) else None
    if wire_format is None:
        raise ConfigurationError(
            f"api is {api!r}, not 'chat' or 'responses'",
            where=f"targets.{target.name}.api",
            remedy="Write one of them.",
        )
    return wire_format
