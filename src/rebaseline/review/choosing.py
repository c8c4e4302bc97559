"""What a key makes of an item: a decision, or the words why there is none."""

from __future__ import annotations

from datetime import date

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.prompts import RETIRED_WHY, NothingDecidedError, Prompts
from rebaseline.review.queue import Item

__all__ = ["choose_rebaseline", "choose_rejection", "choose_retirement", "choose_waiver"]


def choose_rebaseline(item: Item, prompts: Prompts) -> Decision:
    """Accept the verdict as it is read now.

    Raises:
        NothingDecidedError: It may not be, or nobody says why.
    """
    if Action.REBASELINE not in item.actions:
        failing = item.verdict is VerdictName.FAILING
        instead = "waive or reject it" if failing else "repair, waive, reject or retire it"
        raise NothingDecidedError(f"a {item.verdict} assertion is never accepted away: {instead}")
    return prompts.with_reason(item, Action.REBASELINE, f"why is {item.verdict} accepted as it is read now?")


def choose_rejection(item: Item, prompts: Prompts) -> Decision:
    """Record the finding as it is. Raises as `choose_rebaseline` does."""
    if Action.REJECT not in item.actions:
        raise NothingDecidedError(f"{item.verdict.said}: there is no finding to record")
    return prompts.with_reason(item, Action.REJECT, "why does the finding stand?")


def choose_retirement(item: Item, prompts: Prompts) -> Decision:
    """Take the assertion out of use. Raises as `choose_rebaseline` does."""
    if Action.RETIRE not in item.actions:
        raise NothingDecidedError(f"what is {item.verdict} is not taken out of use: waive or reject it")
    return prompts.with_reason(item, Action.RETIRE, RETIRED_WHY)


def choose_waiver(item: Item, prompts: Prompts, today: date) -> Decision:
    """Let it not block until a day. Raises as `choose_rebaseline` does."""
    if Action.WAIVE not in item.actions:
        raise NothingDecidedError("only what is failing or invalid is waived")
    return prompts.waiver(item, today)
