"""The HTTP client under the vendors' SDKs, and what its failures mean.

Both SDKs run on `httpx2` and bring a client of it whose transport is aiohttp: the same calls for less than half of the
CPU. Proxies and certificate authorities are the machine's own affair, not a target's: the HTTP library reads them from
the environment of the process (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`; `SSL_CERT_FILE`, `SSL_CERT_DIR`,
else the system's store), whatever environment keys are looked up in.
"""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import httpx2

from rebaseline.domain.attempt import Faulted
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.proxies import proxy_for, stopped_by_proxy
from rebaseline.targets.refused import Opener

__all__ = ["BROKEN", "CONNECT_SECONDS", "not_reached", "open_client", "unreached"]

CONNECT_SECONDS = 10.0
"""A server that does not pick up within this is taken to be down."""

BROKEN = (aiohttp.ClientError, httpx2.HTTPError)
"""What the client raises for a broken exchange. SDKs wrap most of it in an error of their own, but not all."""

_KEEP_ALIVE_SECONDS = 4.0
"""Common servers close a connection that was idle for 5 s; one that we closed before cannot be lost to that."""

_UNBOUNDED = 0
"""Connections: aiohttp means 0 as no bound, where None would leave its own of 100. The engine bounds the calls."""


def open_client(make: Callable[..., httpx2.AsyncClient], base_url: str, *, where: str) -> httpx2.AsyncClient:
    """Return a client for an SDK. Whoever opens it closes it.

    Only connecting is bounded here. The time of a whole call is the caller's to bound (`asyncio.timeout`): a bound on
    each read would start again with every byte. Redirects are not followed: a key goes to no host that the target
    does not name.

    Args:
        make: The SDK's own `DefaultAioHttpClient`.
        base_url: What will be asked.
        where: The target's place in the project file.

    Raises:
        ConfigurationError: The proxy of the environment cannot be used, or its certificates cannot be read.
    """
    proxy_for(base_url, where)  # the client finds it by itself, but would say less of one that it cannot use
    try:
        return make(
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=_UNBOUNDED, keepalive_expiry=_KEEP_ALIVE_SECONDS),
            follow_redirects=False,
        )
    except OSError as error:
        problem = f"the certificates of the environment cannot be read: {type(error).__name__}"
    except ValueError:
        problem = "a proxy of the environment is no address"
    # Raised out here, it carries no context: the address of a proxy may hold a password.
    raise ConfigurationError(
        problem, where=where, remedy="Check SSL_CERT_FILE, SSL_CERT_DIR, HTTP_PROXY, HTTPS_PROXY and ALL_PROXY."
    )


def not_reached(error: BaseException, opener: Opener) -> Asked | ProviderError:
    """Return what an exchange that broke means.

    Args:
        error: What the SDK raised.
        opener: What opens the provider.

    Returns:
        A fault: see `unreached`. An error, to be raised by the caller outside of the SDK's exception, where the proxy
        on the way refuses us: see `stopped_by_proxy`.
    """
    cause = _innermost(error)
    if isinstance(cause, aiohttp.ClientHttpProxyError):
        return stopped_by_proxy(cause.status, opener)
    return Asked(unreached(error))


def unreached(error: BaseException) -> Faulted:
    """Return the fault behind an exchange that broke, by the type of its innermost cause.

    The causes above it mislead: the transport calls a connection lost in mid-body a time-out of connecting.

    Args:
        error: What the SDK raised.

    Returns:
        `timeout` where the server was there and silent, `malformed` where what it sent is no HTTP or cannot be
        unpacked, `connection` for everything else: nobody picked up, or the line was lost.
    """
    match _innermost(error):
        case aiohttp.ConnectionTimeoutError():
            return Faulted("connection", hint="ConnectionTimeoutError")
        case TimeoutError() | httpx2.TimeoutException() as cause:
            return Faulted("timeout", hint=type(cause).__name__)
        case aiohttp.ClientHttpProxyError() as cause:
            return Faulted("connection", hint=f"the proxy answered with status {cause.status}")
        case httpx2.DecodingError() | aiohttp.ClientResponseError() as cause:
            return Faulted("malformed", hint=type(cause).__name__)
        case cause:
            return Faulted("connection", hint=type(cause).__name__)


def _innermost(error: BaseException) -> BaseException:
    """Return the deepest cause that is the client's own; those below it are the system's."""
    found, cause = error, error.__cause__
    while cause is not None:
        found, cause = (cause if isinstance(cause, BROKEN) else found), cause.__cause__
    return found
