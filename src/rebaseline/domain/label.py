"""What people say of replies: labels, the draws that chose what they were shown, and how both are looked up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rebaseline.domain.attempt import Reply
from rebaseline.domain.canonical import canonical_json

__all__ = [
    "AssertionLabels",
    "Cell",
    "Draw",
    "Label",
    "LabelValue",
    "Population",
    "SuiteLabels",
    "reply_digest",
]


def reply_digest(reply: Reply) -> str:
    """Return the SHA-256 of what the model said: its text and its tool calls. It outlives a purge."""
    content = canonical_json([reply.text, [[call.name, call.arguments] for call in reply.tool_calls]])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


class LabelValue(StrEnum):
    """What a person says of a reply."""

    PASS = "pass"  # noqa: S105 - a label, not a password
    FAIL = "fail"
    UNCLEAR = "unclear"
    """The person cannot tell. It changes no reading, and counts both ways where rates are bounded."""

    @property
    def value_or_none(self) -> float | None:
        """1 for a pass, 0 for a fail, None where the person cannot tell."""
        return {LabelValue.PASS: 1.0, LabelValue.FAIL: 0.0}.get(self)


@dataclass(frozen=True, slots=True)
class Label:
    """One person's word on one reply. It is about the words, whichever model version said them.

    Attributes:
        probe: Probe id.
        request: Fingerprint of the probe as it was asked.
        reply: Digest of what was said.
        value: The label.
        by: Who says so.
        at: When, with time zone.
        draw: Id of the draw by which the reply was chosen at random; None where somebody chose it.
        row: Its place in that draw, from 1; 0 where somebody chose it.
        since: When the reply was first labelled; None where this is its first label.
    """

    probe: str
    request: str
    reply: str
    value: LabelValue
    by: str
    at: datetime
    draw: str | None = None
    row: int = 0
    since: datetime | None = None

    @property
    def first_at(self) -> datetime:
        """When the reply was first labelled."""
        return self.since or self.at

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: probe, request and words."""
        return self.probe, self.request, self.reply


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored reply, as draws see it.

    Attributes:
        target: Target name.
        model: Model version that answered.
        probe: Probe id.
        request: Fingerprint of the probe as it was asked.
        sample: Which asking of the probe, from 0.
        reply: Digest of what was said.
    """

    target: str
    model: str
    probe: str
    request: str
    sample: int
    reply: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a label of it is about."""
        return self.probe, self.request, self.reply


@dataclass(frozen=True, slots=True)
class Population:
    """Replies of one model version that a draw could have chosen.

    Attributes:
        target: Target name.
        model: Model version.
        cells: How many.
        digest: Digest over all of them; by it a later reading knows whether it sees the same replies.
    """

    target: str
    model: str
    cells: int
    digest: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A choice at random, kept so that anyone can repeat it.

    Attributes:
        id: Names the draw.
        seed: From which the order follows.
        at: When, with time zone.
        populations: From which replies, one entry a model version; those labelled already are counted, and were not
            chosen again.
        rows: What was chosen, in the order in which it is to be labelled.
    """

    id: str
    seed: int
    at: datetime
    populations: tuple[Population, ...]
    rows: tuple[Cell, ...]


@dataclass(frozen=True)
class AssertionLabels:
    """All labels and draws of one assertion.

    Attributes:
        labels: By what they are about; of several labels of one reply the last.
        draws: In the order in which they were made.
    """

    labels: Mapping[tuple[str, str, str], Label] = field(default_factory=dict)
    draws: tuple[Draw, ...] = ()


SuiteLabels = Mapping[str, AssertionLabels]
"""By assertion id; an assertion without a label has no entry."""
