import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.errors import ConfigurationError
from rebaseline.interop import replies
from rebaseline.interop.lines import BadLine, ParsedLine
from rebaseline.interop.replies import load_replies, parse_replies


def line(**fields):
    return json.dumps({"probe": "a", "response": "yes", **fields}).encode()


def one(**fields):
    (parsed,) = parse_replies([line(**fields)])
    return parsed


def kinds(lines):
    return [(p.line, p.probe, p.sample if isinstance(p, ParsedLine) else p.reason) for p in parse_replies(lines)]


def test_the_least_that_a_line_can_say():
    assert one() == ParsedLine(line=1, probe="a", sample=0, attempt=Answered(Reply("yes")))


def test_all_that_a_line_can_say():
    parsed = one(
        sample=3,
        stop_reason="end_turn",
        served_model="m-1",
        fingerprint="fp_1",
        usage={"prompt_tokens": 3, "completion_tokens": 5},
        latency_seconds=2,
        tool_calls=[{"name": "f", "arguments": '{"x":1}'}],
        request_id="req_1",
        received_at="2026-11-22T12:00:00+02:00",
        error=None,
    )
    assert parsed == ParsedLine(
        line=1,
        probe="a",
        sample=3,
        attempt=Answered(
            Reply("yes", Stop.COMPLETE, "end_turn", (ToolCall("f", '{"x":1}'),)),
            "m-1",
            "fp_1",
            Usage(3, 5),
            2.0,
            "req_1",
        ),
        served_model="m-1",
        received_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("word", "stop"),
    [
        *((word, Stop.COMPLETE) for word in ("stop", "end_turn", "stop_sequence")),
        *((word, Stop.CUT) for word in ("length", "max_tokens", "model_context_window_exceeded", "pause_turn")),
        *((word, Stop.TOOL) for word in ("tool_calls", "tool_use")),
        ("refusal", Stop.REFUSED),
        ("content_filter", Stop.FILTERED),
        *((word, Stop.UNKNOWN) for word in ("STOP", "stop ", "interrupted_by_owl")),
        *((word, Stop.UNSTATED) for word in (None, "")),
    ],
)
def test_stop_reasons_are_put_into_our_words_and_news_is_never_ok(word, stop):
    reply = one(stop_reason=word).attempt.reply
    assert reply.stop is stop
    assert reply.stop_as_received == (word or None)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"input_tokens": 1, "output_tokens": 2}, Usage(1, 2)),
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, Usage(1, 2)),
        ({"input_tokens": None, "prompt_tokens": 0}, Usage(0, None)),
        ({}, Usage()),
        (None, Usage()),
    ],
)
def test_tokens_are_read_under_the_names_of_both_vendors(usage, expected):
    assert one(usage=usage).attempt.usage == expected


@pytest.mark.parametrize(
    "call",
    [
        {"name": "f", "arguments": {"x": "ü"}},
        {"type": "function", "function": {"name": "f", "arguments": '{"x": "ü"}'}},
        {"type": "tool_use", "name": "f", "input": {"x": "ü"}},
    ],
)
def test_tool_calls_are_read_in_every_usual_shape(call):
    attempt = one(response=None, tool_calls=[call]).attempt
    assert attempt == Answered(Reply("", tool_calls=(ToolCall("f", '{"x": "ü"}'),)))


@pytest.mark.parametrize(
    ("error", "attempt"),
    [
        ("boom", Faulted("unstated", None, "boom")),
        ({"status": 400, "type": "invalid_request_error", "message": "no", "param": "temperature"},
         Rejected(400, None, "invalid_request_error no (param temperature)")),
        ({"status": 400, "message": "no", "culprit": "temperature"}, Rejected(400, "temperature", "no")),
        ({"status": 404, "message": "model not found"}, Rejected(404, None, "model not found")),
        ({"status": 422}, Rejected(422)),
        ({"status": 408}, Faulted("timeout", 408)),
        ({"status": 429, "message": "slow down"}, Faulted("rate_limit", 429, "slow down")),
        ({"status": 529}, Faulted("server", 529)),
        ({"status": 401}, Faulted("authentication", 401)),
        ({"status": 418}, Faulted("unstated", 418)),
        ({"type": "timeout"}, Faulted("timeout", None, "timeout")),
        ({"type": "weird", "message": "400 Bad Request"}, Faulted("unstated", None, "weird 400 Bad Request")),
        ({}, Faulted("unstated")),
    ],
)  # fmt: skip
def test_only_a_status_makes_an_error_a_rejection(error, attempt):
    assert one(response=None, error=error).attempt == attempt


def test_a_fault_keeps_the_model_that_its_line_names():
    assert one(response=None, error="boom", served_model="m-1").served_model == "m-1"


def test_lines_without_sample_are_numbered_by_probe_and_the_same_way_each_time():
    lines = [line(), line(probe="b"), line(), line(sample=2), line(), line()]
    assert kinds(lines) == [(1, "a", 0), (2, "b", 0), (3, "a", 1), (4, "a", 2), (5, "a", 3), (6, "a", 4)]
    assert kinds(lines) == kinds(lines)


def test_a_bad_line_keeps_its_number_so_that_mending_it_moves_no_other():
    bad, mended = [line(), line(response=7), line()], [line(), line(response="7"), line()]
    assert [n for n in kinds(bad) if isinstance(n[2], int)] == [(1, "a", 0), (3, "a", 2)]
    assert kinds(mended) == [(1, "a", 0), (2, "a", 1), (3, "a", 2)]


