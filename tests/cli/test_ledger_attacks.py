"""A ledger beside the branch that it is to be merged into: entries put in later, as the command line sees them."""

from __future__ import annotations

import pytest
from tests.support.entries import append
from tests.support.repository import start_repository

from rebaseline.review.ledger import read_ledger


def folder(project):
    return project.root / "baselines" / "ledger"


def name_of(project, digest):
    return read_ledger(folder(project)).records[digest].name


def found(project, *arguments):
    document = project("ledger", "verify", *arguments, "--json").document
    findings = [(it["kind"], it["where"], it["blocks"]) for it in document["findings"]]
    return document["exit_code"], findings


@pytest.fixture
def main_branch(project, monkeypatch):
    """Two entries on the branch `main`, which the folder was checked out from."""
    repository = start_repository(project.root, monkeypatch)
    first, second = append(folder(project), 0), append(folder(project), 10)
    repository.commit()
    return repository, first, second


def test_an_entry_put_in_before_everything_else_is_refused_beside_the_branch(project, main_branch):
    _, first, _ = main_branch
    forged = append(folder(project), -1000, parents=())
    code, findings = found(project)
    assert (code, findings) == (0, [("root", name_of(project, first), False)])
    code, findings = found(project, "--against", "main")
    assert (code, findings) == (2, [("root", name_of(project, forged), True)])
    said = project("ledger", "verify", "--against", "main")
    assert "it follows no entry, and main has 2 entries" in " ".join(said.out.split())


def test_a_root_does_not_hide_behind_an_entry_that_joins_it(project, main_branch):
    _, _, second = main_branch
    forged = append(folder(project), -1000, parents=())
    append(folder(project), 20, parents=(second, forged))
    assert found(project, "--against", "main") == (2, [("root", name_of(project, forged), True)])


def test_two_branches_that_both_began_the_ledger_are_warned_of_and_hold_once_merged(project, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    repository.commit()
    repository.git("checkout", "-q", "-b", "other")
    append(folder(project), 5)
    repository.commit()
    repository.git("checkout", "-q", "main")
    append(folder(project), 0)
    repository.commit()
    repository.git("merge", "-q", "--no-edit", "other")
    code, findings = found(project)
    assert (code, [(kind, blocks) for kind, _, blocks in findings]) == (0, [("root", False)])
    assert found(project, "--against", "main") == (0, [])


def test_an_entry_put_in_behind_the_head_of_the_branch_is_named(project, main_branch):
    _, first, _ = main_branch
    forged = append(folder(project), 5, parents=(first,))
    append(folder(project), 6, parents=(forged,))
    assert found(project) == (0, [])
    assert found(project, "--against", "main") == (0, [("behind", name_of(project, forged), False)])


def test_entries_that_follow_the_head_of_the_branch_are_no_finding(project, main_branch):
    append(folder(project), 20)
    append(folder(project), 30)
    assert found(project, "--against", "main") == (0, [])


def test_where_the_branch_has_two_heads_the_next_entry_follows_both(project, main_branch):
    repository, first, second = main_branch
    append(folder(project), 11, parents=(first,))
    repository.commit()
    alone = append(folder(project), 20, parents=(second,))
    assert found(project, "--against", "main") == (0, [("behind", name_of(project, alone), False)])
    (folder(project) / name_of(project, alone)).unlink()
    append(folder(project), 20)
    assert found(project, "--against", "main") == (0, [])


def test_beside_a_branch_without_entries_roots_are_warned_of(project, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    repository.commit()
    append(folder(project), 0)
    assert found(project, "--against", "main") == (0, [])
    later = append(folder(project), 5, parents=())
    assert found(project, "--against", "main") == (0, [("root", name_of(project, later), False)])
