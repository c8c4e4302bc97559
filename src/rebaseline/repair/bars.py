"""What can always be done and is never verified: move the bar, retire the assertion."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rebaseline.domain.comparison import Side
from rebaseline.domain.edit import Put
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import AtLeast, NoWorse
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts

__all__ = ["propose_bar", "propose_retirement"]

_STEP = 100
"""Bars are written in hundredths."""

_LEAST = 0.5
"""A bar under half the old one, or a margin over twice the old one, is no smaller claim but another: not proposed."""


def propose_bar(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Move the bar under what is shown of the new replies on the harshest reading."""
    bar, new = facts.assertion.bar, facts.comparison.new
    if isinstance(bar, AtLeast):
        rate = _shown_rate(new)
        if rate is None or not _LEAST * bar.rate <= rate < bar.rate:
            return
        edit, words = Put(facts.place("bar"), {"at_least": rate}), f"move the bar from {bar.rate:g} to {rate:g}"
    elif isinstance(bar, NoWorse):
        margin = _shown_margin(new)
        if margin is None or not bar.margin < margin <= bar.margin / _LEAST:
            return
        edit = Put(facts.place("bar"), {"no_worse": margin})
        words = f"move the margin from {bar.margin:g} to {margin:g}"
    else:
        return
    yield Proposal(
        kind=RepairKind.MOVE_BAR,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=f"{words} (looser)",
        edits=(edit,),
        group=f"move bar {facts.suite.id}/{facts.assertion.id}",
    )


def propose_retirement(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Take the assertion out of use. Who does so says why, on what day; so it holds no edit yet."""
    yield Proposal(
        kind=RepairKind.RETIRE,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words="retire it: nothing measures the claim any more",
        group="retire",
    )


def _shown_rate(side: Side) -> float | None:
    """Return the highest hundredth under the lower bound that the replies show, every void read against the claim."""
    lowest = side.evidence.bounds[0]
    return None if lowest <= 0.0 else math.floor(lowest * _STEP - 1e-9) / _STEP


def _shown_margin(side: Side) -> float | None:
    """Return the least hundredth over the largest drop that the pairs leave open."""
    lowest = side.evidence.bounds[0]
    return math.ceil((1.0 - 2.0 * lowest) * _STEP + 1e-9) / _STEP
