"""How a judge reads the transcripts that people labelled."""

from __future__ import annotations

import pytest

from rebaseline.assess.anchors import weigh_anchors
from rebaseline.domain.instrument import Look
from rebaseline.domain.judge import Anchor, Judge, JudgeKind, JudgeVersion
from rebaseline.domain.reading import Assumption

VERSION = JudgeVersion("grader", "grader-1")
PASS_FAIL = Judge("tone", VERSION, rubric="r")
POINTS = Judge("tone", VERSION, rubric="r", scale=5)
FROM_FOUR = Judge("tone", VERSION, rubric="r", scale=5, passes_from=4)
PAIRS = Judge("tone", VERSION, kind=JudgeKind.PAIRWISE)
WAITING = Look(None, "not judged yet", Assumption.JUDGED)


def weighed(judge, *pairs):
    return weigh_anchors(judge, [(Anchor("r", label), look) for label, look in pairs])


def said(value):
    return Look(value, "said")


def test_agreement_with_people_is_counted_and_weighed():
    # 8 passes right, 2 missed; 9 fails right, 1 taken for a pass: kappa = (.85 - .5) / .5.
    found = weighed(
        PASS_FAIL,
        *[(1.0, said(1.0))] * 8,
        *[(1.0, said(0.0))] * 2,
        *[(0.0, said(0.0))] * 9,
        *[(0.0, said(1.0))],
    )
    assert found.categories == ("fail", "pass")
    assert found.matrix == ((9, 1), (2, 8))
    assert found.agreed == 17
    assert found.kappa == pytest.approx(0.7)
    assert not found.misreads


def test_a_constant_judge_misreads_however_often_it_is_right():
    found = weighed(PASS_FAIL, *[(1.0, said(1.0))] * 19, (0.0, said(1.0)))
    assert found.agreed == 19
    assert found.kappa == pytest.approx(0.0)
    assert found.misreads


def test_a_judgement_that_cannot_be_read_is_read_wrongly():
    found = weighed(PASS_FAIL, *[(1.0, said(1.0))] * 5, *[(0.0, Look(None, "mumbles"))] * 5)
    assert (found.read, found.unread, found.agreed) == (5, 5, 5)
    assert found.categories == ("fail", "pass", "unread")
    assert found.misreads


def test_while_one_is_not_judged_nothing_is_said():
    found = weighed(PASS_FAIL, (1.0, said(0.0)), (0.0, WAITING))
    assert found.pending
    assert not found.misreads


def test_points_weigh_by_their_distance():
    near = weighed(POINTS, *[(value / 4, said(min(1.0, (value + 1) / 4))) for value in range(5)])
    far = weighed(POINTS, *[(value / 4, said(1.0 - value / 4)) for value in range(5)])
    assert near.kappa > 0.4
    assert far.kappa < 0.0


def test_a_judge_gone_binary_is_exposed_by_the_middle_of_the_scale():
    ends = [(1.0, said(1.0)), (0.0, said(0.0))] * 10
    binary = weighed(POINTS, *ends, (0.5, said(1.0)), (0.5, said(0.0)), (0.25, said(0.0)))
    graded = weighed(POINTS, *ends, (0.5, said(0.5)), (0.5, said(0.0)), (0.25, said(0.25)))
    assert not binary.misreads  # kappa alone would let it pass
    assert binary.gone_binary
    assert (graded.middle, graded.middle_kept) == (3, 2)
    assert not graded.gone_binary


def test_where_points_are_a_pass_or_a_fail_the_middle_is_no_case():
    found = weighed(FROM_FOUR, (0.75, said(1.0)), (0.5, said(0.0)), (1.0, said(1.0)), (0.5, said(1.0)))
    assert found.matrix == ((1, 1), (0, 2))
    assert found.agreed == 3
    assert found.middle == 0


def test_pairs_have_three_outcomes():
    found = weighed(PAIRS, (1.0, said(1.0)), (0.5, said(0.5)), (0.0, said(0.0)), (0.5, said(0.75)))
    assert found.categories == ("worse", "equal", "better")
    assert found.agreed in {3, 4}


def test_without_an_anchor_nothing_is_defined():
    found = weighed(PASS_FAIL)
    assert found.kappa is None
    assert found.misreads
