"""Replies in the words of OpenAI's Chat Completions, read as they came.

The body is read by hand, for the SDK builds its records without looking: a reply without choices, or with text where a
message belongs, would surface as an `AttributeError` far from here. What cannot be read is a fault, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebaseline.domain.attempt import Answered, Reply, Stop, ToolCall, Usage
from rebaseline.domain.stops import stop_of
from rebaseline.targets.base import Asked, IssuedCall, ModelTurn
from rebaseline.targets.openai_body import read_body, written_arguments
from rebaseline.targets.wire_values import count_or_none, items_at, mapping_at, text_or_none

__all__ = ["read_completion"]

_ROLES = ("assistant", None)  # some servers leave it out
_KINDS = ("text", "refusal", None)


def read_completion(body: bytes, *, latency_seconds: float | None = None, request_id: str | None = None) -> Asked:
    """Return what the body of a successful reply says.

    Args:
        body: The body as received.
        latency_seconds: From sending to the last byte; None where it was not measured.
        request_id: The provider's id of the request.

    Returns:
        `Answered` with the turn to send back; `Faulted` where the body is malformed, or holds an error that a
        gateway sent with a status of success.
    """
    return read_body(
        body, lambda completion: _completion(completion, latency_seconds, request_id), without_error="choices"
    )


def _completion(completion: Mapping[str, Any], latency_seconds: float | None, request_id: str | None) -> Asked:
    choices = items_at(completion.get("choices"), "choices")
    choice = mapping_at(choices[0] if choices else None, "choices[0]")
    message = mapping_at(choice.get("message"), "choices[0].message")
    calls = tuple(_issued(call) for call in items_at(message.get("tool_calls") or [], "tool_calls"))
    reply = _reply(message, text_or_none(choice.get("finish_reason")), calls)
    usage = completion.get("usage")
    counts = usage if isinstance(usage, Mapping) else {}
    answered = Answered(
        reply,
        served_model=text_or_none(completion.get("model")),
        system_fingerprint=text_or_none(completion.get("system_fingerprint")),
        usage=Usage(count_or_none(counts.get("prompt_tokens")), count_or_none(counts.get("completion_tokens"))),
        latency_seconds=latency_seconds,
        request_id=request_id,
        novelty=() if (role := message.get("role")) in _ROLES else (f"role: {role}",),
        unread=_unread(message.get("content")),
    )
    return Asked(answered, turn=ModelTurn(reply.text, calls))


def _reply(message: Mapping[str, Any], word: str | None, calls: tuple[IssuedCall, ...]) -> Reply:
    """Return the reply. A refusal stands apart from the content; what stands in both is read in that order."""
    content, refusal = _content(message.get("content")), _refusal(message)
    said = tuple(issued.call for issued in calls)
    if refusal is None:
        return Reply(content, stop_of(word), word, said)
    return Reply(f"{content}\n{refusal}" if content else refusal, Stop.REFUSED, word, said)


def _content(content: Any) -> str:
    """Return the text of a content, which some servers send in parts."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(text_or_none(part.get("text")) or "" for part in _parts(content))


def _refusal(message: Mapping[str, Any]) -> str | None:
    """Return the words of a refusal: a member of the message, or parts of its content; None for none."""
    content = message.get("content")
    parts = _parts(content) if isinstance(content, list) else []
    words = [message.get("refusal"), *(part.get("refusal") for part in parts if part.get("type") == "refusal")]
    return "\n".join(said for each in words if (said := text_or_none(each))) or None


def _parts(content: Any) -> list[Mapping[str, Any]]:
    return [mapping_at(part, "content part") for part in items_at(content, "content")]


def _unread(content: Any) -> tuple[str, ...]:
    """Return the kinds of content that the format does not know, each once. Of these no more than a `text` is read."""
    kinds = [part.get("type") for part in _parts(content)] if isinstance(content, list) else []
    return tuple(dict.fromkeys(f"content: {kind}" for kind in kinds if kind not in _KINDS))


def _issued(call: Any) -> IssuedCall:
    issued = mapping_at(call, "tool call")
    function = mapping_at(issued.get("function"), "tool call function")
    name = text_or_none(function.get("name")) or ""
    return IssuedCall(
        text_or_none(issued.get("id")) or "", ToolCall(name, written_arguments(function.get("arguments")))
    )
