"""Every row of the table "What a good diff says of them" beside the recorded replies.

One test a row, named after it. Bars are what an owner of the old version would have accepted; each is explained where
it stands in the suite. The figures in docstrings are those of the files here, which are samples of the full sets.
"""

import pytest

from rebaseline.app.linting import lint_suites
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Change, Failing, Holds, VerdictName
from rebaseline.gate import ExitCode, decide_outcome

pytestmark = pytest.mark.real

GPT_4 = ("gpt-4-0314", "gpt-4-0613")
GPT_35 = ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613")
LLAMA = ("llama2orig", "llama2new")
MISTRAL = ("mistralinstruct", "mistralguard")


def told(comparison):
    """Return the old verdict, the new one and the transition, in words."""
    return VerdictName.of(comparison.old.verdict), VerdictName.of(comparison.new.verdict), comparison.transition


def broken(comparison):
    return [reason.broken for reason in comparison.new.verdict.reasons]


def test_the_suites_hold_what_lint_asks_for(workspace):
    report = lint_suites(workspace)
    assert not report.failed
    assert report.controls_right == report.controls > 0
    assert report.faults_caught == report.faults > 0


def test_leetcode_gpt_4_python_as_given_is_invalid_and_undoing_the_fence_repairs_it(compared):
    """Parses as given .92 -> .12, with the fence undone .92 -> 1.0.

    The row says "correct Python". What LeetCode accepts cannot be run here, so the claim is that it is Python at all.
    """
    comparison = compared("leetcode/python", *GPT_4)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.FORM]
    assert comparison.new.evidence.void_forms[0] is Form.FENCE
    assert comparison.new.evidence.voids == {Assumption.FORM: 44}
    assert isinstance(comparison.preview.undone, Holds)
    assert isinstance(comparison.preview.breaks, Failing)
    assert told(compared("leetcode/python-undone", *GPT_4)) == ("holds", "holds", "survived")


def test_leetcode_gpt_35_python_as_given_is_invalid(compared):
    """Parses .38 -> .02 as given.

    With the bar of gpt-4 the claim was never valid, for 31 of 50 old replies stand in a fence already; with a bar that
    the old version is shown to reach it is invalidated.
    """
    assert told(compared("leetcode/python", *GPT_35)) == ("invalid", "invalid", "never valid")
    comparison = compared("leetcode/python-at-times", *GPT_35)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.FORM]
    assert told(compared("leetcode/python-undone", *GPT_35)) == ("holds", "holds", "survived")


def test_leetcode_gpt_4_code_only_is_failing_since_the_form_is_claimed(compared):
    """Unfenced .92 -> .12: a form that is claimed is a fail, never a doubt."""
    comparison = compared("leetcode/code-only", *GPT_4)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.new.evidence.void_count == 0
    assert comparison.change.change is Change.WORSE


def test_prime_gpt_4_answers_both_arms_is_failing(compared):
    """Right .83 -> .50: a constant no, on an arm of which half is yes."""
    comparison = compared("prime/right", *GPT_4)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_prime_gpt_4_primes_alone_is_invalid_since_nothing_separates(compared):
    """Yes on primes .97 -> .03, on composites .31 -> .00: the check now reads a constant, not knowledge of primes."""
    comparison = compared("prime/knows-primes", *GPT_4)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.CONTROLS]
    assert comparison.old.group.separation.shown
    assert comparison.new.group.separation.refuted


def test_prime_gpt_35_balanced_improved(compared):
    """Right .51 -> .67 even if each of the 90 replies without brackets is wrong; at most .85.

    The gain in pairs is not shown at 1/200 (e = 95), because these doubts count against it. The verdict is: it failed
    the bar of .6, and now it holds.
    """
    comparison = compared("prime/better-than-constant", *GPT_35)
    assert told(comparison) == ("failing", "holds", "recovered")
    assert comparison.change.change is not Change.WORSE
    assert comparison.change.lowest > 0.1


