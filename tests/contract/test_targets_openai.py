"""What is OpenAI's own: where its formats say more than others, and what servers that claim to speak them send."""

import asyncio
import json
import time

import pytest
from tests.support.dialect import SECRET
from tests.support.wire import WireReply, WireServer
from tests.support.wire_openai import CHAT, completion, wire_error

from rebaseline.domain.attempt import Faulted, Stop, ToolCall
from rebaseline.domain.model import Target, TargetKind
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, UserTurn
from rebaseline.targets.registry import open_target

HELLO = Request("alias", (UserTurn("hello"),), timeout_seconds=5.0)


def ask(respond, request=HELLO, **settings):
    async def once(root_url):
        target = Target("t", CHAT.type, TargetKind.MODEL, "alias", CHAT.settings(root_url) | settings)
        adapter = open_target(target, CHAT.environment(), monotonic=time.monotonic)
        try:
            return await adapter.ask(request)
        finally:
            await adapter.aclose()

    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        return asyncio.run(once(server.root_url)), server


def attempt_of(respond, **settings):
    return ask(respond, **settings)[0].attempt


def test_the_request_goes_where_the_format_says_with_the_key_and_nothing_of_ours():
    _, server = ask(completion("ok"))
    (received,) = server.received
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {SECRET}"
    assert received.body == {"model": "alias", "messages": [{"role": "user", "content": "hello"}]}


def test_headers_of_the_sdks_environment_stay_out(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-other")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-other")
    _, server = ask(completion("ok"), api_key_env=None)
    headers = server.received[0].headers
    assert "authorization" not in headers
    assert "openai-organization" not in headers
    assert "openai-project" not in headers
    _, server = ask(completion("ok"), organization="org-ours", project="project-ours")
    headers = server.received[0].headers
    assert (headers["openai-organization"], headers["openai-project"]) == ("org-ours", "project-ours")


def test_the_fingerprint_of_the_providers_system_is_kept():
    assert attempt_of(completion("x", system_fingerprint="fp")).system_fingerprint == "fp"


def test_a_refusal_beside_content_is_read_after_it():
    reply = attempt_of(completion("Well:", message={"refusal": "no"})).reply
    assert (reply.text, reply.stop) == ("Well:\nno", Stop.REFUSED)


def test_arguments_of_a_call_keep_their_text():
    call = {"id": "id-9", "type": "function", "function": {"name": "add", "arguments": '{"a":1 }'}}
    asked, _ = ask(completion(None, finish_reason="tool_calls", message={"tool_calls": [call]}))
    assert asked.turn == ModelTurn("", (IssuedCall("id-9", ToolCall("add", '{"a":1 }')),))


def test_what_compatible_servers_do_differently():
    parts = completion(None, message={"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]})
    assert attempt_of(parts).reply.text == "ab"
    call = {"function": {"name": "add", "arguments": {"a": 1}}}
    asked, _ = ask(completion(None, message={"tool_calls": [call]}))
    assert asked.turn.calls == (IssuedCall("", ToolCall("add", '{"a": 1}')),)


def test_an_error_keeps_the_members_that_name_a_culprit():
    attempt = attempt_of(wire_error(400, "Unsupported value", param="temperature", code="unsupported_value"))
    assert attempt.hint.endswith("(param=temperature, code=unsupported_value)")


def test_an_error_sent_with_success_is_a_fault_of_the_server():
    attempt = attempt_of(WireReply(json.dumps({"error": {"message": f"upstream {SECRET}"}}).encode()))
    assert attempt == Faulted("server", 200, "upstream [key]")


@pytest.mark.parametrize("settings", [{}, {"provider": "acme"}])
def test_the_provider_is_the_host_unless_it_is_named(settings):
    async def describe():
        here = {"base_url": "http://llm.example:8080/v1"} | settings
        adapter = open_target(Target("t", CHAT.type, TargetKind.MODEL, "m", here), {}, monotonic=time.monotonic)
        await adapter.aclose()
        return adapter.provider

    assert asyncio.run(describe()) == settings.get("provider", "llm.example")
