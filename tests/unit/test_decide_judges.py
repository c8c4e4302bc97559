"""What judges and contradicting readings do to a verdict, direction by direction."""

from __future__ import annotations

import pytest

from rebaseline.assess.table import ReadingTable
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.evidence import AnchorEvidence, GroupFacts, Outlook
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AtLeast, Never
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unsettled

BAR = AtLeast(0.6)


def evidence(values, bar=BAR):
    readings = [Void(Assumption.AGREEMENT) if value is None else Valued(value) for value in values]
    table = ReadingTable(tuple(f"p{n}" for n in range(len(readings))), tuple((it,) for it in readings), 1)
    return weigh_table(table, bar, prior_rate=None, steady_probes=None)


def judge(*, read=20, kappa=0.9, decides=True, moved_from="", middle=0, middle_kept=0):
    return AnchorEvidence(
        judge="tone",
        version="grader-1",
        anchors=20,
        read=read,
        unread=0,
        matrix=((10, 0), (0, 10)),
        categories=("fail", "pass"),
        agreed=read,
        kappa=kappa,
        floor=0.6,
        middle=middle,
        middle_kept=middle_kept,
        moved_from=moved_from,
        decides=decides,
    )


def decided(values, *judges, bar=BAR):
    return decide_verdict(evidence(values, bar), bar, GroupFacts(anchors=judges), Outlook())


FAILS, PASSES = [0.0] * 40, [1.0] * 40


def test_a_judge_in_order_blocks_nothing():
    assert decided(FAILS, judge()) == Failing()
    assert decided(PASSES, judge()) == Holds()
    assert decided(PASSES, judge(kappa=0.6)) == Holds()  # at its floor


@pytest.mark.parametrize(
    "out",
    [
        {"kappa": 0.59},
        {"kappa": None},
        {"moved_from": "grader-0"},
        {"middle": 2, "middle_kept": 0},
    ],
)
def test_a_judge_that_is_out_blocks_both_directions_where_it_decides(out):
    for values in (FAILS, PASSES):
        verdict = decided(values, judge(**out))
        assert isinstance(verdict, Invalid)
        assert [reason.broken for reason in verdict.reasons] == [Assumption.ANCHORS]
        assert not verdict.straddles
    assert decided(FAILS, judge(**out, decides=False)) == Failing()
    assert isinstance(decided(PASSES, judge(**out, decides=False)), Invalid)


def test_too_few_middle_cases_or_one_that_is_kept_show_no_judge_gone_binary():
    assert decided(FAILS, judge(middle=1)) == Failing()
    assert decided(FAILS, judge(middle=3, middle_kept=1)) == Failing()


def test_a_judge_whose_anchors_wait_settles_nothing_where_it_decides():
    for values in (FAILS, PASSES):
        assert decided(values, judge(read=19)) == Inconclusive(Unsettled.ANCHORS)
    assert decided(FAILS, judge(read=19, decides=False)) == Failing()
    assert decided(PASSES, judge(read=19, decides=False)) == Inconclusive(Unsettled.ANCHORS)


def test_one_of_two_judges_is_enough():
    assert isinstance(decided(FAILS, judge(decides=False, kappa=0.1), judge(kappa=0.1)), Invalid)
    assert decided(FAILS, judge(decides=False, kappa=0.1), judge()) == Failing()


@pytest.mark.parametrize("values", [[1.0] * 79 + [None], [1.0] * 72 + [None] * 8, [None] * 3 + [1.0] * 5])
def test_readings_that_exclude_each_other_on_what_may_never_happen_are_invalid(values):
    """Whoever is right, no further reply says so; a seen violation comes first."""
    verdict = decided(values, bar=Never())
    assert isinstance(verdict, Invalid)
    assert [reason.broken for reason in verdict.reasons] == [Assumption.AGREEMENT]
    assert decided([*values, 0.0], bar=Never()) == Failing()
    assert not isinstance(decided(values, bar=AtLeast(0.5)), Invalid)


@pytest.mark.parametrize(
    ("contradicted", "bar", "verdict"),
    [
        (0, Never(0.05), Holds),
        (1, Never(0.05), Invalid),  # the rate is under its ceiling; that one reply stays in doubt whatever comes
        (1, AtLeast(0.95), Holds),  # a rate may be shown over one reply that is in doubt
    ],
)
def test_one_contradicted_reply_among_many_clean_ones_is_invalid_only_where_none_may_be(contradicted, bar, verdict):
    found = decided([1.0] * 400 + [None] * contradicted, bar=bar)
    assert isinstance(found, verdict)
    if isinstance(found, Invalid):
        assert [(reason.broken, reason.replies) for reason in found.reasons] == [(Assumption.AGREEMENT, contradicted)]
