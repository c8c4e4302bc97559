"""What every adapter must do with what comes over the wire; so far there is one, seen through the real SDK."""

import asyncio
import json
import socket
import sys
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from tests.support.wire import WireReply, WireServer, completion, refusal, tool_call, wire_error

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop, ToolCall, Usage
from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.registry import open_target

KEY = "sk-canary-4417"
HELLO = Request("alias", (UserTurn("hello"),), timeout_seconds=5.0)


def ask(respond, request=HELLO, *, environment=None, **settings):
    """Ask once through a server that answers with `respond`; return what came and what the server saw."""

    async def once(base_url):
        settings_here = {"base_url": base_url, "api_key_env": "SOME_KEY"} | settings
        target = Target("t", "openai-compatible", TargetKind.MODEL, "alias", settings_here)
        adapter = open_target(target, {"SOME_KEY": KEY} | (environment or {}), monotonic=time.monotonic)
        try:
            return await adapter.ask(request)
        finally:
            await adapter.aclose()

    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        return asyncio.run(once(server.base_url)), server


def attempt_of(respond, request=HELLO, **settings):
    return ask(respond, request, **settings)[0].attempt


def test_an_answer_is_read_whole():
    attempt = attempt_of(
        completion(" Hi.\n", model="alias-2026-11", system_fingerprint="fp", headers={"x-request-id": "req-1"})
    )
    assert isinstance(attempt, Answered)
    assert (attempt.reply.text, attempt.reply.stop, attempt.reply.stop_as_received) == (" Hi.\n", Stop.COMPLETE, "stop")
    assert (attempt.served_model, attempt.system_fingerprint, attempt.request_id) == ("alias-2026-11", "fp", "req-1")
    assert attempt.usage == Usage(10, 5)
    assert 0 < attempt.latency_seconds < 5


def test_what_a_reply_does_not_say_is_none():
    attempt = attempt_of(completion(None, model=None, usage=None, finish_reason=None))
    assert (attempt.served_model, attempt.system_fingerprint, attempt.request_id) == (None, None, None)
    assert attempt.usage == Usage(None, None)
    assert (attempt.reply.text, attempt.reply.stop, attempt.reply.stop_as_received) == ("", Stop.UNSTATED, None)


def test_the_request_is_sent_as_written():
    request = Request(
        "alias",
        (
            UserTurn("sum?"),
            ModelTurn("", (IssuedCall("id-1", ToolCall("add", '{"a": 1}')),)),
            ToolResult("id-1", "3"),
        ),
        system="Be brief.",
        tools=(Tool("add", "Adds.", {"type": "object", "properties": {"a": {}}}, "3"), Tool("now")),
        parameters={"temperature": 0, "stop": None, "max_tokens": 7, "top_k": 5, "timeout": 3, "seed": 1},
    )
    _, server = ask(completion("ok"), request)
    (received,) = server.received
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert received.body == {
        "model": "alias",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "sum?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "id-1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
                ],
            },
            {"role": "tool", "tool_call_id": "id-1", "content": "3"},
        ],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "add",
                    "description": "Adds.",
                    "parameters": {"type": "object", "properties": {"a": {}}},
                },
            },
            {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
        ],
        "temperature": 0,
        "stop": None,
        "max_tokens": 7,
        "top_k": 5,
        "timeout": 3,
        "seed": 1,
    }


def test_without_parameters_nothing_is_added():
    _, server = ask(completion("ok"))
    assert server.received[0].body == {"model": "alias", "messages": [{"role": "user", "content": "hello"}]}


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


def test_a_lone_surrogate_goes_back_as_something_that_can_be_sent():
    request = replace(HELLO, messages=(UserTurn("a"), ModelTurn("cut \ud83d"), UserTurn("b")))
    _, server = ask(completion("ok"), request)
    assert server.received[0].body["messages"][1]["content"] == "cut ?"


@pytest.mark.parametrize(
    ("word", "stop"),
    [("stop", Stop.COMPLETE), ("length", Stop.CUT), ("content_filter", Stop.FILTERED), ("novel_reason", Stop.UNKNOWN)],
)
def test_stop_reasons(word, stop):
    reply = attempt_of(completion("x", finish_reason=word)).reply
    assert (reply.stop, reply.stop_as_received) == (stop, word)


def test_a_refusal_is_read_from_its_own_member():
    reply = attempt_of(refusal("I can't help with that.")).reply
    assert (reply.text, reply.stop, reply.stop_as_received) == ("I can't help with that.", Stop.REFUSED, "stop")
    both = attempt_of(completion("Well:", message={"refusal": "no"})).reply
    assert (both.text, both.stop) == ("Well:\nno", Stop.REFUSED)


def test_tool_calls_keep_their_text_and_their_ids():
    asked, _ = ask(tool_call("add", '{"a":1 }', call_id="id-9"))
    assert asked.attempt.reply.tool_calls == (ToolCall("add", '{"a":1 }'),)
    assert asked.attempt.reply.stop is Stop.TOOL
    assert asked.turn == ModelTurn("", (IssuedCall("id-9", ToolCall("add", '{"a":1 }')),))


