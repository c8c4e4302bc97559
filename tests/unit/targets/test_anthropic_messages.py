"""What is particular to Messages: its conversation, what its replies hold, and what its errors mean."""

import asyncio
import json
import time

import anthropic
import pytest
from tests.support.dialect import SECRET
from tests.support.wire import WireReply, WireServer
from tests.support.wire_anthropic import KEY_VARIABLE, anthropic_error, message, text_block, tool_use

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop, ToolCall, Usage
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError, ProviderError
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.messages_reply import read_message
from rebaseline.targets.messages_request import wire_body
from rebaseline.targets.registry import open_target

NEEDED = {"max_tokens": 64}
HELLO = Request("alias", (UserTurn("hello"),), parameters=NEEDED, timeout_seconds=5.0)
THINKING = {"type": "thinking", "thinking": "", "signature": "EqQBsigned=="}
REDACTED = {"type": "redacted_thinking", "data": "sealed=="}


def opened(settings, environment=None):
    target = Target("t", "anthropic", TargetKind.MODEL, "alias", settings)
    return open_target(target, {KEY_VARIABLE: SECRET} if environment is None else environment, monotonic=time.monotonic)


def ask(respond, *, request=HELLO, environment=None, **settings):
    """Ask once through a server; return the adapter, what came, and what the server received."""

    async def once(base_url):
        adapter = opened({"base_url": base_url, "api_key_env": KEY_VARIABLE} | settings, environment)
        try:
            return adapter, await adapter.ask(request)
        finally:
            await adapter.aclose()

    with WireServer(respond if callable(respond) else lambda _: respond) as server:
        adapter, asked = asyncio.run(once(server.root_url))
    return adapter, asked, server.received


def body_of(reply):
    return read_message(reply.body)


def test_a_turn_goes_back_as_it_came_with_its_signed_reasoning():
    blocks = [THINKING, REDACTED, text_block("Let me see."), tool_use("add", {"a": [1, "\u00e9"]}, "toolu_9")]
    _, asked, _ = ask(message(*blocks, stop_reason="tool_use"))
    assert asked.attempt.novelty == ()
    assert asked.attempt.reply.text == "Let me see."
    turns = (UserTurn("sum?"), asked.turn, ToolResult("toolu_9", "3"))
    _, _, (received,) = ask(message(), request=Request("alias", turns, parameters=NEEDED))
    assert received.body["messages"] == [
        {"role": "user", "content": "sum?"},
        {"role": "assistant", "content": blocks},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_9", "content": "3"}]},
    ]


