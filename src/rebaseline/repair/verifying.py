"""What makes a trial verified, and what speaks against it. An edit that gets green by reading less is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import Assertion, OnRefusal
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unmeasured, Verdict, VerdictName

__all__ = ["Moves", "Outcome", "find_moves", "is_unguarded", "objection_by_nature", "objections_to"]

Rows = Mapping[str, Sequence[Reading | None]]
"""Readings by probe, one a sample; None where the attempt was not made."""

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Moves:
    """Replies whose reading an edit would change in the claim's favour.

    Attributes:
        raised: Failed, or scored less; now pass, or score more.
        dropped: Were read; now are not.
    """

    raised: int = 0
    dropped: int = 0

    def __add__(self, other: Moves) -> Moves:
        return Moves(self.raised + other.raised, self.dropped + other.dropped)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading stored replies with a proposal.

    Attributes:
        old_before: Verdict on the old version as it is; None where there is none.
        old: The same with the proposal; None where its replies are not at hand.
        new: Verdict on the new version with it.
        controls: Static controls.
        misread: Of these, the ones read wrongly; starts of their texts.
        faults: Seeded faults that were tried, in controls and in stored replies.
        passed_faults: Of these, the ones that pass: names.
        moves: Replies of both versions whose reading moves in the claim's favour.
        unguarded: It lets a refusal pass, and no arm shows that the model engages.
        beside: Verdicts on the new version of assertions that the proposal adds, by id.
    """

    old_before: Verdict | None
    old: Verdict | None
    new: Verdict
    controls: int = 0
    misread: tuple[str, ...] = ()
    faults: int = 0
    passed_faults: tuple[str, ...] = ()
    moves: Moves = Moves()
    unguarded: bool = False
    beside: Mapping[str, Verdict] | None = None

    @property
    def is_unopposed(self) -> bool:
        """No static control and no seeded fault could object."""
        return not self.controls and not self.faults


def find_moves(before: Rows, after: Rows, probes: Sequence[str]) -> Moves:
    """Count the replies whose reading moves in the claim's favour.

    A fail that becomes void is none of them: for Holds a void is a fail, and where it keeps the claim from failing the
    verdict is not settled.

    Args:
        before: Readings as they are.
        after: Readings with the edit.
        probes: Whose replies are counted.
    """
    raised = dropped = 0
    for probe in probes:
        now = after.get(probe, ())
        for sample, was in enumerate(before.get(probe, ())):
            reading = now[sample] if sample < len(now) else None
            if was is None:
                continue
            dropped += reading is None
            if isinstance(was, Void) and was.broken is Assumption.AGREEMENT and was.if_undone is not None:
                # A pass that the second reading contradicts: to leave that reading out is not to settle it.
                raised += isinstance(reading, Valued) and reading.value > was.if_undone
            if isinstance(was, Valued):
                raised += isinstance(reading, Valued) and reading.value > was.value
    return Moves(raised, dropped)


def is_unguarded(before: Assertion, now: Assertion) -> bool:
    """Return whether a refusal now passes which did not, without an arm that shows that the model engages."""
    allowed = now.on_refusal is OnRefusal.PASS and before.on_refusal is not OnRefusal.PASS
    return allowed and now.alive_if is None


def objections_to(proposal: Proposal, outcome: Outcome) -> tuple[str, ...]:
    """Return why a trial is not verified; empty for one that is."""
    found = [objection_by_nature(proposal), *_of_instrument(outcome), *_of_moves(outcome.moves), *_of_verdicts(outcome)]
    return tuple(filter(None, found))


def objection_by_nature(proposal: Proposal) -> str:
    """Return why a proposal of this kind is never verified; empty for all others."""
    if proposal.kind is RepairKind.MOVE_BAR:
        return "a bar is a decision: it is never verified"
    if proposal.kind is RepairKind.RETIRE:
        return "nothing is measured then: it is never verified"
    return ""


def _of_instrument(outcome: Outcome) -> list[str]:
    found = []
    if outcome.misread:
        found.append(
            f"reads {len(outcome.misread)} of {outcome.controls} controls wrongly: {_few(outcome.misread)}",
        )
    if outcome.passed_faults:
        found.append(f"passes seeded faults: {_few(outcome.passed_faults)}")
    if outcome.unguarded:
        found.append("a model that declines everything would pass: no arm shows that it engages")
    return found


def _of_moves(moves: Moves) -> list[str]:
    return [
        f"{count:,} {'reply' if count == 1 else 'replies'} {words}"
        for count, words in (
            (moves.raised, "that failed now " + ("passes" if moves.raised == 1 else "pass")),
            (moves.dropped, f"{'is' if moves.dropped == 1 else 'are'} no longer read"),
        )
        if count
    ]


def _of_verdicts(outcome: Outcome) -> list[str]:
    return [
        *_of_old(outcome.old_before, outcome.old),
        *_of_new(outcome.new),
        *(
            f"{name}, which it adds, is then {_name(verdict)}"
            for name, verdict in (outcome.beside or {}).items()
            if isinstance(outcome.new, Holds) and not isinstance(verdict, Holds)
        ),
    ]


def _of_old(before: Verdict | None, now: Verdict | None) -> list[str]:
    """The old version must keep its verdict; where it had none that is valid, it must get one that is settled."""
    if before is None or now is None or isinstance(now, Unmeasured):
        return ["the old version's replies are not at hand"]
    settled = isinstance(now, Holds | Failing)
    if VerdictName.of(before) is VerdictName.of(now) and not isinstance(now, Invalid):
        return []
    if isinstance(before, Invalid | Inconclusive) and settled:
        return []
    return [f"the old version is then {_name(now)} (was {_name(before)})"]


def _of_new(verdict: Verdict) -> list[str]:
    if isinstance(verdict, Holds | Failing):
        return []
    return [f"the new version is then {_name(verdict)}"]


def _name(verdict: Verdict) -> str:
    return "unsettled" if isinstance(verdict, Inconclusive) else VerdictName.of(verdict).value


def _few(names: Sequence[str]) -> str:
    every = list(dict.fromkeys(names))
    return "; ".join(every[:_NAMED]) + (f"; and {len(every) - _NAMED} more" if len(every) > _NAMED else "")
