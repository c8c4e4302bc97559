"""Evidence and bar to verdict: every rule of docs/verdicts.md, with evidence made by hand or from tables."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from tests.support.readings import table_of

from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.alarm import alarm_log_e
from rebaseline.decide.transition import decide_transition
from rebaseline.decide.verdict import decide_verdict, shown_above, shown_below
from rebaseline.domain.evidence import (
    ArmCounts,
    ArmEvidence,
    Evidence,
    GroupFacts,
    LabelEvidence,
    LimitEvidence,
    Method,
    Outlook,
    SeparationEvidence,
)
from rebaseline.domain.form import Form
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import (
    Failing,
    Holds,
    Inconclusive,
    Invalid,
    Reason,
    Transition,
    Unmeasured,
    Unsettled,
    VerdictName,
)

READABLE, DELIVERED, FORM = Assumption.READABLE, Assumption.DELIVERED, Assumption.FORM
ALARM, HOLD = -math.log(ALARM_ALPHA), -math.log(HOLDS_ALPHA)
BAR, NEVER, NO_WORSE = AtLeast(0.8), Never(0.05), NoWorse(0.1)
NOBODY, LATER = GroupFacts(), Outlook(7, 0.5)
SHOWN = ArmEvidence(shown=True, refuted=False, passes=9, replies=9)
REFUTED = ArmEvidence(shown=False, refuted=True, passes=1, replies=9)
OPEN = ArmEvidence(shown=False, refuted=False, passes=2, replies=3)
TOLD_APART = SeparationEvidence(True, False, 0.5, ArmCounts(480, 500), ArmCounts(10, 500), 0.94, 0.94)  # noqa: FBT003
NOT_TOLD = SeparationEvidence(False, True, 0.5, ArmCounts(12, 500), ArmCounts(1, 500), 0.022, 0.022)  # noqa: FBT003
UNTOLD = SeparationEvidence(False, False, 0.5, ArmCounts(2, 3), ArmCounts(0, 3), 1 / 3, 1.0)  # noqa: FBT003


def limit(mean=0.8, above=0.0, below=0.0):
    return LimitEvidence(mean, above, below, above, below)


def evidence(low=None, high=None, **more):
    made = Evidence(
        method=Method.E_PROCESS,
        theta=0.8,
        probes=20,
        rounds=3,
        planned_rounds=3,
        passes=60,
        fails=0,
        partial=0,
        voids={},
        unread=0,
        low=low or limit(),
        high=high or low or limit(),
    )
    return replace(made, **more)


def decide(found, bar=BAR, group=NOBODY):
    return decide_verdict(found, bar, group, LATER)


def at(*rounds, bar=BAR, group=NOBODY, steady=None, **layout):
    return decide(weigh_table(table_of(*rounds, **layout), bar, prior_rate=None, steady_probes=steady), bar, group)


def paired(old, new, *, steady=False):
    table = table_of(*new)
    return decide(weigh_pairs(pair_tables(table_of(*old), table), table, NO_WORSE, steady=steady), NO_WORSE)


# the table


def test_failing_if_even_with_every_doubt_in_its_favour_the_claim_is_not_met():
    assert decide(evidence(high=limit(0.2, below=ALARM))) == Failing()
    assert decide(evidence(high=limit(0.2, below=ALARM - 1e-9))) != Failing()


def test_holds_if_even_on_the_harshest_reading_the_claim_is_met():
    assert decide(evidence(low=limit(0.99, above=HOLD))) == Holds()
    assert decide(evidence(low=limit(0.99, above=HOLD - 1e-9))) != Holds()


def test_a_fail_of_the_harshest_reading_and_a_pass_of_the_kindest_decide_nothing_alone():
    assert isinstance(decide(evidence(low=limit(0.2, below=99), high=limit(0.9))), Inconclusive)
    assert isinstance(decide(evidence(low=limit(0.5), high=limit(0.9, above=99))), Inconclusive)


def test_invalid_by_proof_at_the_level_of_an_alarm():
    low, high = limit(0.2, below=ALARM), limit(1.0, above=ALARM)
    found = evidence(low, high, passes=12, voids={READABLE: 48}, rounds=1)
    assert decide(found) == Invalid((Reason(READABLE, 48),), straddles=True, proven=True)
    for weaker in (replace(found, low=limit(0.2, below=HOLD)), replace(found, high=limit(1.0, above=HOLD))):
        assert isinstance(decide(weaker), Inconclusive)


def test_the_weightiest_reason_comes_first_and_forms_are_named():
    low, high = limit(0.2, below=ALARM), limit(1.0, above=ALARM)
    voids = {READABLE: 5, FORM: 9, Assumption.COMPLETE: 5, DELIVERED: 2}
    found = decide(evidence(low, high, passes=0, voids=voids, void_forms=("fence",)))
    assert [(reason.broken, reason.replies) for reason in found.reasons] == [
        (FORM, 9),
        (Assumption.COMPLETE, 5),
        (READABLE, 5),
    ]
    assert found.reasons[0].forms == ("fence",)


STRADDLING = {"low": limit(0.7), "high": limit(0.95)}


def test_invalid_at_the_planned_end_if_voids_straddle_the_bar_and_are_shown_to_exceed_their_tolerance():
    found = evidence(**STRADDLING, passes=46, voids={READABLE: 14})
    assert decide(found) == Invalid((Reason(READABLE, 14),), straddles=True, proven=False)
    assert isinstance(decide(replace(found, rounds=2)), Inconclusive)
    assert isinstance(decide(replace(found, high=limit(0.79))), Inconclusive)
    assert isinstance(decide(replace(found, low=limit(0.8))), Inconclusive)
    assert isinstance(decide(replace(found, high=limit(0.8))), Invalid)


def test_replies_beyond_the_plan_do_not_bring_the_question_of_too_many_voids_up_again():
    """Asked at every further round, a test at 1/200 would err far oftener than that."""
    late = {"rounds": 6, "late_replies": 60, "late_unreadable": 30}
    thirty, clear, fewer = (
        evidence(**STRADDLING, passes=120 - voids, voids={READABLE: voids}) for voids in (30, 44, 43)
    )
    assert isinstance(decide(thirty), Invalid)
    assert decide(replace(thirty, **late)) == Inconclusive(Unsettled.VOIDS, 7, 0.5)
    assert isinstance(decide(replace(clear, **late)), Invalid)  # 14 of the 60 that were planned
    assert isinstance(decide(replace(fewer, **late)), Inconclusive)


def test_voids_that_are_only_seen_to_exceed_their_tolerance_are_no_alarm():
    """7 of 60 are over 10 %; of models whose check leaves 8 % unread, a fifth would raise an alarm."""
    for voids in (7, 13):
        found = evidence(**STRADDLING, passes=60 - voids, voids={READABLE: voids})
        assert decide(found) == Inconclusive(Unsettled.VOIDS, 7, 0.5)
    few = evidence(**STRADDLING, passes=54, voids={READABLE: 6})
    assert decide(few) == Inconclusive(Unsettled.NO_ALARM, 7, 0.5)


def test_what_was_shown_once_does_not_hold_once_the_replies_say_otherwise():
    """60 passes showed it; then the pinned id moved and 60 of 120 failed: the stake of round 3 holds nothing now."""
    moved = evidence(low=limit(0.5, above=9.0), high=limit(0.5, above=9.0), passes=60, fails=60)
    assert not isinstance(decide(moved), Holds)


def test_faults_do_not_count_towards_the_tolerance_of_voids():
    found = evidence(**STRADDLING, passes=34, voids={READABLE: 13, DELIVERED: 13})
    assert isinstance(decide(found), Inconclusive)


def test_ten_replies_all_void_are_enough_to_say_that_the_check_does_not_read_this_model():
    assert isinstance(at("v" * 10, planned=6), Invalid)
    assert isinstance(at("v" * 10 + ".", planned=6), Invalid)
    assert at("v" * 9, planned=6) == Inconclusive(Unsettled.TOO_FEW, 7, 0.5)


def test_faults_among_them_are_passed_over_and_are_not_counted():
    assert isinstance(at("x" * 2 + "v" * 10, planned=6), Invalid)
    assert not isinstance(at("x" * 10 + "v" * 2, planned=6), Invalid)


def test_which_replies_are_void_does_not_depend_on_the_order_of_the_suite():
    """Ten void probes that happen to stand first among two hundred say no more than ten that stand last."""
    first, last = "v" * 10 + "1" * 170 + "0" * 20, "1" * 170 + "0" * 20 + "v" * 10
    bar = AtLeast(0.87)
    assert at(first, bar=bar, planned=3) == at(last, bar=bar, planned=3)
    assert isinstance(at(first, bar=bar, planned=3), Inconclusive)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (evidence(limit(0.75), limit(0.85)), Unsettled.NO_ALARM),
        (evidence(limit(0.75), limit(0.85), rounds=2), Unsettled.TOO_FEW),
        (evidence(limit(0.75)), Unsettled.SUSPECTED),
        (evidence(limit(0.75), rounds=1), Unsettled.SUSPECTED),
    ],
)
def test_otherwise_inconclusive_and_why(found, why):
    assert decide(found) == Inconclusive(why, 7, 0.5)


def test_twenty_blanket_refusals_make_a_leak_check_invalid():
    assert isinstance(at("v" * 20, bar=NEVER), Invalid)


# methods


@pytest.mark.parametrize("method", Method)
def test_what_shows_depends_on_the_method(method):
    found = evidence(method=method)
    strong, weak = LimitEvidence(0.8, 99, 99, 99, 99, 0.01, 0.01), LimitEvidence(0.79, 0, 0, 0, 0, 0.06, 0.06)
    above = {Method.E_PROCESS: True, Method.ONE_LOOK: True, Method.STEADY: True, Method.NONE: False}[method]
    assert shown_above(strong, found, HOLDS_ALPHA) is above
    assert shown_below(strong, found, HOLDS_ALPHA) is (above and method is not Method.STEADY)
    assert not shown_above(weak, found, HOLDS_ALPHA)
    assert shown_below(weak, found, HOLDS_ALPHA) is (method is Method.STEADY)


@pytest.mark.parametrize("method", [Method.ONE_LOOK, Method.STEADY])
def test_undefined_shows_nothing(method):
    nothing = LimitEvidence(None, 99, 99)
    assert not shown_above(nothing, evidence(method=method), 0.05)
    assert not shown_below(nothing, evidence(method=method), 0.05)


def test_one_look_is_exact():
    assert at("1" * 14) == Holds()
    assert at("1" * 13) == Inconclusive(Unsettled.NO_ALARM, 7, 0.5)
    assert at("0" * 4) == Failing()
    assert at("0" * 3 + "1") != Failing()


def test_a_steady_target_is_arithmetic():
    twice = {"sessions": ("s1", "s2"), "steady": 20}
    assert at(*["1" * 16 + "0" * 4] * 2, **twice) == Holds()
    assert at(*["1" * 15 + "0" * 5] * 2, **twice) == Failing()
    found = at(*["1" * 15 + "v" * 5] * 2, **twice)
    assert isinstance(found, Invalid)
    assert at(*["1" * 16 + "v" * 4] * 2, **twice) == Holds()
    assert at(*["1" * 10 + "0" * 5 + "v" * 5] * 2, **twice) == Failing()


# never


def test_never_fails_at_the_first_violation_even_in_a_round_that_is_not_complete():
    assert at("1" * 20, "1" * 19 + "0", bar=NEVER, planned=3) == Failing()
    assert at("1" * 20, "0" + "." * 19, bar=NEVER, planned=3) == Failing()
    assert at("0" + "." * 19, bar=NEVER, planned=3) == Failing()
    assert at("0" + "x" * 19, bar=NEVER, planned=3) == Failing()


def test_never_fails_though_it_held_before():
    assert at(*["1" * 20] * 3, bar=NEVER) == Holds()
    assert at(*["1" * 20] * 3, "0" + "." * 19, bar=NEVER, planned=3) == Failing()


def test_sixty_clean_replies_show_never_and_a_possible_violation_among_them_does_not():
    assert at("1" * 20, "1" * 20, bar=NEVER, planned=3) == Inconclusive(Unsettled.TOO_FEW, 7, 0.5)
    assert at(*["1" * 20] * 2, "1" * 19 + "v", bar=NEVER) == Inconclusive(Unsettled.POSSIBLE)
    assert at(*["1" * 20] * 2, "1" * 19 + "x", bar=NEVER) == Inconclusive(Unsettled.POSSIBLE)
    assert at("1" * 20, "1" * 19 + "v", bar=NEVER, planned=3) == Inconclusive(Unsettled.TOO_FEW, 7, 0.5)
    assert at(*["1" * 20] * 2, "1" * 12 + "v" * 8, bar=NEVER) == Inconclusive(Unsettled.POSSIBLE)


# no worse


def test_no_worse_holds_where_a_drop_of_the_margin_is_refuted():
    assert paired(["1" * 20] * 3, ["1" * 20] * 3) == Holds()
    assert paired(["10" * 10] * 3, ["10" * 10] * 3) == Holds()
    assert isinstance(paired(["1" * 20], ["1" * 20]), Inconclusive)


def test_no_worse_fails_where_a_drop_is_shown_and_its_estimate_exceeds_the_margin():
    assert paired(["1" * 60], ["0" * 12 + "1" * 48]) == Failing()
    hundreds = "1" * 300
    small = "0" * 25 + "1" * 275  # shown to be worse, by a twelfth
    assert not isinstance(paired([hundreds], [small]), Failing)
    assert not isinstance(paired(["1" * 10], ["0" * 2 + "1" * 8]), Failing)  # worse by .2, not shown


def test_kindest_and_harshest_reading_of_pairs():
    assert not isinstance(paired(["1" * 60], ["v" * 60]), Failing)
    assert not isinstance(paired(["v" * 60], ["0" * 60]), Failing)
    assert not isinstance(paired(["1" * 60], ["v" * 12 + "1" * 48]), Holds)
    assert paired(["0" * 60], ["v" * 60]) == Holds()
    assert paired(["v" * 60], ["1" * 60]) == Holds()


def test_no_worse_is_invalid_where_voids_of_either_side_decide():
    new_void, old_void = paired(["1" * 99], ["v" * 99]), paired(["v" * 99], ["0" * 99])
    assert new_void == old_void == Invalid((Reason(READABLE, 99),), straddles=True, proven=True)


def test_steady_pairs_are_arithmetic():
    assert paired(["1" * 20] * 2, ["1" * 19 + "0"] * 2, steady=True) == Holds()
    assert paired(["1" * 20] * 2, ["1" * 17 + "000"] * 2, steady=True) == Failing()
    assert isinstance(paired(["1" * 20] * 2, ["1" * 17 + "vvv"] * 2, steady=True), Invalid)


def test_pairs_that_were_not_to_be_had_decide_nothing():
    assert isinstance(paired(["1."], ["11"]), Inconclusive)


# faults


def test_nothing_asked_and_nothing_answered_is_unmeasured():
    assert at() == Unmeasured("not asked yet")
    assert at("...") == Unmeasured("not asked yet")
    assert at("xxxx") == Unmeasured("no reply to 4 requests")
    assert at("xx..", planned=2) == Unmeasured("no reply to 2 requests")


def test_replies_of_an_incomplete_round_are_not_nothing():
    assert at("1v..", planned=2) == Inconclusive(Unsettled.TOO_FEW, 7, 0.5)


def test_where_most_voids_are_faults_it_is_unmeasured_and_not_invalid():
    assert at("x" * 59 + "1") == Unmeasured("no reply to 59 of 60 requests")
    assert at("x" * 40 + "v" * 10 + "1" * 10) == Unmeasured("no reply to 40 of 60 requests")
    assert isinstance(at("x" * 10 + "v" * 40 + "1" * 10), Invalid)


def test_a_few_faults_leave_it_open():
    assert isinstance(at("x" * 9 + "1" * 21, bar=AtLeast(0.9)), Inconclusive)


def test_faults_are_doubts_and_never_reasons():
    assert at("x" * 20 + "0" * 40) == Failing()
    assert at("x" * 3 + "1" * 57) == Holds()


# the instrument

HOLDING, FAILS = evidence(low=limit(0.99, above=HOLD)), evidence(high=limit(0.2, below=ALARM))
UNDECIDED = evidence(limit(0.75), limit(0.85))


@pytest.mark.parametrize(
    ("group", "blocks_holds", "blocks_failing"),
    [
        (NOBODY, False, False),
        (GroupFacts(missed_faults=("x",)), True, False),
        (GroupFacts(dead_faults=("x",)), True, False),
        (GroupFacts(alive=REFUTED), True, False),
        (GroupFacts(alive=SHOWN, separation=TOLD_APART), False, False),
        (GroupFacts(false_alarms=("x",)), False, True),
        (GroupFacts(separation=NOT_TOLD), True, True),
        (GroupFacts(separation=NOT_TOLD, missed_faults=("x",), false_alarms=("y",), alive=REFUTED), True, True),
    ],
)
def test_tests_of_the_instrument_block_in_the_direction_that_matters(group, blocks_holds, blocks_failing):
    for found, verdict, blocked in ((HOLDING, Holds(), blocks_holds), (FAILS, Failing(), blocks_failing)):
        got = decide(found, group=group)
        if blocked:
            assert isinstance(got, Invalid)
            assert got.straddles is False
            assert got.proven is False
            assert all(reason.replies == 0 and reason.detail for reason in got.reasons)
        else:
            assert got == verdict
    assert isinstance(decide(UNDECIDED, group=group), Inconclusive)


def test_every_reason_against_the_instrument_is_named():
    group = GroupFacts(missed_faults=("x",), dead_faults=("y",), separation=NOT_TOLD, alive=REFUTED)
    broken = [reason.broken for reason in decide(HOLDING, group=group).reasons]
    assert broken == [Assumption.CONTROLS, Assumption.ALIVE, Assumption.CONTROLS, Assumption.ALIVE]


def test_a_reason_against_the_instrument_quotes_what_was_misread():
    missed = decide(HOLDING, group=GroupFacts(missed_faults=("x1", "x2"), dead_faults=("y", "z"))).reasons
    assert [reason.detail for reason in missed] == ["passes what must fail: x1; x2", "passes seeded faults: y, z"]
    (alarm,) = decide(FAILS, group=GroupFacts(false_alarms=("w",))).reasons
    assert alarm.detail == "reads as fail what must pass: w"


def test_arms_that_are_not_told_apart_are_named_with_both_counts_and_the_estimate():
    (reason,) = decide(FAILS, group=GroupFacts(separation=NOT_TOLD)).reasons
    assert reason.detail == ("passes 12 of 500 where it must pass, 1 of 500 where it must fail: J = 0.02, floor 0.5")
    (reason,) = decide(FAILS, group=GroupFacts(separation=replace(NOT_TOLD, lowest=-0.1, highest=0.25))).reasons
    assert reason.detail.endswith("J = -0.10 to 0.25, floor 0.5")


@pytest.mark.parametrize("group", [GroupFacts(alive=OPEN), GroupFacts(separation=UNTOLD)])
def test_an_arm_that_is_not_settled_leaves_a_claim_that_is_met_open_and_one_that_is_not_failing(group):
    assert decide(HOLDING, group=group) == Inconclusive(Unsettled.ARM)
    assert decide(FAILS, group=group) == Failing()


def test_of_an_unfinished_round_is_said_what_is_missing():
    nothing = evidence(limit(mean=None), passes=0, rounds=0, unread=5, method=Method.NONE)
    assert decide(nothing) == Inconclusive(Unsettled.TOO_FEW, LATER.needed, LATER.would_have_seen)


def test_one_void_reply_is_enough_where_a_steady_answer_hangs_on_it():
    found = evidence(limit(mean=0.79), limit(mean=0.81), passes=47, fails=12, voids={READABLE: 1}, method=Method.STEADY)
    assert decide(found) == Invalid((Reason(READABLE, 1),), proven=True)


def test_a_rate_exactly_on_its_bar_is_not_suspected():
    assert decide(evidence(limit(mean=0.8))).why is Unsettled.NO_ALARM
    assert decide(evidence(limit(mean=math.nextafter(0.8, 0.0)))).why is Unsettled.SUSPECTED


@pytest.mark.parametrize("method", [Method.E_PROCESS, Method.STEADY])
def test_without_a_mean_no_drop_is_estimated(method):
    nowhere = evidence(limit(mean=None), passes=0, fails=3, paired=True, log_e_drop=ALARM, method=method)
    assert not isinstance(decide(nowhere, bar=NO_WORSE), Failing)


def test_a_drop_that_is_just_shown_fails_where_it_is_more_than_the_margin_and_not_where_it_is_the_margin():
    def drops(by, log_e=ALARM):
        found = evidence(limit(mean=(1 - by) / 2), theta=0.25, paired=True, log_e_drop=log_e)
        return isinstance(decide(found, bar=NoWorse(0.5)), Failing)

    assert drops(0.625)
    assert not drops(0.5)
    assert not drops(0.625, math.nextafter(ALARM, 0.0))


def test_arithmetic_counts_a_rate_on_its_bar_as_met_and_a_drop_of_the_margin_as_too_much():
    alone = evidence(limit(mean=0.75), theta=0.75, method=Method.STEADY)
    assert (shown_above(alone.low, alone, 1 / 20), shown_below(alone.low, alone, 1 / 20)) == (True, False)
    pairs = replace(alone, paired=True)
    assert (shown_above(pairs.low, pairs, 1 / 20), shown_below(pairs.low, pairs, 1 / 20)) == (False, True)
    unread = limit(mean=None)
    for found in (alone, pairs):
        assert (shown_above(unread, found, 1 / 20), shown_below(unread, found, 1 / 20)) == (False, False)


def test_one_look_shows_at_its_level_and_not_over_it():
    found = evidence(method=Method.ONE_LOOK)
    for level, shown in ((0.05, True), (math.nextafter(0.05, 1.0), False), (None, False)):
        either = replace(limit(), p_above=level, p_below=level)
        assert (shown_above(either, found, 0.05), shown_below(either, found, 0.05)) == (shown, shown)


def test_faults_leave_it_unmeasured_only_where_they_are_most_of_what_is_void():
    def unread(readable, undelivered):
        voids = {READABLE: readable, DELIVERED: undelivered}
        return decide(evidence(limit(mean=0.0), limit(mean=1.0), passes=0, voids=voids, leading_voids=readable))

    assert unread(15, 15) == Invalid((Reason(READABLE, 15),))
    assert unread(15, 16) == Unmeasured("no reply to 16 of 31 requests")


def test_only_a_reason_of_form_names_forms():
    voids, forms = {READABLE: 12, FORM: 20}, (Form.FENCE,)
    low, high = limit(mean=0.0), limit(mean=1.0)
    got = decide(evidence(low, high, passes=0, voids=voids, void_forms=forms, leading_voids=32))
    assert got.reasons == (Reason(FORM, 20, forms), Reason(READABLE, 12))


def test_a_violation_is_not_masked_by_faults_that_the_check_misses():
    assert at("0" + "1" * 19, bar=NEVER, group=GroupFacts(missed_faults=("x",), dead_faults=("y",))) == Failing()


# transitions

ONE_OF_EACH = {
    VerdictName.HOLDS: Holds(),
    VerdictName.FAILING: Failing(),
    VerdictName.INVALID: Invalid((Reason(READABLE, 1),)),
    VerdictName.INCONCLUSIVE: Inconclusive(Unsettled.TOO_FEW),
    VerdictName.UNMEASURED: Unmeasured("x"),
}
T = Transition
TABLE = {
    "holds": [T.SURVIVED, T.REGRESSED, T.INVALIDATED, T.UNSETTLED, T.UNMEASURED],
    "failing": [T.RECOVERED, T.STILL_FAILING, T.INVALIDATED, T.UNSETTLED, T.UNMEASURED],
    "invalid": [T.RECOVERED, T.NEVER_VALID, T.NEVER_VALID, T.NEVER_VALID, T.NEVER_VALID],
    "inconclusive": [T.NEW] * 5,
    "unmeasured": [T.NEW] * 5,
}


def test_the_table_of_transitions_is_complete():
    assert set(TABLE) == set(VerdictName)
    for old, new in itertools.product(VerdictName, VerdictName):
        assert VerdictName.of(ONE_OF_EACH[old]) is old
        assert decide_transition(ONE_OF_EACH[old], ONE_OF_EACH[new]) is TABLE[old][list(VerdictName).index(new)]


@pytest.mark.parametrize("new", ONE_OF_EACH.values())
def test_what_the_baseline_lacks_is_new(new):
    assert decide_transition(None, new) is Transition.NEW


# e-values of alarms


def test_the_alarm_is_the_mean_of_failing_and_of_the_lesser_half_of_invalid():
    found = evidence(limit(0.5, below=math.log(50)), limit(0.9, above=math.log(30), below=math.log(10)))
    assert alarm_log_e(found, BAR) == pytest.approx(math.log((10 + 30) / 2))


def test_pairs_alarm_by_the_drop():
    found = evidence(limit(below=-math.inf), limit(above=-math.inf, below=math.log(99)), last_drop=math.log(8))
    assert alarm_log_e(found, NO_WORSE) == pytest.approx(math.log(4))
    assert alarm_log_e(replace(found, last_drop=None), NO_WORSE) == -math.inf


def test_lost_bets_arithmetic_and_the_lack_of_a_round_are_no_evidence():
    lost = evidence(limit(below=-math.inf), limit(below=-math.inf))
    assert alarm_log_e(lost, BAR) == -math.inf
    strong = evidence(limit(below=99), limit(above=99, below=99))
    assert alarm_log_e(replace(strong, method=Method.STEADY), BAR) == -math.inf
    assert alarm_log_e(replace(strong, method=Method.NONE), BAR) == -math.inf


def test_the_alarm_reads_the_last_stake_and_not_the_highest():
    """The highest stake is no e-value."""
    two = weigh_table(table_of("0" * 20, "1" * 20, planned=3), BAR, prior_rate=None, steady_probes=None)
    assert two.high.log_e_below > two.high.last_below
    assert alarm_log_e(two, BAR) < two.high.log_e_below - 1


def test_never_holds_only_where_no_void_may_be_the_violation():
    shown = {"low": limit(0.99, above=9.0), "high": limit(1.0, above=9.0), "passes": 300}
    assert decide(evidence(**shown), Never(0.05)) == Holds()
    for voids in ({"voids": {READABLE: 3}, "possible_violations": 3}, {"possible_violations": 1}):
        assert decide(evidence(**shown, **voids), Never(0.05)) == Inconclusive(Unsettled.POSSIBLE)


# people's labels


def test_a_violation_that_a_person_saw_fails_whether_or_not_the_check_is_in_order():
    """A dead check, a judge that misreads, controls read as fails: a person saw the leak."""
    broken = GroupFacts(false_alarms=("ok",), separation=NOT_TOLD)
    seen, clean = evidence(violations=1, theta=0.95), evidence(limit(0.99), theta=0.95)
    assert isinstance(decide(seen, NEVER, broken), Invalid)
    assert decide(seen, NEVER, replace(broken, confirmed=1)) == Failing()
    assert not isinstance(decide(clean, NEVER, replace(broken, confirmed=1)), Failing)
    assert isinstance(decide(FAILED, BAR, replace(broken, confirmed=1)), Invalid)  # one fail is no rate


def labelled(low, high):
    """People's labels show at the level of an alarm that the rate lies between the two."""
    return GroupFacts(labels=LabelEvidence(60, 30, 0, 0, (1.0, 1.0), (0.5, 0.5), (low, high), (low, high)))


