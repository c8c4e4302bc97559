"""Every row of the table "What a good diff says of them" beside the recorded replies.

The rows, and what is expected of them, stand in `benchmarks/verdicts/recorded_rows.py`. Each is a test here; the other
tests say what is behind a verdict. Bars are what an owner of the old version would have accepted; each is explained
where it stands in its suite. The figures in docstrings are those of the files here, which are samples of the full sets.
"""

import pytest
from recorded import AGAIN, GPT_4, GPT_35, LLAMA, MISTRAL
from recorded_rows import ROWS, given_of

from rebaseline.app.linting import lint_suites
from rebaseline.domain.behaviour import NoteKind
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Failing, Holds
from rebaseline.gate import ExitCode, decide_outcome

pytestmark = pytest.mark.real


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}: {row.right}")
def test_a_row_is_given_as_it_is_expected(compared, row):
    given = given_of(compared(row.assertion, *row.models))
    assert row.agrees(given), f"expected {row.expected}, given {given}"


def test_every_suite_has_a_row_for_each_of_its_assertions(workspace):
    """`xstest-again` is one row of the table for both of its assertions."""
    named = {row.assertion for row in ROWS}
    assert named == {f"{suite.id}/{assertion.id}" for suite in workspace.suites() for assertion in suite.assertions}


def noted(diff):
    """Return the notes on manner by measure."""
    return {note.measure: note for note in diff.behaviour.notes}


def test_the_suites_hold_what_lint_asks_for(workspace):
    report = lint_suites(workspace)
    assert not report.failed
    assert report.controls_right == report.controls > 0
    assert report.total.faults > 0
    assert not report.total.survived


def test_leetcode_gpt_4_python_as_given_is_void_by_its_fence_and_undoing_it_repairs_the_claim(compared):
    """Parses as given .92 -> .12, with the fence undone .92 -> 1.0.

    The row says "correct Python". What LeetCode accepts cannot be run here, so the claim is that it is Python at all.
    """
    comparison = compared("leetcode/python", *GPT_4)
    assert comparison.new.evidence.void_forms[0] is Form.FENCE
    assert comparison.new.evidence.voids == {Assumption.FORM: 44}
    assert isinstance(comparison.preview.undone, Holds)
    assert isinstance(comparison.preview.breaks, Failing)


@pytest.mark.parametrize("name", ["leetcode/python-undone", "leetcode/python-at-times"])
def test_leetcode_gpt_35_is_read_by_a_bar_that_the_old_version_reaches(compared, name):
    """Parses .38 -> .02 as given; 31 of 50 old replies stand in a fence already."""
    assert isinstance(compared(name, *GPT_35).old.verdict, Holds)


def test_leetcode_gpt_4_code_only_is_never_void_since_the_form_is_claimed(compared):
    """Unfenced .92 -> .12: a form that is claimed is a fail, never a doubt."""
    assert compared("leetcode/code-only", *GPT_4).new.evidence.void_count == 0


def test_prime_gpt_4_primes_alone_are_not_told_apart_from_composites_any_more(compared):
    """Yes on primes .97 -> .03, on composites .31 -> .00: the check now reads a constant, not knowledge of primes."""
    comparison = compared("prime/knows-primes", *GPT_4)
    assert comparison.old.group.separation.shown
    assert comparison.new.group.separation.refuted


def test_prime_gpt_35_balanced_gained_even_on_the_harshest_reading(compared):
    """Right .51 -> .67 even if each of the 90 replies without brackets is wrong; at most .85.

    The gain in pairs is not shown at 1/200 (e = 95), because these doubts count against it. The verdict is: it failed
    the bar of .6, and now it holds.
    """
    assert compared("prime/better-than-constant", *GPT_35).change.lowest > 0.1


def test_prime_gpt_35_brackets_assumed_voids_what_lacks_them(compared):
    """In brackets .98 -> .82. Where brackets are only how the answer is found, what lacks them is void, not wrong.

    Where the bar lies between .67 and .85 these replies decide the verdict, and it is invalid.
    """
    comparison = compared("prime/right", *GPT_35)
    assert comparison.old.evidence.voids[Assumption.READABLE] <= 11
    assert comparison.new.evidence.voids[Assumption.READABLE] >= 85


def test_happy_gpt_35_gained_even_on_the_harshest_reading_and_is_part_void(compared):
    """Right .26 -> .45 at the least; 23 of the 120 new replies have no box.

    The row says improved. Of the full set that may be shown; on these 120 probes the gain in pairs is not (e = 9), and
    a diff must not say so. What is shown is that it got no worse by .1.
    """
    assert compared("happy/count-no-worse", *GPT_35).change.lowest > 0.1
    assert 20 <= compared("happy/count", *GPT_35).new.evidence.voids[Assumption.READABLE] <= 26


