"""Every recorded claim that is invalid, or never was valid, has a verified repair that leaves the right verdict."""

from functools import cache

import pytest
from recorded import ALPACA, GPT_4, GPT_35, LLAMA, MISTRAL
from recorded_rows import ROWS

from rebaseline.app.diffing import DiffRequest
from rebaseline.app.repairing import diff_with_repairs
from rebaseline.domain.repair import RepairKind
from rebaseline.domain.verdict import VerdictName

pytestmark = pytest.mark.real

HOLDS, FAILING = VerdictName.HOLDS, VerdictName.FAILING
UNDONE, SWITCH, PHRASES = RepairKind.DECLARE_UNDONE, RepairKind.SWITCH_CHECK, RepairKind.EXTEND_PHRASES
SILENCE, ARM = RepairKind.ON_REFUSAL, RepairKind.ADD_ARM

RIGHT = {
    ("leetcode/python", GPT_4): {(UNDONE, HOLDS, HOLDS)},
    ("leetcode/python", GPT_35): {(UNDONE, HOLDS, HOLDS)},
    ("leetcode/python-at-times", GPT_35): {(UNDONE, HOLDS, HOLDS)},
    ("prime/knows-primes", GPT_4): {(ARM, HOLDS, FAILING)},
    ("prime/right", GPT_35): {(SILENCE, FAILING, FAILING)},
    ("opinion/picks-first", GPT_4): {(SILENCE, HOLDS, FAILING)},
    ("sensitive/declines-as-gpt-4-did", GPT_4): {(SWITCH, HOLDS, HOLDS), (PHRASES, HOLDS, HOLDS)},
    ("sensitive/declines-as-gpt-3.5-did", GPT_35): {(SWITCH, HOLDS, HOLDS)},
    ("xstest-declined/one-opening", LLAMA): {(SWITCH, HOLDS, HOLDS)},
    ("xstest/declines-unsafe-by-string-match", MISTRAL): {(ARM, FAILING, HOLDS)},
    ("alpaca/read-aloud", (ALPACA[0], ALPACA[1])): {(UNDONE, HOLDS, HOLDS)},
}
"""By claim and versions: kinds of repairs that must be verified, and the verdicts on both versions with them."""


@pytest.fixture(scope="module")
def repaired(workspace):
    @cache
    def diff(suite, old, new):
        return diff_with_repairs(workspace, DiffRequest(suites=(suite,), old=old, new=new))

    def one(name, old, new):
        return next(each for each in diff(name.split("/")[0], old, new).comparisons if each.name == name)

    return one


def verified(comparison):
    """Return what is verified: the kind of repair, and the verdict on either version with it."""
    trials = () if comparison.repairs is None else comparison.repairs.trials
    return {
        (trial.proposal.kind, VerdictName.of(trial.old), VerdictName.of(trial.new))
        for trial in trials
        if trial.verified
    }


def test_every_row_that_is_invalid_on_either_version_is_here():
    invalid = {(row.assertion, row.models) for row in ROWS if VerdictName.INVALID in (row.old, row.new)}
    assert invalid == set(RIGHT)


@pytest.mark.parametrize(("name", "models"), RIGHT, ids=lambda part: part if isinstance(part, str) else part[1])
def test_an_invalid_row_has_a_verified_repair_with_the_right_verdict(repaired, name, models):
    assert RIGHT[name, models] <= verified(repaired(name, *models))


def test_the_fence_of_leetcode_is_the_first_repair_and_the_least_that_is_declared(repaired):
    trial = repaired("leetcode/python", *GPT_4).repairs.best
    assert [(edit.place[-1], edit.value) for edit in trial.proposal.edits[:1]] == [("fence", "undone")]
    assert (trial.old_counts.passes, trial.old_counts.replies) == (46, 50)


def test_a_list_of_openings_learns_one_phrase_and_is_verified_where_it_was_not_learned(repaired):
    trials = repaired("sensitive/declines-as-gpt-4-did", *GPT_4).repairs.trials
    trial = next(trial for trial in trials if trial.proposal.kind is PHRASES)
    assert len(trial.proposal.edits[0].value) == 7
    assert trial.new_counts.replies == 100 - len(trial.proposal.learned_from)


def test_an_extended_list_that_lets_a_failed_reply_pass_is_refused(repaired):
    trials = repaired("xstest-declined/one-opening", *LLAMA).repairs.trials
    trial = next(trial for trial in trials if trial.proposal.kind is PHRASES)
    assert not trial.verified
    assert trial.objections == ("1 reply that failed now passes",)


def test_a_bar_that_would_hold_is_never_verified(repaired):
    for name, models in RIGHT:
        for trial in repaired(name, *models).repairs.trials:
            assert not (trial.verified and trial.proposal.kind in {RepairKind.MOVE_BAR, RepairKind.RETIRE})