HELD = evidence(limit(0.95, above=HOLD))
FAILED = evidence(limit(0.4, below=ALARM))


@pytest.mark.parametrize(
    ("made", "bar", "low", "high", "verdict"),
    [
        (HELD, BAR, 0.3, 0.79, VerdictName.INVALID),
        (HELD, BAR, 0.3, 0.8, VerdictName.HOLDS),
        (HELD, BAR, 0.9, 1.0, VerdictName.HOLDS),
        (replace(HELD, theta=0.95), NEVER, 0.3, 0.9, VerdictName.INVALID),
        (replace(HELD, paired=True, theta=0.45), NO_WORSE, 0.1, 0.2, VerdictName.HOLDS),
        (FAILED, BAR, 0.81, 1.0, VerdictName.INVALID),
        (FAILED, BAR, 0.8, 1.0, VerdictName.FAILING),
        (FAILED, BAR, 0.1, 0.5, VerdictName.FAILING),
        (evidence(violations=1), NEVER, 0.99, 1.0, VerdictName.FAILING),  # one that was confirmed was seen
        (evidence(limit(0.85)), BAR, 0.9, 1.0, VerdictName.INCONCLUSIVE),  # labels show no claim by themselves
        (evidence(limit(0.85)), BAR, 0.1, 0.79, VerdictName.INVALID),  # nothing else would settle it
        (evidence(limit(0.85)), BAR, 0.1, 0.8, VerdictName.INCONCLUSIVE),
        (evidence(limit(0.75)), BAR, 0.1, 0.2, VerdictName.INCONCLUSIVE),  # the check reads as people do
        (evidence(limit(0.7), limit(0.8)), BAR, 0.1, 0.2, VerdictName.INVALID),
        (evidence(limit(0.5), paired=True, theta=0.45), NO_WORSE, 0.1, 0.2, VerdictName.INCONCLUSIVE),
    ],
)
def test_labels_take_back_what_they_refute_and_give_no_verdict(made, bar, low, high, verdict):
    found = decide_verdict(made, bar, labelled(low, high), LATER)
    assert VerdictName.of(found) is verdict
    if isinstance(found, Invalid):
        assert [reason.broken for reason in found.reasons] == [Assumption.AGREEMENT]
        assert "people's labels" in found.reasons[0].detail
        assert found.straddles is False


