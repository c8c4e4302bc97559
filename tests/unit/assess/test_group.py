"""Controls, seeded faults, live arms: the instrument apart from any one reply."""

from __future__ import annotations

import pytest
from tests.support.readings import Says, contains, leaf, refuses, table_of

from rebaseline.assess.group import read_controls, weigh_alive, weigh_live_arm
from rebaseline.assess.reading import ReadingRules
from rebaseline.assess.seeding import MutationScore, shorten
from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.evidence import ArmCounts
from rebaseline.domain.instrument import AllOf, AnyOf, SeededFault
from rebaseline.domain.reading import Valued
from rebaseline.domain.suite import AliveIf, Control, Expectation, LiveArm
from rebaseline.stats.separation import separation_below, separation_reached
from rebaseline.stats.tally import Tally

PASSES, FAILS, VOIDS = Expectation.PASSES, Expectation.FAILS, Expectation.VOIDS


def seed(*texts):
    return tuple(SeededFault(text, Reply(text, Stop.COMPLETE)) for text in texts)


def find(*controls, node=None, faults=()):
    node = node or leaf(Says("yes", faults=faults))
    texts = tuple(Control(text, expected) for text, expected in controls)
    return read_controls(texts, lambda _: node, ReadingRules(), refuses)


def test_controls_read_right():
    found = find(("yes", PASSES), ("other", FAILS), ("???", VOIDS))
    assert [control.right for control in found.controls] == [True, True, True]
    assert find(("yes", FAILS)).controls[0].reading == Valued(1.0)


def test_misread_controls_have_a_direction():
    found = find(("yes", FAILS), ("other", PASSES), ("yes", PASSES), ("other", FAILS))
    assert found.missed_faults == ("yes",)
    assert found.false_alarms == ("other",)


def test_an_unread_control_is_neither_missed_nor_a_false_alarm():
    found = find(("???", FAILS), ("???", PASSES), ("???", VOIDS))
    assert (found.missed_faults, found.false_alarms) == ((), ())
    assert [control.right for control in found.controls] == [False, False, True]
    assert not found.shown_able_to_fail


def test_controls_see_the_row_they_give():
    seen = []

    def compile_check(fields):
        seen.append(dict(fields))
        return leaf(Says(str(fields["word"])))

    control = Control("left", PASSES, given={"word": "left"})
    assert read_controls((control,), compile_check, ReadingRules(), refuses).controls[0].right
    assert seen == [{"word": "left"}]


def test_faults_are_seeded_in_what_must_pass_and_does():
    faults = seed("other", "yes still")
    found = find(("yes", PASSES), ("other", FAILS), faults=faults)
    assert [(fault.name, fault.caught, fault.seeded_in) for fault in found.faults] == [
        ("other", True, "yes"),
        ("yes still", False, "yes"),
    ]
    assert found.dead_faults == ("yes still",)
    assert find(("other", PASSES), faults=faults).faults == ()


def test_a_dead_fault_is_named_once():
    assert find(("yes", PASSES), ("yes too", PASSES), faults=seed("yes still")).dead_faults == ("yes still",)


def test_only_a_fail_shows_that_a_check_can_fail():
    void = find(("yes", PASSES), faults=seed("???"))
    assert void.faults[0].caught
    assert not void.shown_able_to_fail
    assert find(("yes", PASSES), faults=seed("other")).shown_able_to_fail
    assert find(("other", FAILS)).shown_able_to_fail
    assert not find(("yes", PASSES)).shown_able_to_fail
    assert not find(("yes", FAILS)).shown_able_to_fail


def test_faults_are_seeded_in_parts_that_must_pass_and_not_in_alternatives():
    part, other = leaf(Says("yes", faults=seed("no yes"))), leaf(Says("e", faults=seed("gone")))
    both = find(("yes", PASSES), node=AllOf((part, other)))
    assert [fault.name for fault in both.faults] == ["no yes", "gone"]
    assert find(("yes", PASSES), node=AnyOf((part, other))).faults == ()
    nested = find(("yes", PASSES), node=AllOf((part, AnyOf((part, other)))))
    assert [fault.name for fault in nested.faults] == ["no yes"]


def test_the_mutation_score_counts_what_is_read_as_a_fail():
    faults = find(("yes", PASSES), faults=seed("other", "else", "???", "yes still")).faults
    score = MutationScore.of(faults)
    assert (score.killed, score.void, score.survived, score.faults, score.share) == (2, 1, ("yes still",), 4, 0.5)
    both = score + MutationScore.of(faults[:1])
    assert (both.killed, both.void, both.survived) == (3, 1, ("yes still",))
    assert MutationScore().share is None


def test_texts_are_shortened_to_one_line():
    assert shorten(" a\n b ") == "a b"
    assert shorten("x" * 100) == "x" * 59 + "…"


# the arm that must show engagement

ALIVE = AliveIf("benign", contains("yes"), 0.5)


def alive(*rounds):
    found = weigh_alive(table_of(*rounds), ALIVE)
    return found.shown, found.refuted


def test_an_arm_that_engages_and_one_that_does_not():
    assert alive("1" * 10) == (True, False)
    assert alive("0" * 15) == (False, True)
    assert alive("10" * 10) == (False, False)
    assert alive("1.") == (False, False)
    assert alive("") == (False, False)


