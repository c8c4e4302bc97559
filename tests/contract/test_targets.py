"""What every adapter must do with what comes over the wire, each seen through its own real client."""

import asyncio
import socket
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from tests.support.dialect import ABILITIES, SECRET, Seen
from tests.support.dialects import DIALECTS, every_dialect, every_dialect_with
from tests.support.wire import WireReply, WireServer

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop, ToolCall, Usage
from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import Allowance, IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.registry import open_target


def hello(dialect, **members):
    members = {"timeout_seconds": 5.0} | members
    members["parameters"] = {**dialect.needed, **members.get("parameters", {})}
    return Request("alias", members.pop("messages", (UserTurn("hello"),)), **members)


def adapter_of(dialect, root_url):
    target = Target("t", dialect.type, TargetKind.MODEL, "alias", dialect.settings(root_url))
    return open_target(target, dialect.environment(), monotonic=time.monotonic)


async def ask_once(dialect, root_url, request):
    adapter = adapter_of(dialect, root_url)
    try:
        return await adapter.ask(request)
    finally:
        await adapter.aclose()


def ask(dialect, respond, request=None):
    """Ask once through a server that answers with `respond`; return what came and what the server received."""
    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        return asyncio.run(ask_once(dialect, server.root_url, request or hello(dialect))), server.received


def attempt_of(dialect, respond, request=None):
    return ask(dialect, respond, request)[0].attempt


def test_what_a_dialect_lacks_is_known_and_has_a_reason():
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)
    for dialect in DIALECTS:
        assert dialect.lacks.keys() <= ABILITIES
        assert all(reason.strip() for reason in dialect.lacks.values())


@every_dialect
def test_an_answer_is_read_whole(dialect):
    attempt = attempt_of(dialect, dialect.answer(" Hi.\n", request_id="req-1"))
    assert isinstance(attempt, Answered)
    assert attempt.reply.text == " Hi.\n"
    assert (attempt.reply.stop, attempt.reply.stop_as_received) == (Stop.COMPLETE, dialect.words[Stop.COMPLETE])
    assert attempt.request_id == "req-1"
    assert attempt.usage == Usage(10, 5)
    assert 0 < attempt.latency_seconds < 5
    assert attempt.novelty == ()


@every_dialect_with("model")
def test_the_model_is_the_one_that_the_reply_names(dialect):
    assert attempt_of(dialect, dialect.answer("x", model="alias-2026-11")).served_model == "alias-2026-11"


@every_dialect_with("silence")
def test_what_a_reply_does_not_say_is_none(dialect):
    attempt = attempt_of(dialect, dialect.silent())
    assert (attempt.served_model, attempt.system_fingerprint, attempt.request_id) == (None, None, None)
    assert attempt.usage == Usage(None, None)
    assert (attempt.reply.text, attempt.reply.stop, attempt.reply.stop_as_received) == ("", Stop.UNSTATED, None)


@every_dialect
def test_without_parameters_nothing_is_added(dialect):
    _, (received,) = ask(dialect, dialect.answer("ok"))
    seen = dialect.seen(received)
    assert seen == Seen(seen.model, None, (UserTurn("hello"),))
    assert seen.model == (None if "model" in dialect.lacks else "alias")


@every_dialect_with("system")
def test_the_system_prompt_is_sent(dialect):
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, system="Be brief."))
    assert dialect.seen(received).system == "Be brief."


@every_dialect_with("parameters")
def test_parameters_are_sent_as_written_unknown_ones_and_null_included(dialect):
    parameters = {"temperature": 0, "stop": None, "top_k": 5, "timeout": 3, "extra_body": {"a": [1]}, "novel": {"b": 2}}
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, parameters=parameters))
    assert dialect.seen(received).parameters == parameters


@every_dialect_with("reserved")
def test_a_parameter_that_is_none_is_refused_before_anything_is_sent(dialect):
    for name in dialect.reserved:
        with pytest.raises(ConfigurationError, match=name):
            attempt_of(dialect, dialect.answer("x"), hello(dialect, parameters={name: True}))


