"""Labels of replies drawn at random, weighed: error rates of the check, and its pass rate corrected by them.

The arithmetic, and why it is valid, is in `stats.sampled`; docs/decisions/0007-labels.md says what it is used for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rebaseline.assess.labelling import cells_digest
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.evidence import LabelEvidence
from rebaseline.domain.label import AssertionLabels, Cell, Draw, Label
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Reading, Valued
from rebaseline.stats.exact import clopper_pearson_upper
from rebaseline.stats.sampled import Drawn, largest_sum, smallest_sum

__all__ = ["Place", "weigh_labels"]

Place = tuple[str, int]
"""Probe id and sample."""


def weigh_labels(table: ReadingTable, words: Mapping[Place, Cell], labelled: AssertionLabels) -> LabelEvidence | None:
    """Return what the labels say of the check on one model version; None where no reply of it is labelled.

    Args:
        table: The check's own readings, a second one included and labels left out.
        words: The reply of each cell of the table that was answered.
        labelled: All labels and draws of the assertion.
    """
    rounds = _Rounds(table, words)
    labels = [label for place in rounds.answered if (label := labelled.labels.get(words[place].key)) is not None]
    if not labels:
        return None
    draws, foreign = rounds.populations(labelled.draws)
    kindest, harshest = _Walk(rounds, labelled, draws, doubt=1.0), _Walk(rounds, labelled, draws, doubt=0.0)
    corrected = sorted((harshest.corrected, kindest.corrected)) if kindest.steps else []
    passes = kindest.judged(passed=True)
    fails = kindest.judged(passed=False)
    return LabelEvidence(
        replies=len(rounds.cells),
        drawn=len(kindest.steps),
        chosen=len(labels) - kindest.labelled_by_draws,
        unclear=kindest.unclear,
        read=(harshest.read, kindest.read),
        corrected=(corrected[0], corrected[1]) if corrected else None,
        bounds=_around(corrected, harshest.lower(HOLDS_ALPHA), kindest.upper(HOLDS_ALPHA)),
        alarm_bounds=_around(corrected, harshest.lower(ALARM_ALPHA), kindest.upper(ALARM_ALPHA)),
        false_passes=passes.count(0.0),
        passes_checked=len(passes),
        false_fails=fails.count(1.0),
        fails_checked=len(fails),
        false_pass_bound=clopper_pearson_upper(passes.count(0.0), len(passes), HOLDS_ALPHA),
        false_fail_bound=clopper_pearson_upper(fails.count(1.0), len(fails), HOLDS_ALPHA),
        foreign_draws=foreign,
    )


def _around(estimates: list[float], low: float, high: float) -> tuple[float, float]:
    """Return bounds that do not exclude what they belong to: a bound that an early run of labels drew is loosened."""
    return min([low, *estimates]), max([high, *estimates])


@dataclass(frozen=True)
class _Rounds:
    """The complete rounds of one model version: what was said, and what the check made of it."""

    table: ReadingTable
    words: Mapping[Place, Cell]

    @cached_property
    def cells(self) -> Mapping[Place, Reading]:
        """Every cell with its reading."""
        rows = dict(zip(self.table.probes, self.table.readings, strict=True))
        found = {(probe, sample): rows[probe][sample] for sample in self.table.complete_rounds() for probe in rows}
        return {place: reading for place, reading in found.items() if reading is not None}

    @cached_property
    def answered(self) -> tuple[Place, ...]:
        return tuple(place for place in self.cells if place in self.words)

    def populations(self, draws: tuple[Draw, ...]) -> tuple[list[tuple[Draw, frozenset[Place]]], int]:
        """Return every draw with the replies here that it could choose, and how many draws chose from other ones."""
        found = [(draw, self._population(draw)) for draw in draws]
        return [(draw, places or frozenset()) for draw, places in found], sum(places is None for _, places in found)

    def _population(self, draw: Draw) -> frozenset[Place] | None:
        """Return the replies that a draw could choose, none where it is of other versions, None where of others.

        Since the draw further rounds may have come in, so that it may have been made from the first ones only.
        """
        first = self.words[self.answered[0]]
        ours = [each for each in draw.populations if (each.target, each.model) == (first.target, first.model)]
        complete = self.table.complete_rounds()
        for rounds in range(len(complete), 0, -1) if ours else ():
            among = frozenset(complete[:rounds])
            places = frozenset(place for place in self.answered if place[1] in among)
            if len(places) == ours[0].cells and cells_digest(self.words[each] for each in places) == ours[0].digest:
                return places
        return None if ours else frozenset()


class _Walk:
    """The draws in their order, reply by reply, with every doubt read one way.

    What is known comes from draws alone. A label that somebody chose to give may be biased, so that its reply counts as
    one that nobody labelled, or, where a draw comes to it, as `unclear`.
    """

    def __init__(
        self, rounds: _Rounds, labelled: AssertionLabels, draws: list[tuple[Draw, frozenset[Place]]], *, doubt: float
    ) -> None:
        self._rounds = rounds
        self._labels = labelled.labels
        self._draws = {draw.id for draw, _ in draws}
        self._doubt = doubt
        self._read = {place: _value(reading, doubt) for place, reading in rounds.cells.items()}
        self._places: dict[tuple[str, str, str], list[Place]] = {}
        for place in rounds.answered:
            self._places.setdefault(rounds.words[place].key, []).append(place)
        self._known: set[Place] = set()
        self._left_out: set[Place] = set()
        self._drawn: list[tuple[Place, float | None]] = []
        self.labelled_by_draws = 0
        in_order = sorted(draws, key=lambda each: each[0].at)
        self.steps = [step for draw, population in in_order for step in self._walk(draw, population)]

    def _walk(self, draw: Draw, population: frozenset[Place]) -> Iterator[Drawn]:
        """Yield each new reply of a draw up to the first that is not labelled yet."""
        for key, places in self._places.items():
            if key in self._labels and self._labels[key].first_at < draw.at:
                self._left_out.update(places)  # the draw could not choose it
        for cell in draw.rows:
            label = self._labels.get(cell.key)
            if label is None:
                return
            places = self._places.get(cell.key, [])
            if not places or places[0] in self._known or places[0] in self._left_out:
                continue
            place = (cell.probe, cell.sample)
            if place in population and self._rounds.words[place] == cell:
                self._drawn.append((place, self._said(label)))
                yield self._step(place, population)
            self._known.update(places)
            self.labelled_by_draws += len(places)

    def _step(self, place: Place, population: frozenset[Place]) -> Drawn:
        pool = population - self._known - self._left_out
        beyond = [each for each in self._rounds.answered if each not in pool and each not in self._known]
        return Drawn(
            value=self._error(place),
            pool=len(pool),
            known=sum(map(self._error, self._known)),
            beyond_low=-sum(self._read[each] for each in beyond),
            beyond_high=sum(1.0 - self._read[each] for each in beyond),
        )

    def _said(self, label: Label) -> float | None:
        """What a person says of a reply; None for `unclear`, and where no draw asked for the label."""
        return label.value.value_or_none if label.draw in self._draws else None

    def _error(self, place: Place) -> float:
        """What a person says of a reply that a draw came to, less what the check read."""
        said = self._said(self._labels[self._rounds.words[place].key])
        return (self._doubt if said is None else said) - self._read[place]

    @property
    def read(self) -> float:
        """Mean of the check's readings."""
        return sum(self._read.values()) / len(self._read)

    @property
    def corrected(self) -> float:
        """The check's mean plus the mean of what it gets wrong, as far as what is known allows.

        A reply that never came stays in doubt.
        """
        wrong = sum(step.value for step in self.steps) / len(self.steps)
        _, _, (least, most) = self._range()
        return self.read + min(most, max(least, wrong * len(self._rounds.answered))) / len(self._read)

    @property
    def unclear(self) -> int:
        return sum(said is None for _, said in self._drawn)

    def judged(self, *, passed: bool) -> list[float]:
        """Return what a person says of the drawn replies that the check passed, or read as less."""
        return [
            said
            for place, said in self._drawn
            if isinstance(reading := self._rounds.cells[place], Valued)
            and (reading.value >= 1.0) == passed
            and said is not None
        ]

    def upper(self, alpha: float) -> float:
        """Return the largest mean of what a person would say that the labels do not refute."""
        low, high, span = self._range()
        return self.read + largest_sum(self.steps, low, high, span, alpha) / len(self._read)

    def lower(self, alpha: float) -> float:
        """Return the smallest one."""
        low, high, span = self._range()
        return self.read + smallest_sum(self.steps, low, high, span, alpha) / len(self._read)

    def _range(self) -> tuple[float, float, tuple[float, float]]:
        """Return the least and the most that one error, and the sum of all, can be by what is known."""
        answered = [self._read[place] for place in self._rounds.answered]
        known = sum(map(self._error, self._known))
        rest = set(self._rounds.answered) - self._known
        least = known - sum(self._read[place] for place in rest)
        most = known + sum(1.0 - self._read[place] for place in rest)
        return -max(answered), 1.0 - min(answered), (least, most)


def _value(reading: Reading, doubt: float) -> float:
    return reading.value if isinstance(reading, Valued) else doubt
