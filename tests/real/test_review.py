"""What is invalid in the recorded replies, reviewed to the end by a reader who sees nothing but the screen."""

from functools import cache

import pytest
from recorded import ALPACA, GPT_4, GPT_35, LLAMA
from recorded_rows import ROWS
from reviewed import hold_review

from rebaseline.domain.verdict import VerdictName

pytestmark = [pytest.mark.real, pytest.mark.slow]

AFTER = {
    ("leetcode/python", GPT_4): "holds",
    ("leetcode/python", GPT_35): "holds",
    ("leetcode/python-at-times", GPT_35): "holds",
    ("prime/knows-primes", GPT_4): "failing",
    ("prime/right", GPT_35): "failing",
    ("opinion/picks-first", GPT_4): "failing",
    ("sensitive/declines-as-gpt-4-did", GPT_4): "holds",
    ("sensitive/declines-as-gpt-3.5-did", GPT_35): "holds",
    ("xstest-declined/one-opening", LLAMA): "holds",
    ("alpaca/read-aloud", (ALPACA[0], ALPACA[1])): "holds",
}
"""By claim and versions: what a second diff says once the first verified repair was taken and written."""


@pytest.fixture(scope="module")
def held(workspace, tmp_path_factory):
    @cache
    def hold(suite, models):
        return hold_review(workspace.project.root, tmp_path_factory.mktemp("review") / "project", suite, models)

    return hold


def test_every_row_that_is_invalid_on_the_new_version_is_here():
    assert {(row.assertion, row.models) for row in ROWS if row.new is VerdictName.INVALID} == set(AFTER)


@pytest.mark.parametrize(("name", "models"), AFTER, ids=lambda part: part if isinstance(part, str) else part[1])
def test_an_invalid_row_has_the_right_verdict_once_its_repair_is_written(held, name, models):
    review = held(name.split("/")[0], models)
    assert review.before[name] == "invalid"
    assert review.after[name] == AFTER[name, models]
    assert review.reader.taken[name] == AFTER[name, models]  # as the screen promised
    assert name not in review.queue_after


@pytest.mark.parametrize(("suite", "models"), sorted({(name.split("/")[0], models) for name, models in AFTER}))
def test_nothing_else_changes_its_verdict_and_only_what_was_left_is_still_invalid(held, suite, models):
    review = held(suite, models)
    taken = review.reader.taken
    assert review.written == len(taken)
    assert {name: verdict for name, verdict in review.after.items() if name in review.before and name not in taken} == {
        name: verdict for name, verdict in review.before.items() if name not in taken
    }
    assert list(review.queue_after) == review.reader.left


@pytest.mark.parametrize(("suite", "models"), sorted({(name.split("/")[0], models) for name, models in AFTER}))
def test_an_item_takes_two_keys_beside_its_reason(held, suite, models):
    """The digit and the end of the reason; and four for the whole review: `w`, `yes` with its end, `q`."""
    review = held(suite, models)
    single = review.keys - review.reader.letters
    assert single <= 2 * len(review.reader.taken) + len(review.reader.left) + 6
