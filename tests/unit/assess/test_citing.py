"""Which replies are named: those that count against a claim, in groups that count alike."""

from __future__ import annotations

from tests.support.readings import table_of

from rebaseline.assess.citing import cite
from rebaseline.assess.layout import Layout
from rebaseline.domain.account import GroupKind
from rebaseline.domain.evidence import Method
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import Failing, Holds, Invalid, Reason

STRADDLES = Invalid((Reason(Assumption.FORM, 3),))
OUT_OF_ORDER = Invalid((Reason(Assumption.ALIVE),), straddles=False)


def layout(*rounds, bar=None, old=None, method=Method.E_PROCESS, **more):
    return Layout(table_of(*rounds, **more), bar or AtLeast(0.8), method, old)


def cells(group):
    return [(cited.probe, cited.sample) for cited in group.replies]


def test_fails_come_first_where_the_claim_fails_and_voids_where_it_hangs_on_them():
    found = layout("10fv", "10ff")
    kinds = [(group.kind, group.broken, group.forms) for group in cite(Failing(), found)]
    assert kinds == [
        (GroupKind.FAILS, None, ()),
        (GroupKind.VOIDS, Assumption.FORM, (Form.FENCE,)),
        (GroupKind.VOIDS, Assumption.READABLE, ()),
    ]
    voids = cite(STRADDLES, found)
    assert [group.kind for group in voids] == [GroupKind.VOIDS, GroupKind.VOIDS, GroupKind.FAILS]
    assert cells(voids[0]) == [("p2", 0), ("p2", 1), ("p3", 1)]


def test_replies_of_unfinished_rounds_are_named_only_where_they_count():
    assert cite(Holds(), layout("11", "0.")) == ()
    (violations,) = cite(Failing(), layout("11", "0.", bar=Never()))
    assert cells(violations) == [("p0", 1)]


def test_of_pairs_those_are_named_that_differ():
    old = table_of("1101v1")
    found = cite(Failing(), layout("0101h1", bar=NoWorse(), old=old), old=old)
    assert [(group.kind, cells(group)) for group in found] == [
        (GroupKind.WORSE, [("p0", 0)]),
        (GroupKind.VOIDS, [("p4", 0)]),
    ]
    (better,) = cite(Holds(), layout("11", bar=NoWorse(), old=table_of("01")))
    assert better.kind is GroupKind.BETTER


def test_the_old_reading_stands_beside_the_new_one():
    old = table_of("1")
    (fails,) = cite(Failing(), layout("0"), old=old)
    (cited,) = fails.replies
    assert cited.old_reading == old.readings[0][0]


def test_an_arm_that_is_silent_is_named_without_the_readings_of_another_check():
    arm, old = table_of("01v", "1.1"), table_of("111")
    found = cite(OUT_OF_ORDER, layout("111"), old=old, arm=arm)
    assert [(group.kind, cells(group)) for group in found] == [(GroupKind.ARM, [("p0", 0), ("p2", 0)])]
    assert all(cited.old_reading is None for cited in found[0].replies)


def test_scores_are_a_group_of_their_own():
    assert [group.kind for group in cite(Failing(), layout("h0h"))] == [GroupKind.FAILS, GroupKind.PARTIAL]
