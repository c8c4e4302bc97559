"""Known faults put into passing replies: does the check notice, and how?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rebaseline.assess.reading import ReadingRules, RefusalReader, read_reply
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Leaf, SeededFault
from rebaseline.domain.reading import Reading, Valued

__all__ = ["FaultReading", "MutationScore", "seed_faults", "shorten"]

_SHOWN = 60
_MOST_PLANTED = 30
_NOTHING: frozenset[Form] = frozenset()


@dataclass(frozen=True, slots=True)
class FaultReading:
    """One seeded fault and what the check made of it.

    Attributes:
        name: The mutation.
        seeded_in: Start of the passing reply that it was put into.
        caught: The check no longer passes the reply.
        failed: It reads the reply as a fail; a void is caught, and shows nobody that the check can fail.
    """

    name: str
    seeded_in: str
    caught: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How many seeded faults a check kills.

    Attributes:
        killed: Faults that it reads as a fail.
        void: Faults that it cannot read: caught, since a void is no pass, and no fail either.
        survived: Names of those that it passes.
    """

    killed: int = 0
    void: int = 0
    survived: tuple[str, ...] = ()

    @classmethod
    def of(cls, faults: Iterable[FaultReading]) -> MutationScore:
        """Count the readings of seeded faults."""
        every = tuple(faults)
        killed = sum(fault.failed for fault in every)
        survived = tuple(fault.name for fault in every if not fault.caught)
        return cls(killed, len(every) - killed - len(survived), survived)

    @property
    def faults(self) -> int:
        """How many were put in."""
        return self.killed + self.void + len(self.survived)

    @property
    def share(self) -> float | None:
        """The mutation score: the share that was killed; None where no fault was put in."""
        return self.killed / self.faults if self.faults else None

    def __add__(self, other: MutationScore) -> MutationScore:
        return MutationScore(self.killed + other.killed, self.void + other.void, self.survived + other.survived)


def shorten(text: str, limit: int = _SHOWN) -> str:
    """Return the start of a text on one line."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def seed_faults(
    node: CheckNode,
    reply: Reply,
    rules: ReadingRules,
    refusal: RefusalReader,
    *,
    second: CheckNode | None = None,
) -> tuple[FaultReading, ...]:
    """Put known faults into a passing reply and read it again with the whole check.

    Of `all_of` each part is seeded by itself. A fault of `any_of` is one in every branch at once: no branch may pass
    it.

    Args:
        node: The check.
        reply: A reply that it passes.
        rules: How replies are read.
        refusal: The built-in refusal reading.
        second: The check that reads a second time; None where there is none.
    """
    start = shorten(reply.text)
    faults = _faults_of(node, reply, rules, refusal)
    seen = ((fault, read_reply(node, fault.reply, rules, refusal, second=second)) for fault in faults)
    return tuple(FaultReading(fault.name, start, not _passes(found), _fails(found)) for fault, found in seen)


def _faults_of(node: CheckNode, reply: Reply, rules: ReadingRules, refusal: RefusalReader) -> tuple[SeededFault, ...]:
    match node:
        case Leaf():
            return tuple(fault for fault in node.instrument.seeded_faults(reply) if _applies(node, fault))
        case AllOf(parts=parts):
            return tuple(fault for part in parts for fault in _faults_of(part, reply, rules, refusal))
        case AnyOf(parts=parts):
            return _faults_of_every_branch(parts, reply, replace(rules, means=None), refusal)


def _applies(leaf: Leaf, fault: SeededFault) -> bool:
    """Say whether a reply that holds what is forbidden holds it in a form that the check undoes."""
    if not leaf.negated:
        return True
    return any(leaf.instrument.look(fault.reply, undo).value == 1.0 for undo in (_NOTHING, frozenset(leaf.tolerant)))


def _faults_of_every_branch(
    parts: tuple[CheckNode, ...], reply: Reply, rules: ReadingRules, refusal: RefusalReader
) -> tuple[SeededFault, ...]:
    """Plant faults in one branch after the other, as long as the next one still passes.

    What some branch passes in the end the disjunction permits, and it is no fault. Where that leaves none, nothing has
    been shown: that the disjunction is dead would be too much to say, for another fault might have tripped it.
    """
    planted: tuple[SeededFault, ...] = (SeededFault("", reply),)
    for part in parts:
        planted = tuple(
            SeededFault(" and ".join(filter(None, (before.name, fault.name))), fault.reply)
            for before in planted[:_MOST_PLANTED]
            for fault in _or_as_it_is(part, before, rules, refusal)
        )
    whole = AnyOf(parts)
    return tuple(
        fault for fault in planted if fault.name and not _passes(read_reply(whole, fault.reply, rules, refusal))
    )


def _or_as_it_is(
    part: CheckNode, before: SeededFault, rules: ReadingRules, refusal: RefusalReader
) -> tuple[SeededFault, ...]:
    """Return faults of a branch in a reply that it passes; else the reply, which it does not pass as it is."""
    if not _passes(read_reply(part, before.reply, rules, refusal)):
        return (SeededFault("", before.reply),)
    return _faults_of(part, before.reply, rules, refusal)


def _passes(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value >= 1.0


def _fails(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value < 1.0
