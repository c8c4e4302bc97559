"""The live arms of an assertion as JSON: a part of the document of a diff."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.evidence import ArmEvidence, SeparationEvidence

__all__ = ["ArmDocument", "SeparationDocument", "alive_document", "separation_document"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArmDocument(_Model):
    """The arm that must show that the model engages."""

    shown: bool
    refuted: bool
    passes: int
    replies: int


class SeparationDocument(_Model):
    """Whether the check tells replies that must pass from replies that must fail."""

    shown: bool = Field(description="Youden's J is shown to reach its floor")
    refuted: bool = Field(description="Youden's J is shown to lie under its floor")
    floor: float
    must_pass: tuple[int, int] = Field(description="passes and replies of the arm whose replies must pass")
    must_fail: tuple[int, int] = Field(description="passes and replies of the arm whose replies must fail")
    lowest: float | None = Field(description="estimate of J, every void against the check; null: no complete round")
    highest: float | None = Field(description="estimate of J, every void in its favour")
    log_e_reached: float = Field(description="highest log stake on 'J reaches its floor'")
    log_e_below: float = Field(description="highest log stake on 'J lies under its floor'")


def alive_document(arm: ArmEvidence) -> ArmDocument:
    """Return what the arm showed."""
    return ArmDocument(shown=arm.shown, refuted=arm.refuted, passes=arm.passes, replies=arm.replies)


def separation_document(found: SeparationEvidence) -> SeparationDocument:
    """Return what the arms showed."""
    return SeparationDocument(
        shown=found.shown,
        refuted=found.refuted,
        floor=found.floor,
        must_pass=(found.must_pass.passes, found.must_pass.replies),
        must_fail=(found.must_fail.passes, found.must_fail.replies),
        lowest=found.lowest,
        highest=found.highest,
        log_e_reached=found.log_e_reached,
        log_e_below=found.log_e_below,
    )
