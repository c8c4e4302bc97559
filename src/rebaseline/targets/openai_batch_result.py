"""One line of the files that a batch of OpenAI leaves: of the replies, or of the errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import openai

from rebaseline.errors import ProviderError
from rebaseline.targets.base import Asked
from rebaseline.targets.batch_exchange import item_error, json_of
from rebaseline.targets.batching import Collected, Undone
from rebaseline.targets.openai_access import WireFormat
from rebaseline.targets.wire_values import MalformedError, count_or_none, mapping_or_empty, text_or_none

__all__ = ["read_result"]

_UNDONE = {"batch_expired": "expired", "batch_cancelled": "canceled"}
"""Codes of requests that were never begun."""

Meaning = Callable[[openai.APIStatusError], Asked | ProviderError]


def read_result(line: bytes, wire_format: WireFormat, meaning: Meaning) -> Collected | None:
    """Return what a line says, read as the same reply or error of a live call is.

    Args:
        line: One line, without its end.
        wire_format: In which its request was made.
        meaning: Says what an error of the SDK means.

    Returns:
        None where it says nothing that can be told from others, so that its request counts as missing.
    """
    try:
        said = json_of(line)
    except MalformedError:
        return None
    custom_id = text_or_none(said.get("custom_id"))
    if custom_id is None:
        return None
    response = said.get("response")
    if not isinstance(response, Mapping):
        code = mapping_or_empty(said.get("error")).get("code")
        return custom_id, Undone(_UNDONE.get(str(code), "errored"))
    return custom_id, _outcome(response, wire_format, meaning)


def _outcome(response: Mapping[str, Any], wire_format: WireFormat, meaning: Meaning) -> Asked | Undone:
    status, body = count_or_none(response.get("status_code")), response.get("body")
    if status is None or status < 300:  # noqa: PLR2004 - a success
        request_id = text_or_none(response.get("request_id"))
        return wire_format.read(json.dumps(body).encode(), latency_seconds=None, request_id=request_id)
    envelope = mapping_or_empty(body).get("error")
    outcome = meaning(openai.APIStatusError("", response=item_error(status), body=envelope))
    return Undone("account", outcome) if isinstance(outcome, ProviderError) else outcome
