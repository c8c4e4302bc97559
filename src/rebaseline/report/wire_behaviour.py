"""Manner, flicker and placebo as JSON: their part of the published shape of a diff."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.behaviour import Behaviour, Flicker, Manner, Note, Placebo

__all__ = [
    "BehaviourDocument",
    "FlickerDocument",
    "MannerDocument",
    "PlaceboDocument",
    "behaviour_document",
    "flicker_document",
    "manner_document",
    "placebo_document",
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoteDocument(_Model):
    """A change in the manner of the replies that stands at the false discovery rate."""

    kind: Literal["share", "opening", "ratio"]
    measure: str = Field(description="name of the measure; of an opening its words, which quote replies: untrusted")
    old: float = Field(
        description="mean over probes: a share, or an amount in characters, words, tokens, seconds or USD"
    )
    new: float
    estimate: float = Field(description="difference of the shares, or median ratio new / old")
    low: float | None = Field(description="lower end of the interval; null: no bound")
    high: float | None
    effect: float = Field(description="how much more often than not the new reply to a probe has more, in [-1, 1]")
    log_e: float = Field(description="natural log of the e-value against 'unchanged'")
    probes: int


class BehaviourDocument(_Model):
    """What changed in the manner of the replies, the largest effect first."""

    notes: list[NoteDocument]
    measures: int = Field(description="measures that were looked at")
    openings: int = Field(description="openings that were looked at")
    probes: int = Field(description="probes with replies on both sides")
    false_discovery_rate: float


class MannerDocument(_Model):
    """Plain shares of replies, without uncertainty and without a claim."""

    replies: int
    shares: dict[str, float]
    mean_characters: float | None
    mean_output_tokens: float | None


class FlickerDocument(_Model):
    """How much the samples of one probe disagree on one model version."""

    probes: int = Field(description="probes with two readings or more")
    flickering: int = Field(description="of these, probes whose readings do not all agree")
    disagreement: float | None = Field(description="probability that two samples of a probe are read differently")
    variance: float | None = Field(description="mean within-probe variance of the values, p (1 - p) for 0/1")


class PlaceboDocument(_Model):
    """The old version against itself, in two halves of its samples."""

    compared: int
    left_out: int = Field(description="assertions with one round of old replies, or none")
    changed: list[str]
    unsettled: int = Field(description="of those compared, unsettled on a half")
    split: str | None
    notes: int | None = Field(description="notes on manner between the halves; null: the old replies are not at hand")


def behaviour_document(behaviour: Behaviour | None) -> BehaviourDocument | None:
    """Return the document; None where the old replies are not at hand."""
    if behaviour is None:
        return None
    return BehaviourDocument(
        notes=[_note(note) for note in behaviour.notes],
        measures=behaviour.measures,
        openings=behaviour.openings,
        probes=behaviour.probes,
        false_discovery_rate=behaviour.level,
    )


def _note(note: Note) -> NoteDocument:
    return NoteDocument(
        kind=note.kind.value,
        measure=note.measure.encode("utf-8", "replace").decode("utf-8"),  # a lone surrogate fits into no document
        old=note.old,
        new=note.new,
        estimate=note.estimate,
        low=note.low,
        high=None if math.isinf(note.high) else note.high,
        effect=note.effect,
        log_e=note.log_e,
        probes=note.probes,
    )


def manner_document(manner: Manner | None) -> MannerDocument | None:
    """Return the document of plain shares."""
    if manner is None:
        return None
    return MannerDocument(
        replies=manner.replies,
        shares=dict(manner.shares),
        mean_characters=manner.mean_characters,
        mean_output_tokens=manner.mean_output_tokens,
    )


def flicker_document(flicker: Flicker | None) -> FlickerDocument | None:
    """Return the document of one side's flicker."""
    if flicker is None:
        return None
    return FlickerDocument(
        probes=flicker.probes,
        flickering=flicker.flickering,
        disagreement=flicker.disagreement,
        variance=flicker.variance,
    )


def placebo_document(placebo: Placebo | None) -> PlaceboDocument | None:
    """Return the document of the placebo; None without an old side."""
    if placebo is None:
        return None
    return PlaceboDocument(
        compared=placebo.compared,
        left_out=placebo.left_out,
        changed=list(placebo.changed),
        unsettled=placebo.unsettled,
        split=None if placebo.split is None else placebo.split.value,
        notes=placebo.notes,
    )
