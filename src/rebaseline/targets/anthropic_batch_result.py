"""One line of the results of a batch of Anthropic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import anthropic

from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.batch_exchange import item_error, json_of
from rebaseline.targets.batching import Collected, Undone
from rebaseline.targets.messages_reply import read_message
from rebaseline.targets.wire_values import MalformedError, mapping_or_empty, text_or_none

__all__ = ["read_result"]

_UNDONE = frozenset({"canceled", "expired"})
_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""The status that an error has when it comes by itself; any other is the server's (500)."""

Meaning = Callable[[anthropic.APIStatusError], Asked | ProviderError]


def read_result(line: bytes, meaning: Meaning) -> Collected | None:
    """Return what a line says, read as the same reply or error of a live call is.

    Args:
        line: One line, without its end.
        meaning: Says what an error of the SDK means.

    Returns:
        None where it says nothing that can be told from others, so that its request counts as missing.
    """
    try:
        said = json_of(line)
    except MalformedError:
        return None
    custom_id, result = text_or_none(said.get("custom_id")), mapping_or_empty(said.get("result"))
    kind = text_or_none(result.get("type"))
    if custom_id is None or kind is None:
        return None
    if kind == "succeeded":
        return custom_id, read_message(json.dumps(result.get("message")).encode())
    return custom_id, _error(result, meaning) if kind == "errored" else Undone(kind if kind in _UNDONE else "unknown")


def _error(result: Mapping[str, Any], meaning: Meaning) -> Asked | Undone:
    envelope = mapping_or_empty(result.get("error"))
    status = _STATUSES.get(str(mapping_or_empty(envelope.get("error")).get("type")), 500)
    outcome = meaning(anthropic.APIStatusError("", response=item_error(status), body=dict(envelope)))
    return Undone("account", outcome) if isinstance(outcome, ProviderError) else outcome
