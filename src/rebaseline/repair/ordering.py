"""The order in which trials are shown, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rebaseline.domain.repair import RepairKind, Trial

__all__ = ["in_order"]

_LAST = {RepairKind.MOVE_BAR: 1, RepairKind.RETIRE: 2}


def in_order(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Return trials with verified ones first, both answers to a question together, bar and retirement last.

    Of answers to one question that are both verified the order of the proposals stays: which is right only people know.
    """
    verified = {_question(trial) for trial in trials if trial.verified and trial.proposal.question}

    def rank(trial: Trial) -> tuple[int, bool]:
        good = trial.verified or _question(trial) in verified
        return _LAST.get(trial.proposal.kind, 0), not good

    return tuple(replace(trial, id=str(number)) for number, trial in enumerate(sorted(trials, key=rank), 1))


def _question(trial: Trial) -> str:
    return trial.proposal.question
