"""Two sides of a suite: what `app.comparing` wires."""

from __future__ import annotations

import pytest
from tests.support.readings import assertion, compile_says, probe, refuses, suite, table_of, tables

from rebaseline.app.assessing import Instruments
from rebaseline.app.comparing import SuiteSide, compare_suite
from rebaseline.app.standing import mark_standing
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import Provider, ShownBy
from rebaseline.domain.evidence import Method
from rebaseline.domain.form import Form
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import Change, Failing, Holds, Invalid, Transition

INSTRUMENTS = Instruments(compile_says, refuses)
GOOD = ("1" * 20,) * 3


def side(rounds, model="new", sessions=("n1", "n2", "n3"), key="a", start="p", fetch=None):
    table = rounds if not isinstance(rounds, tuple) else table_of(*rounds, sessions=sessions, start=start)
    return SuiteSide(
        ModelVersion("h", model, model),
        tables({key: table}),
        fetch or (lambda *_: None),
        None,
        Provider(),
        None,
        tuple(sessions),
    )


def compare(old, new, bar=None, **more):
    claim = assertion(bar or AtLeast(0.8), **more)
    probes = [probe(f"p{number}", samples=3) for number in range(20)]
    (found,) = compare_suite(suite(probes, claim), old, new, INSTRUMENTS, TargetKind.MODEL)
    return found


def test_survived_and_regressed():
    old = side(GOOD, "old", ("o1",) * 3)
    assert compare(old, side(GOOD, sessions=("n1",) * 3)).transition is Transition.SURVIVED
    worse = compare(old, side(("0" * 20,) * 3, sessions=("n1",) * 3))
    assert (worse.transition, worse.change.change, worse.new.verdict) == (
        Transition.REGRESSED,
        Change.WORSE,
        Failing(),
    )


def test_without_an_old_side_all_is_new():
    found = compare(None, side(GOOD))
    assert (found.old, found.transition, found.change.change) == (None, Transition.NEW, Change.UNKNOWN)


def test_an_assertion_that_the_baseline_lacks_is_new():
    assert compare(side(GOOD, "old", key="other"), side(GOOD)).transition is Transition.NEW


MIXED = ("1" * 19 + "0", "1" * 20, "0" + "1" * 19)


def test_the_prior_comes_from_another_model_or_from_other_sessions():
    alone = compare(None, side(MIXED, sessions=("n1",) * 3)).new.evidence
    other = compare(side(MIXED, "old", ("n1",) * 3), side(MIXED, sessions=("n1",) * 3)).new.evidence
    assert other.low.log_e_above > alone.low.log_e_above
    again = compare(side(MIXED, "new", ("n0",) * 3), side(MIXED, sessions=("n1",) * 3)).new.evidence
    assert again.low == other.low


@pytest.mark.parametrize(
    ("old_sessions", "new_sessions"),
    [(("n1",) * 3, ("n1",) * 3), (("n1", "n2", "n3"), ("n1", "n4", "n5")), (("", "", ""), ("n1",) * 3)],
)
def test_replies_that_may_be_the_same_ones_are_no_prior_and_refute_no_drop(old_sessions, new_sessions):
    old, new = side(MIXED, "new", old_sessions), side(MIXED, sessions=new_sessions)
    alone = compare(None, new).new.evidence
    assert compare(old, new).new.evidence.low == alone.low
    pairs = compare(old, new, NoWorse(0.1)).new.evidence
    assert pairs.method is Method.STEADY


def test_the_one_question_is_asked_of_both_sides():
    fenced = side(("f" * 20,) * 3, sessions=("n1",) * 3)
    found = compare(side(GOOD, "old", ("o1",) * 3), fenced)
    assert isinstance(found.new.verdict, Invalid)
    assert found.preview.forms == (Form.FENCE,)
    assert (found.preview.undone, found.preview.breaks) == (Holds(), Failing())
    assert (found.preview.undone_passes, found.preview.breaks_passes, found.preview.replies) == (60, 0, 60)
    assert (found.preview.old_undone, found.preview.old_undone_passes) == (Holds(), 60)


def test_pairs_are_previewed_with_the_same_answer_on_both_sides():
    old = side(("f" * 99,), "old", ("o1",))
    found = compare(old, side(("0" * 99,), sessions=("n1",)), NoWorse(0.1))
    assert isinstance(found.new.verdict, Invalid)
    assert found.preview is None  # the candidate's readings leave no question
    both = compare(old, side(("f" * 20 + "0" * 79,), sessions=("n1",)), NoWorse(0.1))
    assert isinstance(both.new.verdict, Invalid)
    assert both.preview.undone == Failing()  # old 99 of 99, new 20 of 99
    assert not isinstance(both.preview.breaks, Failing)  # broke on the old side just as well


def test_a_disputed_reading_is_previewed_as_the_check_had_it():
    disputed = side(("a" * 20,) * 3, sessions=("n1",) * 3)  # the check passed, the second reading says no
    found = compare(side(GOOD, "old", ("o1",) * 3), disputed)
    assert found.preview.forms == ()
    assert (found.preview.undone, found.preview.breaks) == (Failing(), Holds())


def test_no_question_where_the_verdict_does_not_hang_on_it():
    few = side(("f" + "1" * 19,) * 3, sessions=("n1",) * 3)
    assert compare(None, few).preview is None


def test_the_example_has_both_replies_where_they_are_at_hand():
    def fetch(text):
        return lambda probe, sample: Reply(f"{text} {probe} {sample}")

    old = side(GOOD, "old", ("o1",) * 3, fetch=fetch("old"))
    found = compare(old, side(("1" * 19 + "0",) * 3, sessions=("n1",) * 3, fetch=fetch("new")), Never(0.05))
    assert (found.example.probe, found.example.sample) == ("p19", 0)
    assert (found.example.old_text, found.example.new_text) == ("old p19 0", "new p19 0")


def test_able_to_fail_by_a_real_failure_on_either_side_or_not_shown():
    assert compare(None, side(MIXED)).able_to_fail
    assert compare(side(MIXED, "old"), side(GOOD)).able_to_fail
    assert not compare(None, side(GOOD)).able_to_fail
    assert not compare(None, side(("v" * 20,) * 3)).able_to_fail
    assert compare(None, side(MIXED)).shown_by is ShownBy.FAILURE


def marked(*found):
    return [comparison.stands for comparison in mark_standing(found)]


def test_only_alarms_by_e_value_are_marked():
    strong = compare(None, side(("0" * 20,) * 3, sessions=("n1",) * 3))
    fine = compare(None, side(GOOD, sessions=("n1",) * 3))
    leak = compare(None, side(MIXED, sessions=("n1",) * 3), Never(0.05))
    unread = compare(None, side(("v" * 20,) * 3, sessions=("n1",) * 3))
    assert isinstance(unread.new.verdict, Invalid)
    assert unread.new.verdict.proven
    assert marked(strong, fine, leak, unread) == [True, None, None, True]
    assert marked() == []


def test_the_arithmetic_of_a_steady_target_is_left_unmarked():
    steady = compare(None, side(("0" * 20,) * 2, sessions=("n1", "n2")))
    assert (steady.new.evidence.method, steady.new.verdict) == (Method.STEADY, Failing())
    assert marked(steady) == [None]


def test_a_weak_alarm_among_many_assertions_does_not_stand():
    weak = compare(None, side(("0" * 5 + "1" * 1,), sessions=("n1",)))
    assert weak.new.verdict == Failing()
    quiet = compare(None, side(("11110",), sessions=("n1",)))
    assert marked(weak, *[quiet] * 400)[0] is False
