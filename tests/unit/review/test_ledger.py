"""The ledger's folder: its entries, its heads, and what is no entry."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.entries import append, entry_of

from rebaseline.errors import LedgerError
from rebaseline.review.flaws import FlawKind
from rebaseline.review.ledger import compose_entry, read_ledger


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "baselines" / "ledger"


def test_a_folder_that_is_not_there_is_an_empty_ledger(folder):
    ledger = read_ledger(folder)
    assert (ledger.heads, ledger.head_digest, ledger.flaws) == ((), "", ())


def test_each_entry_follows_the_one_before(folder):
    first, second = append(folder, 0), append(folder, 1)
    ledger = read_ledger(folder)
    assert list(ledger.records) == [first, second]
    assert ledger.records[second].entry.parents == (first,)
    assert ledger.heads == (second,)
    assert ledger.head_digest == second


def test_branches_have_two_heads_that_the_next_entry_joins(folder):
    root = append(folder, 0)
    left, right = append(folder, 1, parents=(root,)), append(folder, 2, parents=(root,), reason="other")
    ledger = read_ledger(folder)
    assert ledger.heads == tuple(sorted([left, right]))
    assert len(ledger.head_digest) == 64
    assert ledger.head_digest not in ledger.heads
    joined = append(folder, 3)
    assert read_ledger(folder).heads == (joined,)


@given(st.lists(st.sets(st.integers(0, 11), max_size=3), max_size=12))
def test_heads_are_what_no_entry_names(links):
    with TemporaryDirectory() as place:
        made: list[str] = []
        for minute, link in enumerate(links):
            parents = sorted({made[index] for index in link if index < minute})
            made.append(append(Path(place), minute, parents=tuple(parents)))
        named = {made[index] for minute, link in enumerate(links) for index in link if index < minute}
        ledger = read_ledger(Path(place))
        assert set(ledger.heads) == set(made) - named
        assert list(ledger.records) == made
        assert not ledger.flaws


def test_files_that_are_no_entries_are_named(folder):
    append(folder)
    (folder / "notes.txt").write_text("hello")
    (folder / "sub").mkdir()
    (folder / ".gitattributes").write_text("* text eol=lf\n")
    assert [(flaw.kind, flaw.where) for flaw in read_ledger(folder).flaws] == [
        (FlawKind.FOREIGN, "notes.txt"),
        (FlawKind.FOREIGN, "sub"),
    ]


def test_a_link_is_not_followed(folder, tmp_path):
    name, content, _ = compose_entry(entry_of())
    (tmp_path / name).write_bytes(content)
    folder.mkdir(parents=True)
    (folder / name).symlink_to(tmp_path / name)
    ledger = read_ledger(folder)
    assert not ledger.records
    assert [flaw.kind for flaw in ledger.flaws] == [FlawKind.FOREIGN]


def test_nothing_is_written_on_a_ledger_that_cannot_be_read_whole(folder):
    append(folder)
    read_ledger(folder).require_sound()
    path = next(folder.iterdir())
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(LedgerError, match="cut short") as caught:
        read_ledger(folder).require_sound()
    assert path.name in caught.value.where
    assert "git checkout" in caught.value.remedy


def test_a_signature_is_read_beside_its_entry_and_missed_entries_are_named(folder):
    digest = append(folder)
    path = next(folder.iterdir())
    path.with_name(f"{path.name}.sig").write_bytes(b"signed")
    assert read_ledger(folder).records[digest].signature == b"signed"
    path.unlink()
    assert [(flaw.kind, flaw.where) for flaw in read_ledger(folder).flaws] == [(FlawKind.MISSING, path.name)]
