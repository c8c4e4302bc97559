"""The diff as JSON: the published shape, and the translation of domain records into it.

The shape is a promise: fields are added, never renamed or removed, without raising `FORMAT`.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.assess.rules import describe_bar
from rebaseline.domain.comparison import Attribution, Comparison, Example, Preview, Side
from rebaseline.domain.evidence import LimitEvidence
from rebaseline.domain.verdict import Inconclusive, Invalid, Unmeasured, Verdict, VerdictName
from rebaseline.gate import Outcome
from rebaseline.report.account_wire import AccountDocument, account_document
from rebaseline.report.labels import LabelDocument, label_document
from rebaseline.report.view import DiffView
from rebaseline.report.wire_answers import ModelDocument, ProviderDocument, model_document, provider_document
from rebaseline.report.wire_arms import ArmDocument, SeparationDocument, alive_document, separation_document
from rebaseline.report.wire_behaviour import (
    BehaviourDocument,
    FlickerDocument,
    MannerDocument,
    PlaceboDocument,
    behaviour_document,
    flicker_document,
    manner_document,
    placebo_document,
)
from rebaseline.report.wire_judges import AnchorDocument, JudgeShiftDocument, anchor_document, shift_document
from rebaseline.report.wire_repairs import RepairsDocument, repairs_document
from rebaseline.report.wire_waivers import (
    ConcessionsDocument,
    RuleChangeDocument,
    WaiverDocument,
    concessions_document,
    rule_document,
    waiver_document,
)
from rebaseline.report.words import reading_words

__all__ = ["FORMAT", "DiffDocument", "document_of"]

FORMAT: Literal[1] = 1


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


class ChangeDocument(_Model):
    """What the pairs show."""

    change: str
    pairs: int
    lowest: float | None
    highest: float | None


class ExampleDocument(_Model):
    """A pair of replies. Texts are untrusted."""

    probe: str
    sample: int
    old_text: str | None
    new_text: str | None
    old_reading: str
    new_reading: str


class PreviewDocument(_Model):
    """Both answers to the one open question."""

    forms: list[str]
    undone: str
    undone_passes: int
    breaks: str
    breaks_passes: int
    replies: int


class AssertionDocument(_Model):
    """One assertion across the change."""

    suite: str
    id: str
    claim: str
    kind: str
    owner: str
    layers: list[str]
    bar: str
    transition: str
    stands: bool | None = Field(description="the alarm stands at a false discovery rate of 5 % over the diff")
    able_to_fail: bool
    able_to_fail_by: str | None = Field(description="`control`, `real failure` or `seeded fault`; null: not shown")
    old: SideDocument | None
    new: SideDocument
    change: ChangeDocument
    example: ExampleDocument | None
    preview: PreviewDocument | None
    rule_changes: list[RuleChangeDocument]
    judge_shifts: list[JudgeShiftDocument]
    account: AccountDocument | None = Field(
        default=None, description="what the new verdict rests on; of what holds only with --all"
    )
    old_flicker: FlickerDocument | None = Field(default=None, description="null: no old side")
    new_flicker: FlickerDocument | None = None
    repairs: RepairsDocument | None = Field(
        default=None, description="what was tried to mend it; null where it is valid, or nothing was tried"
    )
    waiver: WaiverDocument | None = Field(default=None, description="null: none; one that expired covers nothing")


class DifferenceDocument(_Model):
    """Something that differs apart from the replies."""

    what: str
    old: str
    new: str


class AttributionDocument(_Model):
    """What differs, what is equal, what is not known."""

    differences: list[DifferenceDocument]
    equal: list[str]
    unknown: list[str]


class SurvivalDocument(_Model):
    """A count with bounds."""

    held: int
    survived: int
    most: int


class ReasonToBlock(_Model):
    """Why the exit code is not 0."""

    code: int
    words: str


class DiffDocument(_Model):
    """The diff of one target between two model versions."""

    format: Literal[1]
    system: str
    stage: str
    target: str
    old: ModelDocument
    new: ModelDocument
    old_source: str
    accepted: list[str]
    notes: list[str]
    probes: int
    survival: SurvivalDocument
    sensitivity: int = Field(description="assertions shown able to fail")
    attribution: AttributionDocument
    old_provider: ProviderDocument
    new_provider: ProviderDocument
    usd: float | None = Field(description="cost of the new replies; null where a price or a count is unknown")
    assertions: list[AssertionDocument]
    exit_code: int
    blocking: list[ReasonToBlock]
    warnings: list[str]
    behaviour: BehaviourDocument | None = Field(default=None, description="null: the old replies are not at hand")
    old_manner: MannerDocument | None = None
    new_manner: MannerDocument | None = None
    placebo: PlaceboDocument | None = Field(default=None, description="null: no old side")
    ledger_head: str | None = Field(default=None, description="digest; null: no entry, or not all can be relied upon")
    concessions: ConcessionsDocument | None = None


def document_of(view: DiffView, outcome: Outcome) -> DiffDocument:
    """Return the document of a diff."""
    diff = view.diff
    return DiffDocument(
        format=FORMAT,
        system=diff.system.name,
        stage=diff.system.stage,
        target=diff.target,
        old=model_document(diff.old),
        new=model_document(diff.new),
        old_source=diff.old_source,
        accepted=list(diff.accepted),
        notes=list(diff.notes),
        probes=diff.probes,
        survival=SurvivalDocument(held=view.survival.held, survived=view.survival.survived, most=view.survival.most),
        sensitivity=view.able_to_fail,
        attribution=_attribution(diff.attribution),
        old_provider=provider_document(diff.old_provider),
        new_provider=provider_document(diff.new_provider),
        usd=diff.usd,
        assertions=[_assertion(comparison) for comparison in diff.comparisons],
        exit_code=int(outcome.code),
        blocking=[ReasonToBlock(code=int(code), words=words) for code, words in outcome.reasons],
        warnings=list(outcome.warnings),
        behaviour=behaviour_document(diff.behaviour),
        old_manner=manner_document(diff.old_manner),
        new_manner=manner_document(diff.new_manner),
        placebo=placebo_document(diff.placebo),
        ledger_head=diff.ledger_head or None,
        concessions=concessions_document(diff.concessions),
    )


def _attribution(attribution: Attribution) -> AttributionDocument:
    return AttributionDocument(
        differences=[DifferenceDocument(what=d.what, old=d.old, new=d.new) for d in attribution.differences],
        equal=list(attribution.equal),
        unknown=list(attribution.unknown),
    )


def _assertion(comparison: Comparison) -> AssertionDocument:
    assertion, change = comparison.assertion, comparison.change
    return AssertionDocument(
        suite=comparison.suite,
        id=assertion.id,
        claim=assertion.claim,
        kind=assertion.kind,
        owner=assertion.owner,
        layers=list(assertion.layers),
        bar=describe_bar(assertion.bar),
        transition=comparison.transition,
        stands=comparison.stands,
        able_to_fail=comparison.able_to_fail,
        able_to_fail_by=comparison.shown_by,
        old=None if comparison.old is None else _side(comparison.old),
        new=_side(comparison.new),
        change=ChangeDocument(change=change.change, pairs=change.pairs, lowest=change.lowest, highest=change.highest),
        example=None if comparison.example is None else _example(comparison.example),
        preview=None if comparison.preview is None else _preview(comparison.preview),
        rule_changes=[rule_document(change) for change in comparison.rule_changes],
        judge_shifts=[shift_document(shift) for shift in comparison.judge_shifts],
        account=None if comparison.account is None else account_document(comparison.account),
        old_flicker=flicker_document(comparison.old_flicker),
        new_flicker=flicker_document(comparison.new_flicker),
        repairs=None if comparison.repairs is None else repairs_document(comparison.repairs),
        waiver=waiver_document(comparison),
    )


def _side(side: Side) -> SideDocument:
    evidence = side.evidence
    return SideDocument(
        verdict=_verdict(side.verdict),
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


def _verdict(verdict: Verdict) -> VerdictDocument:
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


def _example(example: Example) -> ExampleDocument:
    return ExampleDocument(
        probe=example.probe,
        sample=example.sample,
        old_text=_encodable(example.old_text),
        new_text=_encodable(example.new_text),
        old_reading=reading_words(example.old_reading),
        new_reading=reading_words(example.new_reading),
    )


def _encodable(text: str | None) -> str | None:
    """Replace lone surrogates, which no UTF-8 document can hold."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _preview(preview: Preview) -> PreviewDocument:
    return PreviewDocument(
        forms=[str(form) for form in preview.forms],
        undone=VerdictName.of(preview.undone),
        undone_passes=preview.undone_passes,
        breaks=VerdictName.of(preview.breaks),
        breaks_passes=preview.breaks_passes,
        replies=preview.replies,
    )
