"""Who accepts a changed rule is not who proposed it, where the project says so."""

from __future__ import annotations

import pytest
from tests.support.entries import ADA, BOB, append
from tests.support.repository import start_repository

from rebaseline.app.duties import last_acceptances, proposers_of, require_duties, writers_of
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import FileChange
from rebaseline.errors import LedgerError
from rebaseline.review.ledger import read_ledger

PROJECT = '[system]\nname = "claims"\n[ledger]\nseparate_duties = {}\n'
SUITE = "probes/[a] b/suite.yaml"
EVE = Actor("Eve Else", "eve@bank.example")
WHAT = "the changed bar of invoices/total-right"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    repository = start_repository(tmp_path / "it", monkeypatch)
    repository.write("rebaseline.toml", PROJECT.format("true"))
    repository.write(SUITE, "suite: {}\n")
    repository.commit(author=BOB)
    return repository


def workspace_of(repository):
    return open_workspace(repository.root, {})


def suite_of(repository):
    return repository.root / SUITE


def accept(repository, name="one", author=ADA):
    """Commit an entry, and return where it lies."""
    entry = repository.write(f"baselines/ledger/{name}.json", f"{{}} {name}")
    repository.commit(author=author)
    return entry


def edit(repository, author, text, path=SUITE):
    repository.write(path, text)
    return repository.commit(author=author)


def test_everybody_who_changed_a_file_since_it_was_accepted_proposed_it(repository):
    workspace, suite = workspace_of(repository), suite_of(repository)
    assert proposers_of(workspace, [suite], [repository.root / "baselines/ledger/no.json"]) == (BOB,)
    edit(repository, ADA, "suite: {}\n", "probes/a/suite.yaml")
    assert proposers_of(workspace, [suite], []) == (BOB,)
    edit(repository, ADA, "suite: {id: x}\n")
    edit(repository, BOB, "suite: {id: y}\n")
    assert proposers_of(workspace, [suite], []) == (BOB, ADA)
    entry = accept(repository)
    assert proposers_of(workspace, [suite], [entry]) == (BOB,), "who changed it last, where nobody did since"
    edit(repository, ADA, "id\n", "probes/[a] b/rows.csv")
    assert proposers_of(workspace, [suite, suite.parent / "rows.csv"], [entry]) == (ADA,)
    not_committed = repository.write("baselines/ledger/two.json", "{}")
    assert proposers_of(workspace, [suite], [entry, not_committed]) == (BOB, ADA)


def test_what_was_changed_on_a_branch_that_did_not_have_the_entry_counts(repository):
    repository.git("checkout", "-q", "-b", "other")
    edit(repository, EVE, "suite: {id: loose}\n")
    repository.git("checkout", "-q", "main")
    entry = accept(repository)
    repository.git("merge", "-q", "--no-edit", "other")
    edit(repository, BOB, "suite: {id: loose} # a word\n")
    assert proposers_of(workspace_of(repository), [suite_of(repository)], [entry]) == (BOB, EVE)


