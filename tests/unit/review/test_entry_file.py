"""An entry of the ledger: what was written is read, and anything else is told apart."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.entries import ADA, BOB, START, entry_of

from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import Entry, FileChange
from rebaseline.review.entry_file import NAME, compose_entry, parse_entry
from rebaseline.review.flaws import Flaw, FlawKind

texts = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)
people = st.builds(Actor, *(st.text(st.characters(exclude_categories=("Cc",)), max_size=20),) * 2)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
entries = st.builds(
    Entry,
    action=texts,
    at=st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is drawn
    ),
    actor=people,
    reason=texts,
    suite=texts,
    suite_version=st.integers(),
    target=texts,
    model=texts,
    compared_with=texts,
    items=st.dictionaries(texts, st.dictionaries(texts, plain, max_size=3), max_size=3),
    files=st.lists(st.builds(FileChange, texts, digests, st.just("") | digests), max_size=2).map(tuple),
    evidence=texts,
    parents=st.lists(digests, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    proposed_by=st.none() | people,
)


def parsed(entry):
    name, content, _ = compose_entry(entry)
    return parse_entry(name, content)


def kind_of(name, content):
    found = parse_entry(name, content)
    assert isinstance(found, Flaw)
    assert found.remedy
    assert found.blocks
    return found.kind


@given(entries)
def test_what_was_written_is_read_and_written_the_same_again(entry):
    name, content, digest = compose_entry(entry)
    read = parse_entry(name, content)
    assert read == (entry, digest, content)
    assert compose_entry(read[0]) == (name, content, digest)
    assert NAME.fullmatch(name)


@given(entries, st.data())
def test_no_byte_can_be_changed_unnoticed(entry, data):
    name, content, _ = compose_entry(entry)
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    assert isinstance(parse_entry(name, content[:place] + bytes([byte]) + content[place + 1 :]), Flaw)


def test_names_sort_by_time_whatever_the_time_zone():
    later = entry_of(at=(START + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=-7))))
    assert compose_entry(entry_of())[0] < compose_entry(later)[0]


def test_entries_of_one_instant_have_different_names():
    assert compose_entry(entry_of(actor=ADA))[0] != compose_entry(entry_of(actor=BOB))[0]


def test_parents_are_sorted_so_that_one_set_has_one_digest():
    first, second = "a" * 64, "b" * 64
    assert compose_entry(entry_of(parents=[first, second])) == compose_entry(entry_of(parents=[second, first]))


def test_a_time_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        compose_entry(entry_of(at=datetime(2026, 11, 26)))  # noqa: DTZ001 - that is what is refused


def test_line_ends_changed_on_checkout_do_not_matter():
    name, content, digest = compose_entry(entry_of())
    assert parse_entry(name, content.replace(b"\n", b"\r\n")) == (entry_of(), digest, content)


def test_an_edited_reason_is_named_as_an_edit():
    name, content, _ = compose_entry(entry_of())
    assert kind_of(name, content.replace(b"looked at", b"not seen")) is FlawKind.EDITED


def test_an_edit_whose_digest_was_made_to_fit_has_another_name():
    name, _, _ = compose_entry(entry_of())
    assert kind_of(name, compose_entry(entry_of(reason="another"))[1]) is FlawKind.RENAMED


def test_other_layout_is_an_edit():
    name, content, _ = compose_entry(entry_of())
    assert kind_of(name, json.dumps(json.loads(content)).encode()) is FlawKind.EDITED


def test_a_key_that_stands_twice_is_refused():
    name, content, _ = compose_entry(entry_of())
    assert kind_of(name, content.replace(b'"reason":', b'"reason": "shown",\n  "reason":')) is FlawKind.DAMAGED


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_truncated_entry_is_damaged(length):
    name, content, _ = compose_entry(entry_of())
    assert kind_of(name, content[:length]) is FlawKind.DAMAGED


def test_marks_of_a_merge_are_told_apart_from_other_damage():
    name, content, _ = compose_entry(entry_of())
    assert kind_of(name, b"<<<<<<< HEAD\n" + content + b"=======\n>>>>>>> other\n") is FlawKind.CONFLICTED


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"format": true, "digest": "x"}', b'{"format": 1}', b"null", b"3"])
def test_json_that_is_no_entry_is_foreign(content):
    assert kind_of(compose_entry(entry_of())[0], content) is FlawKind.FOREIGN


def test_a_newer_format_asks_for_a_newer_version():
    name, content, _ = compose_entry(entry_of())
    found = parse_entry(name, content.replace(b'"format": 1', b'"format": 2'))
    assert isinstance(found, Flaw)
    assert found.kind is FlawKind.NEWER
    assert "format 2" in found.message
    assert found.remedy == "upgrade rebaseline"


def test_nesting_without_end_is_damage_and_no_crash():
    assert kind_of(compose_entry(entry_of())[0], b"[" * 100_000) is FlawKind.DAMAGED


def test_an_entry_reads_as_it_was_composed():
    assert parsed(entry_of(proposed_by=BOB))[0] == entry_of(proposed_by=BOB)
