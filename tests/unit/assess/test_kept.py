"""Purged cells in the tables of readings."""

from __future__ import annotations

from tests.support.readings import FAIL, PASS

from rebaseline.assess.kept import PURGED, count_purged, with_purged, with_violations, without_purged_arms
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.traits import TraitTally
from rebaseline.domain.comparison import Provider
from rebaseline.domain.reading import Assumption, Void


def table(*rows):
    return ReadingTable(tuple(f"p{n}" for n in range(len(rows))), tuple(tuple(row) for row in rows), 2)


def readings(**arms):
    tables = {name: {"rule": arms[name]} if name in arms else {} for name in ("claims", "alive", "live", "against")}
    return SuiteReadings(
        **tables, unjudged={}, traits=TraitTally().table(), provider=Provider(), sessions=(), attempts=2
    )


def test_every_purged_cell_is_there_and_what_is_at_hand_stays():
    filled = with_purged(
        readings(claims=table([PASS], [None, FAIL]), live=table([PASS], [])), {("p1", 0), ("p0", 2), ("p9", 0)}, {}
    )

    assert filled.claims["rule"].readings == ((PASS, None, PURGED), (PURGED, FAIL))
    assert filled.live["rule"].readings == ((PASS, None, PURGED), (PURGED,))
    assert filled.purged == 3
    assert count_purged(filled.claims["rule"], None, filled.live["rule"]) == 4


def test_what_was_accepted_of_a_cell_stands_and_never_hides_a_reply_at_hand():
    accepted = {"claims": {"rule": {("p0", 0): PASS, ("p1", 0): FAIL}}}
    filled = with_purged(readings(claims=table([FAIL], []), alive=table([], [])), {("p0", 0), ("p1", 0)}, accepted)

    assert filled.claims["rule"].readings == ((FAIL,), (FAIL,))
    assert filled.alive["rule"].readings == ((PURGED,), (PURGED,)), "each arm has its own"


def test_arms_are_without_their_void_cells_and_left_out_together_where_one_has_no_other():
    found = readings(
        claims=table([PURGED]), alive=table([PASS, PURGED]), live=table([PURGED, PASS]), against=table([PASS])
    )
    assert without_purged_arms(found, set()) == found
    left = without_purged_arms(found, {"rule", "other"})
    assert left.alive["rule"].readings == ((PASS, None),)
    assert left.live["rule"].readings == ((None, PASS),)
    assert left.claims == found.claims
    gone = without_purged_arms(readings(alive=table([PASS]), live=table([PURGED]), against=table([PASS])), {"rule"})
    assert (gone.alive, gone.live, gone.against) == ({}, {}, {})


def test_a_violation_that_was_read_stays_one_and_nothing_else_is_overridden():
    found = readings(claims=table([PASS, FAIL, None], [PURGED]))
    known = {"claims": {"rule": {("p0", 0): FAIL, ("p0", 1): PASS, ("p0", 2): FAIL, ("p1", 0): Void(Assumption.FORM)}}}
    assert with_violations(found, ["rule"], known).claims["rule"].readings == ((FAIL, FAIL, None), (PURGED,))
    assert with_violations(found, [], known) == found
