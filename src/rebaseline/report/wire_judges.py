"""Judges in the JSON of a diff."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.evidence import AnchorEvidence
from rebaseline.domain.judge_shift import JudgeShift

__all__ = ["AnchorDocument", "JudgeShiftDocument", "anchor_document", "shift_document"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnchorDocument(_Model):
    """How a judge reads the transcripts that people labelled."""

    judge: str
    version: str
    anchors: int
    read: int
    unread: int = Field(description="judgements that could not be read; the rest is not judged yet")
    categories: list[str]
    matrix: list[list[int]] = Field(description="rows: what people say; columns: what the judge says")
    agreed: int
    kappa: float | None = Field(description="null: not defined")
    floor: float
    middle: int = Field(description="anchors from the middle of the scale")
    middle_kept: int
    misreads: bool
    gone_binary: bool
    pending: bool
    moved_from: str


class JudgeChangeDocument(_Model):
    """What pairs show."""

    change: str
    pairs: int
    lowest: float | None
    highest: float | None


class JudgeShiftDocument(_Model):
    """The same replies under two judges."""

    judge: str
    old_version: str
    new_version: str
    replies: int = Field(description="replies that both judged and could read")
    agreed: int
    judge_moved: bool
    model_moved: bool
    of_judge: JudgeChangeDocument
    of_model_by_old: JudgeChangeDocument | None
    of_model_by_new: JudgeChangeDocument


def anchor_document(anchors: AnchorEvidence) -> AnchorDocument:
    """Return the document of a judge's anchors."""
    return AnchorDocument(
        judge=anchors.judge,
        version=anchors.version,
        anchors=anchors.anchors,
        read=anchors.read,
        unread=anchors.unread,
        categories=list(anchors.categories),
        matrix=[list(row) for row in anchors.matrix],
        agreed=anchors.agreed,
        kappa=anchors.kappa,
        floor=anchors.floor,
        middle=anchors.middle,
        middle_kept=anchors.middle_kept,
        misreads=anchors.misreads,
        gone_binary=anchors.gone_binary,
        pending=anchors.pending,
        moved_from=anchors.moved_from,
    )


def shift_document(shift: JudgeShift) -> JudgeShiftDocument:
    """Return the document of a judge that took the place of another version."""
    return JudgeShiftDocument(
        judge=shift.judge,
        old_version=shift.old_version,
        new_version=shift.new_version,
        replies=shift.replies,
        agreed=shift.agreed,
        judge_moved=shift.judge_moved,
        model_moved=shift.model_moved,
        of_judge=_change(shift.of_judge),
        of_model_by_old=None if shift.of_model_by_old is None else _change(shift.of_model_by_old),
        of_model_by_new=_change(shift.of_model_by_new),
    )


def _change(change: ChangeEvidence) -> JudgeChangeDocument:
    return JudgeChangeDocument(change=change.change, pairs=change.pairs, lowest=change.lowest, highest=change.highest)
