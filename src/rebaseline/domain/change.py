"""What the pairs with the baseline show."""

from __future__ import annotations

from dataclasses import dataclass

from rebaseline.domain.verdict import Change

__all__ = ["ChangeEvidence"]


@dataclass(frozen=True, slots=True)
class ChangeEvidence:
    """Evidence of a change in one assertion, read pair by pair at round ends.

    Attributes:
        change: What is shown, at the level of an alarm.
        pairs: Pairs that were read.
        lowest: Mean difference, new less old, with every void against the candidate, in [-1, 1]; None without pairs.
        highest: The same with every void in its favour.
        log_e_worse: Log stake on a drop, on the kindest reading.
        log_e_better: Log stake on a gain, on the harshest reading.
    """

    change: Change
    pairs: int
    lowest: float | None
    highest: float | None
    log_e_worse: float
    log_e_better: float