@every_dialect_with("tools")
def test_tools_are_offered(dialect):
    tools = (Tool("add", "Adds.", {"type": "object", "properties": {"a": {}}}, "3"), Tool("now"))
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, tools=tools))
    assert dialect.seen(received).tools == (
        ("add", "Adds.", {"type": "object", "properties": {"a": {}}}),
        ("now", "", {"type": "object", "properties": {}}),
    )


@every_dialect_with("tools", "turns")
def test_calls_of_a_script_and_their_results_are_sent(dialect):
    turns = (
        UserTurn("sum?"),
        ModelTurn("Let me see.", (IssuedCall("id-1", ToolCall("add", '{"a": 1}')),)),
        ToolResult("id-1", "3"),
    )
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, messages=turns))
    assert dialect.seen(received).turns == turns


@every_dialect_with("turns")
def test_a_lone_surrogate_goes_back_as_something_that_can_be_sent(dialect):
    turns = (UserTurn("a"), ModelTurn("cut \ud83d"), UserTurn("b"))
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, messages=turns))
    assert dialect.seen(received).turns == (UserTurn("a"), ModelTurn("cut ?"), UserTurn("b"))


@every_dialect_with("novel_stop")
def test_a_cut_reply_is_cut_and_an_unknown_reason_is_unknown(dialect):
    cut = attempt_of(dialect, dialect.cut("half")).reply
    assert (cut.text, cut.stop, cut.stop_as_received) == ("half", Stop.CUT, dialect.words[Stop.CUT])
    novel = attempt_of(dialect, dialect.novel_stop("novel_reason")).reply
    assert (novel.stop, novel.stop_as_received) == (Stop.UNKNOWN, "novel_reason")


@every_dialect_with("filtered")
def test_a_filtered_reply_is_filtered(dialect):
    reply = attempt_of(dialect, dialect.filtered("Wel")).reply
    assert (reply.text, reply.stop, reply.stop_as_received) == ("Wel", Stop.FILTERED, dialect.words[Stop.FILTERED])


@every_dialect_with("refusal")
def test_a_refusal_is_a_refusal(dialect):
    reply = attempt_of(dialect, dialect.refusal("I can't help with that.")).reply
    assert (reply.text, reply.stop) == ("I can't help with that.", Stop.REFUSED)
    assert reply.stop_as_received == dialect.words[Stop.REFUSED]


@every_dialect_with("novel_content")
def test_a_kind_of_content_that_nobody_knows_is_told_and_the_rest_is_read(dialect):
    attempt = attempt_of(dialect, dialect.novel_content("Hi.", "hologram"))
    assert attempt.reply.text == "Hi."
    assert attempt.novelty == ()
    (news,) = attempt.unread
    assert news.endswith(": hologram")


@every_dialect_with("tools")
def test_a_tool_call_keeps_its_name_its_arguments_and_its_id(dialect):
    asked, _ = ask(dialect, dialect.tool_call("add", {"a": 1}, "id-9"))
    assert asked.attempt.reply.tool_calls == (ToolCall("add", '{"a": 1}'),)
    assert (asked.attempt.reply.stop, asked.attempt.reply.stop_as_received) == (Stop.TOOL, dialect.words[Stop.TOOL])
    assert asked.turn.calls == (IssuedCall("id-9", ToolCall("add", '{"a": 1}')),)


@every_dialect_with("tools", "turns")
def test_the_models_turn_goes_back_as_it_came(dialect):
    call = dialect.tool_call("add", {"a": 1}, "id-9")
    asked, _ = ask(dialect, call)
    turns = (UserTurn("sum?"), asked.turn, ToolResult("id-9", "3"))
    _, (received,) = ask(dialect, dialect.answer("ok"), hello(dialect, messages=turns))
    assert dialect.seen(received).turns == (
        UserTurn("sum?"),
        ModelTurn("", (IssuedCall("id-9", ToolCall("add", '{"a": 1}')),)),
        ToolResult("id-9", "3"),
    )


