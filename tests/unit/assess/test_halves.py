"""The samples of one version in two halves."""

from __future__ import annotations

from tests.support.readings import FAIL, PASS, table_of

from rebaseline.assess.halves import Halves, halve, halve_table
from rebaseline.domain.behaviour import Split


def test_one_session_is_halved_by_rounds_and_only_complete_ones_count():
    table = table_of("10", "1.", "01", "11", sessions=("s",) * 4)
    assert halve([table]) == Halves((0, 3), (2,), Split.ROUNDS)


def test_two_sessions_are_told_apart():
    table = table_of("1", "1", "0", "0", "1", sessions=("a", "a", "b", "b", "c"))
    assert halve([table]) == Halves((0, 1, 4), (2, 3), Split.SESSIONS)


def test_a_round_of_unknown_session_leaves_only_the_rounds():
    table = table_of("1", "1", sessions=("a", ""))
    assert halve([table]) == Halves((0,), (1,), Split.ROUNDS)
    assert halve([table_of("1", "1")]).split is Split.ROUNDS


def test_one_round_makes_no_halves():
    assert halve([table_of("11", sessions=("a",))]) is None
    assert halve([table_of("1.", "11")]) is None
    assert halve([]) is None


def test_a_suite_is_halved_as_one():
    long, short = table_of("1", "0", "1", "0"), table_of("1", "1", start="q")
    halves = halve([long, short])
    assert (halves.first, halves.second) == ((0, 2), (1, 3))
    first, second = halve_table(long, halves)
    assert (first.readings, second.readings) == (((PASS, PASS),), ((FAIL, FAIL),))
    assert (first.planned_rounds, second.planned_rounds) == (2, 2)
    assert [half.width for half in halve_table(short, halves)] == [1, 1]


def test_halves_keep_their_sessions():
    table = table_of("1", "1", "1", sessions=("a", "b", "a"))
    first, second = halve_table(table, halve([table]))
    assert (first.sessions, second.sessions) == (("a", "a"), ("b",))


def test_a_table_without_a_round_in_a_half_is_empty_there():
    table = table_of("1")
    first, second = halve_table(table, Halves((0,), (1,), Split.ROUNDS))
    assert (first.width, second.width, second.planned_rounds) == (1, 0, 1)
