"""OpenAI's SDK as we use it: opened without anything of the environment, and its errors in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import openai

from rebaseline import __version__
from rebaseline.domain.attempt import Answered, Reply, Stop
from rebaseline.errors import ProviderError
from rebaseline.targets.allowance import allowance_of
from rebaseline.targets.base import Asked
from rebaseline.targets.http_client import open_client
from rebaseline.targets.openai_access import Access
from rebaseline.targets.openai_body import error_words
from rebaseline.targets.refused import Opener, refused
from rebaseline.targets.retry_after import retry_after_seconds

__all__ = ["open_sdk", "outcome_of", "request_id_of"]

_TOO_MANY = 429
_OUT_OF_FUNDS = "insufficient_quota"
_FILTERED = "content_filter"
_REQUEST_IDS = ("x-request-id", "apim-request-id")

_SDK_HEADERS = frozenset({"accept", "content-type", "user-agent"})
_SDK_PREFIX = "x-stainless-"


def open_sdk(access: Access) -> tuple[openai.AsyncOpenAI, dict[str, str | openai.Omit]]:
    """Return the SDK's client, its own retries off, and the headers that every request must have.

    These take out what the SDK's own reading of the environment adds: the target does not say it.

    Raises:
        ConfigurationError: The proxy or the certificates of the environment cannot be used.
    """
    client = openai.AsyncOpenAI(
        api_key="none",  # ours is in the headers of each request
        base_url=access.base_url,
        max_retries=0,
        default_headers={"User-Agent": f"rebaseline/{__version__}"},
        default_query=dict(access.query),
        http_client=open_client(openai.DefaultAioHttpClient, access.base_url, where=access.opener.where),
    )
    return client, {name: openai.Omit() for name in ("Authorization", *client.default_headers) if not _of_sdk(name)}


def _of_sdk(name: str) -> bool:
    return name.lower() in _SDK_HEADERS or name.lower().startswith(_SDK_PREFIX)


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Return the provider's id of a request, from the headers of its reply."""
    return next((headers[name] for name in _REQUEST_IDS if headers.get(name)), None)


def outcome_of(error: openai.APIStatusError, opener: Opener) -> Asked | ProviderError:
    """Return what a status above 299 means, by the status and the error's typed members.

    Returns:
        See `refused`: an error is for the caller to raise, outside of the SDK's exception.
    """
    headers = error.response.headers
    if error.code == _FILTERED:
        # The request was taken, and a filter withheld the reply before there was one.
        return Asked(Answered(Reply("", Stop.FILTERED, _FILTERED), request_id=request_id_of(headers)))
    words = (error_words(error.body) if isinstance(error.body, Mapping) else "") or error.message
    outcome = refused(
        error.status_code,
        words,
        opener,
        retry_after_seconds=retry_after_seconds(headers),
        # No wait helps. The code names the cause, and there are more of them every year; the type stays.
        out_of_funds=error.status_code == _TOO_MANY and _OUT_OF_FUNDS in (error.type, error.code),
    )
    return outcome if isinstance(outcome, ProviderError) else replace(outcome, allowance=allowance_of(headers))
