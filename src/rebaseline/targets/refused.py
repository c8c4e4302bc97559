"""What a status that is no success means, the same for every provider that speaks HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked

__all__ = ["Opener", "refused"]

_HINT_CHARACTERS = 500
"""Most of a provider's words that is kept: error pages of gateways are long and say little."""

_TRANSIENT = {408: "timeout", 409: "conflict", 425: "conflict", 429: "rate_limit", 529: "overloaded"}
_ACCOUNT = frozenset({401, 402, 403, 407})
_PAYMENT_REQUIRED = 402
_PROXY_AUTHENTICATION = 407
_PROXY = "the proxy"

_SHORTEST_SECRET = 8
"""A shorter key is none that guards anything: `x`, `none`, `ollama`. To take it out would garble words that only hold
it by chance, and show what it is by what is missing."""


@dataclass(frozen=True, slots=True)
class Opener:
    """What opens a provider, for errors that a person must act on.

    Attributes:
        provider: Who is asked.
        where: The target's place in the project file.
        name: What opens it, for people: `the key in OPENAI_API_KEY`, `the token of token_command`.
        remedy: What to do where it is refused.
        secret: The key or token itself, never shown; None for none.
    """

    provider: str
    where: str
    name: str
    remedy: str
    secret: str | None = field(default=None, repr=False)

    def holding(self, secret: str) -> Opener:
        """Return the opener with the token that is valid now."""
        return replace(self, secret=secret)

    def without_secret(self, words: str) -> str:
        """Return the provider's words for people, cut, and without our key should they quote it."""
        if self.secret is not None and len(self.secret) >= _SHORTEST_SECRET:
            words = words.replace(self.secret, "[key]")
        return words[:_HINT_CHARACTERS]

    def of_proxy(self) -> Opener:
        """Return what opens the proxy on the way, which stands in its place where that one refuses."""
        if self.provider == _PROXY:
            return self
        return Opener(
            provider=_PROXY,
            where=self.where,
            name=f"the way to {self.provider}",
            remedy="Check user and password in HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
        )


def refused(
    status: int,
    words: str,
    opener: Opener,
    *,
    retry_after_seconds: float | None = None,
    out_of_funds: bool = False,
    by_proxy: bool = False,
) -> Asked | ProviderError:
    """Return what a status above 299 means.

    Args:
        status: HTTP status.
        words: The provider's words: a hint for people, never matched on.
        opener: What opens the provider.
        retry_after_seconds: How long the provider asks to be left alone.
        out_of_funds: A typed member of the error says that the account's money or quota is spent.
        by_proxy: A proxy on the way said it, and not the provider; 407 is never said by anybody else.

    Returns:
        A fault where trying again may help, a rejection where the request is blamed. An error, to be raised by the
        caller outside of the SDK's exception (which holds the request, and so the key), where the key or the account
        is refused: its text leaves the provider's words out, since some quote the key.
    """
    if by_proxy or status == _PROXY_AUTHENTICATION:
        opener = opener.of_proxy()
    if out_of_funds or status == _PAYMENT_REQUIRED:
        problem = f"{opener.provider} says that the money or quota behind {opener.name} is spent (status {status})"
        return ProviderError(problem, where=opener.where, remedy="Top up or raise its limit, then run again.")
    if status in _ACCOUNT:
        problem = f"{opener.provider} refuses {opener.name} (status {status})"
        return ProviderError(problem, where=opener.where, remedy=opener.remedy)
    if 300 <= status < 400:  # noqa: PLR2004  # the class of statuses that send us elsewhere
        problem = f"{opener.provider} sends us to another address (status {status})"
        remedy = "Write that address into the target: a key does not follow to wherever a server says."
        return ProviderError(problem, where=opener.where, remedy=remedy)
    hint = opener.without_secret(words)
    if status in _TRANSIENT:
        return Asked(Faulted(_TRANSIENT[status], status, hint), retry_after_seconds)
    if 400 <= status < 500:  # noqa: PLR2004  # the class of statuses that blame the request
        return Asked(Rejected(status, hint=hint), retry_after_seconds)
    return Asked(Faulted("server", status, hint), retry_after_seconds)
