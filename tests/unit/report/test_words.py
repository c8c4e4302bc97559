"""Untrusted text is fit to print, and figures never say all or nothing of what is neither."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.verdict import Inconclusive, Unsettled
from rebaseline.report.words import (
    WIDTH,
    answer_words,
    count_of,
    figure,
    form_words,
    number_of,
    one_line,
    percent,
    printable,
    reading_words,
    reply_words,
    rule_words,
    seen_words,
    unsettled_words,
    wrapped,
)

ANY = st.text(st.characters(exclude_categories=()), max_size=300)
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANY, st.integers(2, 120))
def test_one_line_is_one_printable_line_of_bounded_length(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(char) for char in line} & UNPRINTABLE
    assert line == line.strip()
    line.encode("utf-8")


@given(ANY)
def test_one_line_of_one_line_is_the_same(text):
    assert one_line(one_line(text)) == one_line(text)


@given(ANY)
def test_printable_keeps_lines_and_nothing_that_acts(text):
    shown = printable(text)
    assert shown.count("\n") == text.count("\n")
    assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & UNPRINTABLE


def test_a_long_text_costs_its_start_only():
    assert one_line("\x00" * 10_000_000 + "x") == "…"
    assert one_line("a" * 10_000_000, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", "(empty)"), (" \n\t", "(empty)"), ("\x1b\u202e", "(nothing printable)"), ("a\nb", "a b")],
)
def test_a_reply_without_anything_to_show_says_so(text, shown):
    assert reply_words(text, 20) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "no figure"),
        (0.0, ".00"),
        (0.001, "under .01"),
        (0.18, ".18"),
        (0.999, "over .99"),
        (1.0, "1.0"),
    ],
)
def test_figures(value, shown):
    assert figure(value) == shown


@given(st.floats(0, 1))
def test_neither_all_nor_nothing_unless_it_is(value):
    assert (figure(value) == ".00") == (value == 0.0)
    assert (figure(value) == "1.0") == (value == 1.0)
    assert (percent(value) == "0 %") == (value == 0.0)
    assert (percent(value) == "100 %") == (value == 1.0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0 %"), (0.0001, "under 0.1 %"), (0.05, "5 %"), (0.0766, "7.7 %"), (0.9999, "over 99.9 %"), (1.0, "100 %")],
)
def test_percents(value, shown):
    assert percent(value) == shown


def test_counts_set_thousands_apart():
    assert count_of(12, 3456) == "12 of 3,456"


@given(st.text(st.characters(categories=["L"]), max_size=20), ANY)
def test_wrapped_lines_fit(label, text):
    lines = wrapped(label, one_line(text, 400))
    assert all(len(line) <= WIDTH for line in lines)
    assert lines[0].startswith(label)


@pytest.mark.parametrize("form", list(Form))
def test_every_form_has_words_for_its_question(form):
    assert form_words([form])


@pytest.mark.parametrize("broken", list(Assumption))
def test_every_broken_assumption_has_words(broken):
    assert reading_words(Void(broken)).startswith("void: ")
    assert not reading_words(Void(broken)).endswith(": ")


def test_readings():
    assert reading_words(None) == "not asked"
    assert reading_words(Valued(1.0)) == "pass"
    assert reading_words(Valued(0.0, note="read \x1b[2J8")) == "fail (read [2J8)"
    assert reading_words(Valued(0.25)) == "score .25"
    assert reading_words(Void(Assumption.FORM, (Form.FENCE,))) == "void: fence"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (RuleChange("bar", "bar .9", "bar .8", "looser"), "bar .9 -> bar .8 (looser)"),
        (RuleChange("bar", "bar .9", "never (ceiling 0.05)"), "bar .9 -> never (ceiling 0.05)"),
        (RuleChange("check", "1f", "2e"), "check changed"),
    ],
)
def test_rule_changes(change, words):
    assert rule_words(change) == words


@pytest.mark.parametrize(
    ("verdict", "words", "seen"),
    [
        (Inconclusive(Unsettled.NO_ALARM, 40, 0.7), "no alarm; about 40 more replies would show the bar", ".70"),
        (Inconclusive(Unsettled.NO_ALARM), "no alarm", ""),
        (Inconclusive(Unsettled.SUSPECTED, 9), "suspected below its bar; about 9 more replies", ""),
        (Inconclusive(Unsettled.TOO_FEW), "too few replies", ""),
        (Inconclusive(Unsettled.TOO_FEW, 10**9), "over 10,000 more replies", ""),
    ],
)
def test_what_would_settle_it(verdict, words, seen):
    assert unsettled_words(verdict) == words
    assert (seen in seen_words(verdict)) if seen else not seen_words(verdict)


@pytest.mark.parametrize(
    ("count", "what", "shown"),
    [
        (1, "assertion", "1 assertion"),
        (0, "reply", "0 replies"),
        (1200, "fault", "1,200 faults"),
        (1, "reply", "1 reply"),
    ],
)
def test_one_of_a_thing_is_not_called_several(count, what, shown):
    assert number_of(count, what) == shown


def test_answers_to_a_question_are_what_a_suite_takes():
    assert answer_words([Form.FENCE, Form.NUMBER_FORMAT]) == (
        "consumer: {fence: undone, number_format: undone}",
        "consumer: {fence: breaks, number_format: breaks}",
    )
