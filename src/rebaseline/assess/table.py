"""Readings of one assertion laid out by probe and sample, and what follows from the layout alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import cast

from rebaseline.domain.form import Form
from rebaseline.domain.levels import STEADY_PROBES
from rebaseline.domain.reading import OUTSTANDING, Assumption, Reading, Valued, Void

__all__ = [
    "Limits",
    "ReadingTable",
    "count_late",
    "count_readings",
    "find_steady",
    "limits_of",
    "mean_low",
]

_ROUNDS_TO_COMPARE = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """The values of complete rounds with voids against the claim (`low`) and in its favour (`high`)."""

    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]


def limits_of(rounds: Iterable[Sequence[Reading]]) -> Limits:
    """Bound what void replies would have been (partial identification).

    References:
        Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer. Section 1.2.
    """
    low: list[tuple[float, ...]] = []
    high: list[tuple[float, ...]] = []
    for readings in rounds:
        low.append(tuple(reading.value if isinstance(reading, Valued) else 0.0 for reading in readings))
        high.append(tuple(reading.value if isinstance(reading, Valued) else 1.0 for reading in readings))
    return Limits(tuple(low), tuple(high))


@dataclass(frozen=True)
class ReadingTable:
    """Readings of one assertion on one model version.

    Attributes:
        probes: Probe ids, in the order of the suite.
        readings: One row a probe, one column a sample; None where the attempt was not made.
        planned_rounds: Samples that the suite plans for every probe.
        sessions: Key of the session of each sample index; empty where a round mixes sessions or none is known.
    """

    probes: tuple[str, ...]
    readings: tuple[tuple[Reading | None, ...], ...]
    planned_rounds: int
    sessions: tuple[str, ...] = ()

    @cached_property
    def _columns(self) -> tuple[tuple[Reading | None, ...], ...]:
        return tuple(zip_longest(*self.readings))

    @cached_property
    def _complete(self) -> tuple[int, ...]:
        return tuple(sample for sample, column in enumerate(self._columns) if None not in column)

    @property
    def width(self) -> int:
        """Number of sample indices with any attempt."""
        return len(self._columns)

    def column(self, sample: int) -> tuple[Reading | None, ...]:
        """Return the readings of one sample index, one a probe."""
        return self._columns[sample]

    def complete_rounds(self) -> tuple[int, ...]:
        """Return the sample indices that every probe has. Only these are read: mid-round reading is wrong."""
        return self._complete

    def rounds(self) -> Iterator[tuple[Reading, ...]]:
        """Yield the complete rounds in order."""
        for sample in self._complete:
            yield cast("tuple[Reading, ...]", self._columns[sample])

    @cached_property
    def limits(self) -> Limits:
        """The values of the complete rounds with every void read both ways."""
        return limits_of(self.rounds())

    def all_readings(self) -> Iterator[Reading]:
        """Yield every reading, round by round, those of incomplete rounds included."""
        for column in self._columns:
            yield from (reading for reading in column if reading is not None)


def mean_low(table: ReadingTable) -> float | None:
    """Return the mean over complete rounds with every void as 0; None without a complete round."""
    values = [value for row in table.limits.low for value in row]
    return sum(values) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class _Counts:
    passes: int
    fails: int
    partial: int
    voids: Mapping[Assumption, int]
    void_forms: tuple[Form, ...]
    leading_voids: int


def count_readings(readings: Iterable[Reading]) -> _Counts:
    """Count readings by kind; faults never lead a run of voids, for they say nothing of the check."""
    passes = fails = partial = leading = 0
    leads = True
    voids: Counter[Assumption] = Counter()
    forms: Counter[Form] = Counter()
    for reading in readings:
        match reading:
            case Void(broken=broken):
                voids[broken] += 1
                if broken is Assumption.FORM:
                    forms.update(reading.forms)
                leading += leads and broken not in OUTSTANDING
            case Valued(value=value):
                leads = False
                passes += value >= 1.0
                fails += value <= 0.0
                partial += 0.0 < value < 1.0
    frequent = tuple(form for form, _ in sorted(forms.items(), key=lambda item: (-item[1], item[0])))
    return _Counts(passes, fails, partial, dict(sorted(voids.items())), frequent, leading)


def count_late(rounds: Sequence[Sequence[Reading]], planned_rounds: int) -> tuple[int, int]:
    """Return how many replies lie beyond the plan, and how many of them the check could not read.

    Where a second round was asked, two rounds at least were the plan: of one reply a probe nobody goes on by itself.
    """
    late = [reading for row in rounds[max(planned_rounds, _ROUNDS_TO_COMPARE) :] for reading in row]
    return len(late), sum(isinstance(reading, Void) and not _undelivered(reading) for reading in late)


def find_steady(tables: Sequence[ReadingTable]) -> int | None:
    """Return how many probes two sessions agreed on in every reading, or None where the target is not known steady.

    Steadiness is a fact about replies and is never inferred from a temperature of 0. All tables of a suite are compared
    together; fewer than 20 probes are not enough to call a target steady.
    """
    compared: set[str] = set()
    for table in tables:
        rounds = table.complete_rounds()
        names = {table.sessions[sample] for sample in rounds if sample < len(table.sessions)} - {""}
        if len(rounds) < _ROUNDS_TO_COMPARE or len(names) < _ROUNDS_TO_COMPARE:
            return None
        if any(_undelivered(reading) for sample in rounds for reading in table.column(sample)):
            return None
        first = _gist(table.column(rounds[0]))
        if any(_gist(table.column(sample)) != first for sample in rounds[1:]):
            return None
        compared.update(table.probes)
    return len(compared) if len(compared) >= STEADY_PROBES else None


def _undelivered(reading: Reading | None) -> bool:
    """Return whether there was no reply: two faults are no agreement."""
    return isinstance(reading, Void) and reading.broken in OUTSTANDING


def _gist(column: Sequence[Reading | None]) -> tuple[object, ...]:
    """Leave out the notes: they quote the reply, and the reading is what must agree."""
    return tuple(
        reading.value if isinstance(reading, Valued) else (reading.broken, reading.forms) if reading else None
        for reading in column
    )