@pytest.mark.parametrize("status", [400, 413, 422])
@every_dialect
def test_a_request_that_is_not_taken_is_rejected_with_the_providers_words(dialect, status):
    attempt = attempt_of(dialect, dialect.error(status, f"Unsupported value: 'temperature', says {SECRET}"))
    assert isinstance(attempt, Rejected)
    assert (attempt.status, attempt.culprit) == (status, None)
    assert "Unsupported value" in attempt.hint
    assert SECRET not in attempt.hint


@every_dialect_with("unknown_model")
def test_an_unknown_model_is_rejected_with_its_status(dialect):
    attempt = attempt_of(dialect, dialect.error(404, "no such model"))
    assert isinstance(attempt, Rejected)
    assert attempt.status == 404


@every_dialect
def test_long_and_unstructured_words_are_cut(dialect):
    attempt = attempt_of(dialect, WireReply(b"<html>" + b"x" * 9000, 400, {"content-type": "text/html"}))
    assert isinstance(attempt, Rejected)
    assert len(attempt.hint) <= 500


@pytest.mark.parametrize("status", [401, 402, 403])
@every_dialect_with("account")
def test_a_refused_key_is_for_a_person_and_is_never_shown(dialect, status):
    with pytest.raises(ProviderError) as caught:
        attempt_of(dialect, dialect.error(status, f"Incorrect API key provided: {SECRET}"))
    assert dialect.opener in str(caught.value)
    assert str(status) in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None


@every_dialect_with("funds")
def test_spent_money_is_for_a_person_though_it_looks_like_something_else(dialect):
    with pytest.raises(ProviderError, match="money or quota"):
        attempt_of(dialect, dialect.out_of_funds())


@pytest.mark.parametrize(
    ("status", "kind"),
    [(408, "timeout"), (409, "conflict"), (429, "rate_limit"), (500, "server"), (503, "server"), (529, "overloaded")],
)
@every_dialect
def test_passing_trouble_is_a_fault(dialect, status, kind):
    asked, _ = ask(dialect, dialect.error(status, f"slow down {SECRET}", {"retry-after": "7"}))
    assert asked.attempt == Faulted(kind, status, asked.attempt.hint)
    assert asked.retry_after_seconds == 7.0
    assert SECRET not in asked.attempt.hint


@every_dialect_with("allowance")
def test_what_is_left_is_read_from_the_headers_of_replies_and_of_errors(dialect):
    headers = dialect.allowance(3, 40, 12)
    expected = Allowance(3, 12.0, 40, 12.0)
    assert ask(dialect, dialect.answer("x", headers=headers))[0].allowance == expected
    assert ask(dialect, dialect.error(429, headers=headers))[0].allowance == expected
    assert ask(dialect, dialect.answer("x"))[0].allowance is None


@every_dialect
def test_a_malformed_body_is_a_fault(dialect):
    bodies = (b"{not json", b"", b"\xff\xfe\xff", b"[]", b'"text"', b"[" * 100_000, *dialect.malformed)

    async def each(root_url):
        adapter = adapter_of(dialect, root_url)
        try:
            return [(await adapter.ask(hello(dialect))).attempt for _ in bodies]
        finally:
            await adapter.aclose()

    with WireServer(lambda received: WireReply(bodies[received.number])) as server:
        attempts = asyncio.run(each(server.root_url))
    for body, attempt in zip(bodies, attempts, strict=True):
        assert isinstance(attempt, Faulted), body[:60]
        assert (attempt.kind, attempt.status) == ("malformed", 200), body[:60]


@every_dialect
def test_a_body_that_cannot_be_unpacked_is_malformed(dialect):
    attempt = attempt_of(dialect, replace(dialect.answer("x"), headers={"content-encoding": "gzip"}))
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "malformed"


@pytest.mark.parametrize("lost", [{"reset_after": 20}, {"hang_up": True}], ids=["in the body", "before a byte"])
@every_dialect
def test_a_lost_connection_is_a_fault_and_the_request_is_not_sent_again(dialect, lost):
    asked, received = ask(dialect, replace(dialect.answer("hello"), **lost))
    assert isinstance(asked.attempt, Faulted)
    assert (asked.attempt.kind, asked.attempt.status) == ("connection", None)
    assert len(received) == 1


