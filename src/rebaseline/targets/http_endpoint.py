"""Asks an application's own endpoint: one POST a request, in the application's own words.

Importing this module loads the HTTP client, so only the registry does, when such a target is opened. The client is
`aiohttp` as it stands, which the vendors' SDKs run on too: there is no vendor's protocol to get right here.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import aiohttp

from rebaseline import __version__
from rebaseline.domain.attempt import Answered, Faulted
from rebaseline.domain.model import Provenance
from rebaseline.errors import ProviderError
from rebaseline.targets.allowance import allowance_of
from rebaseline.targets.base import Asked, ModelTurn, Opening, Request
from rebaseline.targets.http_reply import read_application_reply
from rebaseline.targets.http_settings import HttpSettings, http_settings
from rebaseline.targets.proxies import stopped_by_proxy
from rebaseline.targets.refused import Opener, refused
from rebaseline.targets.retry_after import retry_after_seconds
from rebaseline.targets.token_command import Token

__all__ = ["CONNECT_SECONDS", "HttpTarget", "open_adapter"]

CONNECT_SECONDS = 10.0
"""A server that does not pick up within this is taken to be down."""

_KEEP_ALIVE_SECONDS = 4.0
"""Common servers close a connection that was idle for 5 s; one that we closed before cannot be lost to that."""

_MOST_BYTES = 32_000_000
"""Longest body that is read."""

_UNAUTHORIZED = 401
_NO_SUCH_PLACE = frozenset({404, 405})


@dataclass(frozen=True, slots=True)
class _Response:
    """A response that was read; the body is None where it is too long."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    latency_seconds: float


