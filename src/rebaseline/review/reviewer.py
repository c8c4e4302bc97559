"""The review itself: shows one item after the other, and carries out what keys stand for. Enter decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from rebaseline.domain.decision import Decision
from rebaseline.domain.repair import Trial
from rebaseline.errors import RebaselineError
from rebaseline.review.choosing import choose_rebaseline, choose_rejection, choose_retirement, choose_waiver
from rebaseline.review.console import Console
from rebaseline.review.desk import Desk, Review
from rebaseline.review.prompts import NothingDecidedError, Prompts, repaired
from rebaseline.review.queue import Item, matches, sharing
from rebaseline.review.screen import decision_words, item_lines, key_lines, summary_lines
from rebaseline.review.session import Session
from rebaseline.review.shown import marks_of_chain, marks_of_pair
from rebaseline.review.style import clean

__all__ = ["review_items"]


def review_items(items: Sequence[Item], session: Session, desk: Desk, console: Console) -> Review:
    """Go through items until the user quits.

    Args:
        items: In the order in which they are shown.
        session: What was decided earlier.
        desk: What may be asked of the project.
        console: Where.

    Raises:
        KeyboardInterrupt: The user stops; everything up to the last key is kept.
    """
    return _Reviewer(list(items), session, desk, console).run()


class _Reviewer:
    """Holds what changes while a review goes on."""

    def __init__(self, items: list[Item], session: Session, desk: Desk, console: Console) -> None:
        self._items = items
        self._chosen = items
        self._session = session
        self._desk = desk
        self._console = console
        self._prompts = Prompts(console)
        self._at = next((n for n, item in enumerate(items) if item.name == session.at), 0)
        self._pair = 0
        self._since = desk.clock()
        self._keys = 0
        self._written = 0

    def run(self) -> Review:
        if self._chosen:
            self._show()
        while self._chosen:
            try:
                going_on = self._take(self._key())
            except EOFError:
                break
            if not going_on:
                break
        self._spend()
        return Review(self._session, self._written, self._undecided())

    def _undecided(self) -> int:
        return sum(self._session.decision_of(item.name) is None for item in self._items)

    @property
    def _item(self) -> Item:
        return self._chosen[self._at]

    def _key(self) -> str:
        key = self._console.key()
        self._keys += 1
        return key

    def _say(self, *lines: str) -> None:
        self._console.show(lines)

    def _show(self, *, keys: bool = True) -> None:
        self._saw(marks_of_pair(self._item, self._pair))
        style = self._console.style
        lines = ["", *item_lines(self._item, (self._at + 1, len(self._chosen)), self._session, style, pair=self._pair)]
        self._console.show([*lines, *(["", *key_lines(self._item, self._items, style)] if keys else [])])

    def _saw(self, marks: Iterable[str]) -> None:
        """Keep what is shown, before it is: a label of it is not blind, whenever and by whoever sits here."""
        before = self._session
        self._session = before.seeing(marks)
        if self._session != before:
            self._keep()

    def _take(self, key: str) -> bool:
        """Do what a key stands for; False ends the review."""
        acts: dict[str, Callable[[], object]] = {
            "a": self._repair_all,
            "b": lambda: self._decide_one(choose_rebaseline(self._item, self._prompts)),
            "v": lambda: self._decide_one(choose_waiver(self._item, self._prompts, self._desk.today)),
            "x": lambda: self._decide_one(choose_rejection(self._item, self._prompts)),
            "t": lambda: self._decide_one(choose_retirement(self._item, self._prompts)),
            "l": self._label,
            "m": self._more,
            "y": self._why,
            "d": self._edit,
            "s": lambda: self._go(self._at + 1),
            "p": lambda: self._go(self._at - 1),
            "u": self._undo,
            "f": self._filter,
            "w": self._write,
            "?": self._show,
            " ": self._show,
            **{str(number): partial(self._repair, trial) for number, trial in enumerate(self._item.trials[:9], 1)},
        }
        if key == "q":
            return False
        try:
            acts.get(key, self._hint)()
        except NothingDecidedError as nothing:
            self._say(f"  {nothing}")
        self._keys += self._prompts.take_keys()
        return True

    def _hint(self) -> None:
        self._say("  this key decides nothing   ? shows the item again")

    def _repair(self, trial: Trial) -> None:
        self._decide_one(self._prompts.repair(self._item, trial, self._loosens(trial)))

    def _loosens(self, trial: Trial) -> str:
        return self._desk.loosens(self._item, trial)

    def _repair_all(self) -> None:
        trials = self._item.trials
        shared = sharing(self._items, trials[0]) if trials else ()
        if len(shared) <= 1:
            self._say("  no other item shares repair 1" if trials else "  nothing was proposed for this one")
            return
        self._say(*(f"  {item.name}: {clean(trial.proposal.words)}" for item, trial in shared))
        first = self._prompts.repair(self._item, trials[0], self._loosens(trials[0]))
        self._decide([(item, repaired(item, trial, first.reason)) for item, trial in shared])

    def _why(self) -> None:
        self._saw(marks_of_chain(self._item))
        self._console.show(self._desk.why(self._item))

    def _decide_one(self, decision: Decision) -> None:
        self._decide([(self._item, decision)])

    def _decide(self, decisions: Sequence[tuple[Item, Decision]]) -> None:
        self._keys += self._prompts.take_keys()
        seconds, keys = self._spend()
        self._session = self._session.decide(decisions, seconds=seconds, keys=keys)
        self._keep()
        self._say(*(f"  {item.name}: {decision_words(decision)}" for item, decision in decisions))
        following = [n for n in range(len(self._chosen)) if self._session.decision_of(self._chosen[n].name) is None]
        if not following:
            self._say("", f"  all {len(self._chosen)} are decided: w writes them, u takes the last back, q keeps them")
            return
        self._at = next((n for n in following if n > self._at), following[0])
        self._pair = 0
        self._keep()
        self._show()

    def _spend(self) -> tuple[float, int]:
        """Count the time and the keys since the last decision."""
        now = self._desk.clock()
        seconds, keys = max(0.0, now - self._since), self._keys
        self._since, self._keys = now, 0
        self._session = replace(self._session, seconds=self._session.seconds + seconds, keys=self._session.keys + keys)
        return seconds, keys

    def _keep(self) -> None:
        self._session = replace(self._session, at=self._item.name if self._chosen else "")
        self._desk.keep(self._session)

    def _go(self, at: int) -> None:
        if not 0 <= at < len(self._chosen):
            self._say("  that was the last one" if at > 0 else "  this is the first one")
            return
        self._at, self._pair = at, 0
        self._keep()
        self._show()

    def _more(self) -> None:
        if len(self._item.pairs) <= 1:
            self._say("  there are no more replies to show")
            return
        self._pair = (self._pair + 1) % len(self._item.pairs)
        self._show(keys=False)

    def _edit(self) -> None:
        trials = self._item.trials[:9]
        if not trials:
            self._say("  nothing was proposed")
            return
        choice = "1" if len(trials) == 1 else self._prompts.line(f"of which repair (1-{len(trials)})?")
        if not choice.isdecimal() or not 1 <= int(choice) <= len(trials):
            self._say("  there is none of that number")
            return
        self._console.show(f"  {line}" for line in self._desk.edit_of(self._item, trials[int(choice) - 1]))

    def _label(self) -> None:
        item = self._item
        try:
            again = self._desk.label(item, self._console, self._session.shown)
        except RebaselineError as refusal:
            self._refused(refusal)
            return
        self._items = [again if it.name == item.name else it for it in self._items]
        self._chosen = [again if it.name == item.name else it for it in self._chosen]
        if again.state != item.state:
            self._session = self._session.without([item.name])
            self._keep()
        self._show()

    def _undo(self) -> None:
        self._session, gone = self._session.undo()
        if not gone:
            self._say("  there is nothing to undo")
            return
        self._chosen = self._chosen if any(it.name == self._session.at for it in self._chosen) else self._items
        self._at = next((n for n, it in enumerate(self._chosen) if it.name == self._session.at), 0)
        self._pair = 0
        self._desk.keep(self._session)
        self._say(*(f"  taken back: {it.decision.name}: {decision_words(it.decision)}" for it in gone))
        self._show()

    def _filter(self) -> None:
        which = "which (failing, invalid, governance, owner=…, layer=…, a name; empty for all)? "
        words = self._prompts.line_or_empty(which).split()
        chosen = [item for item in self._items if all(matches(item, word) for word in words)]
        if not chosen:
            self._say("  none of the items is like that")
            return
        self._chosen, self._at, self._pair = chosen, 0, 0
        self._keep()
        self._show()

    def _write(self) -> None:
        if not self._session.taken:
            self._say("  nothing is decided yet")
            return
        self._console.show(["", *summary_lines(self._session, self._items, self._console.style)])
        if not self._is_confirmed():
            self._say("  nothing is written; decisions are kept")
            return
        try:
            done = self._desk.write(self._session)
        except RebaselineError as refusal:
            self._refused(refusal)
            return
        names = [it.decision.name for it in self._session.taken]
        self._written += len(names)
        self._session = self._session.without(names)
        self._items = [item for item in self._items if item.name not in names]
        self._chosen, self._at = self._items, 0
        self._keep()
        self._console.show(done)
        if self._items:
            self._show()

    def _is_confirmed(self) -> bool:
        try:
            return self._prompts.line("type yes to write this").casefold() == "yes"
        except NothingDecidedError:
            return False

    def _refused(self, refusal: RebaselineError) -> None:
        lines: Iterable[str] = str(refusal).split("\n")
        self._say(*(f"  {clean(line)}" for line in lines), "  decisions are kept; nothing is written")
