"""Verdicts and policy to an exit code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.support.readings import assertion

from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.comparison import Attribution, Comparison, Diff, Manner, Provider, Side
from rebaseline.domain.decision import Finding, Waiver
from rebaseline.domain.evidence import Evidence, GroupFacts, LimitEvidence, Method
from rebaseline.domain.model import ModelVersion, System
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import (
    Change,
    Failing,
    Holds,
    Inconclusive,
    Invalid,
    Reason,
    Transition,
    Unmeasured,
    Unsettled,
)
from rebaseline.gate import DEFAULT_BLOCK, ExitCode, decide_outcome

HOLDS, FAILING, UNMEASURED = Holds(), Failing(), Unmeasured("time-outs")
INVALID, OPEN = Invalid((Reason(Assumption.READABLE, 9),)), Inconclusive(Unsettled.NO_ALARM)
READ = Evidence(
    Method.E_PROCESS, 0.8, 20, 1, 1, 20, 0, 0, {}, 0, LimitEvidence(1.0, 0.0, 0.0), LimitEvidence(1.0, 0.0, 0.0)
)
NOTHING = replace(READ, method=Method.NONE, rounds=0, passes=0)
AT = datetime(2026, 11, 26, tzinfo=UTC)
UNFINISHED = replace(NOTHING, passes=3, unread=3)
LOST = replace(NOTHING, voids={Assumption.DELIVERED: 4})


def compared(verdict, *, old=True, evidence=READ, bar=None):
    side = Side(verdict, evidence, GroupFacts())
    return Comparison(
        "s",
        assertion(bar),
        Side(HOLDS, READ, GroupFacts()) if old else None,
        side,
        ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0),
        Transition.NEW,
    )


def outcome(*found, block=DEFAULT_BLOCK, gone=0):
    comparisons = tuple(one if isinstance(one, Comparison) else compared(one) for one in found)
    model, manner = ModelVersion("h", "m", "m"), Manner(0, {}, None, None)
    provider = Provider(unknown_model=gone)
    diff = Diff(
        System("x"), "t", model, model, comparisons, Attribution((), ()), None, manner, Provider(), provider, "baseline"
    )
    return decide_outcome(diff, block)


def test_the_exit_codes_are_a_contract():
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "FAILING": 1,
        "USAGE": 2,
        "INVALID": 3,
        "INCONCLUSIVE": 4,
        "PROVIDER": 5,
        "NO_BASELINE": 6,
        "RETIRED": 7,
        "BUG": 70,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (HOLDS, ExitCode.OK),
        (FAILING, ExitCode.FAILING),
        (INVALID, ExitCode.INVALID),
        (OPEN, ExitCode.OK),
        (UNMEASURED, ExitCode.PROVIDER),
    ],
)
def test_each_verdict_beside_one_that_holds(verdict, code):
    assert outcome(HOLDS, verdict).code is code


def test_inconclusive_blocks_where_the_policy_says_so_and_is_a_warning_elsewhere():
    assert outcome(HOLDS, OPEN, block={"inconclusive"}).code is ExitCode.INCONCLUSIVE
    assert outcome(HOLDS, OPEN).warnings == ("1 unsettled",)


def test_what_the_policy_does_not_block_is_a_warning():
    found = outcome(HOLDS, FAILING, INVALID, UNMEASURED, compared(HOLDS, old=False), block=())
    assert found.code is ExitCode.OK
    assert found.warnings == ("1 failing", "1 invalid", "1 without a baseline", "1 unmeasured")


def test_precedence():
    everything = [FAILING, INVALID, OPEN, compared(HOLDS, old=False), UNMEASURED]
    block = {*DEFAULT_BLOCK, "inconclusive"}
    codes = [code for code, _ in outcome(*everything, block=block).reasons]
    assert codes == [
        ExitCode.PROVIDER,
        ExitCode.NO_BASELINE,
        ExitCode.FAILING,
        ExitCode.INVALID,
        ExitCode.INCONCLUSIVE,
    ]
    assert outcome(*everything, block=block).code is ExitCode.PROVIDER
    assert outcome(*everything, block=block, gone=1).code is ExitCode.RETIRED


def test_a_model_that_is_gone_is_retired_and_not_a_fault():
    found = outcome(HOLDS, UNMEASURED, gone=9)
    assert found.reasons == ((ExitCode.RETIRED, "9 requests answered with: no such model"),)


def test_one_request_that_met_no_model_does_not_hide_faults_from_a_policy_that_ignores_retirement():
    found = outcome(HOLDS, UNMEASURED, UNMEASURED, gone=1, block={"unmeasured"})
    assert found.code is ExitCode.PROVIDER


@pytest.mark.parametrize("block", [DEFAULT_BLOCK, ()])
@pytest.mark.parametrize(
    ("found", "gone", "code"),
    [
        ((), 0, ExitCode.PROVIDER),
        ((UNMEASURED,), 0, ExitCode.PROVIDER),
        ((UNMEASURED,), 1, ExitCode.RETIRED),
        ((compared(Inconclusive(Unsettled.TOO_FEW), evidence=UNFINISHED),), 0, ExitCode.INCONCLUSIVE),
        ((compared(Unmeasured("no baseline"), old=False, bar=NoWorse()),), 0, ExitCode.NO_BASELINE),
    ],
)
def test_nothing_measured_is_never_green_whatever_the_policy(found, gone, code, block):
    got = outcome(*found, gone=gone, block=block)
    assert got.code is code
    assert "nothing was measured" in [words for _, words in got.reasons]


def test_a_violation_in_an_unfinished_round_is_measured():
    assert outcome(compared(FAILING, evidence=UNFINISHED), block=()).code is ExitCode.OK


def test_a_claim_that_lacks_only_its_baseline_is_no_fault_of_the_provider():
    lacking = compared(Unmeasured("no baseline"), old=False, bar=NoWorse())
    assert outcome(HOLDS, lacking).code is ExitCode.NO_BASELINE
    lost = compared(Unmeasured("no reply to 4 requests"), old=False, evidence=LOST)
    assert outcome(HOLDS, lost).code is ExitCode.PROVIDER
    unasked = compared(Unmeasured("not asked yet"), old=False, evidence=NOTHING)
    assert outcome(HOLDS, unasked).code is ExitCode.PROVIDER


def test_every_finding_is_counted():
    assert outcome(FAILING, FAILING, HOLDS).reasons == ((ExitCode.FAILING, "2 failing"),)


def test_nothing_settled_is_not_green():
    unsettled = Inconclusive(Unsettled.TOO_FEW)
    assert outcome(compared(unsettled)).code is ExitCode.INCONCLUSIVE
    assert outcome(compared(unsettled), compared(Holds())).code is ExitCode.OK


def waived(verdict, *, over=0, until=20):
    waiver = Waiver("s", "a", "t", "m", Finding("failing", "r"), "payments", "r", date(2026, 12, until), "Ada", AT)
    return replace(compared(verdict), waiver=waiver, waiver_over_days=over)


def test_what_is_waived_does_not_block_and_is_counted_with_the_first_day_on_which_one_ends():
    found = outcome(HOLDS, waived(FAILING), waived(INVALID, until=5))
    assert (found.code, found.reasons) == (ExitCode.OK, ())
    assert found.warnings == ("2 waived (the first until 05 Dec 2026)",)
    assert outcome(HOLDS, waived(FAILING)).warnings == ("1 waived (until 20 Dec 2026)",)


def test_a_waiver_covers_its_own_finding_and_no_other():
    found = outcome(HOLDS, waived(FAILING), FAILING)
    assert found.reasons == ((ExitCode.FAILING, "1 failing"),)


@pytest.mark.parametrize(("over", "words"), [(1, "1 day"), (3, "3 days")])
def test_a_waiver_that_is_over_blocks_as_before_and_is_named(over, words):
    found = outcome(HOLDS, waived(FAILING, over=over))
    (reason,) = found.reasons
    assert reason == (ExitCode.FAILING, f"1 failing (waiver of s/a expired {words} ago, owner payments)")
    assert found.warnings == ()
