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
    assert "\nNext:" not in said.out  # the folder that they would speak of is gone
    assert said.out.splitlines()[-1].startswith("Keep it, look further:  rebaseline demo --into demo && cd demo && ")
    assert sorted(path.name for path in project.root.iterdir()) == before


def test_all_lists_every_assertion_in_the_section_that_the_table_counts_it_in(project, offline):
    lines = project("demo", "--all").out.splitlines()
    rows = [line.split() for line in lines if line.startswith(("  governance held", "  functional held", "  not held"))]
    titles = ("HOLDS", "FAILING", "INVALID", "UNSETTLED", "UNMEASURED")
    titled = [line.split() for line in lines if line.split("  ")[0] in titles]
    sections = {words[0]: int(words[-1]) for words in titled}
    assert [sum(int(row[-5 + index]) for row in rows) for index in range(5)] == [
        sections.get(name, 0) for name in titles
    ]
    shown = [line.split()[1] for line in lines if line[:1] == " " and line[1:2] in set("x!~?+")]
    assert len(shown) == len(set(shown)) == sum(sections.values())


def test_the_project_that_it_keeps_works_on(project, offline, monkeypatch):
    said = project("demo", "--into", "demo")
    assert said.code == 0
    shown = next(line for line in said.out.splitlines() if line.startswith("exit "))
    monkeypatch.chdir(project.root / "demo")
    again = project("diff")
    assert "\nNext:  cd demo\n       rebaseline diff --why " in said.out
    assert again.out == said.out.replace("Next:  cd demo\n      ", "Next: ")
    step = next(line for line in again.out.splitlines() if line.startswith("Next:")).split()
    assert project(*step[2:]).code == again.code
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


def test_what_is_not_accepted_as_holding_is_named_by_verdict(project, offline, monkeypatch):
    model = run_demo(project.root / "demo", datetime(2026, 6, 1, tzinfo=UTC)).diff.new.name
    monkeypatch.chdir(project.root / "demo")
    said = project("accept", "--model", model, "--as", "Ada Ruiz", "--reason", "tried")
    listed = said.out.split("baselines/extraction/")[1].split("written")[0]
    assert "recorded as failing: bare-json\n" in listed
    assert "recorded as invalid: currency-right, record-shape, total-right\n" in listed
    assert "recorded as holds" not in said.out


def test_a_name_that_the_diff_lacks_is_answered_with_those_that_it_has(project, offline, monkeypatch):
    run_demo(project.root / "demo", datetime(2026, 6, 1, tzinfo=UTC))
    monkeypatch.chdir(project.root / "demo")
    assert "did you mean extraction/bare-json" in project("diff", "--why", "bare-jsn").err
    nothing_like_it = project("diff", "--why", "qqq")
    assert nothing_like_it.code == 2
    assert " and 22 more: `rebaseline diff --all`" in nothing_like_it.err
