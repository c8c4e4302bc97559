"""Files of labels and draws: what is written comes back, and every damage is named."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rebaseline.domain.label import AssertionLabels, Cell, Draw, Label, LabelValue, Population
from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.store.labels import append_draw, append_labels, labels_path, load_assertion_labels, load_suite_labels

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
CHOSEN = Label("p", "f", "d", LabelValue.PASS, "Ada \u202e\ud800", NOON)
DRAWN = Label("q", "f", "e", LabelValue.UNCLEAR, "Bo", NOON, "d1", 1)
ROWS = (Cell("app", "m/1", "q", "f", 0, "e"), Cell("app", "m/1", "p", "f", 3, "d"))
DRAW = Draw("d1", 7, NOON, (Population("app", "m/1", 60, "abc"),), ROWS)


def test_what_is_written_comes_back(tmp_path):
    assert load_suite_labels(tmp_path, "s", ["a"]) == {}
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    append_draw(tmp_path, "s", "a", DRAW)
    append_labels(tmp_path, {("s", "a"): [DRAWN]})
    held = AssertionLabels({CHOSEN.key: CHOSEN, DRAWN.key: DRAWN}, (DRAW,))
    assert load_assertion_labels(tmp_path, "s", "a") == held
    assert load_suite_labels(tmp_path, "s", ["a", "b", "draws"]) == {"a": held}
    assert labels_path(tmp_path, "s", "a").read_bytes().count(b"\n") == 2


def test_the_last_label_counts_and_the_first_says_since_when(tmp_path):
    later = Label("p", "f", "d", LabelValue.FAIL, "Bo", NOON + timedelta(hours=1))
    append_labels(tmp_path, {("s", "a"): [CHOSEN, later]})
    (held,) = load_assertion_labels(tmp_path, "s", "a").labels.values()
    assert (held.value, held.by, held.first_at) == (LabelValue.FAIL, "Bo", NOON)


def test_a_file_that_does_not_end_a_line_is_not_run_together(tmp_path):
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    path = labels_path(tmp_path, "s", "a")
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    append_labels(tmp_path, {("s", "a"): [DRAWN]})
    assert len(load_assertion_labels(tmp_path, "s", "a").labels) == 2


@pytest.mark.parametrize(
    "line",
    ['{"probe": "p"', "<<<<<<< HEAD", "[]", '{"probe": "p"}', "null", '"x"'],
)
def test_every_damaged_line_of_both_files_is_named(tmp_path, line):
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    append_draw(tmp_path, "s", "a", DRAW)
    for path in (labels_path(tmp_path, "s", "a"), tmp_path / "s" / "draws" / "a.jsonl"):
        path.write_text(f"{line}\n{path.read_text()}{line}\n")
    with pytest.raises(SuiteErrors) as wrong:
        load_suite_labels(tmp_path, "s", ["a"])
    assert [(problem.path.rpartition("/s/")[2], problem.line) for problem in wrong.value.problems] == [
        ("a.jsonl", 1),
        ("a.jsonl", 3),
        ("draws/a.jsonl", 1),
        ("draws/a.jsonl", 3),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [('"pass"', '"good"'), ('"chosen"', '"drawn"'), ("+00:00", ""), ('"request": "f"', '"request": 3')],
)
def test_a_label_that_cannot_be_is_refused(tmp_path, old, new):
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    path = labels_path(tmp_path, "s", "a")
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(SuiteErrors):
        load_assertion_labels(tmp_path, "s", "a")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    labels_path(tmp_path, "s", "a").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="no UTF-8"):
        load_assertion_labels(tmp_path, "s", "a")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "s").write_text("a file")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        append_labels(tmp_path, {("s", "a"): [CHOSEN]})


def test_labels_of_several_assertions_are_all_written_or_none(tmp_path, monkeypatch):
    """A write that fails, at any step, leaves every file as it was and no rubbish."""
    append_labels(tmp_path, {("s", "a"): [CHOSEN]})
    before = labels_path(tmp_path, "s", "a").read_bytes()
    both = {("s", "a"): [DRAWN], ("s", "b"): [DRAWN], ("s", "c"): [DRAWN]}
    for step, fails_at in (("os.fsync", 2), ("os.fsync", 3), ("pathlib.Path.replace", 2), ("pathlib.Path.replace", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(step, failing_at(fails_at, {"os.fsync": os.fsync}.get(step, Path.replace)))
            with pytest.raises(ConfigurationError, match="No space left"):
                append_labels(tmp_path, both)
        assert labels_path(tmp_path, "s", "a").read_bytes() == before, (step, fails_at)
        assert [path.name for path in (tmp_path / "s").iterdir()] == ["a.jsonl"], (step, fails_at)
    append_labels(tmp_path, both)
    assert labels_path(tmp_path, "s", "a").read_bytes().startswith(before)
    assert {key: len(held.labels) for key, held in load_suite_labels(tmp_path, "s", "abc").items()} == {
        "a": 2,
        "b": 1,
        "c": 1,
    }


def failing_at(call, real):
    """Return a function that fails the nth time it is called, as a full disk does, and works otherwise."""
    calls = []

    def run(*arguments):
        calls.append(arguments)
        if len(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    return run


def test_a_torn_last_line_says_which_line_to_delete(tmp_path):
    append_labels(tmp_path, {("s", "a"): [CHOSEN, DRAWN]})
    path = labels_path(tmp_path, "s", "a")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SuiteErrors) as wrong:
        load_assertion_labels(tmp_path, "s", "a")
    (problem,) = wrong.value.problems
    assert problem.line == 2
    assert "interrupted" in problem.message
    assert problem.remedy.startswith("delete line 2, and take the sheet")
