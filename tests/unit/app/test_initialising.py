"""`rebaseline init` starts a project that lints, and overwrites nothing."""

from __future__ import annotations

import pytest

from rebaseline.app.initialising import start_project
from rebaseline.app.linting import lint_suites
from rebaseline.app.workspace import open_workspace
from rebaseline.errors import UsageError


def test_what_it_writes_lints_without_a_word(tmp_path):
    start_project(tmp_path)
    report = lint_suites(open_workspace(tmp_path, {}))
    assert not report.problems
    assert report.controls == report.controls_right == 4
    assert report.total.faults > 0
    assert not report.total.survived


def test_nothing_that_is_there_is_overwritten(tmp_path):
    (tmp_path / "rebaseline.toml").write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        start_project(tmp_path)
    assert (tmp_path / "rebaseline.toml").read_text() == "mine"
    assert not (tmp_path / "probes").exists()


def test_the_store_stays_out_of_git_once(tmp_path):
    (tmp_path / ".gitignore").write_text("*.log")
    start_project(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "*.log\n.rebaseline/\n"
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / ".gitignore").write_text(".rebaseline/\n")
    assert [path.name for path in start_project(tmp_path / "two")] == ["rebaseline.toml", "suite.yaml"]


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written to"):
        start_project(tmp_path / "file")