def test_results_of_one_turn_share_a_message_and_those_of_another_do_not():
    calls = (IssuedCall("a", ToolCall("x")), IssuedCall("b", ToolCall("y")))
    turns = (UserTurn("?"), ModelTurn("", calls), ToolResult("a", "1"), ToolResult("b", "2"), ModelTurn("Done."))
    turns += (UserTurn("again"), ModelTurn("", calls[:1]), ToolResult("a", "3"))
    messages = wire_body(Request("m", turns, parameters=NEEDED))["messages"]
    assert [each["role"] for each in messages] == [
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert [block["tool_use_id"] for block in messages[2]["content"]] == ["a", "b"]
    assert [block["content"] for block in messages[6]["content"]] == ["3"]


def test_a_call_without_an_id_goes_back_with_the_one_that_the_conversation_made_up():
    asked = body_of(message({"type": "tool_use", "name": "add", "input": {}}, stop_reason="tool_use"))
    assert asked.turn == ModelTurn("", (IssuedCall("", ToolCall("add", "{}")),))


def test_lone_surrogates_are_replaced_at_any_depth_before_anything_is_sent():
    asked = read_message(rb'{"content": [{"type": "tool_use", "id": "i", "name": "n", "input": {"a": ["\ud83d"]}}]}')
    body = wire_body(Request("m", (UserTurn("?"), asked.turn, ToolResult("i", "1")), parameters=NEEDED))
    assert body["messages"][1]["content"][0]["input"] == {"a": ["?"]}
    assert json.dumps(body, ensure_ascii=False).encode()


def test_arguments_that_are_no_object_cannot_be_expressed():
    for arguments in ("{", "[]", "7"):
        turn = ModelTurn("", (IssuedCall("i", ToolCall("add", arguments)),))
        with pytest.raises(ConfigurationError, match="'add'"):
            wire_body(Request("m", (turn,), parameters=NEEDED))


def test_without_max_tokens_nothing_is_sent_and_it_is_said_where_to_write_it():
    with pytest.raises(ConfigurationError, match="max_tokens") as caught:
        ask(message(), request=Request("alias", (UserTurn("hello"),)))
    assert "parameters" in str(caught.value)


def test_text_is_joined_over_blocks_and_calls_keep_their_order():
    asked = body_of(
        message(text_block("a"), tool_use("x", {}, "1"), THINKING, text_block("b\n"), tool_use("y", {}, "2"))
    )
    assert asked.attempt.reply.text == "ab\n"
    assert [call.name for call in asked.attempt.reply.tool_calls] == ["x", "y"]


@pytest.mark.parametrize(
    ("word", "stop"),
    [
        ("end_turn", Stop.COMPLETE),
        ("stop_sequence", Stop.COMPLETE),
        ("max_tokens", Stop.CUT),
        ("model_context_window_exceeded", Stop.CUT),
        ("pause_turn", Stop.CUT),
        ("tool_use", Stop.TOOL),
        ("refusal", Stop.REFUSED),
        ("compaction", Stop.UNKNOWN),
    ],
)
def test_every_stop_reason_of_the_sdk_is_read(word, stop):
    reply = body_of(message(text_block("x"), stop_reason=word)).attempt.reply
    assert (reply.stop, reply.stop_as_received) == (stop, word)


def test_no_stop_reason_of_the_sdk_is_unknown_to_us():
    for word in anthropic.types.StopReason.__args__:
        assert body_of(message(stop_reason=word)).attempt.reply.stop is not Stop.UNKNOWN


def test_a_refusal_may_be_empty():
    attempt = body_of(message(stop_reason="refusal", stop_details={"type": "refusal", "category": None})).attempt
    assert isinstance(attempt, Answered)
    assert (attempt.reply.text, attempt.reply.stop) == ("", Stop.REFUSED)


@pytest.mark.parametrize(
    "kind",
    ["server_tool_use", "web_search_tool_result", "code_execution_tool_result", "container_upload", "fallback", "owl"],
)
def test_blocks_that_are_not_read_are_told_and_go_back_all_the_same(kind):
    blocks = [{"type": kind, "id": "1"}, {"type": kind, "id": "2"}, text_block("x")]
    asked = body_of(message(*blocks))
    assert (asked.attempt.unread, asked.attempt.novelty) == ((f"content block: {kind}",), ())
    assert asked.attempt.reply.text == "x"
    assert asked.turn.opaque == tuple(blocks)


def test_that_another_model_answered_is_told_and_it_is_the_one_that_is_named():
    iterations = [
        {"type": "message", "model": "model-6", "input_tokens": 1, "output_tokens": 1},
        {"type": "fallback_message", "model": "model-5", "input_tokens": 1, "output_tokens": 1},
    ]
    usage = {"input_tokens": 1, "output_tokens": 2, "iterations": iterations}
    attempt = body_of(message(text_block("x"), model="model-5", usage=usage)).attempt
    assert attempt.novelty == ("usage iteration: fallback_message",)
    assert attempt.served_model == "model-5"


def test_a_role_that_nobody_knows_is_told():
    assert body_of(message(role="narrator")).attempt.novelty == ("role: narrator",)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {"input_tokens": 1, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 300, "output_tokens": 4},
            Usage(321, 4),
        ),
        ({"input_tokens": 1, "cache_read_input_tokens": None, "output_tokens": 0}, Usage(1, 0)),
        ({"cache_read_input_tokens": 5, "output_tokens": 4}, Usage(None, 4)),
        ({"input_tokens": -1, "output_tokens": True}, Usage(None, None)),
        ({"input_tokens": "7", "iterations": 7}, Usage(None, None)),
        ([], Usage(None, None)),
    ],
)
def test_tokens_of_the_cache_are_tokens_of_the_request(usage, expected):
    assert read_message(json.dumps({"content": [], "usage": usage}).encode()).attempt.usage == expected


def test_an_error_sent_with_success_is_a_fault_of_the_server():
    envelope = {"type": "error", "error": {"type": "overloaded_error", "message": f"upstream {SECRET}"}}
    _, asked, _ = ask(WireReply(json.dumps(envelope).encode()))
    assert asked.attempt == Faulted("server", 200, "upstream [key]")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, "invalid_request_error", "`temperature` is deprecated for this model"),
        (400, "invalid_request_error", "temperature: Extra inputs are not permitted"),
        (400, "invalid_request_error", "This model does not support assistant message prefill."),
        (400, "invalid_request_error", 'tool_choice: type "tool" and "any" are not supported for this model.'),
        (404, "not_found_error", "model: claude-2"),
        (413, "request_too_large", "Request exceeds the maximum size"),
    ],
)
def test_what_a_model_no_longer_takes_is_a_rejection_in_the_providers_words(status, kind, words):
    _, asked, _ = ask(anthropic_error(status, words, kind=kind))
    assert asked.attempt == Rejected(status, None, f"{words} (type={kind})")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (429, "rate_limit_error", "enforced_spend_limit_reached"),
        (429, "rate_limit_error", "contract_spend_limit_reached"),
        (402, "billing_error", "linked_organization_spend_limit_reached"),
        (402, "billing_error", "linked_organization_billing_unavailable"),
        (402, "billing_error", None),
        (400, "billing_error", None),
        (403, "billing_error", None),
    ],
)
def test_spent_money_is_told_by_typed_members_whatever_the_status(status, kind, code):
    with pytest.raises(ProviderError, match="money or quota") as caught:
        ask(anthropic_error(status, "words that nobody reads", kind=kind, code=code))
    assert caught.value.__context__ is None


