"""Who accepts a changed rule is not who proposed it, where the project says so."""

from __future__ import annotations

import pytest
from tests.support.entries import ADA, BOB
from tests.support.repository import start_repository

from rebaseline.app.duties import proposers_of, require_duties
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError

PROJECT = '[system]\nname = "claims"\n[ledger]\nseparate_duties = {}\n'
WHAT = "the changed bar of invoices/total-right"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    repository = start_repository(tmp_path / "it", monkeypatch)
    repository.write("rebaseline.toml", PROJECT.format("true"))
    repository.write("probes/[a] b/suite.yaml", "suite: {}\n")
    repository.commit(author=BOB)
    return repository


def workspace_of(repository):
    return open_workspace(repository.root, {})


def suite_of(repository):
    return repository.root / "probes/[a] b/suite.yaml"


def test_everybody_who_changed_a_file_since_it_was_accepted_proposed_it(repository):
    workspace, suite, accepted = workspace_of(repository), suite_of(repository), repository.root / "baselines/x"
    assert proposers_of(workspace, [suite], accepted) == (BOB,)
    repository.write("probes/a/suite.yaml", "suite: {}\n")
    repository.commit(author=ADA)
    assert proposers_of(workspace, [suite], accepted) == (BOB,)
    for author, text in ((ADA, "suite: {id: x}\n"), (BOB, "suite: {id: y}\n")):
        repository.write("probes/[a] b/suite.yaml", text)
        repository.commit(author=author)
    assert proposers_of(workspace, [suite], accepted) == (BOB, ADA)
    assert proposers_of(workspace, [suite], None) == (BOB, ADA)
    repository.write("baselines/x/m.json", "{}")
    repository.commit(author=ADA)
    assert proposers_of(workspace, [suite], accepted) == (BOB,), "who changed it last, where nobody did since"
    repository.write("probes/[a] b/rows.csv", "id\n")
    repository.commit(author=ADA)
    assert proposers_of(workspace, [suite, suite.parent / "rows.csv"], accepted) == (ADA,)


def test_nobody_is_known_to_have_made_an_edit_that_is_not_committed(repository):
    suite = repository.write("probes/[a] b/suite.yaml", "suite: {id: other}\n")
    assert proposers_of(workspace_of(repository), [suite], None) is None
    repository.git("add", "-A")
    assert proposers_of(workspace_of(repository), [suite], None) is None
    repository.commit(author=ADA)
    new = repository.write("probes/[a] b/rows.csv", "id\n")
    assert proposers_of(workspace_of(repository), [suite, new], None) is None


def test_a_project_in_no_repository_is_told_what_separate_duties_need(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "rebaseline.toml").write_text(PROJECT.format("true"))
    with pytest.raises(LedgerError, match="git") as caught:
        proposers_of(open_workspace(tmp_path / "it", {}), [tmp_path / "it" / "rebaseline.toml"], None)
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
