"""Purged cells in the tables of readings."""

from __future__ import annotations

from tests.support.readings import FAIL, PASS

from rebaseline.assess.kept import PURGED, count_purged, with_purged, without_purged_arms
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.traits import TraitTally
from rebaseline.domain.comparison import Provider


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
    accepted = {"rule": {("p0", 0): PASS, ("p1", 0): FAIL}}
    filled = with_purged(readings(claims=table([FAIL], []), alive=table([], [])), {("p0", 0), ("p1", 0)}, accepted)

    assert filled.claims["rule"].readings == ((FAIL,), (FAIL,))
    assert filled.alive["rule"].readings == ((PURGED,), (PURGED,)), "arms are not accepted"


def test_arms_are_left_out_together_where_one_was_purged():
    found = readings(claims=table([PASS]), alive=table([PASS]), live=table([PURGED]), against=table([PASS]))

    assert without_purged_arms(found, set()) is not None
    assert "rule" in without_purged_arms(found, set()).live
    left = without_purged_arms(found, {"rule", "other"})
    assert (left.alive, left.live, left.against) == ({}, {}, {})
    assert left.claims == found.claims
    whole = readings(claims=table([PASS]), live=table([PASS]))
    assert without_purged_arms(whole, {"rule"}).live == whole.live