def test_a_spend_limit_that_only_words_tell_stays_a_rejection_with_those_words():
    words = "You have reached your specified API usage limits."
    _, asked, _ = ask(anthropic_error(400, words))
    assert isinstance(asked.attempt, Rejected)
    assert words in asked.attempt.hint


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, "invalid_request_error", "organization_on_hold"),
        (400, "invalid_request_error", "cmek_key_disabled"),
        (400, "authentication_error", None),
        (404, "permission_error", None),
    ],
)
def test_an_account_that_is_refused_with_a_status_of_requests_is_for_a_person(status, kind, code):
    with pytest.raises(ProviderError, match="refuses the account") as caught:
        ask(anthropic_error(status, f"{SECRET}", kind=kind, code=code))
    assert str(code or kind) in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("status", "kind", "code", "fault"),
    [
        (429, "rate_limit_error", None, "rate_limit"),
        (429, "rate_limit_error", "ramp_limit_exceeded", "rate_limit"),
        (529, "overloaded_error", None, "overloaded"),
        (529, "overloaded_error", "compaction_unavailable", "overloaded"),
        (503, "api_error", "cmek_key_unreachable", "server"),
        (504, "timeout_error", None, "server"),
        (500, "api_error", None, "server"),
    ],
)
def test_what_passes_is_a_fault_with_the_wait_that_is_asked_for(status, kind, code, fault):
    _, asked, _ = ask(anthropic_error(status, kind=kind, code=code, headers={"retry-after": "41"}))
    assert isinstance(asked.attempt, Faulted)
    assert (asked.attempt.kind, asked.attempt.status) == (fault, status)
    assert asked.retry_after_seconds == 41.0


def test_every_code_that_the_sdk_knows_for_spent_money_is_one_of_ours():
    codes = {code for _, code in anthropic._error_classes.ERROR_CLASSES if code}
    money = {code for code in codes if "spend_limit_reached" in code or "billing_unavailable" in code}
    assert len(money) == 4
    for code in money:
        with pytest.raises(ProviderError, match="money or quota"):
            ask(anthropic_error(400, code=code))


def test_the_header_of_the_version_is_the_sdks_own_unless_given_and_provenance_says_it():
    adapter, _, (received,) = ask(message())
    own = anthropic.Anthropic(api_key="none").default_headers["anthropic-version"]
    assert received.headers["anthropic-version"] == adapter.provenance.api_version == own
    assert "anthropic-beta" not in received.headers
    adapter, _, (received,) = ask(message(), api_version="2023-06-01", beta=["a-2026-01-01", "b-2026-02-02"])
    assert received.headers["anthropic-version"] == adapter.provenance.api_version == "2023-06-01"
    assert received.headers["anthropic-beta"] == "a-2026-01-01,b-2026-02-02"


@pytest.mark.parametrize("settings", [{"beta": ["a\nb"]}, {"beta": [7]}, {"api_version": "\u00e9"}])
def test_what_no_header_can_hold_is_refused(settings):
    with pytest.raises(ConfigurationError, match="no header can"):
        ask(message(), **settings)


def test_nothing_of_the_sdks_environment_is_sent(monkeypatch, tmp_path):
    _, _, (bare,) = ask(message())
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-other")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-other")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_PROFILE", "other")
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    headers = ["X-Other: 1", "Authorization: Bearer other", "anthropic-version: 2001-01-01", "anthropic-beta: other"]
    headers += ["anthropic-user-profile-id: other", "anthropic-workspace-id: other", "Content-Type: text/plain"]
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "\n".join(headers))
    (tmp_path / "configs").mkdir()
    profile = {"base_url": "http://127.0.0.1:9", "workspace_id": "w", "authentication": {"type": "user_oauth"}}
    (tmp_path / "configs" / "other.json").write_text(json.dumps(profile))
    _, asked, (received,) = ask(message(text_block("x")))
    assert isinstance(asked.attempt, Answered)
    own = {"host", "connection"}
    assert {name: value for name, value in received.headers.items() if name not in own} == {
        name: value for name, value in bare.headers.items() if name not in own
    }
    assert received.body == bare.body


def test_the_key_is_needed_and_named():
    with pytest.raises(ConfigurationError, match="ANTHROPIC_API_KEY is not set"):
        opened({}, {})


def test_the_provider_is_anthropic_at_its_own_address_and_elsewhere_the_host():
    async def provider(settings):
        adapter = opened(settings, {"ANTHROPIC_API_KEY": SECRET})
        await adapter.aclose()
        return adapter.provider

    assert asyncio.run(provider({})) == "anthropic"
    assert asyncio.run(provider({"base_url": "https://llm.bank.example/claude"})) == "llm.bank.example"
    assert asyncio.run(provider({"provider": "claude"})) == "claude"


def test_the_key_is_in_no_repr_and_in_no_error():
    async def represented():
        adapter = opened({"base_url": "http://127.0.0.1:9", "api_key_env": KEY_VARIABLE})
        await adapter.aclose()
        return repr(adapter) + repr(adapter._way)

    assert SECRET not in asyncio.run(represented())
