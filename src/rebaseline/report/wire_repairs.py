"""Repairs as JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.comparison import Diff
from rebaseline.domain.edit import Drop, Edit, Put, Rename
from rebaseline.domain.repair import Counts, Repairs, Trial
from rebaseline.domain.verdict import VerdictName

__all__ = ["RepairListDocument", "RepairsDocument", "repair_list_document", "repairs_document"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EditDocument(_Model):
    """One edit of a file."""

    do: Literal["put", "drop", "rename"]
    place: list[str | int] = Field(description="keys, ids or positions that lead there")
    value: Any = Field(default=None, description="put: the new value; rename: the new name")


class CountsDocument(_Model):
    """How replies are read."""

    passes: int
    voids: int
    replies: int


class TrialDocument(_Model):
    """A proposal and what came of it on stored replies."""

    id: str
    kind: str
    mends: str = Field(description="the broken assumption")
    words: str
    question: str = Field(description="empty where none is open")
    answer: str
    group: str = Field(description="equal for items that share the repair")
    asks: str = Field(description="what must be asked before it can be tried; empty for none")
    edits: list[EditDocument] = Field(description="of the suite's file")
    project_edits: list[EditDocument]
    learned_from: int = Field(description="probes that it was learned from; 0 for none")
    old: str | None = Field(description="verdict on the old version with it; null: not known")
    new: str | None
    old_counts: CountsDocument | None
    new_counts: CountsDocument | None
    verified: bool
    unopposed: bool = Field(description="no static control and no seeded fault could object")
    objections: list[str] = Field(description="why it is not verified")


class RepairsDocument(_Model):
    """All that was tried for one assertion, the best first."""

    name: str
    tried: int
    trials: list[TrialDocument]


class RepairListDocument(_Model):
    """What `rebaseline repair --json` prints."""

    format: Literal[1]
    system: str
    target: str
    old: str
    new: str
    items: list[RepairsDocument]


def repair_list_document(diff: Diff) -> RepairListDocument:
    """Return the document of the repairs of a diff."""
    return RepairListDocument(
        format=1,
        system=diff.system.name,
        target=diff.target,
        old=diff.old.name,
        new=diff.new.name,
        items=[repairs_document(each.repairs) for each in diff.comparisons if each.repairs is not None],
    )


def repairs_document(repairs: Repairs) -> RepairsDocument:
    """Return the document of what was tried for one assertion."""
    return RepairsDocument(name=repairs.name, tried=repairs.tried, trials=[_trial(each) for each in repairs.trials])


def _trial(trial: Trial) -> TrialDocument:
    proposal = trial.proposal
    return TrialDocument(
        id=trial.id,
        kind=proposal.kind,
        mends=proposal.mends,
        words=proposal.words,
        question=proposal.question,
        answer=proposal.answer,
        group=proposal.group,
        asks=proposal.asks,
        edits=[_edit(each) for each in proposal.edits],
        project_edits=[_edit(each) for each in proposal.project_edits],
        learned_from=len(proposal.learned_from),
        old=None if trial.old is None else VerdictName.of(trial.old).value,
        new=None if trial.new is None else VerdictName.of(trial.new).value,
        old_counts=_counts(trial.old_counts),
        new_counts=_counts(trial.new_counts),
        verified=trial.verified,
        unopposed=trial.unopposed,
        objections=list(trial.objections),
    )


def _counts(counts: Counts | None) -> CountsDocument | None:
    if counts is None:
        return None
    return CountsDocument(passes=counts.passes, voids=counts.voids, replies=counts.replies)


def _edit(edit: Edit) -> EditDocument:
    match edit:
        case Put(place=place, value=value):
            return EditDocument(do="put", place=list(place), value=value)
        case Drop(place=place):
            return EditDocument(do="drop", place=list(place))
        case Rename(place=place, name=name):
            return EditDocument(do="rename", place=list(place), value=name)
