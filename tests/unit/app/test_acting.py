"""Who acts: what is typed, or what git knows."""

from __future__ import annotations

import subprocess

import pytest

from rebaseline.app.acting import actor_here, actor_named
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError, UsageError


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A project in a subfolder of a repository; no setting of whoever runs the tests is read."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "none"))
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    root = tmp_path / "claims"
    root.mkdir()
    (root / "rebaseline.toml").write_text('[system]\nname = "claims"\n')
    return open_workspace(root, {})


def configure(workspace, name, value):
    subprocess.run(["git", "-C", str(workspace.project.root), "config", name, value], check=True)


def test_git_names_the_actor_where_nobody_is_typed(workspace):
    configure(workspace, "user.name", "Zoë Ångström")
    configure(workspace, "user.email", "zoe@bank.example")
    assert actor_here(workspace, None) == Actor("Zoë Ångström", "zoe@bank.example")


def test_what_is_typed_comes_before_git(workspace):
    configure(workspace, "user.name", "Ada")
    assert actor_here(workspace, "Bob Brown <bob@bank.example>") == Actor("Bob Brown", "bob@bank.example")


def test_nobody_named_anywhere_says_how_to_name_somebody(workspace):
    with pytest.raises(UsageError, match=r"user\.name") as caught:
        actor_here(workspace, None)
    assert "--as" in caught.value.remedy
    assert "git config user.name" in caught.value.remedy


def test_without_git_that_is_said(workspace, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LedgerError, match="git is not installed"):
        actor_here(workspace, None)
    assert actor_here(workspace, "Ada") == Actor("Ada")


@pytest.mark.parametrize(
    "words", ["", "  ", "<a@b>", "a\nb", "Ada <a b>", "Ada <a@b", "Ada\u202e", "A <x@y> z", "\ud800"]
)
def test_words_that_name_nobody_are_refused(words):
    with pytest.raises(UsageError, match="nam"):
        actor_named(words)
