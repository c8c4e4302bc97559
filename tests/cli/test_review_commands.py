"""Without a terminal a review prints what may be decided as commands, and each of them does it."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.deciding import bring_both
from tests.support.project import HOSTILE, NEW, OLD, SUITE, assert_printable, replies_of
from tests.support.reviewing import Script

from rebaseline.app.diffing import DiffRequest
from rebaseline.app.reviewing import ReviewRequest, prepare_review, run_review
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.review.shown import marks_of_pair

FENCED = '```json\n{{"total": {0}}}\n```'
OTHER = """  - id: in-braces
    claim: It opens with a brace.
    check: {starts_with: "{"}
    form_claimed: [fence]
    bar: {at_least: 0.9}
"""
DAY = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
FILLED = {"WHY": "as agreed", "WHO": "eve", "DATE": DAY}


@pytest.fixture
def both(project):
    project.suite(SUITE + OTHER)
    project.bring(OLD, replies_of())
    assert project("accept", "--model", OLD, "--as", "Ada Ruiz", "--reason", "signed off").code == 0
    project.bring(NEW, replies_of(FENCED))
    return project


def commands(said):
    lines = [line.strip() for line in said.out.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("rebaseline ")]


def filled(command):
    return [FILLED.get(word, word) for word in command]


def test_it_exits_with_2_and_writes_nothing(both):
    before = {path: path.read_bytes() for path in both.root.rglob("*.yaml")}
    said = both("review")
    assert said.code == 2
    assert "there is no terminal to review in" in said.err
    assert "invoices/total-right   invalid" in said.out
    assert before == {path: path.read_bytes() for path in both.root.rglob("*.yaml")}
    assert not (both.root / ".rebaseline" / "review").exists()


def test_every_printed_command_can_be_typed(both, tmp_path):
    printed = commands(both("review"))
    assert {command[0] for command in printed} == {"repair", "accept", "waive", "reject", "retire", "label"}
    for command in printed:
        name = next(word for word in command if "/" in word and word.startswith("invoices/"))
        typed = [*filled(command), *(["--as", "Ada Ruiz"] if command[0] != "label" else [])]
        said = both(*typed)
        refused = "that is not verified" in said.err or "needs `rebaseline run" in said.err
        assert said.code == 0 or refused, (typed, said.err, name)
        both.suite(SUITE + OTHER)
        (tmp_path / "sheet.csv").unlink(missing_ok=True)


def test_re_baselining_one_records_it_and_what_holds_and_leaves_the_rest(both):
    command = next(words for words in commands(both("review")) if words[0] == "accept" and "total-right" in str(words))
    assert both(*filled(command), "--as", "Ada Ruiz").code == 0
    said = both("review")
    assert "total-right" not in said.out  # decided
    assert "in-braces" in said.out
    assert "total-right" in both("review", "--again").out


def test_what_fails_is_not_re_baselined_by_command_either(both):
    assert both("accept", "--assertion", "invoices/in-braces", "--model", NEW, "--reason", "x", "--as", "A").code == 2


def test_the_first_line_says_what_is_in_the_queue_of_what_the_diff_counts_and_what_is_not(project):
    bring_both(project)
    said = project("diff")
    assert "3 need someone" in said.out
    assert "rebaseline review   2 of the 3 that need someone" in said.out
    unsettled = "1 unsettled, which needs replies (--only unsettled)"
    first = project("review").out.splitlines()[0]
    assert first == f"2 of the 3 that need someone; not in this queue: {unsettled}"
    first = project("review", "--only", "failing").out.splitlines()[0]
    assert first == f"1 of the 3 that need someone; not in this queue: {unsettled}, 1 left out by --only"
    project("reject", "polite", "--reason", "rude", "--as", "Ada Ruiz")
    first = project("review").out.splitlines()[0]
    assert first == f"1 of the 3 that need someone; not in this queue: {unsettled}, 1 decided before (--again)"


def test_what_doctor_counts_as_never_valid_is_counted_by_the_review_too(both):
    assert "never valid" not in both("review").out
    both("accept", "--model", NEW, "--as", "Ada Ruiz", "--reason", "as it is")
    both.bring("model-6.3", replies_of(FENCED))
    assert "NEVER VALID  accepted, and did not measure the claim even then" in both("doctor").out
    assert both("review").out.splitlines()[1] == "1 never valid (`rebaseline doctor`): 1 in this queue"


@pytest.mark.parametrize("way", ["before", "behind", "environment"])
def test_commands_printed_of_a_bundle_read_that_bundle(both, way, monkeypatch):
    assert both("bundle", "--out", "it.bundle").code == 0
    both.without_store()
    if way == "environment":
        monkeypatch.setenv("REBASELINE_BUNDLE", "it.bundle")
    words = {"before": ("--bundle", "it.bundle", "review"), "behind": ("review", "--bundle", "it.bundle")}
    printed = commands(both(*words.get(way, ("review",))))
    monkeypatch.delenv("REBASELINE_BUNDLE", raising=False)
    assert {tuple(command[:2]) for command in printed} == {("--bundle", "it.bundle")}
    waive = next(command for command in printed if command[2] == "waive")
    assert both(*filled(waive), "--as", "Ada Ruiz").code == 0


def test_a_filter_chooses(both):
    said = both("review", "--only", "governance")
    assert (said.code, said.out) == (
        0,
        "nothing that fits governance needs a person; not in this queue: 2 left out by --only\n",
    )
    assert "invoices/total-right   invalid" in both("review", "--only", "total-right").out
    assert "total-right" not in both("review", "--only", "failing").out
    assert "in-braces" not in both("review", "--only", "invalid").out


def test_in_ci_nothing_is_written_even_with_a_terminal(both, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr("rebaseline.review.console.is_terminal", lambda: True)
    said = both("review")
    assert said.code == 2
    assert "CI is set" in said.err


def test_what_is_printed_takes_hold_of_no_terminal(both):
    both.bring("model-6.3", {probe: reply + "".join(HOSTILE) for probe, reply in replies_of(FENCED).items()})
    assert_printable(both("review").out)


def test_where_nothing_needs_a_person_there_is_no_command(both):
    both.bring("model-6.3", replies_of())
    assert commands(both("review", "--to", "model-6.3")) == []


def test_what_a_review_showed_is_known_to_every_later_one(both):
    """Whichever versions it compared: who said it was on the screen."""
    workspace = open_workspace(both.root, {})
    prepared = prepare_review(workspace, ReviewRequest(DiffRequest()))
    seen = []
    for suites, keys in (((), "smq"), (("invoices",), "lq")):
        run_review(
            prepare_review(workspace, ReviewRequest(DiffRequest(suites))),
            Script(*keys),
            actor=Actor("Ada Ruiz", "ada@bank.example"),
            clock=iter(range(1000)).__next__,
            now=lambda: datetime.now(UTC),
            label=lambda _, item, __, shown: (seen.append(shown), item)[1],
        )
    first, second = prepared.items
    assert {*marks_of_pair(first, 0), *marks_of_pair(second, 0), *marks_of_pair(second, 1)} <= seen[0]
    kept = [path.read_text() for path in both.root.glob(".rebaseline/review/*.json")]
    assert len(kept) == 2
    assert not any("```" in text for text in kept)  # digests, and nothing that was said


def test_a_sitting_may_write_more_than_once(both):
    """The second `w` looks at what the first one wrote."""
    workspace = open_workspace(both.root, {})
    prepared = prepare_review(workspace, ReviewRequest(DiffRequest()))
    assert [item.assertion for item in prepared.items] == ["in-braces", "total-right"]
    console = Script("x", "the model is to blame", "w", "yes", "1", "w", "yes", "q")
    review = run_review(
        prepared,
        console,
        actor=Actor("Ada Ruiz", "ada@bank.example"),
        clock=iter(range(1000)).__next__,
        now=lambda: datetime.now(UTC),
        label=lambda _, item, *__: item,
    )
    assert "nothing was changed" not in console.text
    assert (review.written, review.left) == (2, 0)
    assert both("ledger", "verify").code == 0
    assert both("review").out == "nothing needs a person; not in this queue: 1 decided before (--again)\n"
