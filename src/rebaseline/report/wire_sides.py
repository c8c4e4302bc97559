"""One assertion's verdict and evidence on one model version, in the JSON of a diff."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import LimitEvidence
from rebaseline.domain.verdict import Inconclusive, Invalid, Unmeasured, Verdict, VerdictName
from rebaseline.report.labels import LabelDocument, label_document
from rebaseline.report.wire_arms import ArmDocument, SeparationDocument, alive_document, separation_document
from rebaseline.report.wire_judges import AnchorDocument, anchor_document

__all__ = ["SideDocument", "VerdictDocument", "side_document", "verdict_document"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonDocument(_Model):
    """Why an assertion is invalid."""

    broken: str = Field(description="the assumption that does not hold")
    replies: int = Field(description="replies that broke it; 0 for a test of the instrument")
    forms: list[str]
    detail: str


class VerdictDocument(_Model):
    """A verdict with what belongs to its kind."""

    name: Literal["holds", "failing", "invalid", "inconclusive", "unmeasured"]
    reasons: list[ReasonDocument] = Field(default_factory=list, description="invalid only")
    straddles: bool | None = Field(default=None, description="invalid only: the answer hangs on unreadable replies")
    why: str | None = Field(default=None, description="inconclusive only")
    needed: int | None = Field(default=None, description="inconclusive only: about so many more replies")
    fault: str | None = Field(default=None, description="unmeasured only")


class LimitDocument(_Model):
    """Evidence with every void read one way."""

    mean: float | None
    log_e_above: float | None = Field(description="highest log stake on 'above the bar'; null: the e-value is 0")
    log_e_below: float | None
    p_above: float | None = Field(description="exact p-value of one look")
    p_below: float | None


class SideDocument(_Model):
    """One assertion on one model version."""

    verdict: VerdictDocument
    method: str
    theta: float = Field(description="the bar on the scale of the values; for pairs of y = (1 + new - old) / 2")
    probes: int
    rounds: int
    planned_rounds: int
    replies: int
    passes: int
    fails: int
    partial: int
    voids: dict[str, int] = Field(description="by broken assumption")
    void_forms: list[str]
    unread: int
    violations: int
    low: LimitDocument = Field(description="every void against the claim")
    high: LimitDocument = Field(description="every void in its favour")
    bounds: tuple[float, float]
    flip_bound: float | None
    missed_faults: list[str]
    false_alarms: list[str]
    dead_faults: list[str]
    anchors: list[AnchorDocument] = Field(description="by judge")
    alive: ArmDocument | None = Field(default=None, description="null: the assertion names no such arm")
    separation: SeparationDocument | None = Field(default=None, description="null: there is no live control")
    agreed_against: list[str] = Field(description="probes to which both versions give the same other answer")
    labels: LabelDocument | None = Field(description="what people's labels say; null where nobody labelled")


def side_document(side: Side) -> SideDocument:
    """Return one side as JSON has it."""
    evidence = side.evidence
    return SideDocument(
        verdict=verdict_document(side.verdict),
        method=evidence.method,
        theta=evidence.theta,
        probes=evidence.probes,
        rounds=evidence.rounds,
        planned_rounds=evidence.planned_rounds,
        replies=evidence.replies,
        passes=evidence.passes,
        fails=evidence.fails,
        partial=evidence.partial,
        voids={str(name): count for name, count in evidence.voids.items()},
        void_forms=[str(form) for form in evidence.void_forms],
        unread=evidence.unread,
        violations=evidence.violations,
        low=_limit(evidence.low),
        high=_limit(evidence.high),
        bounds=evidence.bounds,
        flip_bound=evidence.flip_bound,
        missed_faults=list(side.group.missed_faults),
        false_alarms=list(side.group.false_alarms),
        dead_faults=list(side.group.dead_faults),
        anchors=[anchor_document(anchors) for anchors in side.group.anchors],
        alive=None if side.group.alive is None else alive_document(side.group.alive),
        separation=None if side.group.separation is None else separation_document(side.group.separation),
        agreed_against=[] if side.group.fresh is None else list(side.group.fresh.probes),
        labels=None if side.group.labels is None else label_document(side.group.labels),
    )


def _limit(limit: LimitEvidence) -> LimitDocument:
    return LimitDocument(
        mean=limit.mean,
        log_e_above=_finite(limit.log_e_above),
        log_e_below=_finite(limit.log_e_below),
        p_above=limit.p_above,
        p_below=limit.p_below,
    )


def _finite(log_e: float) -> float | None:
    return None if log_e == -math.inf else log_e


def verdict_document(verdict: Verdict) -> VerdictDocument:
    """Return a verdict as JSON has it."""
    details: dict[str, Any] = {}
    match verdict:
        case Invalid(reasons=reasons, straddles=straddles):
            details["reasons"] = [
                ReasonDocument(broken=r.broken, replies=r.replies, forms=[str(f) for f in r.forms], detail=r.detail)
                for r in reasons
            ]
            details["straddles"] = straddles
        case Inconclusive(why=why, needed=needed):
            details.update(why=str(why), needed=needed)
        case Unmeasured(fault=fault):
            details["fault"] = fault
        case _:
            pass
    return VerdictDocument(name=VerdictName.of(verdict).value, **details)
