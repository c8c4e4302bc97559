"""OpenAI's words over the wire: Chat Completions, and its errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.support.dialect import SECRET, Seen
from tests.support.wire import Received, WireReply

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.targets.base import IssuedCall, Message, ModelTurn, ToolResult, UserTurn

__all__ = ["CHAT", "OUT_OF_FUNDS", "REJECTIONS", "ChatDialect", "completion", "refusal", "tool_call", "wire_error"]

KEY_VARIABLE = "SOME_KEY"


def completion(
    text: str | None,
    *,
    model: str | None = "model-1",
    finish_reason: str | None = "stop",
    message: Mapping[str, Any] | None = None,
    usage: tuple[int, int] | None = (10, 5),
    headers: Mapping[str, str] | None = None,
    delay_seconds: float = 0.0,
    **members: Any,
) -> WireReply:
    """Return a completion of `text`; `message` and `members` add to the message and to the body."""
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": text}}
    choice["message"].update(message or {})
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "choices": [choice],
    }
    if model is not None:
        body["model"] = model
    if usage is not None:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return WireReply(json.dumps(body | members).encode(), headers=headers or {}, delay_seconds=delay_seconds)


def refusal(text: str) -> WireReply:
    """Return a refusal in the member that the format has for it."""
    return completion(None, message={"refusal": text})


def tool_call(name: str, arguments: str = "{}", *, call_id: str = "call_a", **more: Any) -> WireReply:
    """Return a completion that calls one tool."""
    call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return completion(None, finish_reason="tool_calls", message={"tool_calls": [call]}, **more)


def wire_error(
    status: int,
    message: str = "no",
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> WireReply:
    """Return an error in OpenAI's envelope."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return WireReply(json.dumps({"error": error}).encode(), status, headers or {})


_UNSUPPORTED = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported."
_NO_EFFORT = "Function tools with reasoning_effort are not supported for gpt-6-astra in /v1/chat/completions."

REJECTIONS: Mapping[str, WireReply] = {
    "a value is no longer taken": wire_error(400, _UNSUPPORTED, param="temperature", code="unsupported_value"),
    "a parameter is no longer taken": wire_error(
        400, "Unsupported parameter: 'max_tokens'", param="max_tokens", code="unsupported_parameter"
    ),
    "the same without a code": wire_error(400, "Unsupported parameter: 'temperature'", param="temperature"),
    "tools beside effort": wire_error(400, _NO_EFFORT, param="reasoning_effort"),
    "a role is not taken": wire_error(
        400, "'messages[0].role' does not support 'system' with this model", param="messages[0].role"
    ),
    "the model is gone": wire_error(404, "The model `alias` does not exist", code="model_not_found"),
    "too long": wire_error(400, "maximum context length", param="messages", code="context_length_exceeded"),
    "no envelope": WireReply(b'{"detail": "extra inputs are not permitted"}', 422),
    "no object in the envelope": WireReply(b'{"error": "temperature"}', 400),
    "no JSON": WireReply(b"<html>Bad Request</html>", 400, {"content-type": "text/html"}),
}
"""Errors that blame the request, in the shapes in which they were seen."""

OUT_OF_FUNDS: Mapping[str, WireReply] = {
    code: wire_error(429, "You exceeded your current quota", kind="insufficient_quota", code=code)
    for code in ("insufficient_quota", "credit_balance_exhausted", "project_spend_limit_exceeded")
} | {"no type": wire_error(429, kind="requests", code="insufficient_quota"), "402": wire_error(402)}
"""Errors of an account that has no money, in the shapes in which they were seen."""


class OpenAIDialect:
    """What OpenAI's formats share."""

    type = "openai-compatible"
    lacks: Mapping[str, str] = {}
    needed: Mapping[str, Any] = {}
    opener = KEY_VARIABLE
    sdk = "openai 3."

    def settings(self, root_url: str) -> dict[str, Any]:
        return {"base_url": f"{root_url}/v1", "api_key_env": KEY_VARIABLE}

    def environment(self) -> dict[str, str]:
        return {KEY_VARIABLE: SECRET}

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        return wire_error(status, words, headers=headers)

    def out_of_funds(self) -> WireReply:
        return wire_error(429, kind="insufficient_quota", code="credit_balance_exhausted")

    def allowance(self, requests: int, tokens: int, seconds: int) -> Mapping[str, str]:
        left = {"requests": requests, "tokens": tokens}
        return {f"x-ratelimit-remaining-{kind}": str(count) for kind, count in left.items()} | {
            f"x-ratelimit-reset-{kind}": f"{seconds}s" for kind in left
        }


class ChatDialect(OpenAIDialect):
    """Chat Completions."""

    name = "chat"
    reserved = ("stream", "messages", "model", "tools")
    words: Mapping[Stop, str | None] = {
        Stop.COMPLETE: "stop",
        Stop.CUT: "length",
        Stop.FILTERED: "content_filter",
        Stop.REFUSED: "stop",
        Stop.TOOL: "tool_calls",
    }
    malformed = (
        b"{}",
        b'{"choices": null}',
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": "hi"}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "", "tool_calls": [{}]}}]}',
    )

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
        return completion(text, model=model, usage=usage, headers=dict(headers or {}) | named)

    def silent(self) -> WireReply:
        return completion(None, model=None, usage=None, finish_reason=None)

    def cut(self, text: str) -> WireReply:
        return completion(text, finish_reason="length")

    def refusal(self, text: str) -> WireReply:
        return refusal(text)

    def filtered(self, text: str) -> WireReply:
        return completion(text, finish_reason="content_filter")

    def novel_stop(self, word: str) -> WireReply:
        return completion("x", finish_reason=word)

    def novel_content(self, text: str, kind: str) -> WireReply:
        return completion(None, message={"content": [{"type": "text", "text": text}, {"type": kind, kind: "x"}]})

    def tool_call(self, name: str, arguments: Mapping[str, Any], call_id: str) -> WireReply:
        return tool_call(name, json.dumps(arguments), call_id=call_id)

    def seen(self, received: Received) -> Seen:
        body = dict(received.body)
        messages = body.pop("messages")
        system = messages.pop(0)["content"] if messages[0]["role"] == "system" else None
        functions = [tool["function"] for tool in body.pop("tools", [])]
        return Seen(
            body.pop("model"),
            system,
            tuple(_chat_message(message) for message in messages),
            tuple((each["name"], each.get("description", ""), each["parameters"]) for each in functions),
            body,
        )


def _chat_message(message: Mapping[str, Any]) -> Message:
    match message["role"]:
        case "user":
            return UserTurn(message["content"])
        case "tool":
            return ToolResult(message["tool_call_id"], message["content"])
        case "assistant":
            calls = [
                IssuedCall(call["id"], ToolCall(call["function"]["name"], call["function"]["arguments"]))
                for call in message.get("tool_calls", [])
            ]
            return ModelTurn(message["content"] or "", tuple(calls))
        case role:
            raise AssertionError(f"an unknown role was sent: {role}")


CHAT = ChatDialect()
