"""The proxy on the way to an address, and what it means where it lets nothing through."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from rebaseline.domain.attempt import Faulted
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.refused import Opener, refused

__all__ = ["proxy_for", "stopped_by_proxy"]


def proxy_for(url: str, where: str) -> str | None:
    """Return the address of the proxy by which the environment, else the system, has an address asked; None for none.

    Args:
        url: What will be asked, with its scheme.
        where: The target's place in the project file.

    Raises:
        ConfigurationError: It is a proxy of a kind that we do not speak. Its address is not shown: it may hold a
            password.
    """
    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    scheme = urlsplit(proxy).scheme
    if scheme not in {"http", "https"}:
        raise ConfigurationError(
            f"the proxy for {parts.hostname} is {scheme!r}, not http or https",
            where=where,
            remedy="Name an HTTP proxy in HTTPS_PROXY, or the host in NO_PROXY.",
        )
    return proxy


def stopped_by_proxy(status: int, opener: Opener) -> Asked | ProviderError:
    """Return what it means that a proxy made no tunnel.

    Args:
        status: What the proxy answered with.
        opener: What opens the provider behind it.

    Returns:
        An error, for the caller to raise, where the proxy refuses us: a person must act. Else a fault of the
        connection: the provider saw no request, so it neither failed nor rejected one.
    """
    outcome = refused(status, "", opener, by_proxy=True)
    if isinstance(outcome, ProviderError):
        return outcome
    return Asked(Faulted("connection", hint=f"the proxy answered with status {status}"))