def test_prime_gpt_35_brackets_claimed_is_failing(compared):
    """In brackets .98 -> .82."""
    comparison = compared("prime/bracketed", *GPT_35)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_prime_gpt_35_brackets_assumed_voids_what_lacks_them(compared):
    """The same replies, where brackets are only how the answer is found: void, not wrong.

    Where the bar lies between .67 and .85 they decide the verdict, and it is invalid.
    """
    comparison = compared("prime/right", *GPT_35)
    assert comparison.old.evidence.voids[Assumption.READABLE] <= 11
    assert comparison.new.evidence.voids[Assumption.READABLE] >= 85
    assert told(comparison) == ("failing", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.READABLE]


def test_happy_gpt_4_count_is_failing(compared):
    """Right .84 to .97 -> .34, "1" being the answer to nearly everything."""
    comparison = compared("happy/count", *GPT_4)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_happy_gpt_35_count_improved_and_part_void(compared):
    """Right .26 -> .45 at the least; 23 of the 120 new replies have no box.

    The row says improved. Of the full set that may be shown; on these 120 probes the gain in pairs is not (e = 9), and
    a diff must not say so. What is shown is that it got no worse by .1.
    """
    comparison = compared("happy/count-no-worse", *GPT_35)
    assert told(comparison) == ("holds", "holds", "survived")
    assert comparison.change.lowest > 0.1
    assert comparison.change.change is Change.NONE_SHOWN
    replies = compared("happy/count", *GPT_35).new.evidence
    assert 20 <= replies.voids[Assumption.READABLE] <= 26


def test_opinion_gpt_4_answers_the_survey_is_failing(compared):
    """Picks an option .99 -> .27: for a survey, no pick is a fail."""
    comparison = compared("opinion/answers-survey", *GPT_4)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_opinion_gpt_4_picks_an_option_is_invalid(compared):
    """Picks the first option .37 -> .09 to .83: of a reply that picks none, which one it picks cannot be said."""
    comparison = compared("opinion/picks-first", *GPT_4)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert set(broken(comparison)) <= {Assumption.ENGAGED, Assumption.READABLE}


@pytest.mark.parametrize("name", ["opinion/answers-survey", "opinion/picks-first"])
def test_opinion_gpt_35_survived(compared, name):
    """Picks an option 1.0 -> 1.0."""
    assert told(compared(name, *GPT_35)) == ("holds", "holds", "survived")


@pytest.mark.parametrize(
    ("name", "pair"), [("sensitive/declines-as-gpt-4-did", GPT_4), ("sensitive/declines-as-gpt-3.5-did", GPT_35)]
)
def test_sensitive_by_the_old_openings_is_invalid(compared, name, pair):
    """The openings that the old version used find .00 and .06 of the new refusals; the second reading finds .89.

    Without `means: refusal` the list alone could not know that it misses refusals, and would be failing.
    """
    comparison = compared(name, *pair)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.AGREEMENT]
    assert isinstance(comparison.preview.undone, Holds)


@pytest.mark.parametrize(
    ("name", "pair"), [("sensitive/declines", GPT_4), ("sensitive/declines-nearly-always", GPT_35)]
)
def test_sensitive_by_a_broad_list_survived(compared, name, pair):
    """Declines .72 -> .89 and .97 -> .89, by the built-in reading."""
    comparison = compared(name, *pair)
    assert told(comparison) == ("holds", "holds", "survived")
    assert comparison.change.change is not Change.WORSE


def test_sensitive_gpt_4_does_not_answer_improved(compared):
    """People say that it answered 21 -> 5 of 100; by the built-in reading it declined 72 -> 89."""
    assert compared("sensitive/declines", *GPT_4).change.change is Change.BETTER


def test_xstest_llama2_refusals_by_string_match_survived(compared):
    """Recall of the openings on refusals that people agree on .96 -> .94.

    People's labels of replies cannot be given to a diff yet, so the probes are those on which they say that both
    versions declined: there a check's passes are its recall. The second reading stands in for them on the rest.
    """
    assert told(compared("xstest-declined/many-openings", *LLAMA)) == ("holds", "holds", "survived")


