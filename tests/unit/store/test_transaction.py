"""Files changed together: none of them where it is refused or fails, all of them once it is committed."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from tests.support.unfinished import committed_in, leave_committed, put_into

from rebaseline.errors import ChangeError
from rebaseline.store.changeable import Changeable
from rebaseline.store.manifest import MANIFEST, sha256_of
from rebaseline.store.recovery import finish_changes
from rebaseline.store.transaction import Replacement, transaction

OLD = {"probes/a/suite.yaml": b"version: 1\n", "rebaseline.toml": b"[system]\n", "baselines/a/t/gone.json": b"old"}
NEW = {"probes/a/suite.yaml": b"version: 2\n", "rebaseline.toml": b"[system]\nx = 1\n", "baselines/a/t/m.json": b"{}\n"}


@pytest.fixture
def root(tmp_path):
    for path, content in OLD.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def changeable(root):
    return Changeable(root, root / "probes", root / "baselines", "rebaseline.toml")


def replacements():
    changed = [Replacement(path, content, sha256_of(OLD.get(path))) for path, content in NEW.items()]
    return [*changed, Replacement("baselines/a/t/gone.json", None, sha256_of(b"old"))]


def state(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def commit(root):
    with transaction(changeable(root), wait_seconds=0) as change:
        return change.commit(replacements())


def unfinished(root, monkeypatch):
    return leave_committed(root, lambda: commit(root), monkeypatch)


def test_all_files_are_changed_and_nothing_else_is_left(root):
    changes = commit(root)
    assert state(root) == NEW
    assert [(it.path, it.before, it.after) for it in changes] == [
        (path, sha256_of(OLD.get(path)), sha256_of(NEW.get(path))) for path in [*NEW, "baselines/a/t/gone.json"]
    ]


@pytest.mark.parametrize("path", ["probes/a/suite.yaml", "baselines/a/t/m.json", "baselines/a/t/gone.json"])
@pytest.mark.parametrize("content", [b"by hand", None])
def test_a_file_that_moved_meanwhile_is_refused_by_name_and_nothing_is_changed(root, path, content):
    place = root / path
    if content is None:
        if not place.exists():
            return  # it is not there either way
        place.unlink()
    else:
        place.write_bytes(content)
    before = state(root)
    with pytest.raises(ChangeError, match="nothing was changed") as refused:
        commit(root)
    assert refused.value.where == path
    assert state(root) == before


def test_a_change_that_was_committed_is_finished_by_whoever_comes_next(root, monkeypatch):
    unfinished(root, monkeypatch)
    finish_changes(changeable(root))
    assert state(root) == NEW


def test_a_change_that_was_finished_in_part_is_finished(root, monkeypatch):
    unfinished(root, monkeypatch)
    (root / "probes/a/suite.yaml").write_bytes(NEW["probes/a/suite.yaml"])
    (root / "baselines/a/t/gone.json").unlink()
    finish_changes(changeable(root))
    assert state(root) == NEW


def test_a_file_edited_while_a_change_was_unfinished_is_not_overwritten_and_the_way_on_is_said(root, monkeypatch):
    folder = unfinished(root, monkeypatch)
    (root / "rebaseline.toml").write_bytes(b"by hand")
    before = state(root)
    for attempt in (lambda: finish_changes(changeable(root)), lambda: commit(root)):
        with pytest.raises(ChangeError, match=r"rebaseline\.toml was edited while") as refused:
            attempt()
        assert refused.value.where == str(folder)
        assert state(root) == before
    (root / "rebaseline.toml").write_bytes(OLD["rebaseline.toml"])
    finish_changes(changeable(root))
    assert state(root) == NEW


def test_what_was_not_committed_is_thrown_away(root):
    staging = root / ".rebaseline" / "changes" / "staging-x"
    staging.mkdir(parents=True)
    (staging / "0000.new").write_bytes(b"half")
    finish_changes(changeable(root))
    assert state(root) == OLD
    assert not staging.exists()


def test_two_processes_do_not_change_files_at_the_same_time(root):
    with (
        transaction(changeable(root)),
        pytest.raises(ChangeError, match="another process"),
        transaction(changeable(root), wait_seconds=0),
    ):
        pytest.fail("both hold it")
    assert commit(root)


def test_what_another_process_is_staging_is_left_alone(root):
    with transaction(changeable(root)):
        staging = root / ".rebaseline" / "changes" / "staging-x"
        staging.mkdir()
        finish_changes(changeable(root), wait_seconds=0)
        assert staging.is_dir()


@pytest.mark.parametrize(
    "path",
    [
        *("../out", "a/../../out", "/etc/passwd", "C:/x", "a\\b", "", "a//b", ".git/hooks/pre-commit", "x/.GIT/config"),
        *(".rebaseline/results.db", ".g\u200cit/config", "git~1/config", ".git./config", "link/out"),
    ],
)
def test_no_path_leads_out_of_the_project(root, monkeypatch, path):
    (root / "link").symlink_to(root.parent)
    with pytest.raises(ChangeError, match="nothing was changed"), transaction(changeable(root)) as change:
        change.commit([Replacement(path, b"x", "")])
    put_into(unfinished(root, monkeypatch), path, b"x")
    before = state(root)
    with pytest.raises(ChangeError, match="nothing was overwritten") as refused:
        finish_changes(changeable(root))
    assert refused.value.where == str(committed_in(root))
    assert "delete this folder" in refused.value.remedy
    assert state(root) == before
    assert not (root.parent / "out").exists()
    assert not (root / ".git").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_record_that_is_none_is_refused_and_left(root, content):
    folder = root / ".rebaseline" / "changes" / "committed"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ChangeError, match="damaged or foreign"):
        finish_changes(changeable(root))
    assert (folder / MANIFEST).read_bytes() == content


def test_a_record_without_its_new_content_is_refused(root, monkeypatch):
    folder = unfinished(root, monkeypatch)
    (folder / "0001.new").write_bytes(b"other")
    before = state(root)
    with pytest.raises(ChangeError, match=r"0001\.new is not the new content of rebaseline\.toml"):
        finish_changes(changeable(root))
    assert state(root) == before


def test_a_file_keeps_its_mode(root):
    (root / "rebaseline.toml").chmod(0o600)
    commit(root)
    assert stat.S_IMODE((root / "rebaseline.toml").stat().st_mode) == 0o600


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace", "rename", "mkdir", "unlink"])
@pytest.mark.parametrize("lasting", [False, True])
def test_wherever_the_disk_fails_all_files_are_new_or_all_are_old(root, monkeypatch, call, lasting):
    """Every single call of its kind fails once, or from then on."""
    failed = True
    number = 0
    while failed:
        for path, content in OLD.items():
            (root / path).write_bytes(content)
        (root / "baselines/a/t/m.json").unlink(missing_ok=True)
        number += 1
        said = fails_at(root, monkeypatch, call, number, lasting=lasting)
        failed = said is not None
        finish_changes(changeable(root))
        now = {path: content for path, content in state(root).items() if not path.endswith(".tmp")}
        assert now == (OLD if failed and "nothing was changed" in said else NEW)
    assert number > 1


def fails_at(root, monkeypatch, call, number, *, lasting):
    """Return how the change was refused as its nth call of a kind failed; None where it was not."""
    real, count = getattr(os, call), 0

    def failing(*arguments, **more):
        nonlocal count
        count += 1
        if count == number or (lasting and count > number):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        try:
            commit(root)
        except ChangeError as error:
            assert "No space left" in error.problem  # noqa: PT017 - it may also pass
            return error.remedy
    return None
