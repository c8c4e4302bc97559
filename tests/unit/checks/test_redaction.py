"""What is taken out of replies before they are stored, and what stays."""

from __future__ import annotations

import json
import time
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.checks.redaction import PRESETS, Redactor
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, ToolCall
from rebaseline.domain.redaction import RedactionRule
from rebaseline.errors import ConfigurationError

IBAN, CARD = "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111"
ALL = Redactor([RedactionRule("", name, f"[{name}]") for name in ("iban", "card", "email", "phone")])


def own(pattern, replacement="[x]"):
    return Redactor([RedactionRule(pattern, "", replacement)])


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (f"Pay to {IBAN}.", "Pay to [iban]."),
        (f"Pay to {IBAN} with thanks, not later", "Pay to [iban] with thanks, not later"),
        (f"pay {IBAN.replace(' ', '').lower()} now", "pay [iban] now"),
        (f"{IBAN} and GB82WEST12345698765432", "[iban] and [iban]"),
        ("order DE88 3704 0044 0532 0130 00", "order DE88 3704 0044 0532 0130 00"),
        (f"card {CARD}, 12/27", "card [card], 12/27"),
        (f"12 {CARD} 99", "12 [card] 99"),
        (f"{CARD} {CARD}", "[card] [card]"),
        (CARD.replace(" ", "-"), "[card]"),
        ("order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("write to zoë.o'neil+x@mail.example.co.uk.", "write to [email]."),
        ("a @ b, @handle, a@b", "a @ b, @handle, a@b"),
        ("call +49 (0)30 1234-567 today", "call [phone] today"),
        ("+1 is more", "+1 is more"),
        ("", ""),
    ],
)
def test_presets_take_out_what_they_name_and_no_more(said, stored):
    assert ALL.text(said) == stored


def test_a_pattern_of_the_project_is_replaced_as_written():
    assert own(r"staff-(\d+)", r"\1 [id] $1").text("staff-12, staff-3") == r"\1 [id] $1, \1 [id] $1"


def test_rules_apply_in_their_order():
    both = Redactor([RedactionRule("a+", "", "b"), RedactionRule("b+", "", "c")])
    assert both.text("aab") == "c"


def test_arguments_and_traces_are_redacted_in_what_their_json_says_and_stay_json():
    written = r'{"to": "ada@mail.example", "card": 4111111111111111, "n": [1, 2.5, true, null]}'
    call = ToolCall("send", written)
    clean = ALL.attempt(Answered(Reply("done", tool_calls=(call,)), trace=written))
    assert isinstance(clean, Answered)
    for text in (clean.reply.tool_calls[0].arguments, clean.trace):
        assert json.loads(text or "") == {"to": "[email]", "card": "[card]", "n": [1, 2.5, True, None]}


@pytest.mark.parametrize("text", ['{"a":1,  "b": "x"}', "not json ", '{"a": NaN}', "[" * 5000])
def test_arguments_in_which_nothing_is_found_stay_as_they_were_written(text):
    assert own("zzz").json_text(text) == text


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (
            '{"ada@mail.example": 1, "bob@mail.example": 2, "eve@mail.example": 3}',
            '{"[email]": 1, "[email] 2": 2, "[email] 3": 3}',
        ),
        ('{"ada@mail.example": 1, "[email]": 2}', '{"[email] 2": 1, "[email]": 2}'),
        (
            '{"ada@mail.example": 1, "bob@mail.example": 2, "[email] 2": {"ada@mail.example": 3}}',
            '{"[email]": 1, "[email] 3": 2, "[email] 2": {"[email]": 3}}',
        ),
        ('{"a": 1, "a": 2, "b": "ada@mail.example"}', '{"a": 1, "a": 2, "b": "[email]"}'),
        ('{"to": "ada@mail.example", "to": "nobody"}', '{"to": "[email]", "to": "nobody"}'),
        ('[{"a": "ada\\u0040mail.example"}, true, null, 1.5, {}]', '[{"a": "[email]"}, true, null, 1.5, {}]'),
    ],
)
def test_no_value_is_lost_where_names_are_redacted_and_none_hides_behind_a_name_that_is_written_twice(written, stored):
    assert ALL.json_text(written) == stored


def test_a_pattern_over_name_and_value_is_found_in_json_as_well():
    assert own(r"\"id\": [0-9]+").json_text('{"id": 77, "b": 1}') == '{[x], "b": 1}'


def test_the_name_of_a_tool_is_redacted_as_a_model_may_write_anything():
    clean = ALL.attempt(Answered(Reply("", tool_calls=(ToolCall("mail_ada@mail.example", "{}"), ToolCall("send")))))
    assert isinstance(clean, Answered)
    assert [call.name for call in clean.reply.tool_calls] == ["[email]", "send"]


def test_words_of_the_provider_that_come_with_a_reply_are_redacted_and_what_replies_are_told_apart_by_is_not():
    said = "ada@mail.example"
    clean = ALL.attempt(
        Answered(
            Reply("", stop_as_received=said),
            served_model=said,
            system_fingerprint=said,
            request_id=said,
            novelty=(f"role: {said}", "b"),
            unread=(f"content: {said}",),
            identity={"build": said},
        )
    )
    assert clean == Answered(
        Reply("", stop_as_received="[email]"),
        served_model=said,
        system_fingerprint=said,
        request_id=said,
        novelty=("role: [email]", "b"),
        unread=("content: [email]",),
        identity={"build": said},
    )


def test_every_field_of_an_attempt_is_redacted_or_said_to_stay():
    named = {each.name for kind in (Answered, Reply, ToolCall, Rejected, Faulted) for each in fields(kind)}
    redacted = {"text", "stop_as_received", "tool_calls", "name", "arguments", "novelty", "unread", "trace", "hint"}
    stays = {"served_model", "system_fingerprint", "request_id", "identity", "culprit", "kind"}
    assert named == redacted | stays | {"reply", "stop", "usage", "latency_seconds", "status"}


def test_cut_json_is_redacted_as_text():
    assert ALL.json_text('{"to": "ada@mail.example') == '{"to": "[email]'


def test_the_words_of_a_rejection_and_of_a_fault_are_redacted():
    assert ALL.attempt(Rejected(400, None, "no ada@mail.example")) == Rejected(400, None, "no [email]")
    assert ALL.attempt(Faulted("server", 500, "no ada@mail.example")) == Faulted("server", 500, "no [email]")


@pytest.mark.parametrize("pattern", ["(", "(?<=a)b", "x*", "", "^"])
def test_a_pattern_that_cannot_be_used_is_refused(pattern):
    with pytest.raises(ConfigurationError):
        own(pattern)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_redaction_is_the_same_twice_and_leaves_alone_what_holds_nothing(text):
    once = ALL.text(text)
    assert ALL.text(once) == once
    if not any(mark in once for mark in ("[iban]", "[card]", "[email]", "[phone]")):
        assert once == text


def test_a_long_reply_takes_no_long():
    began = time.process_time()
    for text in ("ab12 " * 12_000, "1 " * 30_000, "a@" * 30_000, "+1 " * 20_000, "4" * 60_000):
        ALL.text(text)
    assert time.process_time() - began < 20


def test_every_preset_is_tried_here():
    assert {rule.preset for rule in ALL.rules} == set(PRESETS)
