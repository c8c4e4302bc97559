"""Replies in the words of OpenAI's Chat Completions, read as they came.

The body is read by hand, for the SDK builds its records without looking: a reply without choices, or with text where a
message belongs, would surface as an `AttributeError` far from here. What cannot be read is a fault, never a guess.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rebaseline.domain.attempt import Answered, Faulted, Reply, Stop, ToolCall, Usage
from rebaseline.domain.stops import stop_of
from rebaseline.targets.base import Asked, IssuedCall, ModelTurn

__all__ = ["read_completion"]

_ROLES = ("assistant", None)  # some servers leave it out
_KINDS = ("text", "refusal", None)


class _MalformedError(Exception):
    """The body is not what the wire format says."""


def read_completion(body: bytes, *, latency_seconds: float, request_id: str | None) -> Asked:
    """Return what the body of a successful reply says.

    Args:
        body: The body as received.
        latency_seconds: From sending to the last byte.
        request_id: The provider's id of the request.

    Returns:
        `Answered` with the turn to send back; `Faulted` where the body is malformed, or holds an error that a
        gateway sent with a status of success.
    """
    try:
        completion = _mapping(json.loads(body), "body")
        if completion.get("error") and not completion.get("choices"):
            return Asked(Faulted("server", 200, _error_words(completion["error"])))
        choices = _items(completion.get("choices"), "choices")
        choice = _mapping(choices[0] if choices else None, "choices[0]")
        message = _mapping(choice.get("message"), "choices[0].message")
        calls = tuple(_issued(call) for call in _items(message.get("tool_calls") or [], "tool_calls"))
        novelty = _novelty(message)
        reply = _reply(message, _text_or_none(choice.get("finish_reason")), calls)
    except (ValueError, RecursionError) as error:
        return Asked(Faulted("malformed", 200, f"not JSON: {type(error).__name__}"))
    except _MalformedError as error:
        return Asked(Faulted("malformed", 200, str(error)))
    answered = Answered(
        reply,
        served_model=_text_or_none(completion.get("model")),
        system_fingerprint=_text_or_none(completion.get("system_fingerprint")),
        usage=_usage(completion.get("usage")),
        latency_seconds=latency_seconds,
        request_id=request_id,
        novelty=novelty,
    )
    return Asked(answered, turn=ModelTurn(reply.text, calls))


def _reply(message: Mapping[str, Any], word: str | None, calls: tuple[IssuedCall, ...]) -> Reply:
    """Return the reply. A refusal stands apart from the content; what stands in both is read in that order."""
    content, refusal = _content(message.get("content")), _text_or_none(message.get("refusal"))
    said = tuple(issued.call for issued in calls)
    if refusal is None:
        return Reply(content, stop_of(word), word, said)
    return Reply(f"{content}\n{refusal}" if content else refusal, Stop.REFUSED, word, said)


def _content(content: Any) -> str:
    """Return the text of a content, which some servers send in parts."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(_text_or_none(part.get("text")) or "" for part in _parts(content))


def _parts(content: Any) -> list[Mapping[str, Any]]:
    return [_mapping(part, "content part") for part in _items(content, "content")]


def _novelty(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the role and the kinds of content that the format does not know."""
    content, role = message.get("content"), message.get("role")
    roles = [] if role in _ROLES else [f"role: {role}"]
    kinds = [str(part.get("type")) for part in _parts(content)] if isinstance(content, list) else []
    return tuple(dict.fromkeys(roles + [f"content: {kind}" for kind in kinds if kind not in _KINDS]))


def _issued(call: Any) -> IssuedCall:
    issued = _mapping(call, "tool call")
    function = _mapping(issued.get("function"), "tool call function")
    arguments = function.get("arguments")
    # Some servers send the arguments as an object where the format says text.
    written = arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False)
    return IssuedCall(
        _text_or_none(issued.get("id")) or "", ToolCall(_text_or_none(function.get("name")) or "", written)
    )


def _usage(usage: Any) -> Usage:
    counts = usage if isinstance(usage, Mapping) else {}
    return Usage(_count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens")))


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _error_words(error: Any) -> str:
    """Return the words of an error, for people."""
    words = error.get("message") if isinstance(error, Mapping) else error
    return str(words or "")


def _text_or_none(value: Any) -> str | None:
    """Return a text that says something; anything else says nothing."""
    return value if isinstance(value, str) and value else None


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _MalformedError(f"{place} is {type(value).__name__}, not an object")
    return value


def _items(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _MalformedError(f"{place} is {type(value).__name__}, not a list")
    return value
