"""What was decided in a review and not yet written: kept after every key, so that nothing is lost. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.repair import Trial
from rebaseline.errors import UsageError
from rebaseline.review.decision_content import decision_content, decision_from
from rebaseline.review.queue import Item

__all__ = ["Session", "Taken", "as_tried", "parse_session", "render_session"]

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Taken:
    """One decision that was taken.

    Attributes:
        decision: The decision.
        state: Digest of what it was taken upon (`Item.state`).
        seconds: How long the item was looked at.
        keys: Keys that were pressed for it.
        together: Names the key press by which several items were decided at once, so that undo takes all of them back.
    """

    decision: Decision
    state: str
    seconds: float = 0.0
    keys: int = 0
    together: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A review in progress.

    Attributes:
        taken: Decisions, the latest last; at most one an item.
        at: Name of the item that is shown; empty for the first.
        seconds: Time spent, whatever came of it.
        keys: Keys pressed.
        presses: How many times something was decided: names the next press.
        shown: Marks of replies that were shown beside the version that said them (`review.shown`).
    """

    taken: tuple[Taken, ...] = ()
    at: str = ""
    seconds: float = 0.0
    keys: int = 0
    presses: int = 0
    shown: frozenset[str] = frozenset()

    def decision_of(self, name: str) -> Decision | None:
        """Return what was decided of an item; None where nothing was."""
        return next((it.decision for it in self.taken if it.decision.name == name), None)

    def decide(self, decisions: Sequence[tuple[Item, Decision]], *, seconds: float = 0.0, keys: int = 0) -> Session:
        """Return the session with items decided by one key press; time and keys are shared among them."""
        names = {item.name for item, _ in decisions}
        each = max(1, len(decisions))
        press = self.presses + 1
        kept = tuple(it for it in self.taken if it.decision.name not in names)
        new = tuple(
            Taken(
                replace(decision, review_seconds=round(seconds / each, 3)),
                item.state,
                seconds / each,
                -(-keys // each),
                press,
            )
            for item, decision in decisions
        )
        return replace(self, taken=(*kept, *new), presses=press)

    def seeing(self, marks: Iterable[str]) -> Session:
        """Return the session in which further replies were shown."""
        return replace(self, shown=self.shown.union(marks))

    def undo(self) -> tuple[Session, tuple[Taken, ...]]:
        """Return the session without what the last key press decided, and that."""
        if not self.taken:
            return self, ()
        last = self.taken[-1].together
        gone = tuple(it for it in self.taken if it.together == last)
        kept = tuple(it for it in self.taken if it.together != last)
        return replace(self, taken=kept, at=gone[0].decision.name), gone

    def without(self, names: Sequence[str]) -> Session:
        """Return the session without decisions of some items."""
        return replace(self, taken=tuple(it for it in self.taken if it.decision.name not in names))

    def fitted(self, items: Sequence[Item]) -> tuple[Session, tuple[str, ...]]:
        """Return the session with the decisions that still are about what is there, and the names of the others.

        A repair is what was tried now with the very same edits: the file that kept it vouches for nothing.
        """
        known = {item.name: item for item in items}
        kept: list[Taken] = []
        gone: list[str] = []
        for it in self.taken:
            item = known.get(it.decision.name)
            decision = None if item is None or item.state != it.state else _as_it_is_now(it.decision, item)
            if decision is None:
                gone.append(it.decision.name)
            else:
                kept.append(replace(it, decision=decision))
        return replace(self, taken=tuple(kept)), tuple(gone)


def _as_it_is_now(decision: Decision, item: Item) -> Decision | None:
    return as_tried(decision, item.trials) if decision.action is Action.REPAIR else decision


def as_tried(decision: Decision, trials: Sequence[Trial]) -> Decision | None:
    """Return the decision to repair as what was tried now with the very same edits; None where nothing was.

    Args:
        decision: The decision, as a file keeps it.
        trials: What is tried now.
    """
    edits = (decision.edits, decision.project_edits)
    for trial in trials:
        if (trial.proposal.edits, trial.proposal.project_edits) == edits:
            return replace(decision, words=trial.proposal.words, verified=trial.verified)
    return None


def render_session(session: Session) -> str:
    """Return a session as it is kept in a file."""
    content = {
        "format": _FORMAT,
        "at": session.at,
        "seconds": round(session.seconds, 1),
        "keys": session.keys,
        "presses": session.presses,
        "shown": sorted(session.shown),
        "taken": [
            {
                "state": it.state,
                "seconds": round(it.seconds, 1),
                "keys": it.keys,
                "together": it.together,
                "decision": decision_content(it.decision),
            }
            for it in session.taken
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def parse_session(text: str, *, shown: str) -> Session:
    """Return the session that a file keeps.

    Raises:
        UsageError: It is damaged, or of another version of this program.
    """
    try:
        content = _content(text)
        return Session(
            taken=tuple(
                Taken(
                    decision_from(it["decision"]),
                    str(it["state"]),
                    float(it["seconds"]),
                    int(it["keys"]),
                    int(it["together"]),
                )
                for it in content["taken"]
            ),
            at=str(content["at"]),
            seconds=float(content["seconds"]),
            keys=int(content["keys"]),
            presses=int(content["presses"]),
            shown=frozenset(map(str, content.get("shown", ()))),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"the decisions that were kept cannot be read: {error}",
            where=shown,
            remedy="delete the file to begin anew; nothing of it was written into the project",
        ) from error


def _content(text: str) -> Any:
    content = json.loads(text)
    if content["format"] != _FORMAT:
        raise ValueError(f"it has format {content['format']!r}")
    return content
