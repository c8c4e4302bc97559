"""The diff as JSON: the published shape, and the translation of domain records into it.

The shape is a promise: fields are added, never renamed or removed, without raising `FORMAT`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.assess.rules import describe_bar
from rebaseline.domain.comparison import Attribution, Comparison, Example, Preview
from rebaseline.domain.verdict import VerdictName
from rebaseline.gate import Outcome
from rebaseline.report.account_wire import AccountDocument, account_document
from rebaseline.report.view import DiffView
from rebaseline.report.wire_answers import ModelDocument, ProviderDocument, model_document, provider_document
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
from rebaseline.report.wire_judges import JudgeShiftDocument, shift_document
from rebaseline.report.wire_repairs import RepairsDocument, repairs_document
from rebaseline.report.wire_sides import SideDocument, side_document
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
    retired: bool = Field(default=False, description="retired, and here since it fails: that blocks all the same")


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
        old=None if comparison.old is None else side_document(comparison.old),
        new=side_document(comparison.new),
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
        retired=assertion.retired is not None,
    )


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
