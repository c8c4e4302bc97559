"""What judges, labels, references and outstanding replies do to a verdict, and in which words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.evidence import (
    AnchorEvidence,
    Evidence,
    FreshEvidence,
    GroupFacts,
    LabelEvidence,
    LimitEvidence,
    Method,
    Outlook,
)
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import AtLeast
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Reason, Unmeasured, Unsettled

READABLE, DELIVERED, JUDGED = Assumption.READABLE, Assumption.DELIVERED, Assumption.JUDGED
GOOD = AnchorEvidence("tone", "judge-3", 20, 20, 0, ((9, 1), (1, 9)), ("bad", "good"), 18, 0.8, 0.6)

MOVED = "moved from judge-2 to judge-3, and the old replies were not judged again"


def weighed(mean, above=0.0, below=0.0, **more):
    limit = LimitEvidence(mean, above, below, above, below)
    made = Evidence(Method.E_PROCESS, 0.8, 20, 3, 3, 60, 0, 0, {}, 0, limit, limit)
    return replace(made, **more)


HELD, FAILED = weighed(0.95, above=-math.log(HOLDS_ALPHA)), weighed(0.4, below=-math.log(ALARM_ALPHA))


def decide(found, **group):
    return decide_verdict(found, AtLeast(0.8), GroupFacts(**group), Outlook(7, 0.5))


@pytest.mark.parametrize("found", [HELD, FAILED])
@pytest.mark.parametrize(
    ("judge", "words"),
    [
        (replace(GOOD, kappa=0.59), "reads 18 of 20 anchors as people do (kappa 0.59, floor 0.60)"),
        (replace(GOOD, kappa=None), "reads 18 of 20 anchors as people do (kappa undefined, floor 0.60)"),
        (replace(GOOD, moved_from="judge-2"), MOVED),
        (
            replace(GOOD, middle=2),
            "has gone binary: none of 2 anchors in the middle of the scale is read there",
        ),
        (
            replace(GOOD, kappa=0.1, moved_from="judge-2"),
            f"{MOVED}; reads 18 of 20 anchors as people do (kappa 0.10, floor 0.60)",
        ),
    ],
)
def test_a_judge_that_does_not_read_as_people_do_shows_nothing_either_way(found, judge, words):
    reason = Reason(Assumption.ANCHORS, detail=f"its judge tone {words}")
    assert decide(found, anchors=(GOOD, judge)) == Invalid((reason,), straddles=False)


def test_a_judge_whose_anchors_are_not_read_yet_leaves_both_open():
    pending = replace(GOOD, read=19, kappa=0.1)
    for found in (HELD, FAILED):
        assert decide(found, anchors=(GOOD, pending)) == Inconclusive(Unsettled.ANCHORS)
        assert decide(found, anchors=(GOOD, replace(GOOD, kappa=0.6))) == decide(found)


def test_a_judge_that_decides_nothing_takes_back_no_failure():
    second = replace(GOOD, kappa=0.1, decides=False)
    assert decide(FAILED, anchors=(second,)) == Failing()
    assert decide(FAILED, anchors=(replace(second, read=19),)) == Failing()
    assert isinstance(decide(HELD, anchors=(second,)), Invalid)


def test_labels_are_quoted_with_the_bound_that_speaks_against_the_check():
    labels = LabelEvidence(60, 30, 0, 0, (1.0, 1.0), (0.5, 0.5), (0.2, 0.7), (0.1234, 0.7654))
    (reason,) = decide(HELD, labels=labels).reasons
    assert reason.detail == "by people's labels of a random sample, at most 0.765 of these replies pass"
    (reason,) = decide(FAILED, labels=replace(labels, alarm_bounds=(0.8234, 0.9876))).reasons
    assert reason.detail == "by people's labels of a random sample, at least 0.823 of these replies pass"


@pytest.mark.parametrize(
    ("probes", "named"),
    [
        (("p1",), "1 of its probes (p1)"),
        (tuple("abcde"), "5 of its probes (a, b, c, d, e)"),
        (tuple("abcdef"), "6 of its probes (a, b, c, d, e, …)"),
    ],
)
def test_a_reference_that_both_versions_contradict_is_named_with_its_first_probes(probes, named):
    fresh = FreshEvidence(probes, 9, "model-5", blocks=True)
    detail = f"both versions give the same other answer than model-5 wrote to {named}"
    assert decide(FAILED, fresh=fresh) == Invalid((Reason(Assumption.FRESH, detail=detail),), straddles=False)
    assert decide(FAILED, fresh=replace(fresh, blocks=False)) == Failing()
    assert decide(HELD, fresh=fresh) == Holds()


@pytest.mark.parametrize(
    ("voids", "fault"),
    [
        ({DELIVERED: 1}, "no reply to 1 request"),
        ({DELIVERED: 2}, "no reply to 2 requests"),
        ({JUDGED: 1}, "1 reply not judged yet"),
        ({JUDGED: 2}, "2 replies not judged yet"),
        ({JUDGED: 1, DELIVERED: 3}, "no reply to 3 requests, 1 reply not judged yet"),
    ],
)
def test_what_asking_again_may_bring_is_counted_by_what_is_missing(voids, fault):
    assert decide(weighed(None, passes=0, voids=voids)) == Unmeasured(fault)


def test_most_voids_outstanding_beside_some_that_were_read_are_counted_of_all():
    low, high = LimitEvidence(0.0, 0.0, 0.0), LimitEvidence(1.0, 0.0, 0.0)
    found = weighed(None, low=low, high=high, passes=0, voids={READABLE: 12, JUDGED: 13}, leading_voids=12)
    assert decide(found) == Unmeasured("13 of 25 replies not judged yet")


def test_replies_that_asking_again_may_bring_are_no_voids_that_a_verdict_hangs_on():
    """Six of sixty are unread, which is what is tolerated; six more were not delivered."""
    low, high = LimitEvidence(0.75, 0.0, 0.0), LimitEvidence(0.95, 0.0, 0.0)
    found = weighed(None, low=low, high=high, passes=45, fails=3, voids={READABLE: 6, DELIVERED: 6})
    assert decide(found) == Inconclusive(Unsettled.NO_ALARM, 7, 0.5)
    assert decide(replace(found, voids={READABLE: 7, DELIVERED: 5})).why is Unsettled.VOIDS
