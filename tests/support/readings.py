"""Readings, tables and instruments in few words, for tests of what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rebaseline.app.assessing import Tables
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Answered, Attempt, Reply, Stop
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import CheckNode, Leaf, Look, Polarity, RefusalReading, SeededFault
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, AtLeast, Bar, CheckSpec, Kind, Probe, Role, Suite, Turn

PASS, FAIL, HALF = Valued(1.0), Valued(0.0), Valued(0.5)
VOID = Void(Assumption.READABLE)
FENCED = Void(Assumption.FORM, (Form.FENCE,), 1.0)
FAULT = Void(Assumption.DELIVERED)
SIGNS: Mapping[str, Reading | None] = {
    "1": PASS,
    "0": FAIL,
    "h": HALF,
    "v": VOID,
    "f": FENCED,
    "r": Void(Assumption.ACCEPTED),
    "a": Void(Assumption.AGREEMENT, (), 0.0),
    "x": FAULT,
    ".": None,
}


def table_of(*rounds: str, planned: int | None = None, sessions: Iterable[str] = (), start: str = "p") -> ReadingTable:
    """Return the table of rounds that are written one sign a probe; see SIGNS."""
    width = max((len(signs) for signs in rounds), default=0)
    return ReadingTable(
        probes=tuple(f"{start}{number}" for number in range(width)),
        readings=tuple(tuple(SIGNS[signs[number]] for signs in rounds) for number in range(width)),
        planned_rounds=len(rounds) if planned is None else planned,
        sessions=tuple(sessions),
    )


@dataclass(frozen=True)
class Fake:
    """An instrument that says what it is told to, and otherwise what undoing the forms it needs gives."""

    strict: float | None = 1.0
    tolerant: float | None = None
    needs: tuple[frozenset[Form], ...] = ()
    polarity: Polarity = Polarity.PRESENCE
    tolerates: tuple[Form, ...] = ()
    judges_refusal: bool = False
    faults: tuple[SeededFault, ...] = ()

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        if any(need <= undo for need in self.needs):
            return Look(self.tolerant, "undone")
        return Look(self.strict, "as written")

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        return self.faults


@dataclass(frozen=True)
class Says:
    """An instrument that passes replies that hold a word."""

    word: str
    polarity: Polarity = Polarity.PRESENCE
    tolerates: tuple[Form, ...] = ()
    judges_refusal: bool = False
    faults: tuple[SeededFault, ...] = ()

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        if "???" in reply.text:
            return Look(None, "unreadable")
        held = self.word in reply.text
        return Look(float(held if self.polarity is not Polarity.ABSENCE else not held))

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        return self.faults


def leaf(instrument: Any, *, negated: bool = False) -> Leaf:
    return Leaf("fake", instrument, instrument.tolerates, negated)


def refuses(reply: Reply) -> RefusalReading:
    """Read "no …" as a refusal and "hm …" as what cannot be told."""
    if reply.text.startswith("hm"):
        return RefusalReading(None)
    return RefusalReading(reply.text.startswith("no") or reply.stop in (Stop.REFUSED, Stop.FILTERED), "no")


def compile_says(spec: CheckSpec, fields: Mapping[str, Any], asked: str | None = None) -> CheckNode:
    """Compile `contains WORD` and `lacks WORD`; a word `{field}` comes from the row."""
    word = str(spec.argument)
    if word.startswith("{"):
        word = str(fields[word.strip("{}")])
    return leaf(Says(word, Polarity.ABSENCE if spec.name == "lacks" else Polarity.PRESENCE))


def contains(word: str) -> CheckSpec:
    return CheckSpec("contains", word, fingerprint=f"contains {word}")


def lacks(word: str) -> CheckSpec:
    return CheckSpec("lacks", word, fingerprint=f"lacks {word}")


def assertion(bar: Bar | None = None, *, check: CheckSpec | None = None, key: str = "a", **more: Any) -> Assertion:
    return Assertion(
        id=key, claim="", check=check or contains("yes"), bar=bar or AtLeast(0.8), kind=Kind.FUNCTIONAL, **more
    )


def probe(key: str, *tags: str, samples: int = 1, **more: Any) -> Probe:
    turns = (Turn(Role.USER, key),)
    return Probe(key, turns, tags=frozenset(tags), samples=samples, fingerprint=f"print-{key}", **more)


def suite(probes: Iterable[Probe], *assertions: Assertion) -> Suite:
    return Suite("s", 1, Kind.FUNCTIONAL, "", (), tuple(probes), assertions)


@dataclass
class Log:
    """Attempts as a store would give them."""

    records: list[AttemptRecord] = field(default_factory=list)
    model: ModelVersion = field(default_factory=lambda: ModelVersion("host", "m", "m"))

    def add(self, key: str, said: str | Attempt, sample: int = 0, session: str = "s1") -> Log:
        attempt = Answered(Reply(said, Stop.COMPLETE), served_model="m") if isinstance(said, str) else said
        at = datetime(2026, 1, 1, tzinfo=UTC)
        self.records.append(AttemptRecord(key, f"print-{key}", sample, self.model, attempt, at, session))
        return self


def tables(claims: Mapping[str, ReadingTable], **arms: Mapping[str, ReadingTable]) -> Tables:
    return Tables(claims, arms.get("alive", {}), arms.get("live", {}), arms.get("against", {}))
