"""A repair that gets green by reading less, or by letting a failure pass, is refused."""

from types import SimpleNamespace

import pytest

from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import AliveIf, CheckSpec, OnRefusal
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Reason, Unmeasured, Unsettled
from rebaseline.repair.verifying import Moves, Outcome, find_moves, is_unguarded, objections_to

PASS, FAIL, VOID = Valued(1.0), Valued(0.0), Void(Assumption.READABLE)
INVALID = Invalid((Reason(Assumption.READABLE, 3),))
OPEN = Inconclusive(Unsettled.NO_ALARM)


def proposal(kind=RepairKind.SWITCH_CHECK):
    return Proposal(kind, "s", "a", Assumption.READABLE, "read it otherwise")


def assertion(on_refusal, *, arm=False):
    alive = AliveIf("benign", CheckSpec("answers", argument=True)) if arm else None
    return SimpleNamespace(on_refusal=OnRefusal(on_refusal), alive_if=alive)


def objections(kind=RepairKind.SWITCH_CHECK, **more):
    return objections_to(proposal(kind), Outcome(**({"old_before": Holds(), "old": Holds(), "new": Holds()} | more)))


def test_a_trial_is_verified_where_all_is_as_it_should_be():
    assert objections() == ()


@pytest.mark.parametrize("verdict", [Holds(), Failing()])
def test_a_new_version_that_is_settled_is_verified_whichever_way(verdict):
    assert objections(new=verdict) == ()


@pytest.mark.parametrize(
    ("verdict", "word"), [(OPEN, "unsettled"), (INVALID, "invalid"), (Unmeasured("x"), "unmeasured")]
)
def test_a_new_version_that_is_not_settled_is_no_repair(verdict, word):
    assert objections(new=verdict) == (f"the new version is then {word}",)


def test_the_old_version_keeps_its_verdict():
    assert objections(old=Failing()) == ("the old version is then failing (was holds)",)


def test_an_old_version_that_was_never_valid_must_be_settled():
    assert objections(old_before=INVALID, old=Failing()) == ()
    assert objections(old_before=INVALID, old=OPEN) == ("the old version is then unsettled (was invalid)",)
    assert objections(old_before=INVALID, old=INVALID) == ("the old version is then invalid (was invalid)",)


def test_without_old_replies_nothing_is_verified():
    assert objections(old=None) == ("the old version's replies are not at hand",)
    assert objections(old_before=None) == ("the old version's replies are not at hand",)
    nothing = Unmeasured("x")
    assert objections(old_before=nothing, old=nothing) == ("the old version's replies are not at hand",)


def test_a_reply_that_failed_and_now_passes_is_laundered():
    before = {"p": (FAIL, FAIL), "q": (PASS, VOID)}
    after = {"p": (PASS, FAIL), "q": (PASS, PASS)}
    assert find_moves(before, after, ["p", "q"]) == Moves(raised=1)
    assert objections(moves=Moves(raised=1)) == ("1 reply that failed now passes",)
    assert objections(moves=Moves(raised=12)) == ("12 replies that failed now pass",)


def test_a_score_that_rises_is_laundered_too():
    assert find_moves({"p": (Valued(0.4),)}, {"p": (Valued(0.5),)}, ["p"]) == Moves(raised=1)


def test_a_void_that_is_read_and_a_fail_that_becomes_void_are_no_laundering():
    assert find_moves({"p": (VOID, FAIL)}, {"p": (PASS, VOID)}, ["p"]) == Moves()


def test_a_reply_that_is_left_out_is_named():
    assert find_moves({"p": (FAIL, PASS)}, {"p": (FAIL,)}, ["p"]) == Moves(dropped=1)
    assert find_moves({"p": (FAIL,)}, {}, ["p"]) == Moves(dropped=1)
    assert objections(moves=Moves(dropped=1)) == ("1 reply is no longer read",)
    assert objections(moves=Moves(dropped=2)) == ("2 replies are no longer read",)


def test_an_attempt_that_was_never_made_is_not_left_out():
    assert find_moves({"p": (None, FAIL)}, {"p": (None, FAIL)}, ["p"]) == Moves()
    assert find_moves({"p": (None,)}, {}, ["p"]) == Moves()


def test_a_void_says_what_was_contradicted_only_where_two_readings_disagree():
    before = {"p": (Void(Assumption.AGREEMENT), Void(Assumption.FORM, if_undone=0.0))}
    assert find_moves(before, {"p": (PASS, PASS)}, ["p"]) == Moves()


def test_only_the_probes_that_are_asked_about_are_compared():
    assert find_moves({"p": (FAIL,)}, {"p": (PASS,)}, ["q"]) == Moves()


def test_a_control_that_is_misread_and_a_fault_that_passes_are_named():
    found = objections(controls=3, misread=("It is 41.",), passed_faults=("another value",))
    assert found == ("reads 1 of 3 controls wrongly: It is 41.", "passes seeded faults: another value")


@pytest.mark.parametrize(
    ("names", "words"),
    [("aab", "a; b"), ("abc", "a; b; c"), ("abcd", "a; b; c; and 1 more"), ("abcdeb", "a; b; c; and 2 more")],
)
def test_three_are_named_and_the_others_counted(names, words):
    assert objections(passed_faults=tuple(names)) == (f"passes seeded faults: {words}",)


def test_a_refusal_that_passes_needs_an_arm_that_shows_engagement():
    (found,) = objections(unguarded=True)
    assert found.startswith("a model that declines everything would pass")


@pytest.mark.parametrize(
    ("before", "now", "arm", "unguarded"),
    [
        ("void", "pass", False, True),
        ("fail", "pass", False, True),
        ("void", "pass", True, False),
        ("pass", "pass", False, False),
        ("void", "fail", False, False),
    ],
)
def test_a_refusal_is_unguarded_where_it_newly_passes_and_no_arm_is_there(before, now, arm, unguarded):
    assert is_unguarded(assertion(before), assertion(now, arm=arm)) is unguarded


def test_a_claim_that_holds_beside_an_arm_that_does_not_is_not_verified():
    assert objections(beside={"a-arm": Failing()}) == ("a-arm, which it adds, is then failing",)
    assert objections(new=Failing(), beside={"a-arm": Failing()}) == ()
    assert objections(beside={"a-arm": Holds()}) == ()


@pytest.mark.parametrize("kind", [RepairKind.MOVE_BAR, RepairKind.RETIRE])
def test_a_bar_that_is_moved_and_a_retirement_are_never_verified(kind):
    (found,) = objections(kind)
    assert found.endswith("never verified")


def test_a_pass_that_the_second_reading_contradicts_is_not_settled_by_leaving_that_reading_out():
    contradicted = Void(Assumption.AGREEMENT, if_undone=0.0)
    supported = Void(Assumption.AGREEMENT, if_undone=1.0)
    before = {"p": (contradicted, supported, contradicted, contradicted)}
    after = {"p": (Valued(1.0), Valued(1.0), Valued(0.0), VOID)}
    assert find_moves(before, after, ["p"]).raised == 1


@pytest.mark.parametrize(("controls", "faults", "unopposed"), [(0, 0, True), (1, 0, False), (0, 1, False)])
def test_where_there_is_neither_a_control_nor_a_fault_nothing_could_object(controls, faults, unopposed):
    outcome = Outcome(Holds(), Holds(), Holds(), controls=controls, faults=faults)
    assert outcome.is_unopposed is unopposed
    assert objections_to(proposal(), outcome) == ()
