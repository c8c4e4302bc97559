"""OpenAI's words over the wire: Responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.support.dialect import Seen
from tests.support.wire import Received, WireReply
from tests.support.wire_openai import OpenAIDialect

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.targets.base import IssuedCall, Message, ModelTurn, ToolResult, UserTurn

__all__ = ["RESPONSES", "ResponsesDialect", "call_item", "message_item", "reasoning_item", "response"]


def message_item(text: str, **members: Any) -> dict[str, Any]:
    """Return what the model says."""
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    return item | members


def call_item(name: str, arguments: str = "{}", call_id: str = "call_a") -> dict[str, Any]:
    """Return a call of a tool."""
    item = {"id": "fc_1", "type": "function_call", "status": "completed"}
    return item | {"call_id": call_id, "name": name, "arguments": arguments}


def reasoning_item() -> dict[str, Any]:
    """Return reasoning that nobody can read but the provider."""
    return {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "c2VjcmV0"}


def response(
    *output: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    usage: tuple[int, int] = (10, 5),
    **members: Any,
) -> WireReply:
    """Return a response of these items; `members` add to the body."""
    body: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "model": "model-1",
        "output": list(output),
        "usage": {"input_tokens": usage[0], "output_tokens": usage[1], "total_tokens": sum(usage)},
    }
    return WireReply(json.dumps(body | members).encode(), headers=headers or {})


class ResponsesDialect(OpenAIDialect):
    """Responses."""

    name = "responses"
    reserved = ("background", "input", "instructions", "model", "stream", "tools")
    words: Mapping[Stop, str | None] = {
        Stop.COMPLETE: "completed",
        Stop.CUT: "max_output_tokens",
        Stop.FILTERED: "content_filter",
        Stop.REFUSED: "completed",
        Stop.TOOL: "completed",
    }
    malformed = (
        b"{}",
        b'{"status": "completed"}',
        b'{"status": "completed", "output": {}}',
        b'{"status": "completed", "output": ["hi"]}',
        b'{"status": "completed", "output": [{"type": "message"}]}',
        b'{"status": "completed", "output": [{"type": "message", "content": ["hi"]}]}',
        b'{"status": "in_progress", "output": []}',
        b'{"status": "queued", "output": []}',
        b'{"status": "cancelled", "output": []}',
    )

    def settings(self, root_url: str) -> dict[str, Any]:
        return super().settings(root_url) | {"api": "responses"}

    def answer(
        self,
        text: str,
        *,
        model: str = "model-1",
        request_id: str | None = None,
        usage: tuple[int, int] = (10, 5),
        headers: Mapping[str, str] | None = None,
    ) -> WireReply:
        named = {} if request_id is None else {"x-request-id": request_id}
        return response(message_item(text), model=model, usage=usage, headers=dict(headers or {}) | named)

    def silent(self) -> WireReply:
        return WireReply(b'{"output": []}')

    def cut(self, text: str) -> WireReply:
        return self._incomplete(text, "max_output_tokens")

    def refusal(self, text: str) -> WireReply:
        return response(message_item("", content=[{"type": "refusal", "refusal": text}]))

    def filtered(self, text: str) -> WireReply:
        return self._incomplete(text, "content_filter")

    def novel_stop(self, word: str) -> WireReply:
        return self._incomplete("x", word)

    def novel_content(self, text: str, kind: str) -> WireReply:
        return response({"type": kind, "id": "x"}, message_item(text))

    def tool_call(self, name: str, arguments: Mapping[str, Any], call_id: str) -> WireReply:
        return response(reasoning_item(), call_item(name, json.dumps(arguments), call_id))

    def seen(self, received: Received) -> Seen:
        body = dict(received.body)
        items = [item for item in body.pop("input") if item.get("type") != "reasoning"]
        tools = body.pop("tools", [])
        return Seen(
            body.pop("model"),
            body.pop("instructions", None),
            _turns(items),
            tuple((each["name"], each.get("description", ""), each["parameters"]) for each in tools),
            body,
        )

    @staticmethod
    def _incomplete(text: str, reason: str) -> WireReply:
        return response(message_item(text), status="incomplete", incomplete_details={"reason": reason})


def _turns(items: list[Mapping[str, Any]]) -> tuple[Message, ...]:
    """Return the turns; what the model says and calls without a word of ours in between is one turn."""
    turns: list[Message] = []
    for item in items:
        match item:
            case {"role": "user", "content": text}:
                turns.append(UserTurn(text))
            case {"type": "function_call_output", "call_id": call_id, "output": text}:
                turns.append(ToolResult(call_id, text))
            case {"role": "assistant", "content": text}:
                turns.append(ModelTurn(text))
            case {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}:
                last = turns.pop() if isinstance(turns[-1], ModelTurn) else ModelTurn("")
                turns.append(ModelTurn(last.text, (*last.calls, IssuedCall(call_id, ToolCall(name, arguments)))))
            case other:
                raise AssertionError(f"an unknown item was sent: {other}")
    return tuple(turns)


RESPONSES = ResponsesDialect()
