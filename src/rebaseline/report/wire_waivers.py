"""Changed rules, waivers and concessions in the JSON of a diff."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.comparison import Comparison, Concessions, RuleChange

__all__ = [
    "ConcessionsDocument",
    "RuleChangeDocument",
    "WaiverDocument",
    "concessions_document",
    "rule_document",
    "waiver_document",
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleChangeDocument(_Model):
    """A rule that is not as it was accepted."""

    what: str
    old: str
    new: str
    direction: str


class WaiverDocument(_Model):
    """A waiver of the new verdict."""

    owner: str
    reason: str
    expires_on: str
    expired: bool
    given_by: str
    given_at: str
    entry: str = Field(description="digest of its entry in the ledger")


class ConcessionsDocument(_Model):
    """How much was conceded since the ledger began."""

    since: str | None = Field(description="day of the first entry; null: none")
    loosened: int
    waived: int


def rule_document(change: RuleChange) -> RuleChangeDocument:
    """Return a changed rule."""
    return RuleChangeDocument(what=change.what, old=change.old, new=change.new, direction=change.direction)


def waiver_document(comparison: Comparison) -> WaiverDocument | None:
    """Return the waiver of a finding; None where there is none."""
    waiver = comparison.waiver
    if waiver is None:
        return None
    return WaiverDocument(
        owner=waiver.owner,
        reason=waiver.reason,
        expires_on=waiver.expires_on.isoformat(),
        expired=not comparison.is_waived,
        given_by=waiver.given_by,
        given_at=waiver.given_at.isoformat(),
        entry=waiver.entry,
    )


def concessions_document(made: Concessions) -> ConcessionsDocument:
    """Return how much was conceded."""
    since = None if made.since is None else made.since.isoformat()
    return ConcessionsDocument(since=since, loosened=made.loosened, waived=made.waived)
