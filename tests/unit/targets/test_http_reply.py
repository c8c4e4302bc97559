import json

import pytest

from rebaseline.domain.attempt import Answered, Faulted, Stop, ToolCall, Usage
from rebaseline.errors import ConfigurationError
from rebaseline.targets.application_reply import TRACE_CHARACTERS
from rebaseline.targets.http_reply import read_application_reply
from rebaseline.targets.json_places import place_of

READ = {
    "reply": "$.answer.text",
    "model": "$.meta.model",
    "stop": "$.stop",
    "input_tokens": "$.usage.in",
    "output_tokens": "$.usage.out",
    "tool_calls": "$.calls",
    "trace": "$.steps",
    "request_id": "$.id",
}
WHOLE = {
    "answer": {"text": " Hi.\n"},
    "meta": {"model": "gpt-6", "sha": "abc", "index": 7},
    "stop": "length",
    "usage": {"in": 3, "out": 4},
    "calls": [{"name": "find", "arguments": {"q": "é"}}, {"name": "now", "arguments": '{"z": 1 }'}, {"name": "x"}],
    "steps": [{"doc": "é"}],
    "id": "r-1",
}


def read(body, paths=None, identity=None):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    places = {key: place_of(path) for key, path in (READ if paths is None else paths).items()}
    named = {name: place_of(path) for name, path in (identity or {}).items()}
    return read_application_reply(content, places, named, status=200, latency_seconds=0.5)


def test_a_reply_is_read_whole():
    answered = read(WHOLE, identity={"build": "$.meta.sha", "index": "$.meta.index"})
    assert isinstance(answered, Answered)
    assert (answered.reply.text, answered.reply.stop, answered.reply.stop_as_received) == (" Hi.\n", Stop.CUT, "length")
    assert answered.reply.tool_calls == (
        ToolCall("find", '{"q": "é"}'),
        ToolCall("now", '{"z": 1 }'),
        ToolCall("x", "{}"),
    )
    assert (answered.served_model, answered.request_id, answered.usage) == ("gpt-6", "r-1", Usage(3, 4))
    assert (answered.trace, answered.latency_seconds) == ('[{"doc": "é"}]', 0.5)
    assert answered.identity == {"build": "abc", "index": "7"}
    assert answered.novelty == ()


def test_null_says_nothing_and_a_reply_of_null_is_empty():
    nothing = dict.fromkeys(("stop", "calls", "steps", "id"))
    answered = read({"answer": {"text": None}, "meta": {"model": None}, "usage": {"in": None, "out": None}, **nothing})
    assert (answered.reply.text, answered.reply.stop, answered.served_model) == ("", Stop.UNSTATED, None)
    assert (answered.usage, answered.reply.tool_calls, answered.trace) == (Usage(), (), None)
    assert answered.novelty == ()


def test_a_path_that_finds_nothing_is_noted():
    answered = read({"a": "x"}, {"reply": "$.a", "model": "$.model"}, {"build": "$.sha", "prompt": "$.p"})
    assert (answered.served_model, answered.identity) == (None, {})
    assert answered.novelty == (
        "model: `$.model` finds nothing",
        "identity: build is missing",
        "identity: prompt is missing",
    )


def test_of_several_values_the_first_is_read_and_that_is_noted():
    answered = read({"parts": [{"t": "a"}, {"t": "b"}]}, {"reply": "$.parts[*].t"})
    assert answered.reply.text == "a"
    assert answered.novelty == ("reply: `$.parts[*].t` finds 2 values, the first is read",)