def test_a_sample_stated_twice_is_named_with_both_lines():
    assert kinds([line(sample=1), line(sample=1), line(sample=0)]) == [
        (1, "a", 1),
        (2, "a", "sample 1 of probe 'a' stands on line 1 already"),
        (3, "a", 0),
    ]


def test_other_keys_are_noted_once():
    parsed = list(parse_replies([line(team="x"), line(team="y", zone=1), line(team="z")]))
    assert [p.notes for p in parsed] == [("the key 'team' is not read",), ("the key 'zone' is not read",), ()]


def test_byte_order_marks_windows_line_ends_and_blank_lines_do_no_harm():
    lines = [b"\xef\xbb\xbf" + line() + b"\r\n", b"\r\n", b"  \n", line(probe="b") + b"\n"]
    assert kinds(lines) == [(1, "a", 0), (4, "b", 0)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "is not one JSON object"),
        (b"yes", "is not one JSON object"),
        (b"{} {}", "is not one JSON object"),
        (b"\xff", "byte 1 is not UTF-8"),
        (b"[1]", "JSON list, not an object; .*jq"),
        (b'"yes"', "JSON string"),
        (b"null", "JSON null"),
        (b'{"probe": "a", "response": NaN}', "NaN, which is not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b"1" * 5000, "number too long"),
        (b"{}", "no `probe`"),
        (line(probe=7), "`probe` must be"),
        (line(probe=""), "`probe` must be"),
        (line(response=["a"]), "`response` must be the reply's text"),
        (line(response=None), "neither a `response` nor an `error`"),
        (line(error="boom"), "both a `response` and an `error`"),
        (line(response=None, error=["boom"]), "`error` must be text or an object"),
        (line(response=None, error={"status": "429"}), "`error.status` must be"),
        (line(response=None, error={"status": 0}), "`error.status` must be"),
        (line(sample=-1), "`sample` must be a whole number"),
        (line(sample=True), "`sample` must be a whole number"),
        (line(sample=10**30), "`sample` must be a whole number"),
        (line(sample="0"), "`sample` must be a whole number"),
        (line(stop_reason=1), "`stop_reason` must be text"),
        (line(usage=7), "`usage` must be an object"),
        (line(usage={"input_tokens": -1}), "`usage.input_tokens` must be"),
        (line(latency_seconds=-1), "`latency_seconds` must be"),
        (line(latency_seconds="fast"), "`latency_seconds` must be"),
        (line(received_at="2026-11-22T12:00:00"), "no time zone"),
        (line(received_at="yesterday"), "`received_at` must be an ISO 8601"),
        (line(received_at=["x"]), "`received_at` must be an ISO 8601"),
        (line(received_at=1e99), "`received_at` must be seconds"),
        (line(received_at="0001-01-01T00:00:00+23:00"), "`received_at` must be an ISO 8601"),
        (line(tool_calls={}), "`tool_calls` must be a list"),
        (line(tool_calls=[{"x": 1}]), "a tool call needs a `name`"),
        (line(tool_calls=["f"]), "a tool call needs a `name`"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_kept(text, reason):
    first, bad, last = parse_replies([line(probe="x"), text, line(probe="y")])
    assert (first.probe, last.probe) == ("x", "y")
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(bad.reason)
    assert len(bad.reason) < 200


def test_seconds_since_1970_are_an_instant():
    assert one(received_at=0).received_at == datetime(1970, 1, 1, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(sorted(replies.KEYS)), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6,
)))  # fmt: skip
def test_no_line_whatever_stops_the_others(fields):
    parsed = list(parse_replies([json.dumps({"probe": "a", "response": "x"} | fields).encode(), line(probe="last")]))
    assert [p.line for p in parsed] == [1, 2]
    assert isinstance(parsed[1], ParsedLine)


@given(st.text(st.characters(exclude_categories=())))
def test_a_reply_comes_through_character_by_character(text):
    assert one(response=text).attempt.reply.text == json.loads(json.dumps(text))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "ZIP"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"\x00\x01", "binary"),
        (b"PAR1", "Parquet"),
    ],
)
def test_what_is_no_text_is_refused_with_what_it_is(start, kind, tmp_path):
    path = tmp_path / "replies.jsonl"
    path.write_bytes(start)
    with pytest.raises(ConfigurationError, match=kind) as caught:
        list(load_replies(path))
    assert caught.value.where == str(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="folder"):
        list(load_replies(tmp_path))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        list(load_replies(tmp_path / "none.jsonl"))


def test_a_file_is_read_line_by_line_and_too_long_lines_are_skipped_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "LINE_LIMIT", 100)
    path = tmp_path / "replies.jsonl"
    path.write_bytes(b"\n".join([line(), line(response="x" * 1000), line(), line(response="x" * 300)]))
    parsed = list(load_replies(path))
    assert [(type(p).__name__, p.line) for p in parsed] == [
        ("ParsedLine", 1),
        ("BadLine", 2),
        ("ParsedLine", 3),
        ("BadLine", 4),
    ]
    assert "longer than 100 bytes" in parsed[1].reason


def test_an_empty_input_is_no_lines(tmp_path):
    (tmp_path / "r.jsonl").touch()
    assert list(load_replies(tmp_path / "r.jsonl")) == list(parse_replies([])) == []
