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


# A branch that is behind


@pytest.fixture
def behind(project, main_branch):
    """A branch from before the last entry of `main`, checked out, with nothing of its own."""
    repository, _, _ = main_branch
    repository.git("branch", "other")
    append(folder(project), 20)
    repository.commit()
    repository.git("checkout", "-q", "other")
    return repository


def test_a_branch_that_is_behind_took_nothing_away(project, behind):
    code, [(kind, _, blocks)] = found(project, "--against", "main")
    assert (code, kind, blocks) == (0, "behind", False)
    said = " ".join(project("ledger", "verify", "--against", "main").out.split())
    assert "main has moved on: 1 entry came there that is not here" in said
    assert "git merge main" in said
    append(folder(project), 30)
    assert found(project, "--against", "main")[0] == 0
    behind.commit()
    behind.git("merge", "-q", "--no-edit", "main")
    assert [kind for kind, _, blocks in found(project, "--against", "main")[1] if blocks] == []


def test_a_branch_that_is_behind_may_take_nothing_away_of_what_it_had(project, main_branch, behind):
    _, first, second = main_branch
    name, early = name_of(project, second), name_of(project, first)
    (folder(project) / name).unlink()
    assert ("missing", name, True) in found(project, "--against", "main")[1]
    behind.git("checkout", "-q", "--", ".")
    behind.write(f"baselines/ledger/{early}", "{}")
    assert ("edited", early, True) in found(project, "--against", "main")[1]


def test_what_came_with_a_merge_and_was_taken_away_is_missing(project, behind):
    behind.git("merge", "-q", "--no-edit", "main")
    last = max(path.name for path in folder(project).glob("*.json"))
    (folder(project) / last).unlink()
    behind.commit()
    assert found(project, "--against", "main") == (2, [("missing", last, True)])


def test_a_signature_that_came_later_is_behind(project, main_branch):
    repository, first, _ = main_branch
    repository.git("branch", "other")
    signature = repository.write(f"baselines/ledger/{name_of(project, first)}.sig", "signed late")
    repository.commit()
    repository.git("checkout", "-q", "other")
    assert found(project, "--against", "main") == (0, [("behind", signature.name, False)])


def test_a_signature_that_is_as_it_was_is_behind_and_another_one_is_not(project, main_branch):
    repository, first, _ = main_branch
    signature = repository.write(f"baselines/ledger/{name_of(project, first)}.sig", "wrong")
    repository.commit()
    repository.git("branch", "other")
    signature.write_text("made anew")
    repository.commit()
    repository.git("checkout", "-q", "other")
    assert [it for it in found(project, "--against", "main")[1] if it[0] != "bad signature"] == [
        ("behind", signature.name, False)
    ]
    signature.write_text("another one")
    assert ("edited", signature.name, True) in found(project, "--against", "main")[1]


def test_without_a_common_commit_every_entry_is_looked_for(project, behind):
    behind.git("checkout", "-q", "--orphan", "new")
    behind.commit("another beginning")
    assert {kind for kind, _, blocks in found(project, "--against", "main")[1] if blocks} == {"missing"}


def test_a_shallow_clone_cannot_tell_where_a_branch_began(project, behind):
    commit = behind.git("rev-parse", "HEAD").strip()
    (project.root / ".git" / "shallow").write_text(f"{commit}\n")
    assert {kind for kind, _, blocks in found(project, "--against", "main")[1] if blocks} == {"missing"}


def test_an_entry_taken_away_while_the_ledger_is_moved_as_the_commit_moves_it_is_missing(project, main_branch):
    repository, first, _ = main_branch
    name = name_of(project, first)
    repository.git("branch", "other")

    def move():
        repository.git("mv", "baselines", "accepted")
        toml = project.root / "rebaseline.toml"
        toml.write_text(toml.read_text() + '\n[paths]\nbaselines = "accepted"\n')

    move()
    repository.commit()
    repository.git("checkout", "-q", "other")
    move()
    (project.root / "accepted" / "ledger" / name).unlink()
    repository.commit("moved")
    assert ("missing", name, True) in found(project, "--against", "main")[1]
