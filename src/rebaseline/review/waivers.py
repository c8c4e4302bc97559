"""Waivers, as the ledger gives them: what was waived and not taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rebaseline.domain.decision import Action, Waiver
from rebaseline.domain.ledger import Entry
from rebaseline.review.findings import finding_in
from rebaseline.review.ledger import Ledger, Record

__all__ = ["WITHDRAW", "standing_waivers"]

WITHDRAW = "withdraw"
"""The action of an entry, and of its items, that takes waivers back."""

_Key = tuple[str, str, str, str, str]


def standing_waivers(ledger: Ledger, is_trusted: Callable[[Record], bool], *, max_days: int) -> tuple[Waiver, ...]:
    """Return the waivers that stand, expired ones included, in the order in which they were given.

    A later waiver of the same finding takes the place of an earlier one. A withdrawal takes back every waiver of the
    assertion on the target that was given before it.

    Args:
        ledger: The ledger.
        is_trusted: Whether an entry counts; one that gives a waiver and does not is passed over.
        max_days: The longest that a waiver stands, whatever its entry says.
    """
    standing: dict[_Key, Waiver] = {}
    for record in sorted(ledger.records.values(), key=lambda it: (it.entry.at, it.name)):
        entry = record.entry
        for assertion, item in entry.items.items():
            if item.get("action") == WITHDRAW:
                gone = [key for key in standing if key[:3] == (entry.suite, assertion, entry.target)]
                for key in gone:
                    del standing[key]
        for waiver in _given(entry, record.digest, max_days):
            if is_trusted(record):
                standing.pop(_key(waiver), None)
                standing[_key(waiver)] = waiver
    return tuple(standing.values())


def _key(waiver: Waiver) -> _Key:
    return waiver.suite, waiver.assertion, waiver.target, waiver.model, waiver.finding.verdict


def _given(entry: Entry, digest: str, max_days: int) -> Iterator[Waiver]:
    for assertion, item in entry.items.items():
        expires_on = _day(item)
        texts = [item.get(key) for key in ("owner", "reason", "verdict")]
        if item.get("action") != Action.WAIVE or expires_on is None or not all(isinstance(it, str) for it in texts):
            continue
        owner, reason, verdict = (str(it) for it in texts)
        finding = finding_in(item, verdict)
        if finding is None:  # nobody can tell what it covers
            continue
        yield Waiver(
            suite=entry.suite,
            assertion=assertion,
            target=entry.target,
            model=entry.model,
            finding=finding,
            owner=owner,
            reason=reason,
            expires_on=min(expires_on, entry.at.date() + timedelta(days=max_days)),
            given_by=str(entry.actor),
            given_at=entry.at,
            entry=digest,
        )


def _day(item: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(item.get("expires_on")))
    except ValueError:
        return None