def test_what_compatible_servers_do_differently():
    parts = completion(None, message={"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]})
    assert attempt_of(parts).reply.text == "ab"
    call = {"function": {"name": "add", "arguments": {"a": 1}}}
    asked, _ = ask(completion(None, message={"tool_calls": [call]}))
    assert asked.turn.calls == (IssuedCall("", ToolCall("add", '{"a": 1}')),)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_not_taken_is_rejected(status):
    message = "Unsupported value: 'temperature'"
    attempt = attempt_of(wire_error(status, message, param="temperature", code="unsupported_value"))
    assert isinstance(attempt, Rejected)
    assert (attempt.status, attempt.culprit) == (status, None)
    assert "Unsupported value" in attempt.hint
    assert "(param=temperature, code=unsupported_value)" in attempt.hint


def test_an_unknown_model_is_rejected_with_its_status():
    assert attempt_of(wire_error(404, code="model_not_found")).status == 404


def test_long_and_unstructured_words_are_cut():
    attempt = attempt_of(WireReply(b"<html>" + b"x" * 9000, 400))
    assert isinstance(attempt, Rejected)
    assert len(attempt.hint) <= 500


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_refused_key_is_for_a_person_and_is_never_shown(status):
    with pytest.raises(ProviderError) as caught:
        attempt_of(wire_error(status, f"Incorrect API key provided: {KEY}"))
    assert "SOME_KEY" in str(caught.value)
    assert str(status) in str(caught.value)
    assert KEY not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_spent_quota_is_for_a_person_though_it_looks_like_a_rate_limit():
    with pytest.raises(ProviderError, match="quota"):
        attempt_of(wire_error(429, kind="insufficient_quota", code="credit_balance_exhausted"))


@pytest.mark.parametrize(
    ("status", "kind"), [(408, "timeout"), (409, "conflict"), (429, "rate_limit"), (500, "server"), (529, "overloaded")]
)
def test_passing_trouble_is_a_fault(status, kind):
    asked, _ = ask(wire_error(status, f"slow down {KEY}", headers={"retry-after": "7"}))
    assert asked.attempt == Faulted(kind, status, asked.attempt.hint)
    assert asked.retry_after_seconds == 7.0
    assert KEY not in asked.attempt.hint


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"",
        b"\xff\xfe\xff",
        b"[]",
        b'"text"',
        b"{}",
        b'{"choices": null}',
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": "hi"}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "", "tool_calls": [{}]}}]}',
        b"[" * 100_000,
    ],
)
def test_a_malformed_body_is_a_fault(body):
    attempt = attempt_of(WireReply(body))
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "malformed"


def test_an_error_sent_with_success_is_a_fault_of_the_server():
    attempt = attempt_of(WireReply(json.dumps({"error": {"message": f"upstream {KEY}"}}).encode()))
    assert attempt == Faulted("server", 200, "upstream [key]")


def test_a_reset_in_the_body_is_a_fault_of_the_connection():
    attempt = attempt_of(replace(completion("hello"), reset_after=20))
    assert isinstance(attempt, Faulted)
    assert (attempt.kind, attempt.status) == ("connection", None)


def test_nobody_listening_is_a_fault_of_the_connection():
    attempt = attempt_of(completion("never"), base_url="http://127.0.0.1:9/v1")
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "connection"


def test_a_reply_that_takes_too_long_is_a_timeout():
    started = time.monotonic()
    attempt = attempt_of(completion("late", delay_seconds=5), replace(HELLO, timeout_seconds=0.3))
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "timeout"
    assert time.monotonic() - started < 3


def test_a_reply_that_drips_is_bounded_as_a_whole():
    drip = replace(completion("late"), drip_seconds=0.05)
    started = time.monotonic()
    attempt = attempt_of(drip, replace(HELLO, timeout_seconds=0.4))
    assert attempt == Faulted("timeout", None, "no complete reply within 0.4 s")
    assert time.monotonic() - started < 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux leaves a full queue waiting")
def test_a_server_that_does_not_pick_up_is_nobody(monkeypatch):
    monkeypatch.setattr("rebaseline.targets.openai_compatible._CONNECT_SECONDS", 0.2)
    with ExitStack() as sockets:
        busy = sockets.enter_context(socket.socket())
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(3):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003  # the socket's own signature
            waiting.connect_ex(busy.getsockname())
        attempt = attempt_of(completion("never"), base_url=f"http://127.0.0.1:{busy.getsockname()[1]}/v1")
    assert attempt == Faulted("connection", None, "ConnectTimeout")


def test_a_body_that_cannot_be_unpacked_is_malformed():
    attempt = attempt_of(replace(completion("x"), headers={"content-encoding": "gzip"}))
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "malformed"


def test_the_adapter_never_tries_again_by_itself():
    _, server = ask(wire_error(500))
    assert len(server.received) == 1


@pytest.mark.parametrize("name", ["stream", "messages", "model", "tools"])
def test_a_parameter_that_is_none_is_refused_before_anything_is_sent(name):
    with pytest.raises(ConfigurationError, match=name):
        attempt_of(completion("x"), replace(HELLO, parameters={name: True}))


def test_provider_and_provenance_say_who_and_with_what():
    async def describe():
        target = Target("t", "openai-compatible", TargetKind.MODEL, "m", {"base_url": "http://llm.example:8080/v1"})
        adapter = open_target(target, {}, monotonic=time.monotonic)
        await adapter.aclose()
        return adapter.provider, adapter.provenance

    provider, provenance = asyncio.run(describe())
    assert provider == "llm.example"
    assert provenance.sdk.startswith("openai 3.")
    assert provenance.tool.startswith("rebaseline ")
