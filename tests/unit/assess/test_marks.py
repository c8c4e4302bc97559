"""Marks of one reply."""

from __future__ import annotations

import time

import pytest

from rebaseline.assess.marks import ASKED_MARKS, MARKS, TOLD, marks_of, opening_of
from rebaseline.domain.attempt import Reply, Stop, ToolCall


def borne(text, stop=Stop.COMPLETE, *, calls=(), refuses=False):
    bits = marks_of(Reply(text, stop, tool_calls=calls), refuses=refuses)
    return {name for name, place in MARKS.items() if bits >> place & 1}


def told(text, *, refuses=False):
    bits = marks_of(Reply(text), refuses=refuses)
    return {name for name, place in {**MARKS, **ASKED_MARKS}.items() if bits >> (place + TOLD) & 1}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a\n```python\nx\n```", "fences"),
        ("It is **so**.", "emphasis"),
        ("# Title\ntext", "headings"),
        ("text\n### Part\nmore", "headings"),
        ("Steps:\n- one\n- two", "lists"),
        ("1. one", "lists"),
        ("* one", "lists"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "tables"),
        (r"so \(x^2\) and \frac{1}{2}", "LaTeX"),
        ("$$x$$", "LaTeX"),
        ("Well done \U0001f389", "emoji"),
        ("Sure! It is 42.", "preamble"),
        ("Here is the code you asked for:\nx = 1", "preamble"),
        ("It is 42. Let me know if you need anything.", "closing offer"),
        ("It is 42.\n\nWould you like me to explain?", "closing offer"),
        ("I\u2019m sorry, that is wrong.", "apology"),
        ("I apologise for that.", "apology"),
        ("I think it is 42.", "hedges"),
        ("As an AI language model, I have no view.", "speaks of itself as an AI"),
        ("I'm just an AI assistant.", "speaks of itself as an AI"),
        ("I've read it.", "first person"),
        ("Which one do you mean? ", "asks back"),
        ("This is the way in which it works for you.", "English"),
        ("\u042d\u0442\u043e \u043f\u0440\u0430\u0432\u0434\u0430", "other than Latin script"),
        (" \n", "empty"),
    ],
)
def test_a_mark_is_told_from_a_reply_that_bears_it_and_not_from_a_plain_one(text, mark):
    assert mark in borne(text)
    assert mark not in borne("42") | borne("Das Ergebnis lautet zweiundvierzig Euro.")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("#hashtag", "headings"),
        ("It costs 3.50 - more than before", "lists"),
        ("a | b -- c", "tables"),
        ("C:\\users\\new", "LaTeX"),
        ("The cost is $5 and $6.", "LaTeX"),
        ("caf\u00e9 \u2014 d\u00e9j\u00e0 vu", "emoji"),
        ("caf\u00e9 \u2014 d\u00e9j\u00e0 vu", "other than Latin script"),
        ("It is surely right.", "preamble"),
        ("The AI act of the EU applies.", "speaks of itself as an AI"),
        ("It is in Iowa.", "first person"),
        ("Why? Because it is.", "asks back"),
    ],
)
def test_what_only_looks_like_it_is_no_mark(text, mark):
    assert mark not in borne(text)


def test_how_a_reply_ended():
    assert "cut" in borne("a", Stop.CUT)
    assert "withheld by the provider" in borne("a", Stop.FILTERED) & borne("a", Stop.REFUSED)
    assert "unknown ending" in borne("a", Stop.UNKNOWN)
    assert borne("", calls=(ToolCall("t"),)) == {"tool calls"}  # a call is an answer: not empty
    assert "refuses" in borne("no", refuses=True)


def test_what_cannot_be_told_is_left_untold():
    everything = {*MARKS, *ASKED_MARKS}
    assert told("a reply of five words") == everything
    assert told("42") == everything - {"English", "other than Latin script"}
    assert told("yes, it is so indeed", refuses=None) == everything - {"refuses"}


def test_an_opening_is_short():
    assert opening_of("  Sorry,\nbut I can't help.") == "Sorry, but I can't"
    assert opening_of("") == ""
    assert opening_of("x" * 100_000) == "x" * 20


@pytest.mark.parametrize("filling", [" ", "\n", "\n ", "-", "|", "\n- ", "\n#", "\\", "*", "\n1"])
def test_a_hostile_reply_takes_no_longer_than_its_length(filling):
    def seconds(length):
        reply = Reply((filling * length)[:length])
        began = time.perf_counter()
        marks_of(reply, refuses=False)
        return time.perf_counter() - began

    assert seconds(400_000) < 1.0
