"""An unfinished change that somebody put into a repository: no command in a clone of it overwrites a file."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from tests.support.deciding import apply, bring_both, decide, tree
from tests.support.project import Project, make_project
from tests.support.unfinished import committed_in, leave_committed, put_into

from rebaseline.domain.decision import Action
from rebaseline.store.manifest import sha256_of

FORGED = (".github/workflows/x.yml", ".git/hooks/post-checkout", "conftest.py")


@pytest.fixture
def both(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    root = tmp_path / "theirs"
    root.mkdir()
    return bring_both(make_project(root, capsys, monkeypatch))


def retire(project):
    return apply(project, decide(Action.RETIRE, "thanks", reason="nobody reads it"))


def leave_unfinished(project, monkeypatch):
    return leave_committed(project.root, lambda: retire(project), monkeypatch)


def git(folder, *arguments):
    who = ("-c", "user.name=Eve", "-c", "user.email=eve@x.example")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def cloned(project, to, capsys, monkeypatch):
    for call in (("init", "-q"), ("add", "-Af", "."), ("commit", "-qm", "all of it")):
        git(project.root, *call)
    git(project.root, "clone", "-q", ".", str(to))
    return Project(to, capsys, monkeypatch)


def assert_refused(project, words, *commands):
    before = tree(project)
    for command in commands or (["lint"], ["diff"], ["models"], ["retire", "invoices/short", "--reason", "x"]):
        said = project(*command)
        assert said.code == 2, said.both
        assert words in said.err
        assert str(committed_in(project.root)) in said.err
        assert "delete this folder" in said.err
        assert tree(project) == before


@pytest.mark.parametrize("path", [None, *FORGED])
def test_a_change_that_came_with_a_clone_is_refused_by_every_command(both, tmp_path, capsys, monkeypatch, path):
    committed = leave_unfinished(both, monkeypatch)
    if path is not None:
        put_into(committed, path, b"run: evil\n")
    clone = cloned(both, tmp_path / "mine", capsys, monkeypatch)
    assert_refused(clone, "not made in this checkout")
    shutil.rmtree(committed_in(clone.root))
    assert clone("lint").code == 0


def test_a_change_that_came_with_a_pull_into_a_checkout_that_decided_before_is_refused(
    both, tmp_path, capsys, monkeypatch
):
    clone = cloned(both, tmp_path / "mine", capsys, monkeypatch)
    retire(clone)
    git(clone.root, "checkout", "-q", ".")
    git(clone.root, "clean", "-qfd", "baselines")
    leave_unfinished(both, monkeypatch)
    git(both.root, "add", "-Af", ".")
    git(both.root, "commit", "-qm", "evil")
    git(clone.root, "pull", "-q", "--ff-only")
    monkeypatch.chdir(clone.root)
    assert_refused(clone, "not made in this checkout")


def test_a_change_in_a_copy_of_a_checkout_is_refused_and_the_one_it_was_made_in_finishes_it(
    both, tmp_path, capsys, monkeypatch
):
    leave_unfinished(both, monkeypatch)
    shutil.copytree(both.root, tmp_path / "copy", symlinks=True)
    assert_refused(Project(tmp_path / "copy", capsys, monkeypatch), "not made in this checkout")
    moved = tmp_path / "moved"
    both.root.rename(moved)
    there = Project(moved, capsys, monkeypatch)
    assert there("lint").code == 0
    assert b"retired" in tree(there)["probes/invoices/suite.yaml"]
    assert not committed_in(moved).exists()


@pytest.mark.parametrize(
    ("path", "before"),
    [
        *((path, b"") for path in FORGED),
        (".rebaseline/review/x.json", b""),
        ("probes/.github/x.yaml", b""),
        ("probes/invoices/rows.csv", None),
        ("probes/new.yaml", b""),
        ("baselines/x.py", b""),
        ("baselines/.hidden/x.json", b""),
        ("baselines/ledger/x.sig", b""),
        ("labels/x.json", b""),
        ("mkdocs.yml", b""),
        ("sub/rebaseline.toml", b""),
    ],
)
def test_a_change_of_what_no_decision_writes_is_refused(both, monkeypatch, path, before):
    committed = leave_unfinished(both, monkeypatch)
    digest = sha256_of((both.root / path).read_bytes()) if before is None else ""
    put_into(committed, path, b"evil", before=digest)
    assert_refused(both, f"this unfinished change is refused: {path!r}")


@pytest.mark.parametrize(
    "path", [".github/workflows/x.yml", ".git/x.yaml", "a/.hidden/x.yaml", "new.yml", "package.json"]
)
def test_no_setting_of_the_paths_opens_what_is_hidden_or_makes_new_suites(both, monkeypatch, path):
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + '[paths]\nprobes = "."\n')
    committed = leave_unfinished(both, monkeypatch)
    put_into(committed, path, b"evil")
    assert_refused(both, f"this unfinished change is refused: {path!r}")


def test_a_suite_or_the_project_file_is_not_taken_away(both, monkeypatch):
    committed = leave_unfinished(both, monkeypatch)
    put_into(committed, "rebaseline.toml", None, sha256_of((both.root / "rebaseline.toml").read_bytes()))
    assert_refused(both, "'rebaseline.toml' is no file that a decision takes away")


@pytest.mark.parametrize("link", ["baselines/ledger", "baselines", "probes/invoices", "probes/invoices/suite.yaml"])
def test_nothing_is_written_through_a_link(both, tmp_path, monkeypatch, link):
    leave_unfinished(both, monkeypatch)
    place, elsewhere = both.root / link, tmp_path / "elsewhere"
    if place.exists():
        place.rename(elsewhere)
    else:
        elsewhere.mkdir()
    place.symlink_to(elsewhere)
    before = sorted(elsewhere.rglob("*")) if elsewhere.is_dir() else elsewhere.read_bytes()
    assert_refused(both, "reached by a link")
    assert before == (sorted(elsewhere.rglob("*")) if elsewhere.is_dir() else elsewhere.read_bytes())


def test_a_change_that_is_a_link_to_one_is_refused(both, tmp_path, monkeypatch):
    committed = leave_unfinished(both, monkeypatch)
    committed.rename(tmp_path / "elsewhere")
    committed.symlink_to(tmp_path / "elsewhere")
    assert_refused(both, "not made in this checkout")
    assert len(list((tmp_path / "elsewhere").iterdir())) > 1


@pytest.mark.parametrize("name", ["staging-x", "done-x"])
def test_what_a_leftover_links_to_is_not_emptied(both, tmp_path, name):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept.txt").write_text("kept")
    changes = both.root / ".rebaseline" / "changes"
    (changes / "staging-y").mkdir(parents=True)
    (changes / "staging-y" / "in").symlink_to(victim)
    (changes / name).symlink_to(victim)
    assert both("lint").code == 0
    assert (victim / "kept.txt").read_text() == "kept"
    assert [it.name for it in changes.iterdir()] == ["lock"]


@pytest.mark.parametrize("link", [".rebaseline", ".rebaseline/changes"])
def test_what_the_folder_of_changes_links_to_is_not_emptied(both, tmp_path, link):
    victim = tmp_path / "victim"
    kept = victim / ("changes" if link == ".rebaseline" else "") / "staging-data" / "kept.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    place = both.root / link
    if place.exists():
        shutil.rmtree(place)
    place.symlink_to(victim)
    for command in (["lint"], ["accept", "--model", "model-6.1", "--reason", "x", "--as", "Ada"]):
        said = both(*command)
        assert said.code == 2
        assert f"{place}: this is a link" in said.err
        assert kept.read_text() == "kept"


def test_a_lock_that_is_a_link_makes_no_file_elsewhere(both, tmp_path):
    changes = both.root / ".rebaseline" / "changes"
    shutil.rmtree(changes, ignore_errors=True)
    changes.mkdir(parents=True)
    (changes / "lock").symlink_to(tmp_path / "made")
    said = both.accept()
    assert said.code == 2
    assert "lock" in said.err
    assert not (tmp_path / "made").exists()
