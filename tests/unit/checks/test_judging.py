"""What a judge is asked, and what its answers say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.checks.instruments.judge import Judged
from rebaseline.checks.judging.answers import read_vote, sum_up
from rebaseline.checks.judging.requests import requests_about
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall
from rebaseline.domain.instrument import Look
from rebaseline.domain.judge import Bench, Judge, JudgeKind, JudgeVersion
from rebaseline.domain.reading import Assumption

VERSION = JudgeVersion("grader", "grader-1")
BY_RUBRIC = Judge("tone", VERSION, rubric="The reply says sorry.")
IN_POINTS = Judge("tone", VERSION, rubric="The reply helps.", scale=5)
FROM_FOUR = Judge("tone", VERSION, rubric="The reply helps.", scale=5, passes_from=4)
PAIRWISE = Judge("better", VERSION, kind=JudgeKind.PAIRWISE, reference="{{ champion }}")


def vote(text, judge=BY_RUBRIC, stop=Stop.COMPLETE):
    return read_vote(judge, Answered(Reply(text, stop)))


@pytest.mark.parametrize(
    "text",
    [
        "It does.\nVERDICT: PASS",
        "verdict: pass",
        "**VERDICT: PASS**",
        "**Verdict:** Pass.",
        "Because.\n\nVERDICT = PASS\n",
        "VERDICT: PASS\nVERDICT: PASS",
    ],
)
def test_a_line_names_the_verdict(text):
    assert vote(text).value == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PASS",
        "It passes.",
        "VERDICT: PERHAPS",
        "VERDICT: PASS or FAIL",
        "VERDICT: PASS\nVERDICT: FAIL",
        "The verdict: pass is what the reply asks for",
        "VERDICT: CANNOT TELL",
        "POINTS: 4",
        "BETTER: FIRST",
        f"{'VERDICT: PASS':<300}",
    ],
)
def test_what_names_none_or_two_is_a_void_of_the_judge(text):
    read = vote(text)
    assert read.value is None
    assert read.broken is Assumption.READABLE
    assert read.note


@pytest.mark.parametrize("stop", [Stop.CUT, Stop.REFUSED, Stop.FILTERED, Stop.UNKNOWN, Stop.TOOL])
def test_an_answer_that_is_not_whole_says_nothing(stop):
    assert vote("VERDICT: PASS", stop=stop).value is None


def test_a_fault_is_asked_again_and_a_rejection_is_void():
    assert read_vote(BY_RUBRIC, Faulted("timeout")) is None
    assert read_vote(BY_RUBRIC, Rejected(400)).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("POINTS: 1", 0.0), ("POINTS: 3", 0.5), ("points: 5/5", 1.0), ("**Points:** 2 of 5", 0.25)],
)
def test_points_are_a_share_of_the_scale(text, value):
    assert vote(text, IN_POINTS).value == value


@pytest.mark.parametrize("text", ["POINTS: 0", "POINTS: 6", "POINTS: 4/10", "POINTS: 3.5", "POINTS: ³", "POINTS: 003"])
def test_points_off_the_scale_are_none(text):
    assert vote(text, IN_POINTS).value is None


@given(st.text(max_size=400))
def test_no_answer_raises(text):
    for judge in (BY_RUBRIC, IN_POINTS, PAIRWISE):
        read = vote(text, judge)
        assert read.value is None or 0.0 <= read.value <= 1.0
        assert len(read.note) <= 200


def looks(*values):
    return tuple(Look(value, "said") for value in values)


def test_of_verdicts_the_majority_counts_and_an_even_split_is_void():
    assert sum_up(BY_RUBRIC, [looks(1.0, 0.0, 1.0)]).value == 1.0
    assert sum_up(BY_RUBRIC, [looks(1.0, 0.0)]).value is None
    assert sum_up(BY_RUBRIC, [looks(0.0, None, 0.0)]).value == 0.0
    assert sum_up(BY_RUBRIC, [looks(1.0, None)]).value is None


def test_votes_that_cannot_be_read_are_read_both_ways():
    """Two of five say pass: what the two that mumble would have said decides."""
    assert sum_up(BY_RUBRIC, [looks(1.0, 1.0, 0.0, None, None)]).value is None
    assert sum_up(BY_RUBRIC, [looks(1.0, 1.0, 1.0, None, None)]).value == 1.0
    assert sum_up(FROM_FOUR, [looks(1.0, 1.0, None)]).value is None
    assert sum_up(FROM_FOUR, [looks(0.0, 0.0, None)]).value == 0.0
    assert sum_up(IN_POINTS, [looks(0.5, None, 0.5)]).value is None
    assert sum_up(PAIRWISE, [looks(1.0), looks(None)]).value is None


def test_of_points_the_mean_counts_against_where_a_pass_begins():
    assert sum_up(IN_POINTS, [looks(0.5, 1.0)]).value == 0.75
    assert sum_up(FROM_FOUR, [looks(0.75)]).value == 1.0
    assert sum_up(FROM_FOUR, [looks(0.5)]).value == 0.0


@pytest.mark.parametrize(
    ("shown_first", "shown_second", "value"),
    [(1.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.5, 0.5, 0.5), (1.0, 0.5, 0.75), (1.0, 1.0, None), (0.0, 0.0, None)],
)
def test_a_judge_that_prefers_a_place_has_compared_nothing(shown_first, shown_second, value):
    assert sum_up(PAIRWISE, [looks(shown_first), looks(shown_second)]).value == value


def test_pairs_are_asked_in_both_orders():
    one, two = requests_about(PAIRWISE, Reply("mine"), {"champion": "yours"}, "What?")
    said = [re.findall(r"<<<[0-9a-f]{12}\n(.*?)\n[0-9a-f]{12}>>>", probe.turns[0].text) for probe in (one, two)]
    assert said == [["What?", "mine", "yours"], ["What?", "yours", "mine"]]
    assert one.id != two.id


@given(st.text(min_size=1, max_size=200))
def test_no_reply_closes_its_own_marks(text):
    (probe,) = requests_about(BY_RUBRIC, Reply(f"x{text}"), {}, "asked")
    mark = re.search(r"<<<([0-9a-f]{12})\n", probe.turns[0].text)[1]
    assert mark not in text
    assert probe.turns[0].text.count(f"{mark}>>>") == 2


def test_equal_questions_are_one_request_and_everything_shown_is_of_it():
    def digest(judge=BY_RUBRIC, reply="a", fields=None, asked="q"):
        return requests_about(judge, Reply(reply), fields or {}, asked)[0].fingerprint

    others = [
        digest(reply="b"),
        digest(asked="r"),
        digest(Judge("tone", VERSION, rubric="Another rule.")),
        digest(Judge("tone", VERSION, rubric="The reply says sorry.", parameters={"temperature": 0})),
        digest(IN_POINTS),
    ]
    assert digest() == digest()
    assert len({digest(), *others}) == 6
    # Who is asked is no part of it: two versions are asked the same.
    assert digest(Judge("tone", JudgeVersion("other", "grader-2"), rubric="The reply says sorry.")) == digest()


def test_tools_that_a_reply_called_are_shown():
    (probe,) = requests_about(BY_RUBRIC, Reply("done", tool_calls=(ToolCall("refund", '{"eur": 5}'),)), {}, "q")
    assert '[calls the tool refund with {"eur": 5}]' in probe.turns[0].text


def reads(reply, votes=None, judge=BY_RUBRIC):
    bench = Bench({"tone": judge}, {"tone": votes or {}})
    return Judged(judge, bench, {}, "q").look(reply, frozenset())


def test_what_was_not_judged_waits_and_what_was_is_looked_up():
    reply = Reply("so sorry")
    (request,) = requests_about(BY_RUBRIC, reply, {}, "q")
    assert reads(reply).broken is Assumption.JUDGED
    assert reads(reply, {request.fingerprint: looks(1.0)}).value == 1.0
    # The last time that it was asked in full counts.
    assert reads(reply, {request.fingerprint: (None, Look(1.0))}).value == 1.0
    assert reads(reply, {request.fingerprint: (Look(1.0), Look(0.0))}).value == 0.0
    assert reads(reply, {request.fingerprint: (Look(1.0), None)}).value == 1.0


@pytest.mark.parametrize(
    ("reply", "broken"),
    [
        (Reply(""), Assumption.ENGAGED),
        (Reply(" \n"), Assumption.ENGAGED),
        (Reply("", Stop.FILTERED), Assumption.ENGAGED),
        (Reply("half a", Stop.CUT), Assumption.COMPLETE),
    ],
)
def test_what_there_is_nothing_to_judge_of_is_not_shown(reply, broken):
    judged = Judged(BY_RUBRIC, Bench({"tone": BY_RUBRIC}), {}, "q")
    assert judged.requests(reply) == ()
    assert judged.look(reply, frozenset()).broken is broken
