"""Which waivers stand by the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rebaseline.domain.decision import Actor, Finding
from rebaseline.domain.ledger import Entry
from rebaseline.review.ledger import Ledger, Record
from rebaseline.review.waivers import standing_waivers

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
ITEM = {"action": "waive", "owner": "o", "reason": "r", "verdict": "failing", "expires_on": "2026-12-20"} | {
    "finding": {"rule": "R", "broken": [], "at_least": 0.5}
}


def ledger(*items, target="app", model="m"):
    entries = [
        Entry("review", AT + timedelta(days=n), Actor("Ada"), "r", "s", 1, target, model, items={"a": item})
        for n, item in enumerate(items)
    ]
    return Ledger(Path(), {str(n): Record(f"{n}", str(n), entry, b"") for n, entry in enumerate(entries)})


def stand(*items, trusted=True):
    return standing_waivers(ledger(*items), lambda _: trusted, max_days=90)


def test_a_waiver_stands_with_all_that_was_said():
    (waiver,) = stand(ITEM)
    assert (waiver.suite, waiver.assertion, waiver.target, waiver.model) == ("s", "a", "app", "m")
    assert (waiver.owner, waiver.reason, waiver.expires_on) == ("o", "r", date(2026, 12, 20))
    assert waiver.finding == Finding("failing", "R", (), 0.5)
    assert (waiver.given_by, waiver.given_at, waiver.entry) == ("Ada", AT, "0")
    assert not waiver.is_expired(date(2026, 12, 20))
    assert waiver.is_expired(date(2026, 12, 21))


def test_a_later_waiver_takes_the_place_of_an_earlier_one_of_the_same_verdict():
    later = {**ITEM, "owner": "p", "expires_on": "2026-12-24"}
    assert [it.owner for it in stand(ITEM, later)] == ["p"]
    assert [it.finding.verdict for it in stand(ITEM, {**later, "verdict": "invalid"})] == ["failing", "invalid"]


def test_a_withdrawal_takes_back_what_was_given_before_it_and_not_after():
    withdrawal = {"action": "withdraw", "reason": "r"}
    assert stand(ITEM, withdrawal) == ()
    assert [it.entry for it in stand(ITEM, withdrawal, ITEM)] == ["2"]


def test_what_is_not_trusted_gives_no_waiver():
    assert stand(ITEM, trusted=False) == ()


@pytest.mark.parametrize(
    "damage",
    [
        *({"expires_on": "soon"}, {"expires_on": None}, {"owner": 3}, {"verdict": []}, {"action": ["waive"]}),
        *({"finding": None}, {"finding": {}}, {"finding": {"rule": 1, "broken": [], "at_least": 0.5}}),
        *(
            {"finding": {"rule": "R", "broken": "x", "at_least": 0.5}},
            {"finding": {"rule": "R", "broken": [], "at_least": ""}},
        ),
    ],
)
def test_an_item_of_another_shape_gives_no_waiver(damage):
    assert stand({**ITEM, **damage}) == ()


def test_no_waiver_stands_longer_than_is_allowed_whatever_its_entry_says():
    (waiver,) = stand({**ITEM, "expires_on": "2099-12-31"})
    assert waiver.expires_on == (AT + timedelta(days=90)).date()
