"""Plain measures of replies."""

from __future__ import annotations

import pytest

from rebaseline.assess.manner import MannerTally, add_manners, add_providers
from rebaseline.domain.attempt import Answered, Reply, Stop, ToolCall, Usage
from rebaseline.domain.comparison import Manner, Provider


def measure(*replies):
    tally = MannerTally()
    for reply in replies:
        tally.add(reply)
    return tally.measure()


def test_shares_and_means():
    found = measure(
        Answered(Reply("```x``` **b**\n- a", Stop.CUT), usage=Usage(output_tokens=8)),
        Answered(Reply("", tool_calls=(ToolCall("t"),))),
        Answered(Reply(" "), usage=Usage(output_tokens=0)),
        Answered(Reply("1. one")),
    )
    assert found.shares == {
        "fences": 0.25,
        "emphasis": 0.25,
        "lists": 0.5,
        "empty": 0.25,
        "cut": 0.25,
        "tool calls": 0.25,
    }
    assert found.mean_output_tokens == 4.0
    assert found.mean_characters == pytest.approx((17 + 0 + 1 + 6) / 4)


def test_without_replies_nothing_is_zero():
    assert measure() == Manner(0, {}, None, None)
    assert add_manners([measure(), measure()]) == Manner(0, {}, None, None)


def test_suites_are_weighed_by_their_replies():
    one = measure(*[Answered(Reply("```"), usage=Usage(output_tokens=2))] * 3)
    other = measure(Answered(Reply("abcdefg")))
    both = add_manners([one, other, measure()])
    assert (both.replies, both.shares["fences"], both.mean_characters, both.mean_output_tokens) == (4, 0.75, 4.0, 2.0)


def test_providers_add_up():
    one = Provider(1, 1, 2, 3, 4, culprits={"seed": 1}, novelty={"content: x": 1}, input_tokens=7, uncounted=1)
    other = Provider(1, culprits={"seed": 2}, novelty={"content: x": 2}, input_tokens=5, output_tokens=3)
    both = add_providers([one, Provider(culprits=None), other])
    assert both == Provider(
        *(2, 1, 2, 3, 4),
        culprits={"seed": 3},
        novelty={"content: x": 3},
        input_tokens=12,
        output_tokens=3,
        uncounted=1,
    )
