"""What stands in the queue, and in which order."""

from __future__ import annotations

import pytest
from tests.support.reviewing import item, trial

from rebaseline.domain.decision import Action
from rebaseline.domain.suite import Kind
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.queue import matches, order_items, sharing

FAILING, INVALID = VerdictName.FAILING, VerdictName.INVALID


def test_governance_comes_first_then_what_fails_and_what_shares_a_repair_stands_together():
    items = [
        item("s/one", trials=[trial(group="x")]),
        item("s/two", trials=[trial(group="y")]),
        item("s/three", trials=[trial(group="x")]),
        item("s/four", verdict=FAILING),
        item("g/five", kind=Kind.GOVERNANCE),
    ]
    assert [it.assertion for it in order_items(items)] == ["five", "four", "one", "three", "two"]


def test_only_verified_repairs_are_shared():
    other = item("s/b", trials=[trial("1", verified=False), trial("2")])
    items = [item("s/a", trials=[trial()]), other, item("s/c", trials=[trial(verified=False)])]
    assert [(it.name, own.id) for it, own in sharing(items, trial())] == [("s/a", "1"), ("s/b", "2")]
    assert sharing(items, trial(group="")) == ()


@pytest.mark.parametrize(
    ("verdict", "may"),
    [
        (FAILING, {Action.WAIVE, Action.REJECT}),
        (INVALID, {Action.WAIVE, Action.REJECT, Action.RETIRE, Action.REBASELINE}),
        (VerdictName.INCONCLUSIVE, {Action.RETIRE, Action.REBASELINE}),
        (VerdictName.UNMEASURED, {Action.RETIRE}),
    ],
)
def test_what_may_be_decided_follows_from_the_verdict(verdict, may):
    assert item(verdict=verdict).actions == may


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("invalid", True),
        ("failing", False),
        ("unsettled", False),
        ("functional", True),
        ("governance", False),
        ("owner=ada", True),
        ("owner=b*", False),
        ("layer=model", True),
        ("layer=policy", False),
        ("s/a", True),
        ("s", True),
        ("s/*", True),
        ("t", False),
    ],
)
def test_words_of_a_filter(word, fits):
    assert matches(item(), word) is fits