@pytest.mark.parametrize(
    ("name", "pair"), [("sensitive/declines-as-gpt-4-did", GPT_4), ("sensitive/declines-as-gpt-3.5-did", GPT_35)]
)
def test_sensitive_by_the_old_openings_holds_once_the_second_reading_decides(compared, name, pair):
    """The openings that the old version used find .00 and .06 of the new refusals; the second reading finds .89.

    The built-in reading is held against a list of openings whether `means` is written or not: a list that is read alone
    cannot know what it misses, and the assertion would be failing.
    """
    assert isinstance(compared(name, *pair).preview.undone, Holds)


def test_xstest_mistral_refusals_by_string_match_are_not_told_apart_on_the_old_version(compared):
    """Precision and recall of the string match .63/.24 -> .82/.71 against people's labels.

    Alone it was never valid on the old version: it finds refusals among unsafe prompts hardly more often than among
    safe ones. That the old version complies it could not have shown.
    """
    comparison = compared("xstest/declines-unsafe-by-string-match", *MISTRAL)
    assert [reason.broken for reason in comparison.old.verdict.reasons] == [Assumption.CONTROLS]
    assert comparison.old.group.separation.refuted


def test_xstest_mistral_complies_on_the_old_version_whatever_the_list_misses(compared):
    """Beside the built-in reading, what the list misses is void: at most 61 of 200 declined, people say 47."""
    old = compared("xstest/declines-unsafe", *MISTRAL).old
    assert isinstance(old.verdict, Failing)
    assert old.evidence.voids[Assumption.AGREEMENT] >= 30
    assert 47 <= old.evidence.passes + old.evidence.void_count <= 70


def test_xstest_recall_on_the_probes_that_people_say_were_declined(compared):
    """Recall of the openings on refusals that people agree on .96 -> .94, of `^I (cannot|can't)` .84 -> .62."""
    for name, shares in (("many-openings", (0.96, 0.94)), ("one-opening", (0.84, 0.62))):
        comparison = compared(f"xstest-declined/{name}", *LLAMA)
        read = [side.evidence.passes / side.evidence.replies for side in (comparison.old, comparison.new)]
        assert read == pytest.approx(shares, abs=0.03)


def test_xstest_the_same_prompts_again_leave_nothing_to_be_blocked(compare):
    """Labels agree in .96, and .08 of the texts are identical: the no-change control.

    172 ids are in both files, 171 of them with the same prompt.
    """
    diff = compare("xstest-again", *AGAIN)
    assert diff.probes == 171
    assert decide_outcome(diff).code is ExitCode.OK


def test_alpaca_gpt_4_the_form_that_shifted_is_named(compare, compared):
    """Without a mark .78 -> .44, .80 with emphasis undone; replies in bold .02 -> .42.

    "Presuppose plain text" is read as: emphasis is no part of the claim, and stands in the way of reading it.
    """
    comparison = compared("alpaca/read-aloud", "gpt4_0613", "gpt4_1106_preview")
    assert comparison.new.evidence.void_forms == (Form.EMPHASIS,)
    diff = compare("alpaca", "gpt4_0613", "gpt4_1106_preview")
    assert diff.new_manner.shares["emphasis"] - diff.old_manner.shares["emphasis"] >= 0.3
    assert diff.new_manner.mean_characters > 1.5 * diff.old_manner.mean_characters
    notes = noted(diff)
    assert {"emphasis", "lists", "words"} == {*notes}
    assert notes["words"].low > 1.2


def test_manner_of_leetcode_gpt_4_is_fences(compare):
    notes = noted(compare("leetcode", *GPT_4))
    first = next(iter(notes.values()))
    assert (first.measure, first.old, first.new) == ("fences", 0.0, 0.88)
    assert first.low > 0.5


def test_manner_of_sensitive_gpt_4_is_another_way_to_refuse(compare):
    """What replies open with: a sorry that comes at once; what they lose: length, and an offer at the end."""
    notes = noted(compare("sensitive", *GPT_4))
    openings = [note for note in notes.values() if note.kind is NoteKind.OPENING]
    assert next(note for note in openings if note.effect > 0).measure.startswith("Sorry, but")
    assert notes["closing offer"].effect < -0.4
    assert notes["words"].high < 0.5


def test_manner_of_the_same_prompts_again_is_nearly_the_same(compare):
    """171 probes, months apart: two small notes of 25 measures and 40 openings."""
    behaviour = compare("xstest-again", *AGAIN).behaviour
    assert len(behaviour.notes) <= 2
    assert all(abs(note.effect) < 0.15 for note in behaviour.notes)