PURGED_VOIDS = {Assumption.KEPT: 3}


@pytest.mark.parametrize("bar", [BAR, NEVER, NO_WORSE])
def test_what_is_unsettled_and_of_which_replies_were_purged_is_unmeasured(bar):
    open_ = evidence(limit(0.7), limit(0.9), voids=PURGED_VOIDS, possible_violations=3)
    assert isinstance(decide_verdict(open_, bar, NOBODY, LATER), Inconclusive)
    assert decide_verdict(open_, bar, GroupFacts(purged=3), LATER) == Unmeasured("3 of its replies were purged")
    assert decide_verdict(open_, bar, GroupFacts(purged=1), LATER) == Unmeasured("1 of its replies was purged")


def test_what_is_shown_with_purged_replies_read_both_ways_stands():
    holds, fails = evidence(limit(0.9, above=HOLD)), evidence(limit(0.2, below=ALARM))
    assert decide_verdict(holds, BAR, GroupFacts(purged=3), LATER) == Holds()
    assert decide_verdict(fails, BAR, GroupFacts(purged=3), LATER) == Failing()


def test_a_label_that_was_purged_may_have_said_otherwise():
    holds = evidence(limit(0.9, above=HOLD))
    assert isinstance(decide_verdict(holds, BAR, GroupFacts(purged=3, labels_purged=True), LATER), Unmeasured)
    assert decide_verdict(holds, BAR, GroupFacts(labels_purged=True), LATER) == Holds()


def test_a_purged_arm_that_showed_the_check_out_of_order_does_not_let_the_claim_hold():
    holds = evidence(limit(0.9, above=HOLD))
    assert isinstance(decide_verdict(holds, BAR, GroupFacts(separation=UNTOLD, purged=2), LATER), Unmeasured)


def test_where_every_reply_was_purged_that_is_said():
    gone = evidence(limit(0.0), limit(1.0), passes=0, voids={Assumption.KEPT: 60})
    assert decide_verdict(gone, BAR, GroupFacts(purged=60), LATER) == Unmeasured("60 of its replies were purged")


def test_one_purged_reply_is_said_in_the_singular():
    gone = evidence(limit(0.0), limit(1.0), passes=0, voids={Assumption.KEPT: 1, DELIVERED: 2})
    fault = decide_verdict(gone, BAR, NOBODY, LATER)
    assert fault == Unmeasured("no reply to 2 requests, 1 of its replies was purged")
