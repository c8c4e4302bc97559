"""What is Responses' own: items, reasoning that goes back, and responses that failed with a status of success."""

import asyncio
import time

import pytest
from tests.support.wire import WireServer
from tests.support.wire_responses import RESPONSES, call_item, message_item, reasoning_item, response

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop
from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Tool
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.registry import open_target

HELLO = Request("alias", (UserTurn("hello"),), timeout_seconds=5.0)


def ask(reply, request=HELLO):
    async def once(root_url):
        target = Target("t", RESPONSES.type, TargetKind.MODEL, "alias", RESPONSES.settings(root_url))
        adapter = open_target(target, RESPONSES.environment(), monotonic=time.monotonic)
        try:
            return await adapter.ask(request)
        finally:
            await adapter.aclose()

    with WireServer(lambda _: reply) as server:
        return asyncio.run(once(server.root_url)), server.received[0]


def attempt_of(reply):
    return ask(reply)[0].attempt


def test_a_request_holds_what_was_asked_and_nothing_else():
    _, received = ask(response(message_item("ok")))
    assert received.path == "/v1/responses"
    assert received.body == {"model": "alias", "input": [{"role": "user", "content": "hello"}]}


def test_a_tool_is_meant_as_the_suite_wrote_it():
    tool = Tool("add", "Adds.", {"type": "object", "properties": {"a": {}}})
    _, received = ask(response(message_item("ok")), Request("alias", (UserTurn("x"),), tools=(tool,)))
    (sent,) = received.body["tools"]
    assert sent == {
        "type": "function",
        "name": "add",
        "description": "Adds.",
        "parameters": {"type": "object", "properties": {"a": {}}},
        "strict": False,
    }


def test_reasoning_goes_back_unchanged_before_the_call_that_it_led_to():
    items = [reasoning_item(), message_item("Let me see.", phase="commentary"), call_item("add", '{"a": 1}', "id-9")]
    asked, _ = ask(response(*items))
    assert asked.attempt.novelty == ()
    assert asked.turn == ModelTurn("Let me see.", asked.turn.calls, tuple(items))
    _, received = ask(
        response(message_item("ok")), Request("alias", (UserTurn("sum?"), asked.turn, ToolResult("id-9", "3")))
    )
    assert received.body["input"] == [
        {"role": "user", "content": "sum?"},
        *items,
        {"type": "function_call_output", "call_id": "id-9", "output": "3"},
    ]


def test_a_call_without_an_id_goes_back_with_the_one_that_its_result_names():
    item = call_item("add")
    del item["call_id"]
    asked, _ = ask(response(item))
    turn = ModelTurn("", (IssuedCall("call_0", asked.turn.calls[0].call),), asked.turn.opaque)
    _, received = ask(response(message_item("ok")), Request("alias", (UserTurn("x"), turn, ToolResult("call_0", "3"))))
    assert [item["call_id"] for item in received.body["input"][1:]] == ["call_0", "call_0"]


def test_texts_of_several_parts_and_messages_are_joined_as_the_sdk_joins_them():
    parts = [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}]
    assert attempt_of(response(message_item("", content=parts), message_item("c"))).reply.text == "abc"


def test_a_refusal_beside_text_is_read_after_it():
    parts = [{"type": "output_text", "text": "Well:"}, {"type": "refusal", "refusal": "no"}]
    reply = attempt_of(response(message_item("", content=parts))).reply
    assert (reply.text, reply.stop) == ("Well:\nno", Stop.REFUSED)


def test_what_nobody_knows_is_told_where_it_stands():
    parts = [{"type": "output_text", "text": "a"}, {"type": "scent"}, {"type": "scent"}, {"type": "output_text"}]
    attempt = attempt_of(response({"type": "web_search_call"}, message_item("", role="critic", content=parts)))
    assert attempt.reply.text == "a"
    assert attempt.novelty == ("role: critic",)
    assert attempt.unread == ("output: web_search_call", "content: scent", "content: output_text without text")


def test_an_incomplete_response_without_a_reason_ended_for_an_unknown_one():
    reply = attempt_of(response(message_item("x"), status="incomplete")).reply
    assert (reply.stop, reply.stop_as_received) == (Stop.UNKNOWN, "incomplete")
    reply = attempt_of(response(message_item("x"), status="paused_by_owl")).reply
    assert (reply.stop, reply.stop_as_received) == (Stop.UNKNOWN, "paused_by_owl")


def test_calls_that_a_limit_cut_off_do_not_wait_for_a_result():
    cut = response(call_item("add", '{"a'), status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    assert attempt_of(cut).reply.stop is Stop.CUT


def failed(code):
    error = None if code is None else {"code": code, "message": "Something."}
    return attempt_of(response(status="failed", error=error))


@pytest.mark.parametrize("code", ["bio_policy", "misalignment_policy_violation"])
def test_what_a_policy_withheld_was_filtered(code):
    attempt = failed(code)
    assert isinstance(attempt, Answered)
    assert (attempt.reply.text, attempt.reply.stop, attempt.reply.stop_as_received) == ("", Stop.FILTERED, code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("server_error", "server"),
        ("rate_limit_exceeded", "rate_limit"),
        ("vector_store_timeout", "timeout"),
        ("novel_code", "server"),
        (None, "server"),
    ],
)
def test_a_response_that_failed_is_a_fault_and_an_unknown_code_too(code, kind):
    attempt = failed(code)
    assert isinstance(attempt, Faulted)
    assert (attempt.kind, attempt.status) == (kind, 200)


@pytest.mark.parametrize("code", ["invalid_prompt", "data_residency_mismatch"])
def test_a_response_that_blames_the_request_rejects_it(code):
    assert failed(code) == Rejected(200, hint=f"Something. (code={code})")
