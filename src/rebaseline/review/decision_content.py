"""Decisions as plain values, for files that keep them until they are carried out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.edit import Drop, Edit, Put, Rename

__all__ = ["decision_content", "decision_from"]


def decision_content(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain values."""
    return {
        "action": str(decision.action),
        "suite": decision.suite,
        "assertion": decision.assertion,
        "reason": decision.reason,
        "edits": [_edit_content(edit) for edit in decision.edits],
        "project_edits": [_edit_content(edit) for edit in decision.project_edits],
        "words": decision.words,
        "verified": decision.verified,
        "owner": decision.owner,
        "expires_on": None if decision.expires_on is None else decision.expires_on.isoformat(),
        "review_seconds": decision.review_seconds,
    }


def decision_from(content: Mapping[str, Any]) -> Decision:
    """Return the decision that plain values stand for.

    Raises:
        KeyError: Something is missing.
        TypeError: Something is of another kind.
        ValueError: Something has a value that no decision has.
    """
    expires = content["expires_on"]
    return Decision(
        action=Action(content["action"]),
        suite=str(content["suite"]),
        assertion=str(content["assertion"]),
        reason=str(content["reason"]),
        edits=tuple(_edit_from(it) for it in content["edits"]),
        project_edits=tuple(_edit_from(it) for it in content["project_edits"]),
        words=str(content["words"]),
        verified=content["verified"] is True,
        owner=str(content["owner"]),
        expires_on=None if expires is None else date.fromisoformat(expires),
        review_seconds=float(content["review_seconds"]),
    )


def _edit_content(edit: Edit) -> dict[str, Any]:
    match edit:
        case Put(place=place, value=value):
            return {"put": list(place), "value": value}
        case Drop(place=place):
            return {"drop": list(place)}
        case Rename(place=place, name=name):
            return {"rename": list(place), "name": name}


def _edit_from(content: Mapping[str, Any]) -> Edit:
    if "put" in content:
        return Put(_place(content["put"]), content["value"])
    if "drop" in content:
        return Drop(_place(content["drop"]))
    return Rename(_place(content["rename"]), str(content["name"]))


def _place(content: Any) -> tuple[str | int, ...]:
    place = tuple(content)
    if not place or any(not isinstance(step, str | int) for step in place):
        raise ValueError(f"{content!r} is no place")
    return place