class HttpTarget:
    """A target behind an application's own endpoint.

    Every call stands alone: cookies are not kept, redirects not followed, nothing is tried again.

    Attributes:
        provider: Host of the endpoint.
        mandatory: None: what a request needs is in the template.
    """

    mandatory: frozenset[str] = frozenset()

    def __init__(self, settings: HttpSettings, *, monotonic: Callable[[], float]) -> None:
        self.provider = settings.host
        self._settings = settings
        self._monotonic = monotonic
        self._session: aiohttp.ClientSession | None = None

    @cached_property
    def provenance(self) -> Provenance:
        """The HTTP client and we ourselves."""
        return Provenance(sdk=f"aiohttp {aiohttp.__version__}", tool=f"rebaseline {__version__}")

    async def ask(self, request: Request) -> Asked:
        """Make one call.

        Raises:
            ProviderError: The token is refused, the address leads elsewhere or nowhere, or the certificate is not
                trusted.
            ConfigurationError: The template would lose a part of the request, or there is no token.
        """
        body = self._settings.body.fill(request)
        door = self._settings.door
        token = None if door is None else await door.tokens.current()
        try:
            # The client's own time-outs restart with each chunk, and servers may drip: bound the whole.
            async with asyncio.timeout(request.timeout_seconds):
                response = await self._post(body, token, request.timeout_seconds)
        except aiohttp.ClientError as error:
            outcome = self._unreached(error)
        except TimeoutError:
            return Asked(Faulted("timeout", hint=f"no complete reply within {request.timeout_seconds:g} s"))
        else:
            outcome = self._answer(response, token)
        # Raised out here, the error carries no context: the client's exceptions hold the headers, and so the token.
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, token: Token | None, timeout_seconds: float) -> _Response:
        connect_seconds = min(CONNECT_SECONDS, timeout_seconds)
        started = self._monotonic()
        async with self._open_session().post(
            self._settings.url,
            data=body,
            headers=self._headers(token),
            proxy=self._settings.proxy,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
        ) as response:
            content = await _bounded(response.content)
            return _Response(response.status, response.headers, content, self._monotonic() - started)

    def _open_session(self) -> aiohttp.ClientSession:
        """Return the session, made with the first call: it belongs to the loop that calls."""
        if self._session is None:
            # A context of our own reads SSL_CERT_FILE now; the client's was made when it was imported.
            tls = ssl.create_default_context() if self._settings.url.startswith("https:") else True
            self._session = aiohttp.ClientSession(
                # The engine bounds how many calls there are at a time.
                connector=aiohttp.TCPConnector(limit=0, ssl=tls, keepalive_timeout=_KEEP_ALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _headers(self, token: Token | None) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"rebaseline/{__version__}",
            **self._settings.headers,
        }
        door = self._settings.door
        if door is not None and token is not None:
            headers[door.header] = f"{door.scheme} {token.text}" if door.scheme else token.text
        return headers

    def _answer(self, response: _Response, token: Token | None) -> Asked | ProviderError:
        """Return what a response means."""
        door = self._settings.door
        if response.status == _UNAUTHORIZED and door is not None and token is not None and door.tokens.renewable(token):
            return Asked(Faulted("token", response.status, "the token is no longer taken: a new one is asked for"))
        if response.status != _UNAUTHORIZED and door is not None and token is not None:
            door.tokens.accepted(token)
        outcome = self._said(response, token)
        if isinstance(outcome, ProviderError):
            return outcome
        turn = ModelTurn(outcome.attempt.reply.text) if isinstance(outcome.attempt, Answered) else None
        return Asked(outcome.attempt, outcome.retry_after_seconds, turn, allowance_of(response.headers))

    def _said(self, response: _Response, token: Token | None) -> Asked | ProviderError:
        if response.body is None:
            return Asked(Faulted("malformed", response.status, f"the body is longer than {_MOST_BYTES:,} bytes"))
        if 200 <= response.status < 300:  # noqa: PLR2004 - the class of statuses that say success
            attempt = read_application_reply(
                response.body,
                self._settings.read,
                self._settings.identity,
                status=response.status,
                latency_seconds=response.latency_seconds,
            )
            return Asked(attempt)
        if response.status < 400 or response.status in _NO_SUCH_PLACE:  # noqa: PLR2004 - see above
            return self._elsewhere(response.status)
        words = " ".join(response.body.decode("utf-8", "replace").split())
        return refused(
            response.status,
            words,
            self._opener(token),
            retry_after_seconds=retry_after_seconds(response.headers),
        )

    def _elsewhere(self, status: int) -> ProviderError:
        """Return the error for an address at which the application is not.

        A redirect would carry the token and the prompts to another place, and leads to a page for logging in more
        often than not. That nothing is there is no word about this request: every other would meet the same.
        """
        problem = "has nothing to POST to at `url`" if status in _NO_SUCH_PLACE else "leads elsewhere from `url`"
        return ProviderError(
            f"{self.provider} {problem} (status {status})",
            where=self._settings.where,
            remedy="Write the address at which the application takes requests itself; redirects are not followed.",
        )

    def _opener(self, token: Token | None) -> Opener:
        door = self._settings.door
        return Opener(
            provider=self.provider,
            where=self._settings.where,
            name="a request without a token" if door is None else door.name,
            remedy="Say in `auth` where a token is." if door is None else door.remedy,
            secret=None if token is None else token.text,
        )

    def _unreached(self, error: aiohttp.ClientError) -> Asked | ProviderError:
        """Return what an error without a response means, by its type."""
        match error:
            case aiohttp.ClientConnectorCertificateError():
                return ProviderError(
                    f"the certificate of {self.provider} is not trusted",
                    where=self._settings.where,
                    remedy="Name the file with your own authority's certificate in SSL_CERT_FILE.",
                )
            case aiohttp.ClientHttpProxyError():
                return stopped_by_proxy(error.status, self._opener(None))
            case aiohttp.ClientPayloadError() if not isinstance(error.__cause__, _CUT):
                return Asked(Faulted("malformed", hint=type(error).__name__))
            case aiohttp.ClientResponseError():
                return Asked(Faulted("malformed", hint=type(error).__name__))
            case _:
                return Asked(Faulted("connection", hint=type(error).__name__))


_CUT = (OSError, aiohttp.http_exceptions.TransferEncodingError, aiohttp.http_exceptions.ContentLengthError)
"""Why a body may end too early; any other cause is in the body itself."""


async def _bounded(stream: aiohttp.StreamReader) -> bytes | None:
    """Return what a stream holds, or None as soon as that is too much."""
    content = bytearray()
    async for chunk in stream.iter_any():
        content += chunk
        if len(content) > _MOST_BYTES:
            return None
    return bytes(content)


def open_adapter(opening: Opening) -> HttpTarget:
    """Open a target of type `http`."""
    return HttpTarget(http_settings(opening), monotonic=opening.monotonic)
