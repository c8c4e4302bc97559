"""Replies in the words of Anthropic's Messages, read as they came.

The body is read by hand: the SDK's records take any body, so that a missing content would surface far from here. What
cannot be read is a fault, never a guess; a kind of content that we do not read is told as unread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rebaseline.domain.attempt import Answered, Faulted, Reply, ToolCall, Usage
from rebaseline.domain.stops import stop_of
from rebaseline.targets.base import Asked, IssuedCall, ModelTurn
from rebaseline.targets.wire_values import MalformedError, count_or_none, items_at, mapping_at, text_or_none

__all__ = ["read_message"]

_READ = frozenset({"text", "tool_use"})
_REASONING = frozenset({"thinking", "redacted_thinking"})
_CACHED = ("cache_creation_input_tokens", "cache_read_input_tokens")


def read_message(body: bytes, *, latency_seconds: float | None = None, request_id: str | None = None) -> Asked:
    """Return what a message says: the body of a successful reply, or the message of a batch's entry.

    Args:
        body: The message as received.
        latency_seconds: From sending to the last byte; None where it was not measured.
        request_id: The provider's id of the request.

    Returns:
        `Answered` with the turn to send back, signed reasoning included; `Faulted` where the body is malformed, or
        holds an error that came with a status of success. A refusal is an answer: it is one of the stop reasons.
    """
    try:
        message = mapping_at(json.loads(body), "body")
        if message.get("error") and "content" not in message:
            return Asked(Faulted("server", 200, _error_words(message["error"])))
        blocks = [_block(block) for block in items_at(message.get("content"), "content")]
        calls = tuple(_issued(block) for block in blocks if block["type"] == "tool_use")
        text = "".join(_text(block) for block in blocks if block["type"] == "text")
        novelty, unread = _novelty(message), _unread(blocks)
    except (ValueError, RecursionError) as error:
        return Asked(Faulted("malformed", 200, f"not JSON: {type(error).__name__}"))
    except MalformedError as error:
        return Asked(Faulted("malformed", 200, str(error)))
    word = text_or_none(message.get("stop_reason"))
    answered = Answered(
        Reply(text, stop_of(word), word, tuple(issued.call for issued in calls)),
        # With fallbacks on the server, this is the model that wrote the message, not the one that was asked for.
        served_model=text_or_none(message.get("model")),
        usage=_usage(message.get("usage")),
        latency_seconds=latency_seconds,
        request_id=request_id,
        novelty=novelty,
        unread=unread,
    )
    # A call without an id is given one by the conversation, which the blocks as received would not have.
    opaque = tuple(blocks) if all(issued.id for issued in calls) else ()
    return Asked(answered, turn=ModelTurn(text, calls, opaque))


def _block(value: Any) -> Mapping[str, Any]:
    block = mapping_at(value, "content block")
    if text_or_none(block.get("type")) is None:
        raise MalformedError("a content block does not say what it is")
    return block


def _text(block: Mapping[str, Any]) -> str:
    text = block.get("text")
    if not isinstance(text, str):
        raise MalformedError(f"a text block holds {type(text).__name__}, not text")
    return text


def _issued(block: Mapping[str, Any]) -> IssuedCall:
    name = text_or_none(block.get("name"))
    if name is None:
        raise MalformedError("a tool_use block names no tool")
    # The API sends the arguments as an object; where it stands for text is the JSON of it.
    arguments = json.dumps(block.get("input", {}), ensure_ascii=False)
    return IssuedCall(text_or_none(block.get("id")) or "", ToolCall(name, arguments))


def _unread(blocks: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the kinds of content that were not read, each once."""
    kinds = [f"content block: {block['type']}" for block in blocks if block["type"] not in _READ | _REASONING]
    return tuple(dict.fromkeys(kinds))


def _novelty(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is new about the message: another role, and sampling that was no plain message.

    An entry `fallback_message` in the usage is the one sure sign that another model answered than was asked.
    """
    role, usage = message.get("role"), message.get("usage")
    roles = [] if role in ("assistant", None) else [f"role: {role}"]
    iterations = usage.get("iterations") if isinstance(usage, Mapping) else None
    listed = iterations if isinstance(iterations, list) else []
    entries = [str(each.get("type")) for each in listed if isinstance(each, Mapping)]
    return tuple(dict.fromkeys([*roles, *(f"usage iteration: {each}" for each in entries if each != "message")]))


def _usage(usage: Any) -> Usage:
    """Return the tokens. Those read from or written to a cache are counted apart by the provider, and added here."""
    counts = usage if isinstance(usage, Mapping) else {}
    fresh = count_or_none(counts.get("input_tokens"))
    cached = sum(count_or_none(counts.get(name)) or 0 for name in _CACHED)
    return Usage(None if fresh is None else fresh + cached, count_or_none(counts.get("output_tokens")))


def _error_words(error: Any) -> str:
    """Return the words of an error, for people."""
    words = error.get("message") if isinstance(error, Mapping) else error
    return str(words or "")
