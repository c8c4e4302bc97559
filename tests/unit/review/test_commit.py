"""Files of a commit, as they are there and not as they are checked out."""

from __future__ import annotations

import pytest

from rebaseline.errors import LedgerError
from rebaseline.review.commit import commit_at, folders_above


@pytest.fixture
def commit(repository):
    repository.write("a [1]/one.txt", b"one\r\n")
    repository.write("a [1]/two.txt", b"")
    repository.write("a [1]/b/three.txt", b"three")
    (repository.root / "a [1]" / "link").symlink_to("one.txt")
    repository.commit()
    repository.write("a [1]/one.txt", b"other")
    return commit_at(repository.root, "main")


def test_a_file_is_as_it_was_committed(commit):
    assert commit.file("a [1]/one.txt") == b"one\r\n"
    assert commit.file("a [1]/two.txt") == b""
    assert commit.file("a [1]/none.txt") is None
    assert commit.file("a [1]/one.txt/none.txt") is None


@pytest.mark.parametrize("path", ["a [1]/link", "a [1]/b"])
def test_what_is_no_file_is_refused(commit, path):
    with pytest.raises(LedgerError, match="no file in main"):
        commit.file(path)


def test_a_folder_holds_its_files_alone(commit):
    assert commit.folder("a [1]") == {"one.txt": b"one\r\n", "two.txt": b""}
    assert commit.folder("none") == {}


def test_paths_are_relative_to_a_folder(commit):
    below = commit.below(commit.root / "a [1]")
    assert below.file("one.txt") == b"one\r\n"
    assert below.folder("b") == {"three.txt": b"three"}


def test_folders_end_at_that_of_the_repository(repository):
    inner = repository.root / "a" / "b c"
    inner.mkdir(parents=True)
    assert folders_above(inner) == (inner, repository.root / "a", repository.root)
    assert folders_above(repository.root) == (repository.root,)


def test_outside_a_repository_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "it").mkdir()
    with pytest.raises(LedgerError, match="no repository"):
        folders_above(tmp_path / "it")
