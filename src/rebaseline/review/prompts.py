"""What a decision asks for beyond its key: reasons, owners, days. An empty line decides nothing, nor does Ctrl-C."""

from __future__ import annotations

from datetime import date

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.repair import RepairKind, Trial
from rebaseline.domain.spans import day_of
from rebaseline.review.console import Console
from rebaseline.review.queue import Item
from rebaseline.review.style import clean

__all__ = ["RETIRED_WHY", "NothingDecidedError", "Prompts", "repaired"]

RETIRED_WHY = "why is it out of use?"
_CANCELLED = "cancelled: nothing decided"


class NothingDecidedError(Exception):
    """A key decides nothing; the words say why."""


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

    def line(self, question: str) -> str:
        """Ask for a line; it holds something.

        Raises:
            NothingDecidedError: It is empty, or was left with Ctrl-C.
        """
        text = self.line_or_empty(f"{question} (empty: cancel) ")
        if not text:
            raise NothingDecidedError(_CANCELLED)
        return text

    def line_or_empty(self, prompt: str) -> str:
        """Ask for a line that may be empty; what cannot be printed is left out of it.

        Raises:
            NothingDecidedError: It was left with Ctrl-C.
        """
        try:
            said = self._console.line(f"  {prompt}")
        except KeyboardInterrupt:
            self._console.show([""])
            raise NothingDecidedError(_CANCELLED) from None
        text = clean(said).replace("\n", " ").strip()
        self._keys += len(text) + 1
        return text

    def repair(self, item: Item, trial: Trial, looser: str) -> Decision:
        """Return the decision to take a repair; what is not verified, or makes a rule looser, needs a reason.

        Args:
            item: The item.
            trial: The repair.
            looser: What it makes looser; empty where nothing.

        Raises:
            NothingDecidedError: Nobody says why.
        """
        if trial.proposal.kind is RepairKind.RETIRE:
            return self.with_reason(item, Action.RETIRE, RETIRED_WHY)
        if trial.verified and not looser:
            return repaired(item, trial, "")
        doubts = [*([f"looser: {looser}"] if looser else []), *(() if trial.verified else trial.objections)]
        self._console.show(f"  {clean(doubt)}" for doubt in doubts)
        return repaired(item, trial, self.line("why may it be looser?" if trial.verified else "why all the same?"))

    def with_reason(self, item: Item, action: Action, question: str) -> Decision:
        """Return a decision that needs a reason and nothing else. Raises as `line` does."""
        return Decision(action, item.suite, item.assertion, reason=self.line(question))

    def waiver(self, item: Item, today: date) -> Decision:
        """Return the decision to waive: it has an owner, a last day and a reason. Raises as `line` does."""
        owner = self.line("who answers for it?")
        until = self._until(today)
        reason = self.line("why?")
        return Decision(Action.WAIVE, item.suite, item.assertion, reason=reason, owner=owner, expires_on=until)

    def _until(self, today: date) -> date:
        """Ask for a day until one is given: what is typed again must not be taken for keys."""
        while True:
            text = self.line("until which day (2027-01-31, 30d or 2w)?")
            day = day_of(f"{text}d" if text.isdecimal() else text, today)
            if day is None:
                self._console.show([f"  {text[:40]!r} is no day"])
            elif day < today:
                self._console.show([f"  {day} is over already"])
            else:
                return day