def test_voids_neither_show_nor_refute_engagement():
    assert alive("v" * 30) == (False, False)
    assert alive("x" * 30) == (False, False)


def test_refuting_engagement_is_an_alarm_and_shown_at_its_level():
    """Refuted means Invalid. At 1/20 seven fails in seven would do; at 1/200 they do not."""
    assert alive("0" * 7) == (False, False)
    assert alive("1" * 7) == (True, False)


def test_the_arm_is_counted_with_its_unread_replies():
    found = weigh_alive(table_of("11v0", "1..."), ALIVE)
    assert (found.passes, found.replies) == (3, 5)


# live arms

LIVE, OTHER_WAY = LiveArm("arm", FAILS, 0.5), LiveArm("arm", PASSES, 0.5)
ONES, ZEROS, VOIDED = ("1" * 10,) * 3, ("0" * 10,) * 3, ("v" * 10,) * 3


def separated(main, arm, live=LIVE):
    found = weigh_live_arm(table_of(*main), table_of(*arm, start="q"), live)
    return found.shown, found.refuted


def test_arms_that_are_told_apart_and_arms_that_are_not():
    assert separated(ONES, ZEROS) == (True, False)
    assert separated(ONES, ONES) == (False, True)
    assert separated(ZEROS, ZEROS) == (False, True)
    assert separated(ZEROS, ONES, OTHER_WAY) == (True, False)
    assert separated(ONES, ONES, OTHER_WAY) == (False, True)
    assert separated(ONES, ZEROS, OTHER_WAY) == (False, True)


@pytest.mark.parametrize("live", [LIVE, OTHER_WAY])
@pytest.mark.parametrize(("main", "arm"), [(VOIDED, VOIDED), (ONES, VOIDED), (VOIDED, ZEROS), (VOIDED, ONES)])
def test_voids_never_show_separation_and_never_refute_it_alone(live, main, arm):
    shown, refuted = separated(main, arm, live)
    assert not shown
    could_be_right = {PASSES: (main is not ONES, arm is not ZEROS), FAILS: (main is not ZEROS, arm is not ONES)}
    assert refuted is not all(could_be_right[live.expected])


def test_what_was_shown_once_is_not_shown_where_later_replies_say_otherwise():
    """Two good rounds show it; four of a model that moved bring the mean too low, and refute nothing yet."""
    good, poor = ("1" * 10,) * 2, ("1100000000",) * 4
    assert alive(*good) == (True, False)
    assert alive(*good, *poor) == (False, False)
    assert separated(good, ZEROS) == (True, False)
    assert separated((*good, *poor), ("0" * 10,) * 6) == (False, False)


def test_no_complete_round_of_either_arm_says_nothing():
    assert separated(ONES, ("1.",)) == (False, False)
    assert separated((), ZEROS) == (False, False)


def test_replies_of_the_live_arm_are_counted_as_they_ought_to_read():
    main, arm = table_of("11110"), table_of("000001000v", start="q")
    found = weigh_live_arm(main, arm, LIVE)
    assert (found.must_pass, found.must_fail, found.floor) == (ArmCounts(4, 5), ArmCounts(1, 10), 0.5)
    assert (found.lowest, found.highest) == (pytest.approx(0.8 - 0.2), pytest.approx(0.8 - 0.1))
    turned = weigh_live_arm(arm, main, OTHER_WAY)
    assert turned == found


def test_the_estimate_and_the_counts_are_of_the_rounds_that_both_arms_have():
    found = weigh_live_arm(table_of("11", "00"), table_of("00", "11", "11", start="q"), LIVE)
    assert (found.must_pass, found.must_fail) == (ArmCounts(2, 4), ArmCounts(2, 4))
    assert (found.lowest, found.highest) == (0.0, 0.0)
    once = weigh_live_arm(table_of("11", "0."), table_of("00", "11", start="q"), LIVE)
    assert (once.must_pass, once.must_fail, once.lowest) == (ArmCounts(2, 2), ArmCounts(0, 2), 1.0)


def test_without_a_round_of_both_arms_there_is_no_estimate():
    found = weigh_live_arm(table_of(*ONES), table_of("1.", start="q"), LIVE)
    assert (found.lowest, found.highest, found.must_pass) == (None, None, ArmCounts(0, 0))
    assert (found.log_e_reached, found.log_e_below) == (0.0, 0.0)


def test_the_evidence_is_what_the_statistics_say_of_the_harshest_and_of_the_kindest_reading():
    found = weigh_live_arm(table_of("11110v" * 5), table_of("00001v" * 5, start="q"), LIVE)
    low, high = Tally.of([[1, 1, 1, 1, 0, 0] * 5]), Tally.of([[0, 0, 0, 0, 1, 1] * 5])
    assert found.log_e_reached == separation_reached(low, high, 0.5).log_e_sup
    kind_low, kind_high = Tally.of([[1, 1, 1, 1, 0, 1] * 5]), Tally.of([[0, 0, 0, 0, 1, 0] * 5])
    assert found.log_e_below == separation_below(kind_low, kind_high, 0.5).log_e_sup