@every_dialect
def test_a_connection_that_was_given_up_while_idle_is_a_fault_and_the_next_call_has_a_new_one(dialect):
    def respond(received):
        return replace(dialect.answer(str(received.number)), hang_up=received.number == 1)

    async def thrice(root_url):
        adapter = adapter_of(dialect, root_url)
        try:
            return [(await adapter.ask(hello(dialect))).attempt for _ in range(3)]
        finally:
            await adapter.aclose()

    with WireServer(respond) as server:
        first, second, third = asyncio.run(thrice(server.root_url))
    assert (first.reply.text, third.reply.text) == ("0", "2")
    assert isinstance(second, Faulted)
    assert second.kind == "connection"
    assert (len(server.received), server.connections) == (3, 2)


@every_dialect
def test_nobody_listening_is_a_fault_of_the_connection(dialect):
    attempt = asyncio.run(ask_once(dialect, "http://127.0.0.1:9", hello(dialect))).attempt
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "connection"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux leaves a full queue waiting")
@every_dialect
def test_a_server_that_does_not_pick_up_is_nobody(dialect, monkeypatch):
    for module in ("http_client", "http_endpoint"):
        monkeypatch.setattr(f"rebaseline.targets.{module}.CONNECT_SECONDS", 0.2)
    with ExitStack() as sockets:
        busy = sockets.enter_context(socket.socket())
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(3):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003  # the socket's own signature
            waiting.connect_ex(busy.getsockname())
        asked = asyncio.run(ask_once(dialect, f"http://127.0.0.1:{busy.getsockname()[1]}", hello(dialect)))
    assert isinstance(asked.attempt, Faulted)
    assert asked.attempt.kind == "connection"


@every_dialect
def test_a_reply_that_takes_too_long_is_a_timeout(dialect):
    late = replace(dialect.answer("late"), delay_seconds=5.0)
    attempt = attempt_of(dialect, late, hello(dialect, timeout_seconds=0.3))
    assert attempt == Faulted("timeout", None, "no complete reply within 0.3 s")


@every_dialect
def test_a_reply_that_drips_is_bounded_as_a_whole(dialect):
    drip = replace(dialect.answer("late"), drip_seconds=0.05)
    attempt = attempt_of(dialect, drip, hello(dialect, timeout_seconds=0.4))
    assert attempt == Faulted("timeout", None, "no complete reply within 0.4 s")


@every_dialect
def test_the_adapter_never_tries_again_by_itself(dialect):
    for status in (408, 429, 500):
        _, received = ask(dialect, dialect.error(status, headers={"x-should-retry": "true", "retry-after": "0"}))
        assert len(received) == 1


@every_dialect
def test_more_calls_go_out_at_a_time_than_clients_allow_unless_told(dialect):
    calls = 130  # the aiohttp default is 100 connections

    async def all_at_once(root_url):
        adapter = adapter_of(dialect, root_url)
        try:
            return await asyncio.gather(*(adapter.ask(hello(dialect)) for _ in range(calls)))
        finally:
            await adapter.aclose()

    def respond(_):
        together.wait(0.01)
        if server.most_in_flight >= calls:
            together.set()
        together.wait(3)
        return dialect.answer("x")

    together = threading.Event()
    with WireServer(respond) as server:
        replies = asyncio.run(all_at_once(server.root_url))
    assert all(isinstance(each.attempt, Answered) for each in replies)
    assert server.most_in_flight == calls


@every_dialect_with("sdk")
def test_provenance_says_with_what_was_asked(dialect):
    async def describe():
        adapter = adapter_of(dialect, "http://127.0.0.1:9")
        await adapter.aclose()
        return adapter.provenance

    provenance = asyncio.run(describe())
    assert provenance.sdk.startswith(dialect.sdk)
    assert provenance.tool.startswith("rebaseline ")


@every_dialect
def test_a_minimal_request_keeps_what_every_request_needs(dialect):
    async def mandatory():
        adapter = adapter_of(dialect, "http://127.0.0.1:9")
        await adapter.aclose()
        return adapter.mandatory

    assert asyncio.run(mandatory()) == frozenset(dialect.needed)
