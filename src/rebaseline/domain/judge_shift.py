"""Which moved, the judge or the model: the same replies under two judges."""

from __future__ import annotations

from dataclasses import dataclass

from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.verdict import Change

__all__ = ["JudgeShift"]

_MOVED = frozenset({Change.WORSE, Change.BETTER})


@dataclass(frozen=True, slots=True)
class JudgeShift:
    """One assertion whose judge is another version than the one that judged before.

    Attributes:
        judge: Judge id.
        old_version: Who judged before.
        new_version: Who judges now, and decides the verdicts.
        replies: Replies that both judged and could read, the old model's and the new one's.
        agreed: Of these, those that both read alike.
        of_judge: The change on the same replies, from the one judge to the other: it is the judge's alone.
        of_model_by_old: The change from the old model to the new, by the judge before; None where it did not judge all
            replies of both.
        of_model_by_new: The same by the judge of today.
    """

    judge: str
    old_version: str
    new_version: str
    replies: int
    agreed: int
    of_judge: ChangeEvidence
    of_model_by_old: ChangeEvidence | None
    of_model_by_new: ChangeEvidence

    @property
    def judge_moved(self) -> bool:
        """Whether it is shown that the judges read the same replies differently."""
        return self.of_judge.change in _MOVED

    @property
    def model_moved(self) -> bool:
        """Whether it is shown that the model changed, by the judge of today."""
        return self.of_model_by_new.change in _MOVED
