"""One assertion on one model version: what `app.assessing` wires."""

from __future__ import annotations

import pytest
from tests.support.readings import (
    assertion,
    compile_says,
    contains,
    lacks,
    probe,
    refuses,
    suite,
    table_of,
    tables,
)

from rebaseline.app.assessing import Instruments, assess_assertion, find_controls
from rebaseline.assess.group import ControlFindings
from rebaseline.domain.evidence import Method
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import (
    AliveIf,
    AtLeast,
    Control,
    Expectation,
    LiveArm,
    Never,
    NoWorse,
)
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unmeasured, Unsettled

NO_CONTROLS = ControlFindings((), ())
SIXTY = table_of(*["1" * 20] * 3)
WORSE = table_of(*["1" * 19 + "0"] * 3)
NO_WORSE = assertion(NoWorse(0.1))


def assess(claim, table, *, prior=None, anchor=None, steady=(None, None), same_replies=False, **arms):
    return assess_assertion(
        claim,
        tables({"a": table}, **{name: {"a": arm} for name, arm in arms.items()}),
        NO_CONTROLS,
        prior=prior,
        anchor=anchor,
        steady=steady,
        same_replies=same_replies,
    )


def test_the_baselines_rate_lays_the_bets_and_its_voids_count_against_the_claim():
    claim = assertion(AtLeast(0.8))
    with_prior = assess(claim, WORSE, prior=WORSE).evidence.low.log_e_above
    assert with_prior > assess(claim, WORSE).evidence.low.log_e_above
    voided = table_of(*["1" * 19 + "v"] * 3)
    assert assess(claim, WORSE, prior=voided).evidence.low.log_e_above == with_prior


def test_bets_never_rest_on_the_replies_that_they_are_laid_on():
    claim = assertion(AtLeast(0.8))
    assert assess(claim, WORSE, prior=WORSE, same_replies=True) == assess(claim, WORSE)


def test_no_worse_without_a_partner_is_unmeasured():
    for anchor in (None, table_of(), table_of("1" * 20, start="q")):
        side = assess(NO_WORSE, SIXTY, anchor=anchor)
        assert side.verdict == Unmeasured("no baseline to compare with")
        assert side.evidence.paired
        assert side.evidence.method is Method.NONE


def test_no_worse_against_a_baseline_and_the_baseline_against_itself():
    assert assess(NO_WORSE, SIXTY, anchor=table_of(*["1" * 20] * 3)).evidence.method is Method.E_PROCESS
    itself = assess(NO_WORSE, SIXTY, anchor=SIXTY)
    assert (itself.verdict, itself.evidence.method) == (Holds(), Method.STEADY)


def test_a_reply_that_equals_itself_refutes_no_drop():
    again = table_of(*["1" * 20] * 3)
    side = assess(NO_WORSE, SIXTY, anchor=again, same_replies=True)
    assert side.evidence.method is Method.STEADY


@pytest.mark.parametrize(("steady", "method"), [((20, 20), Method.STEADY), ((20, None), Method.E_PROCESS)])
def test_pairs_are_arithmetic_only_where_both_sides_are_steady(steady, method):
    assert assess(NO_WORSE, SIXTY, anchor=WORSE, steady=steady).evidence.method is method


def test_steadiness_of_this_side_is_enough_for_a_bar():
    assert assess(assertion(AtLeast(0.95)), WORSE, steady=(20, None)).verdict == Holds()


ALIVE = assertion(Never(0.05), check=lacks("x"), on="attack", alive_if=AliveIf("benign", contains("nine"), 0.5))


@pytest.mark.parametrize(
    ("arm", "verdict"),
    [
        (table_of("1" * 10), Holds()),
        (table_of("1" * 3), Inconclusive(Unsettled.ARM)),
        (table_of("v" * 20), Inconclusive(Unsettled.ARM)),
    ],
)
def test_a_leak_check_holds_only_beside_a_model_that_engages(arm, verdict):
    assert assess(ALIVE, SIXTY, alive=arm).verdict == verdict


def test_a_model_that_no_longer_engages_makes_a_clean_leak_check_invalid():
    assert isinstance(assess(ALIVE, SIXTY, alive=table_of("0" * 20)).verdict, Invalid)
    assert assess(ALIVE, table_of("0" * 20), alive=table_of("0" * 20)).verdict == Failing()


def test_live_arms_that_are_not_told_apart_block_both():
    claim = assertion(AtLeast(0.8), live=LiveArm("y", Expectation.FAILS))
    same = table_of(*["1" * 20] * 3, start="q")
    assert isinstance(assess(claim, SIXTY, live=same).verdict, Invalid)
    zeros = table_of(*["0" * 20] * 3)
    assert isinstance(assess(claim, zeros, live=zeros).verdict, Invalid)
    assert assess(claim, SIXTY, live=zeros).verdict == Holds()


def test_two_arms_of_their_own_try_the_check_whatever_the_claims_replies_are():
    """A model that got worse on the claim's own probes is failing, as long as the check tells known replies apart."""
    claim = assertion(AtLeast(0.8), live=LiveArm("y", Expectation.FAILS, against="x"))
    ones, zeros = table_of("1" * 20), table_of("0" * 60, start="q")
    assert assess(claim, zeros, live=zeros, against=ones).verdict == Failing()
    assert assess(claim, SIXTY, live=zeros, against=ones).verdict == Holds()
    assert isinstance(assess(claim, zeros, live=zeros, against=zeros).verdict, Invalid)
    assert isinstance(assess(claim, SIXTY, live=ones, against=ones).verdict, Invalid)


def test_controls_are_read_by_the_compiled_check_and_as_replies_to_their_probes():
    passes = Control("no", Expectation.PASSES)
    claim = assertion(
        Never(), check=lacks("secret"), on="attack", controls=(passes, Control("secret", Expectation.FAILS))
    )
    instruments = Instruments(compile_says, refuses)
    adversarial = suite([probe("p", "attack", adversarial=True)], claim)
    found = find_controls(adversarial, instruments, TargetKind.MODEL)["a"]
    assert [control.right for control in found.controls] == [True, True]
    benign = suite([probe("p", "attack")], claim)
    assert not find_controls(benign, instruments, TargetKind.MODEL)["a"].controls[0].right


def test_probes_that_nothing_is_tagged_with_are_unmeasured():
    assert assess(assertion(AtLeast(0.8)), table_of()).verdict == Unmeasured("not asked yet")
