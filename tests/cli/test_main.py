"""What every command shares: exit codes of errors, help, and what never reaches a terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.support.project import NEW, OLD, replies_of

from rebaseline.cli.main import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(project, command):
    said = project(command, "--help")
    assert said.code == 0
    assert "Usage" in said.out


def test_no_command_shows_the_help(project):
    said = project()
    assert said.code == 2
    assert all(command in said.both for command in COMMANDS)


def test_a_mistyped_command_gets_the_nearest_one(project):
    said = project("dif")
    assert said.code == 2
    assert "did you mean 'diff'?" in said.err


def test_the_version_is_printed(project):
    said = project("--version")
    assert said.code == 0
    assert said.out.startswith("rebaseline, version ")


@pytest.mark.parametrize("arguments", [["diff", "--nope"], ["import"], ["accept"], ["schema", "other"]])
def test_wrong_options_are_usage(project, arguments):
    assert project(*arguments).code == 2


def test_no_project_is_usage_with_what_to_do(project):
    (project.root / "rebaseline.toml").unlink()
    said = project("diff")
    assert said.code == 2
    assert "rebaseline.toml" in said.err


def test_a_bug_is_called_ours(project, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a fault of ours \x1b[2J\u202e")

    monkeypatch.setattr("rebaseline.cli.models_command.open_here", broken)
    said = project("models", bug=True)
    assert said.code == 70
    assert "a bug of ours" in said.err
    assert "ZeroDivisionError" in said.err


def test_an_interruption_is_130(project, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("rebaseline.cli.models_command.open_here", interrupted)
    said = project("models")
    assert said.code == 130
    assert "interrupted" in said.err


def test_as_a_module_it_leaves_with_the_exit_code(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of('{{"total": 1{0}}}'))
    done = subprocess.run(
        [sys.executable, "-m", "rebaseline", "diff"], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "FAILING" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes that close are a matter of POSIX")
@pytest.mark.parametrize(("arguments", "code"), [(["diff"], 1), (["models"], 0)])
def test_a_reader_that_leaves_changes_no_exit_code(project, arguments, code):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of('{{"total": 1{0}}}'))
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rebaseline", *arguments],
            cwd=project.root,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode == code
    assert done.stderr == ""


def test_why_and_json_exclude_each_other(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of())
    said = project("diff", "--why", "total-right", "--json")
    assert said.code == 2
    assert "--why" in said.err


def test_a_console_that_lacks_a_character_gets_a_mark_and_no_error(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of("日本語 {0} …"))
    done = subprocess.run(
        [sys.executable, "-m", "rebaseline", "diff"],
        cwd=project.root,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert b"     new  ??? 7" in done.stdout
    assert done.stderr == b""
