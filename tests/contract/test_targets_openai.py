"""What is OpenAI's own: where its formats say more than others, and what servers that claim to speak them send."""

import asyncio
import json
import time

import pytest
from tests.support.dialect import SECRET
from tests.support.wire import WireReply, WireServer
from tests.support.wire_openai import CHAT, OUT_OF_FUNDS, REJECTIONS, completion, wire_error
from tests.support.wire_responses import message_item, response

from rebaseline.domain.attempt import Faulted, Rejected, Stop, ToolCall
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, ProviderError
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
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/other")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Tenant: other\nUser-Agent: other\nAuthorization: Bearer other")
    _, server = ask(completion("ok"), organization="org-ours", project="project-ours")
    (received,) = server.received
    assert "x-tenant" not in received.headers
    assert received.headers["user-agent"].startswith("rebaseline/")
    assert received.headers["authorization"] == f"Bearer {SECRET}"
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


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize("shape", REJECTIONS)
def test_every_shape_of_an_error_that_blames_the_request_rejects_it(shape, api):
    reply = REJECTIONS[shape]
    attempt = attempt_of(reply, api=api)
    assert isinstance(attempt, Rejected)
    assert (attempt.status, attempt.culprit) == (reply.status, None)
    assert attempt.hint


@pytest.mark.parametrize("shape", OUT_OF_FUNDS)
def test_every_shape_of_an_account_without_money_is_for_a_person(shape):
    with pytest.raises(ProviderError, match="money or quota"):
        ask(OUT_OF_FUNDS[shape])


def test_a_rate_limit_is_not_taken_for_an_account_without_money():
    attempt = attempt_of(wire_error(429, "Rate limit reached", kind="tokens", code="rate_limit_exceeded"))
    assert (attempt.kind, attempt.status) == ("rate_limit", 429)


def test_a_key_follows_no_redirect():
    with WireServer(lambda _: completion("stolen")) as other:
        away = WireReply(b"", 307, {"location": f"{other.root_url}/v1/chat/completions"})
        with pytest.raises(ProviderError, match="another address"):
            ask(away)
        assert other.received == []


def test_a_server_that_speaks_no_http_is_malformed():
    async def garbage(reader, writer):
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await writer.drain()
        writer.close()

    async def once():
        server = await asyncio.start_server(garbage, "127.0.0.1", 0)
        root_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        adapter = open_target(
            Target("t", CHAT.type, TargetKind.MODEL, "alias", CHAT.settings(root_url)),
            CHAT.environment(),
            monotonic=time.monotonic,
        )
        async with server:
            try:
                return await adapter.ask(HELLO)
            finally:
                await adapter.aclose()

    attempt = asyncio.run(once()).attempt
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "malformed"


def test_openais_own_type_asks_responses_unless_told_and_is_kept_under_its_vendor():
    async def once(root_url, settings):
        target = Target("t", "openai", TargetKind.MODEL, "alias", CHAT.settings(root_url) | settings)
        adapter = open_target(target, CHAT.environment(), monotonic=time.monotonic)
        try:
            return adapter.provider, (await adapter.ask(HELLO)).attempt.reply.text
        finally:
            await adapter.aclose()

    def respond(received):
        return response(message_item("r")) if received.path == "/v1/responses" else completion("c")

    with WireServer(respond) as server:
        assert asyncio.run(once(server.root_url, {})) == ("openai", "r")
        assert asyncio.run(once(server.root_url, {"api": "chat"})) == ("openai", "c")


def test_a_number_that_json_cannot_carry_is_refused():
    with pytest.raises(ConfigurationError, match="number"):
        ask(completion("x"), Request("alias", (UserTurn("x"),), parameters={"temperature": float("nan")}))


def test_an_unknown_role_is_told():
    assert attempt_of(completion("x", message={"role": "oracle"})).novelty == ("role: oracle",)
