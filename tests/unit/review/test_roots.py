"""Where entries begin, and which of them need no signature."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.entries import START, append, entry_of

from rebaseline.review.exempt import exempt_from_signing
from rebaseline.review.flaws import FlawKind
from rebaseline.review.ledger import Ledger, Record, compose_entry, read_ledger
from rebaseline.review.roots import records_in, verify_added, verify_roots

DAY = 24 * 60


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ledger"


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def added(folder, there):
    ledger = read_ledger(folder)
    return [(it.kind, it.where, it.blocks) for it in verify_added(ledger, records_in(ledger, there), "main")]


def name_of(folder, digest):
    return read_ledger(folder).records[digest].name


def test_every_root_but_the_first_is_warned_of_and_the_first_is_named(folder):
    first = append(folder, 3)
    others = [append(folder, minute, parents=()) for minute in (5, 4)]
    flaws = list(verify_roots(read_ledger(folder)))
    assert [it.where for it in flaws] == [name_of(folder, digest) for digest in reversed(others)]
    assert all(name_of(folder, first) in it.message and not it.blocks for it in flaws)


def test_an_empty_ledger_and_one_of_one_root_have_no_flaw(folder):
    assert not list(verify_roots(read_ledger(folder)))
    append(folder, 0)
    append(folder, 1)
    assert not list(verify_roots(read_ledger(folder)))


def test_an_entry_that_is_there_and_gone_here_is_still_what_others_follow(folder):
    first, second = append(folder, 0), append(folder, 1)
    there = files(folder)
    (folder / name_of(folder, second)).unlink()
    third = append(folder, 2, parents=(first,))
    assert added(folder, there) == [(FlawKind.BEHIND, name_of(folder, third), False)]


def test_files_of_the_commit_that_are_no_entries_count_for_none(folder):
    digest = append(folder, 0)
    there = {**files(folder), "20260101T000000000000Z-0f0f0f0f0f0f.json": b"{}"}
    there |= {f"{name}.sig": b"signed" for name in there}
    assert list(records_in(read_ledger(folder), there)) == [digest]


def test_entries_in_a_cycle_are_left_to_whoever_names_the_cycle():
    ledger = Ledger(None, {"a" * 64: Record("a", "a" * 64, entry_of(parents=["b" * 64]), b"")})
    looped = Ledger(None, {**ledger.records, "b" * 64: Record("b", "b" * 64, entry_of(parents=["a" * 64]), b"")})
    name, content, digest = compose_entry(entry_of())
    there = {digest: Record(name, digest, entry_of(), content)}
    assert not list(verify_added(looped, there, "main"))
    assert exempt_from_signing(looped, date(2999, 1, 1)) == frozenset()


@given(st.lists(st.sets(st.integers(0, 9), max_size=3), min_size=1, max_size=10), st.integers(1, 10))
def test_what_is_added_is_named_as_its_ancestors_say(links, known):
    """The first `known` entries are the commit's; each later one is held against them by walking its ancestors."""
    parents = {str(at): sorted(str(each) for each in link if each < at) for at, link in enumerate(links)}
    records = {name: Record(name, name, entry_of(parents=found), b"") for name, found in parents.items()}
    there = dict(list(records.items())[:known])
    heads = set(there) - {parent for name in there for parent in parents[name]}

    def ancestors(name):
        return set().union(parents[name], *(ancestors(parent) for parent in parents[name]))

    expected = set()
    for name in list(records)[known:]:
        if not parents[name]:
            expected.add((FlawKind.ROOT, name))
        elif set(parents[name]) & set(there) and not heads <= ancestors(name):
            expected.add((FlawKind.BEHIND, name))
    assert {(it.kind, it.where) for it in verify_added(Ledger(None, records), there, "main")} == expected


def test_a_day_begins_in_utc_and_what_follows_it_is_of_it(folder):
    last = START.replace(hour=23, minute=59).astimezone(timezone(timedelta(hours=9)))
    before = append(folder, at=last)
    on = append(folder, at=last + timedelta(minutes=1))
    back = append(folder, 0)
    ledger = read_ledger(folder)
    assert exempt_from_signing(ledger, date(2026, 11, 27)) == {before}
    assert exempt_from_signing(ledger, date(2026, 11, 28)) == {before, on, back}
    assert exempt_from_signing(ledger, date(2026, 11, 28), known={on}) == {on}
    assert exempt_from_signing(ledger, None) == frozenset()
