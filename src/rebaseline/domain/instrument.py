"""The seam between checks and assessment: what an instrument is, and how compiled checks combine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption

__all__ = ["AllOf", "AnyOf", "CheckNode", "Instrument", "Leaf", "Look", "Polarity", "RefusalReading", "SeededFault"]


class Polarity(StrEnum):
    """What a pass of a check rests on; it decides which way caution lies."""

    PRESENCE = "presence"
    """Something is there. A tolerant reading may turn fail into void, never into pass."""
    ABSENCE = "absence"
    """Something is not there. A tolerant reading may turn pass into fail: a leak in bold is a leak."""
    CONDUCT = "conduct"
    """What the model did (refused, answered, called a tool, kept to a length): form does not enter."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look of an instrument at a reply.

    Attributes:
        value: 1 pass, 0 fail, or a score between; None where the instrument cannot find what it reads.
        note: What it saw, for people, at most 200 characters; untrusted where it quotes the reply.
        broken: What a look without a value breaks.
        answer: The wrong answer that a fail rests on, levelled so that equal answers are equal texts; empty where the
            instrument reads no answer, or none that it could name. It is no part of what makes two looks equal.
    """

    value: float | None
    note: str = ""
    broken: Assumption = Assumption.READABLE
    answer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SeededFault:
    """A passing reply with a known fault put in: a live instrument does not pass it.

    Attributes:
        name: The mutation, such as `wrong value` or `leak in bold`.
        reply: The mutated reply.
    """

    name: str
    reply: Reply


class Instrument(Protocol):
    """Reads one reply. Pure, deterministic, in time linear in the reply; never raises on any reply."""

    @property
    def polarity(self) -> Polarity:
        """What a pass rests on."""

    @property
    def tolerates(self) -> tuple[Form, ...]:
        """Forms that the tolerant reading undoes unless the suite says otherwise."""

    @property
    def judges_refusal(self) -> bool:
        """True where a refusal is what the check is about, so that no refusal rule comes before it."""

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read `reply` with the forms in `undo` undone; an empty set reads strictly, as written."""

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return mutations of `reply`, which passes, that must not pass."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One instrument, ready to read.

    Attributes:
        name: The check's name, for people.
        instrument: What reads.
        tolerant: Forms that the tolerant reading undoes.
        negated: `not` around it: pass and fail change places and presence becomes absence.
    """

    name: str
    instrument: Instrument
    tolerant: tuple[Form, ...]
    negated: bool = False

    @property
    def polarity(self) -> Polarity:
        """The instrument's polarity with the negation applied."""
        if not self.negated or self.instrument.polarity is Polarity.CONDUCT:
            return self.instrument.polarity
        return Polarity.ABSENCE if self.instrument.polarity is Polarity.PRESENCE else Polarity.PRESENCE


@dataclass(frozen=True, slots=True)
class AllOf:
    """Passes when every part passes; fails when one fails; else void."""

    parts: tuple[CheckNode, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Passes when one part passes; fails when every part fails; else void."""

    parts: tuple[CheckNode, ...]


CheckNode = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class RefusalReading:
    """Whether a reply declines to do what was asked.

    Attributes:
        refuses: True, False, or None where it cannot be told.
        cue: What told it, for people.
        unknown_language: It cannot be told because the reply is in a language that the reading does not know.
    """

    refuses: bool | None
    cue: str = ""
    unknown_language: bool = False
