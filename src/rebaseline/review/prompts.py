"""What a decision asks for beyond its key: reasons, owners, days. An empty line decides nothing."""

from __future__ import annotations

from datetime import date, timedelta

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.repair import RepairKind, Trial
from rebaseline.review.console import Console
from rebaseline.review.queue import Item
from rebaseline.review.style import clean

__all__ = ["RETIRED_WHY", "Prompts", "repaired"]

RETIRED_WHY = "why is it out of use? "
_NOTHING = "nothing decided"


def repaired(item: Item, trial: Trial, reason: str) -> Decision:
    """Return the decision to take a repair."""
    proposal = trial.proposal
    return Decision(
        Action.REPAIR,
        item.suite,
        item.assertion,
        reason=reason,
        edits=proposal.edits,
        project_edits=proposal.project_edits,
        words=proposal.words,
        verified=trial.verified,
    )


class Prompts:
    """Asks on a console, and counts the keys that the answers took."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._keys = 0

    def take_keys(self) -> int:
        """Return the keys since this was last called."""
        keys, self._keys = self._keys, 0
        return keys

    def line(self, prompt: str) -> str:
        """Ask for a line; what cannot be printed is left out of it."""
        text = clean(self._console.line(f"  {prompt}")).replace("\n", " ").strip()
        self._keys += len(text) + 1
        return text

    def repair(self, item: Item, trial: Trial, looser: str) -> Decision | None:
        """Return the decision to take a repair; what is not verified, or makes a rule looser, needs a reason.

        Args:
            item: The item.
            trial: The repair.
            looser: What it makes looser; empty where nothing.
        """
        if trial.proposal.kind is RepairKind.RETIRE:
            return self.with_reason(item, Action.RETIRE, RETIRED_WHY)
        if trial.verified and not looser:
            return repaired(item, trial, "")
        doubts = [*([f"looser: {looser}"] if looser else []), *(() if trial.verified else trial.objections)]
        self._console.show(f"  {clean(doubt)}" for doubt in doubts)
        reason = self.line("why may it be looser? " if trial.verified else "why all the same? ")
        return repaired(item, trial, reason) if reason else self._nothing()

    def with_reason(self, item: Item, action: Action, question: str) -> Decision | None:
        """Return a decision that needs a reason and nothing else."""
        reason = self.line(question)
        return Decision(action, item.suite, item.assertion, reason=reason) if reason else self._nothing()

    def waiver(self, item: Item, today: date) -> Decision | None:
        """Return the decision to waive."""
        owner = self.line("who answers for it? ")
        until = self._until(today) if owner else None
        reason = self.line("why? ") if until is not None else ""
        if until is None or not reason:
            return self._nothing("a waiver has an owner, a last day and a reason")
        return Decision(Action.WAIVE, item.suite, item.assertion, reason=reason, owner=owner, expires_on=until)

    def _until(self, today: date) -> date | None:
        """Ask for a day until one is given, or an empty line: what is typed again must not be taken for keys."""
        while text := self.line("until which day (2027-01-31, or 30 for days)? "):
            day = self._day(text, today)
            if day is not None:
                return day
        return None

    def _day(self, text: str, today: date) -> date | None:
        try:
            day = today + timedelta(days=int(text)) if text.isdecimal() else date.fromisoformat(text)
        except (ValueError, OverflowError):
            self._console.show([f"  {text[:40]!r} is no day"])
            return None
        if day < today:
            self._console.show([f"  {day} is over already"])
            return None
        return day

    def _nothing(self, why: str = "") -> Decision | None:
        self._console.show([f"  {_NOTHING}{': ' + why if why else ''}"])
        return None