def test_who_merges_proposes_nothing_but_what_they_change_by_the_merge(repository):
    entry = accept(repository)
    for name, author in (("one", EVE), ("two", BOB)):
        repository.git("checkout", "-q", "-b", name, "main")
        edit(repository, author, f"suite: {{id: {name}}}\n")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "--no-edit", "one")
    assert proposers_of(workspace_of(repository), [suite_of(repository)], [entry]) == (EVE,)
    repository.git("merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "two")
    edit(repository, ADA, "suite: {id: three}\n")
    assert ADA in proposers_of(workspace_of(repository), [suite_of(repository)], [entry])


def test_an_entry_that_came_twice_counts_from_where_it_came_first(repository):
    repository.git("checkout", "-q", "-b", "other")
    edit(repository, EVE, "suite: {id: loose}\n")
    accept(repository, author=EVE)
    repository.git("checkout", "-q", "main")
    entry = accept(repository)
    repository.git("checkout", "-q", "other")
    repository.git("merge", "-q", "--no-edit", "main")
    edit(repository, BOB, "suite: {id: loose} # a word\n")
    assert proposers_of(workspace_of(repository), [suite_of(repository)], [entry]) == (BOB, EVE)


def test_an_edit_in_the_commit_of_the_entry_counts_unless_the_file_begins_there(repository):
    repository.write("baselines/ledger/one.json", "{}")
    edit(repository, EVE, "suite: {id: loose}\n")
    edit(repository, BOB, "suite: {id: loose} # a word\n")
    entry = repository.root / "baselines/ledger/one.json"
    assert proposers_of(workspace_of(repository), [suite_of(repository)], [entry]) == (BOB, EVE)
    new = repository.write("probes/new/suite.yaml", "suite: {}\n")
    other = accept(repository, "two", EVE)
    edit(repository, BOB, "suite: {id: new}\n", "probes/new/suite.yaml")
    assert proposers_of(workspace_of(repository), [new], [other]) == (BOB,)


@pytest.mark.parametrize("merged", [False, True])
def test_a_file_is_followed_through_every_name_that_it_had(repository, merged):
    entry = accept(repository)
    text = "suite: {id: loose}\n" + "# a line of the suite\n" * 20
    if merged:
        repository.git("checkout", "-q", "-b", "other")
    edit(repository, EVE, text)
    repository.git("mv", "probes/[a] b", "probes/second")
    repository.commit(author=BOB)
    edit(repository, ADA, text + "# more\n", "probes/second/suite.yaml")
    repository.git("mv", "probes/second", "probes/third")
    repository.commit(author=BOB)
    if merged:
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", "--no-ff", "--no-edit", "other")
    third = repository.root / "probes/third/suite.yaml"
    assert set(proposers_of(workspace_of(repository), [third], [entry])) == {ADA, BOB, EVE}


def test_who_wrote_a_file_is_everybody_who_committed_a_change_of_it(repository):
    workspace, suite = workspace_of(repository), suite_of(repository)
    edit(repository, ADA, "suite: {id: x}\n")
    assert writers_of(workspace, suite) == (ADA, BOB)
    repository.write(SUITE, "suite: {id: y}\n")
    assert writers_of(workspace, suite) is None


def test_the_last_acceptance_is_the_entry_that_wrote_a_baseline_of_the_suite_and_target(repository):
    workspace, folder = workspace_of(repository), repository.root / "baselines/ledger"
    assert last_acceptances(workspace, "invoices", "app") == ()
    wrote = {"files": (FileChange("baselines/invoices/app/m.json", "", "0" * 64),)}
    first = append(folder, 0, **wrote)
    append(folder, 1, files=(FileChange("baselines/invoices/app2/m.json", "", "0" * 64),))
    append(folder, 2, files=(FileChange("baselines/invoices/app/m.json", "0" * 64, ""),))
    append(folder, 3)
    assert [path.name for path in last_acceptances(workspace, "invoices", "app")] == [name_of(folder, first)]
    branches = [append(folder, 4 + n, parents=(first,), **wrote) for n in range(2)]
    found = {path.name for path in last_acceptances(workspace, "invoices", "app")}
    assert found == {name_of(folder, digest) for digest in branches}


def name_of(folder, digest):
    return read_ledger(folder).records[digest].name


def test_nobody_is_known_to_have_made_an_edit_that_is_not_committed(repository):
    suite = repository.write("probes/[a] b/suite.yaml", "suite: {id: other}\n")
    assert proposers_of(workspace_of(repository), [suite], []) is None
    repository.git("add", "-A")
    assert proposers_of(workspace_of(repository), [suite], []) is None
    repository.commit(author=ADA)
    new = repository.write("probes/[a] b/rows.csv", "id\n")
    assert proposers_of(workspace_of(repository), [suite, new], []) is None


def test_a_project_in_no_repository_is_told_what_separate_duties_need(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "rebaseline.toml").write_text(PROJECT.format("true"))
    with pytest.raises(LedgerError, match="git") as caught:
        proposers_of(open_workspace(tmp_path / "it", {}), [tmp_path / "it" / "rebaseline.toml"], [])
    assert "git init" in caught.value.remedy


def test_somebody_else_may_accept(repository):
    require_duties(workspace_of(repository), ADA, [BOB], what=WHAT)


@pytest.mark.parametrize(
    ("actor", "proposers"),
    [
        (ADA, [BOB, ADA]),
        (Actor("Somebody Else", "ADA@bank.example"), [ADA]),
        (Actor("ada ADAMS"), [ADA]),
        (ADA, [BOB, None]),
        (ADA, []),
    ],
)
def test_the_proposer_may_not_accept_and_nobody_is_no_other(repository, actor, proposers):
    with pytest.raises(LedgerError, match="total-right") as caught:
        require_duties(workspace_of(repository), actor, proposers, what=WHAT)
    assert caught.value.where == "[ledger] separate_duties"
    assert caught.value.remedy


def test_nothing_is_asked_where_duties_are_not_separate(repository):
    repository.write("rebaseline.toml", PROJECT.format("false"))
    require_duties(workspace_of(repository), ADA, [ADA], what=WHAT)
