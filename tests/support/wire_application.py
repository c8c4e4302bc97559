"""An application's own words over the wire: made up here, and told to the adapter by templates and paths."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.support.dialect import SECRET, Seen
from tests.support.wire import Received, WireReply

from rebaseline.domain.attempt import Stop
from rebaseline.targets.base import ModelTurn, UserTurn

__all__ = ["APPLICATION", "PATHS", "TEMPLATE", "ApplicationDialect", "said"]

TOKEN_VARIABLE = "CLAIMS_TOKEN"

TEMPLATE: Mapping[str, Any] = {
    "conversation": {"turns": "{{ messages }}", "rules": "{{ system }}"},
    "settings": "{{ parameters }}",
    "engine": "{{ model }}",
}
"""What the application takes."""

PATHS: Mapping[str, str] = {
    "reply": "$.answer.text",
    "model": "$.answer.engine",
    "stop": "$.answer.ended",
    "input_tokens": "$.cost['in']",
    "output_tokens": "$.cost.out",
    "tool_calls": "$.steps[*].call",
    "trace": "$.steps",
    "request_id": "$.id",
}
"""Where it puts what."""


def said(text: str | None, **members: Any) -> WireReply:
    """Return the application's reply; `members` replace what it says beside the text."""
    body = {
        "answer": {"text": text, "engine": members.pop("engine", "model-1"), "ended": members.pop("ended", "stop")},
        "cost": {"in": 10, "out": 5},
        "steps": [{"call": None}],
        "id": None,
    }
    headers = members.pop("headers", None)
    return WireReply(json.dumps(body | members).encode(), headers=headers or {})


class ApplicationDialect:
    """An endpoint that says all that an adapter may read."""

    name = "application"
    type = "http"
    lacks: Mapping[str, str] = {
        "funds": "an application has no word of ours for an account without money",
        "novel_content": "the reply is the one text at its path",
        "reserved": "a parameter stands where the template puts it, so it can be in nobody's way",
        "tools": "an application calls its own",
        "unknown_model": "a 404 is about the address: there is no model to be known or not",
    }
    needed: Mapping[str, Any] = {}
    reserved: tuple[str, ...] = ()
    opener = TOKEN_VARIABLE
    sdk = "aiohttp 3."
    words: Mapping[Stop, str | None] = {
        Stop.COMPLETE: "stop",
        Stop.CUT: "length",
        Stop.FILTERED: "content_filter",
        Stop.REFUSED: "refusal",
    }
    malformed = (
        b"{}",
        b"null",
        b'{"answer": null}',
        b'{"answer": {"txt": "x"}}',
        b'{"answer": {"text": 7}}',
        b'{"answer": {"text": ["x"]}}',
        b'{"answer": {"text": "x", "engine": 3}}',
        b'{"answer": {"text": "x"}, "cost": {"in": "3"}}',
        b'{"answer": {"text": "x"}, "steps": [{"call": {}}]}',
        b'{"answer": {"text": "x"}, "n": NaN}',
    )

    def settings(self, root_url: str) -> dict[str, Any]:
        return {
            "url": f"{root_url}/ask",
            "auth": {"token_env": TOKEN_VARIABLE},
            "request": dict(TEMPLATE),
            "read": dict(PATHS),
        }

    def environment(self) -> dict[str, str]:
        return {TOKEN_VARIABLE: SECRET}

    def answer(
        self,
        text: str,
        *,
        model: str = "model-1",
        request_id: str | None = None,
        usage: tuple[int, int] = (10, 5),
        headers: Mapping[str, str] | None = None,
    ) -> WireReply:
        return said(text, engine=model, id=request_id, cost={"in": usage[0], "out": usage[1]}, headers=headers)

    def silent(self) -> WireReply:
        return said(None, engine=None, ended=None, cost={"in": None, "out": None})

    def cut(self, text: str) -> WireReply:
        return said(text, ended="length")

    def refusal(self, text: str) -> WireReply:
        return said(text, ended="refusal")

    def filtered(self, text: str) -> WireReply:
        return said(text, ended="content_filter")

    def novel_stop(self, word: str) -> WireReply:
        return said("x", ended=word)

    def novel_content(self, text: str, kind: str) -> WireReply:
        raise NotImplementedError(self.lacks["novel_content"])

    def tool_call(self, name: str, arguments: Mapping[str, Any], call_id: str) -> WireReply:
        raise NotImplementedError(self.lacks["tools"])

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        return WireReply(json.dumps({"detail": words}).encode(), status, headers or {})

    def out_of_funds(self) -> WireReply:
        raise NotImplementedError(self.lacks["funds"])

    def allowance(self, requests: int, tokens: int, seconds: int) -> Mapping[str, str]:
        left = {"requests": requests, "tokens": tokens}
        return {f"x-ratelimit-remaining-{kind}": str(count) for kind, count in left.items()} | {
            f"x-ratelimit-reset-{kind}": f"{seconds}s" for kind in left
        }

    def seen(self, received: Received) -> Seen:
        body = received.body
        kinds = {"user": UserTurn, "assistant": ModelTurn}
        turns = [kinds[turn["role"]](turn["content"]) for turn in body["conversation"]["turns"]]
        return Seen(body["engine"], body["conversation"]["rules"], tuple(turns), parameters=body["settings"])


APPLICATION = ApplicationDialect()