def test_xstest_llama2_refusals_by_one_opening_is_drifting(compared):
    """Recall of `^I (cannot|can't)` .84 -> .62 on the same probes; .79 -> .61 on all that people call refusals."""
    comparison = compared("xstest-declined/one-opening", *LLAMA)
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.AGREEMENT]


def test_xstest_mistral_refusals_by_string_match_was_never_valid(compared):
    """Precision and recall of the string match .63/.24 -> .82/.71 against people's labels.

    Without people's labels only the live arm can tell: on the old version the list finds refusals among unsafe prompts
    hardly more often than among safe ones. Whether the list or the model is to blame it cannot tell: the old version
    complies with 128 of 200 unsafe prompts, people say, so the claim as worded could as well be called Failing. That
    nothing separates comes first, since such a check could not have shown either.
    """
    comparison = compared("xstest/declines-unsafe", *MISTRAL)
    assert VerdictName.of(comparison.old.verdict) == "invalid"
    assert comparison.transition == "never valid"
    assert [reason.broken for reason in comparison.old.verdict.reasons] == [Assumption.CONTROLS]


def test_xstest_llama2_answers_safe_prompts_improved(compared):
    """Full refusals 95 -> 35 of 250, people say; answered .46 -> .69 where a refusal in part is a refusal."""
    comparison = compared("xstest/mostly-answers-safe", *LLAMA)
    assert told(comparison) == ("failing", "holds", "recovered")
    assert comparison.change.change is Change.BETTER


@pytest.mark.parametrize("name", ["xstest/answers-safe", "xstest/answers-safe-no-worse"])
def test_xstest_mistral_answers_safe_prompts_is_failing(compared, name):
    """Full refusals 2 -> 24 of 250, people say; answered .98 -> .86."""
    comparison = compared(name, *MISTRAL)
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_xstest_the_same_prompts_again_survived(compare):
    """Labels agree in .96, and .08 of the texts are identical: the no-change control.

    172 ids are in both files, 171 of them with the same prompt.
    """
    diff = compare("xstest-again", "gpt4_v1", "gpt4")
    assert diff.probes == 171
    for comparison in diff.comparisons:
        assert told(comparison) == ("holds", "holds", "survived")
        assert comparison.change.change is Change.NONE_SHOWN
    assert decide_outcome(diff).code is ExitCode.OK


def test_alpaca_gpt_4_length_is_failing(compared):
    """Within 2,000 characters .82 -> .38."""
    comparison = compared("alpaca/within-2000", "gpt4_0613", "gpt4_1106_preview")
    assert told(comparison) == ("holds", "failing", "regressed")
    assert comparison.change.change is Change.WORSE


def test_alpaca_gpt_4_plain_text_is_invalid_and_the_form_is_named(compare, compared):
    """Without a mark .78 -> .44, .80 with emphasis undone; replies in bold .02 -> .42.

    "Presuppose plain text" is read as: emphasis is no part of the claim, and stands in the way of reading it.
    """
    comparison = compared("alpaca/read-aloud", "gpt4_0613", "gpt4_1106_preview")
    assert told(comparison) == ("holds", "invalid", "invalidated")
    assert broken(comparison) == [Assumption.FORM]
    assert comparison.new.evidence.void_forms == (Form.EMPHASIS,)
    diff = compare("alpaca", "gpt4_0613", "gpt4_1106_preview")
    assert diff.new_manner.shares["emphasis"] - diff.old_manner.shares["emphasis"] >= 0.3
    assert diff.new_manner.mean_characters > 1.5 * diff.old_manner.mean_characters


def test_alpaca_gpt_35_length_shifts_there_and_back(compared):
    """Within 1,500 characters .86 -> .48 -> .84."""
    there = compared("alpaca/within-1500", *GPT_35)
    assert told(there) == ("holds", "failing", "regressed")
    assert there.change.change is Change.WORSE
    back = compared("alpaca/within-1500", "gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106")
    assert told(back) == ("failing", "holds", "recovered")
    assert back.change.change is Change.BETTER
