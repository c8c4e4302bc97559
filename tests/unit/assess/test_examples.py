"""Which pair of replies is shown."""

from __future__ import annotations

import pytest
from tests.support.readings import table_of

from rebaseline.assess.examples import choose_cell, first_failing, first_passing
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Reason, Unmeasured, Unsettled

OLD = table_of("0011111")
NEW = table_of("10v0vr1")


def by(assumption, replies=1):
    return Invalid((Reason(assumption, replies),))


@pytest.mark.parametrize(
    ("verdict", "cell"),
    [
        (Failing(), ("p3", 0)),
        (by(Assumption.READABLE), ("p2", 0)),
        (by(Assumption.ACCEPTED), ("p5", 0)),
        (by(Assumption.ALIVE, 0), ("p2", 0)),
        (by(Assumption.CONTROLS, 0), ("p3", 0)),
        (Inconclusive(Unsettled.TOO_FEW), ("p3", 0)),
        (by(Assumption.COMPLETE), None),
    ],
)
def test_a_reply_that_shows_the_verdict_and_whose_old_reply_passed(verdict, cell):
    assert choose_cell(OLD, NEW, verdict) == cell


def test_a_void_is_shown_where_nothing_fails():
    assert choose_cell(OLD, table_of("1v"), Inconclusive(Unsettled.TOO_FEW)) == ("p1", 0)


def test_without_an_old_pass_the_first_that_shows_it():
    assert choose_cell(None, NEW, Failing()) == ("p1", 0)
    assert choose_cell(table_of("0000000"), NEW, Failing()) == ("p1", 0)
    assert choose_cell(OLD, table_of("11"), Holds()) is None
    assert choose_cell(OLD, table_of(), Unmeasured("x")) is None


def test_an_arm_that_is_dead_is_shown_by_any_reply():
    assert choose_cell(None, table_of("11"), by(Assumption.ALIVE, 0)) == ("p0", 0)


def test_first_pass_and_first_fail():
    table = table_of("v0", "h1")
    assert first_passing(table) == ("p1", 1)
    assert first_failing(table) == ("p0", 1)
    assert first_passing(table_of("v")) is first_failing(table_of("v")) is None


def test_a_probe_whose_old_samples_disagree_is_shown_last():
    old, new = table_of("111"), table_of("000")
    assert choose_cell(old, new, Failing(), {"p0", "p1"}) == ("p2", 0)
    assert choose_cell(old, new, Failing(), {"p0", "p1", "p2"}) == ("p0", 0)
    assert choose_cell(table_of("010"), new, Failing(), {"p1"}) == ("p1", 0)  # rather than one that failed before
