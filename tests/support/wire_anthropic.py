"""Anthropic's words over the wire: Messages, on its own platform, on Bedrock and on Vertex, and every kind of error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from tests.support.dialect import SECRET, Seen
from tests.support.wire import Received, WireReply

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.targets.base import IssuedCall, Message, ModelTurn, ToolResult, UserTurn

__all__ = [
    "BEDROCK",
    "BEDROCK_INVOKE",
    "MESSAGES",
    "VERTEX",
    "MessagesDialect",
    "amazon_error",
    "anthropic_error",
    "google_error",
    "message",
    "text_block",
    "tool_use",
]

KEY_VARIABLE = "SOME_KEY"
PROJECT, REGION = "some-project", "eu-central-1"

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def text_block(text: str) -> dict[str, Any]:
    """Return a block of text."""
    return {"type": "text", "text": text}


def tool_use(name: str, arguments: Any, call_id: str = "toolu_1") -> dict[str, Any]:
    """Return a block that calls a tool."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": arguments}


def message(
    *blocks: Mapping[str, Any],
    model: str = "model-1",
    stop_reason: str | None = "end_turn",
    usage: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> WireReply:
    """Return a message of `blocks`; `members` add to the body."""
    body = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": list(blocks),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": usage or {"input_tokens": 10, "output_tokens": 5},
    }
    return WireReply(json.dumps(body | members).encode(), headers=headers or {})


