"""What follows from the layout of readings alone."""

from __future__ import annotations

import pytest
from tests.support.readings import FAIL, FAULT, FENCED, HALF, PASS, VOID, table_of

from rebaseline.assess.table import count_readings, find_steady, limits_of, mean_low
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption

TWENTY = "1" * 19 + "0"


def test_only_complete_rounds_are_read():
    table = table_of("110", "1.1", "011", "1..")
    assert table.complete_rounds() == (0, 2)
    assert list(table.rounds()) == [(PASS, PASS, FAIL), (FAIL, PASS, PASS)]
    assert sum(1 for _ in table.all_readings()) == 9


def test_a_shorter_row_leaves_its_rounds_incomplete():
    table = table_of("11", "11")
    ragged = type(table)(table.probes, ((PASS, PASS), (PASS,)), 2)
    assert ragged.complete_rounds() == (0,)
    assert ragged.column(1) == (PASS, None)
    assert ragged.width == 2


def test_no_probe_is_no_round():
    table = table_of()
    assert table.width == 0
    assert table.complete_rounds() == ()
    assert mean_low(table) is None


def test_voids_and_faults_are_bounded_and_never_guessed():
    limits = limits_of(table_of("1vx0h").rounds())
    assert limits.low == ((1.0, 0.0, 0.0, 0.0, 0.5),)
    assert limits.high == ((1.0, 1.0, 1.0, 0.0, 0.5),)


def test_the_prior_takes_voids_against_the_claim_and_leaves_incomplete_rounds_out():
    assert mean_low(table_of("11v0", "1111", "0..0")) == 0.75
    assert mean_low(table_of("1.")) is None


def test_readings_are_counted_by_kind_and_voids_by_what_broke():
    counts = count_readings([PASS, FAIL, HALF, VOID, FENCED, FENCED, FAULT])
    assert (counts.passes, counts.fails, counts.partial) == (1, 1, 1)
    assert counts.voids == {Assumption.DELIVERED: 1, Assumption.FORM: 2, Assumption.READABLE: 1}
    assert counts.void_forms == (Form.FENCE,)


def test_a_fault_neither_leads_nor_ends_a_run_of_voids():
    assert count_readings([FAULT, VOID, FAULT, VOID, PASS, VOID]).leading_voids == 2
    assert count_readings([PASS, VOID]).leading_voids == 0


def test_two_sessions_that_agree_on_twenty_probes_are_steady():
    assert find_steady([table_of(TWENTY, TWENTY, sessions=("s1", "s2"))]) == 20


def test_a_third_round_of_a_known_session_may_join():
    assert find_steady([table_of(TWENTY, TWENTY, TWENTY, sessions=("s1", "s1", "s2"))]) == 20


@pytest.mark.parametrize(
    "table",
    [
        table_of(TWENTY, TWENTY, sessions=("s1", "s1")),
        table_of(TWENTY, TWENTY, sessions=("s1", "")),
        table_of(TWENTY, TWENTY),
        table_of(TWENTY, sessions=("s1",)),
        table_of(TWENTY, TWENTY[::-1], sessions=("s1", "s2")),
        table_of(TWENTY, TWENTY, TWENTY[::-1], sessions=("s1", "s2", "s2")),
        table_of(TWENTY[:19], TWENTY[:19], sessions=("s1", "s2")),
        table_of(TWENTY, TWENTY[:19] + ".", sessions=("s1", "s2")),
        table_of("v" * 20, "r" * 20, sessions=("s1", "s2")),
        table_of("f" * 20, "v" * 20, sessions=("s1", "s2")),
        table_of(TWENTY[:19] + "x", TWENTY[:19] + "x", sessions=("s1", "s2")),
    ],
    ids=[
        "one session",
        "a mixed round",
        "sessions unknown",
        "one round",
        "a flip",
        "a later flip",
        "nineteen probes",
        "incomplete",
        "void for another reason",
        "void by another form",
        "two faults are no agreement",
    ],
)
def test_what_does_not_make_a_target_steady(table):
    assert find_steady([table]) is None


def test_all_assertions_of_a_suite_must_agree_and_their_probes_count_once():
    steady = table_of(TWENTY, TWENTY, sessions=("s1", "s2"))
    few = table_of("11", "11", sessions=("s1", "s2"), start="q")
    assert find_steady([steady, few]) == 22
    assert find_steady([steady, steady]) == 20
    assert find_steady([steady, table_of("11", "10", sessions=("s1", "s2"))]) is None
    assert find_steady([]) is None
