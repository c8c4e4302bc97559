"""Items as a review shows them, and a console that plays back keys."""

from __future__ import annotations

from datetime import date
from itertools import count

from rebaseline.domain.edit import Put
from rebaseline.domain.reading import Assumption
from rebaseline.domain.repair import Counts, Proposal, RepairKind, Repairs, Trial
from rebaseline.domain.suite import Kind
from rebaseline.domain.verdict import Failing, Holds, VerdictName
from rebaseline.review.desk import Desk
from rebaseline.review.queue import Item, ReplyPair
from rebaseline.review.reviewer import review_items
from rebaseline.review.session import Session
from rebaseline.review.style import Style

__all__ = ["Held", "Script", "item", "trial"]

UNDONE = Put(("assertions", "a", "consumer", "fence"), "undone")


def trial(number="1", *, group="undo fence", verified=True, kind=RepairKind.DECLARE_UNDONE, objections=()):
    proposal = Proposal(
        kind, "s", "a", Assumption.FORM, f"repair {number}", edits=(UNDONE,), question="Is it undone?", group=group
    )
    verdict = Holds() if verified else Failing()
    return Trial(proposal, number, Holds(), verdict, Counts(60, 0, 60), Counts(58, 1, 60), verified, objections)


def item(name="s/a", *, verdict=VerdictName.INVALID, trials=(), kind=Kind.FUNCTIONAL, owner="ada", state="x"):
    pair = ReplyPair("p1", 0, "one two", "one 2", "pass", "void: fence")
    repairs = Repairs(name, tuple(trials)) if trials else None
    return Item(name, "It is so.", kind, owner, ("model",), verdict, ("49 of 60 void",), (pair,), repairs, state)


class Script:
    """A console whose user gives keys and lines in this order, and then is gone."""

    def __init__(self, *given, style=None):
        self.given = list(given)
        self.shown: list[str] = []
        self.style = style or Style(80)

    def _next(self):
        if not self.given:
            raise EOFError
        return self.given.pop(0)

    def key(self):
        return self._next()

    def line(self, prompt):
        self.shown.append(prompt)
        return self._next()

    def forget(self):
        """Nothing is typed ahead: keys come when they are asked for."""

    def show(self, lines):
        self.shown += list(lines)

    @property
    def text(self):
        return "\n".join(self.shown)


class Held:
    """A review that was held, with what was kept and written."""

    def __init__(self, items, given, session, refusal, loosens):
        self.kept: list[Session] = []
        self.written: list[Session] = []
        self.console = Script(*given)
        self.refusal = refusal
        ticks = count(0, 10)
        desk = Desk(
            keep=self.kept.append,
            write=self._write,
            why=lambda it: [f"why {it.name}"],
            edit_of=lambda _, it: [f"edit {it.id}"],
            loosens=lambda _, it: loosens if it.verified else "",
            label=lambda it, *_: it,
            clock=lambda: float(next(ticks)),
            today=date(2026, 11, 26),
        )
        self.review = review_items(items, session, desk, self.console)

    def _write(self, session):
        if self.refusal is not None:
            raise self.refusal
        self.written.append(session)
        return ["written"]

    @property
    def decided(self):
        return [(it.decision.name, it.decision.action) for it in self.review.session.taken]