def test_tool_calls_may_be_found_one_by_one():
    body = {"a": "x", "steps": [{"call": {"name": "f"}}, {"call": {"name": "g"}}]}
    answered = read(body, {"reply": "$.a", "tool_calls": "$.steps[*].call"})
    assert [call.name for call in answered.reply.tool_calls] == ["f", "g"]
    assert answered.novelty == ()
    one = read({"a": "x", "steps": [{"call": {"name": "f"}}]}, {"reply": "$.a", "tool_calls": "$.steps[*].call"})
    assert [call.name for call in one.reply.tool_calls] == ["f"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\xff", b"[" * 100_000, b'{"answer": {"text": "x"}, "n": NaN}', b"9" * 5000],
)
def test_what_is_not_json_is_malformed(body):
    attempt = read(body)
    assert isinstance(attempt, Faulted)
    assert (attempt.kind, attempt.status) == ("malformed", 200)
    assert "not JSON" in attempt.hint


@pytest.mark.parametrize("body", [{}, [], "text", 7, {"answer": "x"}, {"answer": {"txt": "x"}}])
def test_a_body_without_the_reply_is_malformed_and_the_path_is_named(body):
    assert read(body) == Faulted("malformed", 200, "read.reply: `$.answer.text` finds nothing")


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"answer": {"text": ["a"]}}, "read.reply: `$.answer.text` finds a list, not a text"),
        ({"answer": {"text": 7}}, "read.reply: `$.answer.text` finds a number, not a text"),
        ({"meta": {"model": {}}}, "read.model: `$.meta.model` finds an object, not a text"),
        ({"stop": True}, "read.stop: `$.stop` finds a truth value, not a text"),
        ({"usage": {"in": "3", "out": 1}}, "read.input_tokens: `$.usage.in` finds a text, not a whole number from 0"),
        (
            {"usage": {"in": 3, "out": -1}},
            "read.output_tokens: `$.usage.out` finds a number, not a whole number from 0",
        ),
        ({"usage": {"in": True, "out": 1}}, "read.input_tokens: `$.usage.in` finds a truth value, not a whole"),
        ({"calls": 7}, "read.tool_calls: `$.calls` finds a list with something else"),
        ({"calls": [{"tool": "f"}]}, "read.tool_calls: `$.calls` finds a list with something else"),
        ({"calls": ["f"]}, "read.tool_calls: `$.calls` finds a list with something else"),
    ],
)
def test_a_value_of_another_kind_than_promised_breaks_the_contract(change, hint):
    attempt = read(WHOLE | change)
    assert isinstance(attempt, Faulted)
    assert (attempt.kind, attempt.hint[: len(hint)]) == ("malformed", hint)


def test_numbers_that_json_cannot_carry_back_break_it_too():
    attempt = read(b'{"a": "x", "steps": 1e999}', {"reply": "$.a", "trace": "$.steps"})
    assert attempt.hint.startswith("read.trace: `$.steps` finds a number that JSON cannot carry")
    attempt = read(b'{"a": "x", "n": 1e999}', {"reply": "$.a"}, {"n": "$.n"})
    assert attempt.hint.startswith("identity.n: `$.n` finds a number that JSON cannot carry")


def test_a_trace_that_is_too_long_is_left_out_and_that_is_noted():
    answered = read({"a": "x", "t": "y" * TRACE_CHARACTERS}, {"reply": "$.a", "trace": "$.t"})
    assert answered.trace is None
    assert answered.novelty == ("trace: longer than 1,000,000 characters and left out",)
    assert len(read({"a": "x", "t": "y" * (TRACE_CHARACTERS - 2)}, {"reply": "$.a", "trace": "$.t"}).trace) == 1_000_000


@pytest.mark.parametrize(
    "path", ["answer", "$.a[", "$.a[?match(@.b, 'x')]", "$.a[?search(@.b, 'x')]", "$" + ".a[" * 3000]
)
def test_a_path_that_is_none_or_uses_a_pattern_is_refused(path):
    with pytest.raises(ConfigurationError, match="path"):
        place_of(path)


@pytest.mark.parametrize(
    ("path", "found"),
    [("$.a.b", [1]), ("$['a']['b']", [1]), ("$.a.c", []), ("$.a.b.c", []), ("$..b", [1, 2]), ("$.l[?@.b > 1].b", [2])],
)
def test_a_path_finds_the_same_however_it_is_written(path, found):
    assert place_of(path).find({"a": {"b": 1}, "l": [{"b": 2}]}) == found


def test_what_is_nested_past_what_is_followed_is_not_found():
    deep = []
    for _ in range(900):
        deep = [deep]
    assert place_of("$..b").find(deep) == []
