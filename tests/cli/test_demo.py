"""The demo, on replies that real models gave: no key, no network, and a project to go on with."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from rebaseline.app.demoing import run_demo


@pytest.fixture
def offline(monkeypatch):
    def refused(*_arguments, **_options):
        raise AssertionError("the demo went to the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ASSISTANT_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_the_demo_shows_what_the_product_is_for_and_leaves_nothing_behind(project, offline):
    before = sorted(path.name for path in project.root.iterdir())
    said = project("demo")
    assert said.code == 0
    assert said.err == ""
    for title in ("FAILING", "INVALID", "RECOVERED"):
        assert f"\n{title}  " in said.out
    assert "? Does what reads this reply undo a fence?" in said.out
    assert "Unmeasured: 0." in said.out
    assert sorted(path.name for path in project.root.iterdir()) == before


def test_the_project_that_it_keeps_works_on(project, offline, monkeypatch):
    said = project("demo", "--into", "demo")
    assert said.code == 0
    shown = next(line for line in said.out.splitlines() if line.startswith("exit "))
    monkeypatch.chdir(project.root / "demo")
    again = project("diff")
    assert again.out == said.out
    assert f"exit {again.code} " in shown
    assert again.code == 1
    lint = project("lint")
    assert lint.code == 0, lint.out
    assert " 0 errors" in lint.out
    assert project("demo", "--into", ".").code == 2


def test_a_folder_that_holds_something_is_left_alone(project):
    project.write("mine/notes.txt", "mine")
    said = project("demo", "--into", "mine")
    assert said.code == 2
    assert "is not empty" in said.err
    assert [path.name for path in (project.root / "mine").iterdir()] == ["notes.txt"]


def test_every_probe_was_answered_by_both_models(tmp_path):
    diff = run_demo(tmp_path / "demo", datetime(2026, 6, 1, tzinfo=UTC)).diff
    assert diff.old.name != diff.new.name
    assert diff.new_provider.faulted == diff.old_provider.faulted == 0
    assert diff.new_provider.answered == diff.old_provider.answered
    assert all(comparison.able_to_fail for comparison in diff.comparisons)
