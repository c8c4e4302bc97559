"""A stamp stays with its file where nobody touches it, and no copy has it."""

from __future__ import annotations

import os
import shutil

import pytest

from rebaseline.store.stamp import stamp_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "stamped").write_bytes(b"")
    return tmp_path


def test_it_stays_while_the_folder_is_filled_read_renamed_and_moved(folder):
    stamp = stamp_of(folder / "a" / "stamped")
    (folder / "a" / "more").write_bytes(b"x")
    (folder / "a" / "stamped").read_bytes()
    (folder / "a").rename(folder / "b")
    (folder / "deep").mkdir()
    (folder / "b").rename(folder / "deep" / "b")
    assert stamp_of(folder / "deep" / "b" / "stamped") == stamp


def test_no_copy_has_it_whatever_times_the_copy_claims(folder):
    file, copy = folder / "a" / "stamped", folder / "copy"
    shutil.copy2(file, copy)
    kept = file.stat()
    os.utime(copy, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert copy.stat().st_mtime_ns == kept.st_mtime_ns
    assert stamp_of(copy) != stamp_of(file)


def test_of_a_link_it_is_the_links_own(folder):
    (folder / "link").symlink_to(folder / "a" / "stamped")
    assert stamp_of(folder / "link") != stamp_of(folder / "a" / "stamped")


def test_there_is_none_without_a_file(folder):
    with pytest.raises(FileNotFoundError):
        stamp_of(folder / "missing")