def anthropic_error(
    status: int,
    words: str = "no",
    *,
    kind: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> WireReply:
    """Return an error in Anthropic's envelope, of the type that belongs to the status unless given."""
    error: dict[str, Any] = {"type": kind or _TYPES.get(status, "api_error"), "message": words}
    if code is not None:
        error["details"] = {"error_code": code}
    body = {"type": "error", "error": error, "request_id": "req_1"}
    return WireReply(json.dumps(body).encode(), status, headers or {})


def amazon_error(status: int, words: str = "no", kind: str = "", headers: Mapping[str, str] | None = None) -> WireReply:
    """Return an error as InvokeModel sends it: the kind stands in a header."""
    named = {"x-amzn-errortype": f"{kind}:http://internal.amazon.com/coral/"} if kind else {}
    return WireReply(json.dumps({"message": words}).encode(), status, named | dict(headers or {}))


def google_error(status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
    """Return an error in Google's envelope."""
    error = {"code": status, "message": words, "status": "FAILED_PRECONDITION"}
    return WireReply(json.dumps({"error": error}).encode(), status, headers or {})


class MessagesDialect:
    """Messages on Anthropic's own platform."""

    name = "anthropic"
    type = "anthropic"
    lacks: Mapping[str, str] = {"filtered": "what Anthropic withholds it calls a refusal"}
    needed: Mapping[str, Any] = {"max_tokens": 64}
    reserved: tuple[str, ...] = ("messages", "model", "stream", "system", "tools")
    opener = KEY_VARIABLE
    sdk = "anthropic 2."
    words: Mapping[Stop, str | None] = {
        Stop.COMPLETE: "end_turn",
        Stop.CUT: "max_tokens",
        Stop.REFUSED: "refusal",
        Stop.TOOL: "tool_use",
    }
    malformed = (
        b"{}",
        b'{"content": null}',
        b'{"content": "hi"}',
        b'{"content": ["hi"]}',
        b'{"content": [{}]}',
        b'{"content": [{"type": 7}]}',
        b'{"content": [{"type": "text"}]}',
        b'{"content": [{"type": "text", "text": 7}]}',
        b'{"content": [{"type": "tool_use", "input": {}}]}',
    )
    request_id_header = "request-id"

    def settings(self, root_url: str) -> dict[str, Any]:
        return {"base_url": root_url, "api_key_env": KEY_VARIABLE}

    def environment(self) -> dict[str, str]:
        return {KEY_VARIABLE: SECRET}

    def answer(
        self,
        text: str,
        *,
        model: str = "model-1",
        request_id: str | None = None,
        usage: tuple[int, int] = (10, 5),
        headers: Mapping[str, str] | None = None,
    ) -> WireReply:
        named = {} if request_id is None else {self.request_id_header: request_id}
        counts = {"input_tokens": usage[0] - 3, "cache_read_input_tokens": 3, "output_tokens": usage[1]}
        return message(text_block(text), model=model, usage=counts, headers=dict(headers or {}) | named)

    def silent(self) -> WireReply:
        return WireReply(b'{"content": []}')

    def cut(self, text: str) -> WireReply:
        return message(text_block(text), stop_reason="max_tokens")

    def refusal(self, text: str) -> WireReply:
        details = {"type": "refusal", "category": "cyber", "explanation": None}
        return message(text_block(text), stop_reason="refusal", stop_details=details)

    def filtered(self, text: str) -> WireReply:
        raise NotImplementedError(self.lacks["filtered"])

    def novel_stop(self, word: str) -> WireReply:
        return message(text_block("x"), stop_reason=word)

    def novel_content(self, text: str, kind: str) -> WireReply:
        return message({"type": kind, "x": 1}, text_block(text))

    def tool_call(self, name: str, arguments: Mapping[str, Any], call_id: str) -> WireReply:
        return message(tool_use(name, arguments, call_id), stop_reason="tool_use")

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        return anthropic_error(status, words, headers=headers)

    def out_of_funds(self) -> WireReply:
        return anthropic_error(429, code="enforced_spend_limit_reached")

    def allowance(self, requests: int, tokens: int, seconds: int) -> Mapping[str, str]:
        now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        then = (now + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
        kinds = {"requests": requests, "tokens": 10 * tokens, "input-tokens": tokens, "output-tokens": 5 * tokens}
        left = {f"anthropic-ratelimit-{kind}-remaining": str(count) for kind, count in kinds.items()}
        reset = {f"anthropic-ratelimit-{kind}-reset": then for kind in kinds}
        return left | reset | {"date": format_datetime(now, usegmt=True)}

    def seen(self, received: Received) -> Seen:
        body = self.body(received)
        tools = body.pop("tools", [])
        parameters = {name: value for name, value in body.items() if name not in ("messages", "model", "system")}
        assert self.needed.items() <= parameters.items()
        return Seen(
            body["model"],
            body.get("system"),
            tuple(turn for each in body["messages"] for turn in _turns(each)),
            tuple((each["name"], each.get("description", ""), each["input_schema"]) for each in tools),
            {name: value for name, value in parameters.items() if name not in self.needed},
        )

    def body(self, received: Received) -> dict[str, Any]:
        """Return the body as Anthropic's own platform has it, after what the platform wants has been looked at."""
        assert received.path == "/v1/messages"
        assert received.headers["authorization"] == f"Bearer {SECRET}"
        return dict(received.body)


class BedrockDialect(MessagesDialect):
    """Messages on Bedrock, at the address that Amazon keeps for it."""

    name = "anthropic-bedrock"
    type = "anthropic-bedrock"
    lacks: Mapping[str, str] = {
        **MessagesDialect.lacks,
        "funds": "Amazon sends a bill",
        "allowance": "no header says what is left",
    }
    opener = "AWS credentials"
    request_id_header = "x-amzn-requestid"

    def settings(self, root_url: str) -> dict[str, Any]:
        return {"base_url": root_url, "region": REGION}

    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}

    def out_of_funds(self) -> WireReply:
        raise NotImplementedError(self.lacks["funds"])

    def body(self, received: Received) -> dict[str, Any]:
        assert received.path == "/v1/messages"
        assert received.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert f"/{REGION}/bedrock-mantle/aws4_request" in received.headers["authorization"]
        return dict(received.body)


class InvokeDialect(BedrockDialect):
    """InvokeModel: the model stands in the path and the version in the body."""

    name = "anthropic-bedrock-invoke"

    def settings(self, root_url: str) -> dict[str, Any]:
        return super().settings(root_url) | {"api": "invoke"}

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        return amazon_error(status, words, headers=headers)

    def body(self, received: Received) -> dict[str, Any]:
        assert f"/{REGION}/bedrock/aws4_request" in received.headers["authorization"]
        start, model, end = received.path.rsplit("/", 2)
        assert (start, end) == ("/model", "invoke")
        body = dict(received.body)
        assert body.pop("anthropic_version") == "bedrock-2023-05-31"
        return body | {"model": unquote(model)}


class VertexDialect(MessagesDialect):
    """Vertex: the model stands in the path and the version in the body."""

    name = "anthropic-vertex"
    type = "anthropic-vertex"
    lacks: Mapping[str, str] = {
        **MessagesDialect.lacks,
        "funds": "Google sends a bill",
        "allowance": "no header says what is left",
    }
    opener = "Google credentials"

    def settings(self, root_url: str) -> dict[str, Any]:
        return {"base_url": f"{root_url}/v1", "region": REGION, "project_id": PROJECT}

    def environment(self) -> dict[str, str]:
        return {"CLOUDSDK_AUTH_ACCESS_TOKEN": SECRET}

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        return google_error(status, words, headers)

    def out_of_funds(self) -> WireReply:
        raise NotImplementedError(self.lacks["funds"])

    def body(self, received: Received) -> dict[str, Any]:
        assert received.headers["authorization"] == f"Bearer {SECRET}"
        start, _, model = received.path.rpartition("/")
        assert start == f"/v1/projects/{PROJECT}/locations/{REGION}/publishers/anthropic/models"
        body = dict(received.body)
        assert body.pop("anthropic_version")
        return body | {"model": unquote(model).removesuffix(":rawPredict")}


def _turns(wire: Mapping[str, Any]) -> list[Message]:
    """Return the turns of one message of the wire: results of tools share one."""
    content = wire["content"]
    blocks = [text_block(content)] if isinstance(content, str) else content
    if wire["role"] == "assistant":
        calls = [
            IssuedCall(each["id"], ToolCall(each["name"], json.dumps(each["input"])))
            for each in blocks
            if each["type"] == "tool_use"
        ]
        return [ModelTurn("".join(each["text"] for each in blocks if each["type"] == "text"), tuple(calls))]
    assert wire["role"] == "user"
    return [
        ToolResult(each["tool_use_id"], each["content"]) if each["type"] == "tool_result" else UserTurn(each["text"])
        for each in blocks
    ]


MESSAGES = MessagesDialect()
BEDROCK = BedrockDialect()
BEDROCK_INVOKE = InvokeDialect()
VERTEX = VertexDialect()
