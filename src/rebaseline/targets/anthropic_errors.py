"""What an error of Anthropic's SDK means: by its status, and by its typed members where a status does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anthropic

from rebaseline.domain.attempt import Faulted
from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.refused import Opener, refused
from rebaseline.targets.retry_after import retry_after_seconds

__all__ = ["outcome_of"]

_SPENT = frozenset(
    {
        "contract_spend_limit_reached",
        "enforced_spend_limit_reached",
        "linked_organization_billing_unavailable",
        "linked_organization_spend_limit_reached",
    }
)
"""Codes of errors that no wait helps against, some of which come as a rate limit. `ramp_limit_exceeded` is one."""

_ACCOUNT_TYPES = frozenset({"authentication_error", "permission_error"})
_ACCOUNT_CODES = frozenset({"cmek_key_disabled", "cmek_key_network_blocked", "organization_on_hold"})
"""Codes of errors with status 400 that blame the account and not the request."""

_AMAZON_KIND = "x-amzn-errortype"
_AMAZON_TRANSIENT = {"ServiceQuotaExceededException": "rate_limit", "ModelErrorException": "server"}
"""Bedrock's own kinds of error whose status (400, 424) would blame the request."""


def outcome_of(error: anthropic.APIStatusError, opener: Opener) -> Asked | ProviderError:
    """Return what a status above 299 means.

    The SDK documents `type`, `error_code` and the error's class as what to branch on; its words may change and are
    kept as a hint only. A parameter that a model no longer takes has no code of its own: it is a plain 400.

    Args:
        error: What the SDK raised.
        opener: What opens the provider.

    Returns:
        See `refused`: an error is for the caller to raise, outside of the SDK's exception.
    """
    status, headers = error.status_code, error.response.headers
    wait_seconds = retry_after_seconds(headers)
    kind = headers.get(_AMAZON_KIND, "").partition(":")[0]
    if kind in _AMAZON_TRANSIENT:
        hint = opener.without_secret(_words(error))
        return Asked(Faulted(_AMAZON_TRANSIENT[kind], status, hint), wait_seconds)
    if error.error_code in _ACCOUNT_CODES or (status not in {401, 403} and error.type in _ACCOUNT_TYPES):
        cause = error.error_code if error.error_code in _ACCOUNT_CODES else error.type
        problem = f"{opener.provider} refuses the account behind {opener.name} ({cause}, status {status})"
        return ProviderError(problem, where=opener.where, remedy="See to the account or the workspace, then run again.")
    spent = error.type == "billing_error" or error.error_code in _SPENT
    return refused(status, _words(error), opener, retry_after_seconds=wait_seconds, out_of_funds=spent)


def _words(error: anthropic.APIStatusError) -> str:
    """Return the words of an error with the members that name its kind. Clouds have envelopes of their own."""
    marks = [f"{name}={value}" for name in ("type", "error_code") if (value := getattr(error, name)) is not None]
    words = _message(error.body) or error.message
    return f"{words} ({', '.join(marks)})" if marks else words


def _message(body: Any) -> str | None:
    """Return the message of Anthropic's and Google's envelope (`error.message`), or of Amazon's (`message`)."""
    envelope = body if isinstance(body, Mapping) else {}
    inner = envelope.get("error")
    message = inner.get("message") if isinstance(inner, Mapping) else envelope.get("message")
    return message if isinstance(message, str) and message else None
