"""Replies in the words of OpenAI's Responses, read as they came (see `chat_reply` for why by hand)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.stops import stop_of
from rebaseline.targets.base import Asked, IssuedCall, ModelTurn
from rebaseline.targets.openai_body import error_words, read_body, written_arguments
from rebaseline.targets.wire_values import count_or_none, items_at, mapping_at, text_or_none

__all__ = ["read_response"]

_UNFINISHED = frozenset({"cancelled", "in_progress", "queued"})

_FAULTS = MappingProxyType(
    {"rate_limit_exceeded": "rate_limit", "server_error": "server", "vector_store_timeout": "timeout"}
)
_POLICIES = frozenset({"bio_policy", "misalignment_policy_violation"})
_REJECTIONS = frozenset({"data_residency_mismatch", "invalid_prompt"})


@dataclass(slots=True)
class _Said:
    """What the items of a reply say, gathered in their order."""

    text: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    calls: list[IssuedCall] = field(default_factory=list)
    novelty: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_response(body: bytes, *, latency_seconds: float | None = None, request_id: str | None = None) -> Asked:
    """Return what the body of a successful reply says.

    Args:
        body: The body as received.
        latency_seconds: From sending to the last byte; None where it was not measured.
        request_id: The provider's id of the request.

    Returns:
        `Answered` with the turn to send back; what the error means where the response failed; `Faulted` where the
        body is malformed or the response is not whole.
    """
    return read_body(body, lambda response: _response(response, latency_seconds, request_id), without_error="status")


def _response(response: Mapping[str, Any], latency_seconds: float | None, request_id: str | None) -> Asked:
    status = text_or_none(response.get("status"))
    if status in _UNFINISHED:
        return Asked(Faulted("malformed", 200, f"the response is {status}, not whole"))
    items = tuple(mapping_at(item, "output item") for item in items_at(response.get("output"), "output"))
    said = _said(items)
    stop, word = _stop(response, status)
    if status == "failed":
        ended = _failed(response.get("error"))
        if not isinstance(ended, str):
            return Asked(ended)
        stop, word = Stop.FILTERED, ended
    reply = _reply(said, stop, word)
    usage = response.get("usage")
    counts = usage if isinstance(usage, Mapping) else {}
    answered = Answered(
        reply,
        served_model=text_or_none(response.get("model")),
        usage=Usage(count_or_none(counts.get("input_tokens")), count_or_none(counts.get("output_tokens"))),
        latency_seconds=latency_seconds,
        request_id=request_id,
        novelty=tuple(dict.fromkeys(said.novelty)),
        unread=tuple(dict.fromkeys(said.unread)),
    )
    return Asked(answered, turn=ModelTurn(reply.text, tuple(said.calls), items))


def _stop(response: Mapping[str, Any], status: str | None) -> tuple[Stop, str | None]:
    """Return why a response ended, and the provider's word for it: the reason of an incomplete one, else its status."""
    if status == "incomplete":
        details = response.get("incomplete_details")
        reason = text_or_none(details.get("reason")) if isinstance(details, Mapping) else None
        return stop_of(reason or status), reason or status
    if status == "completed":
        return Stop.COMPLETE, status
    return (Stop.UNSTATED if status is None else Stop.UNKNOWN), status


def _reply(said: _Said, stop: Stop, word: str | None) -> Reply:
    """Return the reply. A response that is complete may be so by a refusal, or by calls that wait for a result.

    Texts of several messages are joined as the SDK's own `output_text` joins them: that is what applications read.
    """
    if stop in {Stop.COMPLETE, Stop.UNSTATED} and said.refusals:
        stop = Stop.REFUSED
    elif stop is Stop.COMPLETE and said.calls:
        stop = Stop.TOOL
    text = "".join(said.text)
    return Reply("\n".join(filter(None, [text, *said.refusals])), stop, word, tuple(each.call for each in said.calls))


def _failed(error: Any) -> Attempt | str:
    """Return what the error of a failed response means; the code alone where a policy of the provider withheld it.

    An unknown code is a fault of the server: the model said nothing that could be read as a reply, and nothing says
    that the request is to blame, so it may count neither as a fail nor as a rejection. It is tried again, and stays
    visible as a fault.
    """
    code = text_or_none(error.get("code")) if isinstance(error, Mapping) else None
    words = error_words(error)
    if code in _POLICIES:
        return code
    if code in _REJECTIONS:
        return Rejected(200, hint=words)
    return Faulted(_FAULTS.get(code or "", "server"), 200, words)


def _said(items: tuple[Mapping[str, Any], ...]) -> _Said:
    said = _Said()
    for item in items:
        match item.get("type"):
            case "message":
                _hear(item, said)
            case "function_call":
                name = text_or_none(item.get("name")) or ""
                call = ToolCall(name, written_arguments(item.get("arguments")))
                said.calls.append(IssuedCall(text_or_none(item.get("call_id")) or "", call))
            case "reasoning":
                pass  # no part of what is said; it goes back with the turn
            case kind:
                said.unread.append(f"output: {kind}")
    return said


def _hear(message: Mapping[str, Any], said: _Said) -> None:
    if message.get("role") not in {"assistant", None}:
        said.novelty.append(f"role: {message.get('role')}")
    for part in items_at(message.get("content"), "content"):
        match mapping_at(part, "content part"):
            case {"type": "output_text", "text": str(text)}:
                said.text.append(text)
            case {"type": "refusal", "refusal": str(words)}:
                said.refusals.append(words)
            case {"type": "output_text" | "refusal" as kind}:
                said.unread.append(f"content: {kind} without text")
            case other:
                said.unread.append(f"content: {other.get('type')}")
