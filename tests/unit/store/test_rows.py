"""What an attempt becomes in a row, and comes back as."""

from __future__ import annotations

import json

import pytest

from rebaseline.domain.attempt import Answered, Reply
from rebaseline.store.rows import _news_of, columns_of


@pytest.mark.parametrize(
    ("novelty", "unread"),
    [((), ()), (("role: owl",), ()), ((), ("content: owl",)), (("role: owl",), ("output: owl", "content block: owl"))],
)
def test_what_is_new_and_what_was_not_read_stay_apart(novelty, unread):
    stored = columns_of(Answered(Reply("x"), novelty=novelty, unread=unread))["novelty"]
    assert _news_of(stored) == (novelty, unread)


def test_a_list_of_an_earlier_version_is_told_apart_by_its_marks():
    held = ["role: owl", "content block: owl", "identity: build is missing", "output: owl", "content: owl"]
    assert _news_of(json.dumps(held)) == (
        ("role: owl", "identity: build is missing"),
        ("content block: owl", "output: owl", "content: owl"),
    )
