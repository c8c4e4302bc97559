"""Between a kill and the next command somebody edited a file: it is not overwritten, and both ways on work as told."""

from __future__ import annotations

import shutil

import pytest
from tests.support.deciding import apply, bring_both, decide, tree
from tests.support.project import make_project
from tests.support.unfinished import committed_in, leave_committed

from rebaseline.domain.decision import Action

SUITE_FILE = "probes/invoices/suite.yaml"
COMMANDS = (["lint"], ["diff"], ["ledger", "verify"], ["retire", "invoices/short", "--reason", "x", "--as", "Ada"])


@pytest.fixture
def both(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return bring_both(make_project(tmp_path, capsys, monkeypatch))


@pytest.fixture(params=[0, 1, 2], ids=["nothing moved", "suite moved", "suite and baseline moved"])
def killed(request, both, monkeypatch):
    """The files before, those that the change brings, and how many of these are in their places."""
    before = tree(both)
    repair = decide(Action.REPAIR, "total")
    leave_committed(both.root, lambda: apply(both, repair), monkeypatch, after_moves=request.param)
    moved = {path: content for path, content in tree(both).items() if not path.startswith(".rebaseline/")}
    assert len([path for path in moved if moved[path] != before.get(path)]) == request.param
    return both, before, moved


def test_an_edited_file_stops_every_command_and_is_not_overwritten(killed):
    project, before, moved = killed
    edited = SUITE_FILE if moved[SUITE_FILE] == before[SUITE_FILE] else "baselines/invoices/app/model-6.2.json"
    project.write(edited, b"# by hand\n")
    stands = tree(project)
    for command in COMMANDS:
        said = project(*command)
        assert said.code == 2
        assert f"{committed_in(project.root)}: {edited} was edited while a change of it was unfinished" in said.err
        assert "Nothing was overwritten" in said.err
        assert tree(project) == stands


def test_with_the_file_put_back_the_next_command_finishes(killed):
    project, before, moved = killed
    project.write(SUITE_FILE, b"# by hand\n")
    assert project("lint").code == 2
    project.write(SUITE_FILE, moved[SUITE_FILE])
    assert project("ledger", "verify").code == 0
    made = sorted(path.rpartition("/")[0] for path in tree(project).keys() - before.keys())
    assert made == ["baselines/invoices/app", "baselines/ledger"]
    assert b"version: 4" in tree(project)[SUITE_FILE]


def test_with_the_folder_deleted_the_change_is_dropped(killed):
    project, before, moved = killed
    project.write(SUITE_FILE, before[SUITE_FILE] + b"# by hand\n")
    assert project("lint").code == 2
    shutil.rmtree(committed_in(project.root))
    assert project("lint").code == 0
    assert tree(project) == moved | {SUITE_FILE: before[SUITE_FILE] + b"# by hand\n"}
