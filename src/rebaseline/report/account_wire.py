"""The account of a verdict as JSON: which replies decide, and what would change it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.account import Account, CitedGroup, TurningPoint, VoidSplit
from rebaseline.report.words import reading_words

__all__ = ["AccountDocument", "account_document"]

VerdictWord = Literal["holds", "failing", "invalid", "inconclusive", "unmeasured"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CitedDocument(_Model):
    """One reply. `rebaseline export` prints its text under the same probe and sample."""

    probe: str
    sample: int = Field(description="from 0")
    reading: str
    old_reading: str | None = Field(description="the baseline's sample of the same probe; null where there is none")


class CitedGroupDocument(_Model):
    """Replies that count alike."""

    kind: Literal["fails", "scores between", "worse than their partner", "better than their partner", "voids", "arm"]
    broken: str | None = Field(description="voids only: the assumption that does not hold")
    forms: list[str]
    replies: list[CitedDocument]


class TurningPointDocument(_Model):
    """The fewest replies that would have to be read otherwise for another verdict."""

    read_as: Literal["pass", "fail"]
    number: int
    of: int = Field(description="how many are not read so")
    verdict: VerdictWord = Field(description="the verdict then")
    exact: bool = Field(description="no smaller number does; else so many do, and fewer may")
    unit: Literal["replies", "probes"] = Field(description="of a steady target whole probes are counted")


class VoidSplitDocument(_Model):
    """The verdict, could every void reply be read."""

    voids: int
    holds_from: int | None = Field(description="fewest passes among them with which it holds; null: with none")
    fails_to: int | None = Field(description="most passes among them with which it fails; null: never")
    all_pass: VerdictWord
    all_fail: VerdictWord
    exact: bool = Field(description="true whichever of them pass")


class AccountDocument(_Model):
    """Which replies decide, and what would change the verdict."""

    replies: list[CitedGroupDocument] = Field(description="the weightiest group first; passes are left out")
    turning_points: list[TurningPointDocument]
    void_split: VoidSplitDocument | None = Field(description="null where the verdict is settled without the voids")
    in_order: VerdictWord | None = Field(
        description="where the check's own tests stand in the way: the verdict had they come out right"
    )


def account_document(account: Account) -> AccountDocument:
    """Return the document of an account."""
    return AccountDocument(
        replies=[_group(group) for group in account.groups],
        turning_points=[_point(point) for point in account.turning],
        void_split=None if account.void_split is None else _split(account.void_split),
        in_order=None if account.in_order is None else account.in_order.value,
    )


def _group(group: CitedGroup) -> CitedGroupDocument:
    return CitedGroupDocument(
        kind=group.kind.value,
        broken=None if group.broken is None else group.broken.value,
        forms=[form.value for form in group.forms],
        replies=[
            CitedDocument(
                probe=cited.probe,
                sample=cited.sample,
                reading=reading_words(cited.reading),
                old_reading=None if cited.old_reading is None else reading_words(cited.old_reading),
            )
            for cited in group.replies
        ],
    )


def _point(point: TurningPoint) -> TurningPointDocument:
    return TurningPointDocument(
        read_as=point.read_as.value,
        number=point.number,
        of=point.of,
        verdict=point.verdict.value,
        exact=point.exact,
        unit="probes" if point.whole_probes else "replies",
    )


def _split(split: VoidSplit) -> VoidSplitDocument:
    return VoidSplitDocument(
        voids=split.voids,
        holds_from=split.holds_from,
        fails_to=split.fails_to,
        all_pass=split.all_pass.value,
        all_fail=split.all_fail.value,
        exact=split.exact,
    )
