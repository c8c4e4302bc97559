"""Asks simulated models as `rebaseline run` does, and judges them by the code that judges real ones.

Replies come in rounds. After each there is a look, and the first verdict ends it: the stopping rule is the verdict
itself, which is what evidence has to withstand. A round may be interrupted, looked at unfinished, and completed by a
later session; faults may be asked again then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from simulated_models import FAULT, Model

from rebaseline.app import assessing
from rebaseline.app.assessing import Tables, assess_assertion
from rebaseline.assess import pairs as pairs_module
from rebaseline.assess import weigh as weigh_module
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import Method, Outlook
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Assertion, Bar, CheckSpec, Kind
from rebaseline.domain.verdict import Inconclusive, Unmeasured, VerdictName

__all__ = ["Ending", "Plan", "ask", "assertion_on", "baseline_of", "decisions_alone", "judge", "table_of"]

NO_CONTROLS = ControlFindings((), ())


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is asked.

    Attributes:
        probes: Replies in a round.
        rounds: Rounds that the suite plans.
        most: Rounds after which it ends without a verdict; None for the planned ones.
        baseline: Rounds of the accepted baseline; 0 for none.
        interrupted: Chance that a round is cut short, looked at, and completed by the next session.
        again: Whether faults are asked again by that session.
    """

    probes: int
    rounds: int
    most: int | None = None
    baseline: int = 3
    interrupted: float = 0.0
    again: bool = False

    @property
    def most_rounds(self) -> int:
        """Rounds after which it ends."""
        return self.rounds if self.most is None else self.most


@dataclass(frozen=True, slots=True)
class Ending:
    """How one assertion ended.

    Attributes:
        side: Verdict, evidence, tests of the instrument.
        calls: Replies that were asked for.
    """

    side: Side
    calls: int

    @property
    def name(self) -> VerdictName:
        """The verdict's name."""
        return VerdictName.of(self.side.verdict)

    @property
    def by_arithmetic(self) -> bool:
        """Whether two sessions agreed in every reading, so that the verdict has no error level."""
        return self.side.evidence.method is Method.STEADY


def assertion_on(bar: Bar, **parts: object) -> Assertion:
    """Return an assertion; its check is never compiled, for its readings are simulated."""
    return Assertion("claim", "A claim.", CheckSpec("simulated"), bar, Kind.FUNCTIONAL, **parts)


def table_of(columns: Sequence[Sequence[Reading | None]], planned: int, sessions: Sequence[str] = ()) -> ReadingTable:
    """Return the table of some rounds, the last of which may be unfinished."""
    return ReadingTable(
        probes=tuple(f"p{number}" for number in range(len(columns[0]))),
        readings=tuple(zip(*columns, strict=True)),
        planned_rounds=planned,
        sessions=tuple(sessions),
    )


def baseline_of(rng: np.random.Generator, model: Model, rounds: int) -> ReadingTable | None:
    """Return an accepted baseline's readings; None where there is none."""
    return table_of([model.round(rng) for _ in range(rounds)], rounds) if rounds else None


def judge(
    assertion: Assertion,
    table: ReadingTable,
    baseline: ReadingTable | None,
    *,
    alive: ReadingTable | None = None,
    live: ReadingTable | None = None,
) -> Side:
    """Return the side as a diff with this baseline has it."""
    tables = Tables(
        {assertion.id: table},
        {} if alive is None else {assertion.id: alive},
        {} if live is None else {assertion.id: live},
    )
    steady = (tables.steady_probes(), None)
    return assess_assertion(assertion, tables, NO_CONTROLS, prior=baseline, anchor=baseline, steady=steady)


def is_open(side: Side) -> bool:
    """Whether further replies may settle it."""
    return isinstance(side.verdict, Inconclusive | Unmeasured)


def ask(
    rng: np.random.Generator, model: Model, assertion: Assertion, plan: Plan, baseline: ReadingTable | None
) -> Ending:
    """Ask, look after every round and wherever a round was cut short, stop at the first verdict."""
    columns: list[Sequence[Reading | None]] = []
    sessions: list[str] = []
    session, calls = 0, 0
    side: Side | None = None
    for _ in range(plan.most_rounds):
        whole = model.round(rng)
        calls += len(whole)
        if rng.random() < plan.interrupted:
            reached = int(rng.integers(1, len(whole))) if len(whole) > 1 else 1
            cut = [*whole[:reached], *[None] * (len(whole) - reached)]
            side = judge(assertion, table_of([*columns, cut], plan.rounds, [*sessions, f"s{session}"]), baseline)
            if not is_open(side):
                return Ending(side, calls - len(whole) + reached)
            session += 1
            columns, asked = _asked_again(rng, model, columns) if plan.again else (columns, 0)
            calls += asked
            sessions.append("")  # two sessions share this round
        else:
            sessions.append(f"s{session}")
        columns.append(whole)
        side = judge(assertion, table_of(columns, plan.rounds, sessions), baseline)
        if not is_open(side):
            break
    assert side is not None
    return Ending(side, calls)


def _asked_again(
    rng: np.random.Generator, model: Model, columns: list[Sequence[Reading | None]]
) -> tuple[list[Sequence[Reading | None]], int]:
    """Ask for the replies that never came: a later reply takes the place of a fault."""
    faults = sum(reading is FAULT for column in columns for reading in column)
    if not faults:
        return columns, 0
    fresh = [
        [new if old is FAULT else old for old, new in zip(column, model.round(rng), strict=True)] for column in columns
    ]
    return fresh, faults


@contextmanager
def decisions_alone() -> Iterator[None]:
    """Leave out what is printed and never decides, bounds and outlooks: they cost four fifths of the time."""
    kept = weigh_module._bounds, pairs_module._bounds, assessing.outlook_of, assessing.outlook_of_pairs  # noqa: SLF001
    weigh_module._bounds = lambda *_: (0.0, 1.0)  # noqa: SLF001
    pairs_module._bounds = lambda *_: (-1.0, 1.0)  # noqa: SLF001
    assessing.outlook_of = lambda *_, **__: Outlook()
    assessing.outlook_of_pairs = lambda *_: Outlook()
    try:
        yield
    finally:
        weigh_module._bounds, pairs_module._bounds, assessing.outlook_of, assessing.outlook_of_pairs = kept  # noqa: SLF001
