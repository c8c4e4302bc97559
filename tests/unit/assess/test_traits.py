"""The manner of replies in columns."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.readings import Log

from rebaseline.assess.marks import ASKED_MARKS, MARKS, TOLD
from rebaseline.assess.traits import AMOUNTS, TraitTally, add_manners
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.behaviour import Manner


def table(log):
    tally = TraitTally()
    for record in log.records:
        tally.add(record, refuses=False)
    return tally.table()


def manner(*replies):
    log = Log()
    for number, reply in enumerate(replies):
        log.add(f"p{number}", reply)
    return table(log).manner()


def test_a_row_holds_what_is_known_of_a_reply():
    said = Answered(Reply("Sure: 42"), usage=Usage(7, 3), latency_seconds=0.5)
    found = table(Log().add("p", said, 2).add("q", "one two", 0))
    assert found.probes == ("p", "q")
    assert found.sample.tolist() == [2, 0]
    assert dict(zip(AMOUNTS, found.amounts[0], strict=True)) == {
        "characters": 8,
        "words": 2,
        "output tokens": 3,
        "input tokens": 7,
        "latency": 0.5,
    }
    assert np.isnan(found.amounts[1]).tolist() == [False, False, True, True, True]
    assert [found.openings[place] for place in found.opening] == ["Sure: 42", "one two"]


def test_a_request_that_was_not_taken_is_a_row_without_a_reply_and_a_fault_is_none():
    log = Log().add("p", Rejected(400, "seed")).add("q", Rejected(404)).add("r", Faulted("timeout"))
    found = table(log)
    assert found.probes == ("p",)
    place = ASKED_MARKS["request no longer taken"]
    assert int(found.bits[0]) == (1 | 1 << TOLD) << place
    assert (np.isnan(found.amounts).all(), found.opening.tolist()) == (True, [-1])
    assert found.manner() == Manner(0, {}, None, None)


def test_rows_of_some_samples_are_numbered_anew():
    log = Log()
    for sample in range(4):
        log.add("p", f"reply {sample}", sample)
    found = table(log).of_samples((1, 3))
    assert found.sample.tolist() == [0, 1]
    assert [found.openings[place] for place in found.opening] == ["reply 1", "reply 3"]
    assert table(log).of_samples((9,)).sample.size == 0
    assert table(Log()).of_samples((0,)).sample.size == 0


def test_shares_and_means():
    found = manner(
        Answered(Reply("```x``` **b**\n- a", Stop.CUT), usage=Usage(output_tokens=8)),
        Answered(Reply("", tool_calls=(ToolCall("t"),))),
        Answered(Reply(" "), usage=Usage(output_tokens=0)),
        Answered(Reply("1. one")),
    )
    shares = {name: share for name, share in found.shares.items() if share}
    assert shares == {"fences": 0.25, "emphasis": 0.25, "lists": 0.5, "empty": 0.25, "cut": 0.25, "tool calls": 0.25}
    assert {*MARKS} - {*found.shares} == {"English"}  # no reply of five words
    assert found.mean_output_tokens == 4.0
    assert found.mean_characters == pytest.approx((17 + 0 + 1 + 6) / 4)


def test_without_replies_nothing_is_zero():
    assert manner() == Manner(0, {}, None, None)
    assert add_manners([manner(), manner()]) == Manner(0, {}, None, None)


def test_suites_are_weighed_by_their_replies():
    one = manner(*[Answered(Reply("```"), usage=Usage(output_tokens=2))] * 3)
    both = add_manners([one, manner("abcdefg"), manner()])
    assert (both.replies, both.shares["fences"], both.mean_characters, both.mean_output_tokens) == (4, 0.75, 4.0, 2.0)


def test_a_mark_that_one_suite_does_not_tell_of_is_left_out():
    both = add_manners([Manner(1, {"fences": 1.0, "lists": 1.0}, None, None), Manner(1, {"fences": 0.0}, None, None)])
    assert both == Manner(2, {"fences": 0.5}, None, None)
