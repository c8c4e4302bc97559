"""Notes on manner between two sides of simulated replies: run with `python benchmarks/behaviour_notes.py [diffs]`.

Unchanged: a model answers again. Its probes differ, each bears each mark at a rate of its own, many of them flaky;
marks hang together through one temper of the reply (a long reply has more lists); lengths are lognormal with a spread
of each probe's own; openings come from a few habits, at odds of each probe's own. What is counted is diffs with any
note: each of them is false.

Changed: some measures are moved on every probe. Counted are the share of false notes among notes, averaged over diffs
(no note: 0), the share of intervals that miss the truth, likewise, and how often each real change is noted.

Recorded: the notes on real models that are gone, where REBASELINE_DATA names the replies (see `verdicts/recorded.py`);
`0` for the diffs prints these alone.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.assess.behaviour import find_behaviour
from rebaseline.assess.marks import MARKS, TOLD
from rebaseline.assess.traits import AMOUNTS, TraitTable
from rebaseline.domain.behaviour import Note, NoteKind
from rebaseline.report.behaviour import note_words

__all__ = ["CHANGED", "UNCHANGED", "Changes", "Model", "Outcome", "Scenario", "run"]

_HABITS = (
    "Sure, here is the",
    "Of course. The answer",
    "I think that it",
    "The answer to this",
    "1. First of all",
    "Yes",
)
_LENGTHS = ("words", "characters", "output tokens")


@dataclass(frozen=True)
class Changes:
    """What the new version does otherwise, on every probe.

    Attributes:
        odds: By mark: what is added to the log odds of its rate.
        log_length: What is added to the log of every length.
        habit: Share of replies that take the first opening instead of their own.
    """

    odds: Mapping[str, float] = field(default_factory=dict)
    log_length: float = 0.0
    habit: float = 0.0


@dataclass(frozen=True)
class Scenario:
    """How many probes and samples, and how they differ.

    Attributes:
        name: For the table.
        probes: Probes.
        samples: Fewest and most replies a probe on the old side, and on the new.
        changes: What the new version does otherwise.
    """

    name: str
    probes: int
    samples: tuple[tuple[int, int], tuple[int, int]]
    changes: Changes = Changes()


UNCHANGED = (
    Scenario("20 probes, 3 samples", 20, ((3, 3), (3, 3))),
    Scenario("60 probes, 1 sample", 60, ((1, 1), (1, 1))),
    Scenario("60 probes, 5 samples", 60, ((5, 5), (5, 5))),
    Scenario("60 probes, 1 to 6 old samples, 1 new", 60, ((1, 6), (1, 1))),
    Scenario("400 probes, 2 samples", 400, ((2, 2), (2, 2))),
)
_MOVED = Changes({"fences": 2.0, "lists": 1.0, "apology": -2.0}, log_length=0.25, habit=0.3)
CHANGED = (
    Scenario("60 probes, 1 sample", 60, ((1, 1), (1, 1)), _MOVED),
    Scenario("60 probes, 5 samples", 60, ((5, 5), (5, 5)), _MOVED),
    Scenario("400 probes, 2 samples", 400, ((2, 2), (2, 2)), _MOVED),
)


@dataclass(frozen=True)
class Model:
    """What each probe does, drawn once a diff: both sides have it in common, changes apart.

    Attributes:
        odds: Log odds of each mark, one row a probe.
        temper: How strongly the temper of a reply bears on each mark.
        log_length: Mean log length of each probe.
        spread: Spread of it.
        habits: Odds of each opening, one row a probe.
    """

    odds: np.ndarray
    temper: np.ndarray
    log_length: np.ndarray
    spread: np.ndarray
    habits: np.ndarray

    @classmethod
    def drawn(cls, rng: np.random.Generator, probes: int) -> Model:
        """Draw probes that differ: a third of the marks rare, a third common, a third anything."""
        level = np.resize([-4.0, 0.0, -1.0], len(MARKS))
        return cls(
            odds=level + rng.normal(0.0, 2.0, (probes, len(MARKS))),
            temper=rng.normal(0.0, 1.0, len(MARKS)),
            log_length=rng.normal(5.0, 1.0, probes),
            spread=rng.gamma(2.0, 0.15, probes),
            habits=rng.dirichlet(np.full(len(_HABITS), 0.4), probes),
        )

    def rates(self, changes: Changes, temper: np.ndarray, probe: np.ndarray) -> np.ndarray:
        """Return the chance of each mark, one row a reply."""
        moved = np.array([changes.odds.get(name, 0.0) for name in MARKS])
        return 1.0 / (1.0 + np.exp(-(self.odds[probe] + moved + np.outer(temper, self.temper))))

    def replies(self, rng: np.random.Generator, samples: np.ndarray, changes: Changes) -> TraitTable:
        """Return one side's replies: so many of each probe."""
        probe = np.repeat(np.arange(samples.size), samples)
        temper = rng.normal(0.0, 1.0, probe.size)
        borne = rng.random((probe.size, len(MARKS))) < self.rates(changes, temper, probe)
        weights = np.uint64(1) << np.arange(len(MARKS), dtype=np.uint64)
        told = np.uint64(((1 << len(MARKS)) - 1) << TOLD)
        log_length = self.log_length[probe] + changes.log_length + self.spread[probe] * temper
        words = np.maximum(1.0, np.round(np.exp(log_length)))
        unknown = np.full(probe.size, np.nan)
        own = (self.habits[probe].cumsum(axis=1) < rng.random((probe.size, 1))).sum(axis=1)
        opening = np.where(rng.random(probe.size) < changes.habit, 0, np.minimum(own, len(_HABITS) - 1))
        amounts = {"characters": words * 6.0, "words": words, "output tokens": np.ceil(words * 1.3)}
        return TraitTable(
            probes=tuple(f"p{number}" for number in range(samples.size)),
            probe=probe.astype(np.int32),
            sample=np.concatenate([np.arange(count) for count in samples]).astype(np.int32),
            bits=(borne * weights).sum(axis=1, dtype=np.uint64) | told,
            amounts=np.column_stack([amounts.get(name, unknown) for name in AMOUNTS]).astype(np.float32),
            openings=_HABITS,
            opening=opening.astype(np.int32),
        )

    def truth(self, note: Note, changes: Changes, nodes: int = 40) -> float:
        """Return what a note's interval should hold, by quadrature over the temper of replies."""
        if note.kind is NoteKind.RATIO:
            return float(np.exp(changes.log_length))
        if note.kind is NoteKind.OPENING:
            alike = [text.startswith(note.measure) for text in _HABITS]
            held = self.habits[:, alike].sum(axis=1)
            return float((changes.habit * (alike[0] - held)).mean())
        points, weights = np.polynomial.hermite_e.hermegauss(nodes)
        place, shift = MARKS[note.measure], changes.odds.get(note.measure, 0.0)
        slopes = points * self.temper[place]
        before = 1.0 / (1.0 + np.exp(-(self.odds[:, place, None] + slopes)))
        after = 1.0 / (1.0 + np.exp(-(self.odds[:, place, None] + shift + slopes)))
        return float(((after - before) @ weights / weights.sum()).mean())


@dataclass
class Outcome:
    """What became of the diffs of one scenario.

    Attributes:
        diffs: Diffs.
        any_note: Diffs with a note.
        false_share: Sum over diffs of the share of notes that are false.
        missed_share: Sum over diffs of the share of intervals that miss.
        found: How often each measure that changed was noted.
    """

    diffs: int = 0
    any_note: int = 0
    false_share: float = 0.0
    missed_share: float = 0.0
    found: Counter[str] = field(default_factory=Counter)


def run(scenario: Scenario, diffs: int, seed: int) -> Outcome:
    """Simulate diffs of one scenario."""
    rng = np.random.default_rng(seed)
    outcome = Outcome()
    for _ in range(diffs):
        model = Model.drawn(rng, scenario.probes)
        old, new = (rng.integers(low, high, scenario.probes, endpoint=True) for low, high in scenario.samples)
        sides = model.replies(rng, old, Changes()), model.replies(rng, new, scenario.changes)
        _count(outcome, find_behaviour([sides]).notes, model, scenario.changes)
    return outcome


def _count(outcome: Outcome, notes: tuple[Note, ...], model: Model, changes: Changes) -> None:
    outcome.diffs += 1
    outcome.any_note += bool(notes)
    if not notes:
        return
    real = [_is_real(note, changes) for note in notes]
    outcome.false_share += 1.0 - sum(real) / len(notes)
    truths = [model.truth(note, changes) for note in notes]
    outcome.missed_share += sum(
        not note.low - 1e-6 <= truth <= note.high + 1e-6 for note, truth in zip(notes, truths, strict=True)
    ) / len(notes)
    outcome.found.update({_family(note) for note, it_is in zip(notes, real, strict=True) if it_is})


def _is_real(note: Note, changes: Changes) -> bool:
    match note.kind:
        case NoteKind.SHARE:
            return note.measure in changes.odds
        case NoteKind.RATIO:
            return changes.log_length != 0.0
        case NoteKind.OPENING:  # whoever takes the first opening leaves another
            return changes.habit != 0.0


def _family(note: Note) -> str:
    return "length" if note.measure in _LENGTHS else "opening" if note.kind is NoteKind.OPENING else note.measure


def _lines(diffs: int) -> Iterator[str]:
    yield f"{'unchanged':<40}{'diffs':>8}{'any note':>12}"
    for number, scenario in enumerate(UNCHANGED):
        outcome = run(scenario, diffs, number)
        yield f"{scenario.name:<40}{outcome.diffs:>8,}{outcome.any_note / outcome.diffs:>12.4f}"
    yield f"\n{'changed':<40}{'diffs':>8}{'false':>12}{'misses':>10}   noted"
    for number, scenario in enumerate(CHANGED):
        outcome = run(scenario, max(1, diffs // 4), 100 + number)
        found = ", ".join(f"{name} {count / outcome.diffs:.2f}" for name, count in sorted(outcome.found.items()))
        shares = outcome.false_share / outcome.diffs, outcome.missed_share / outcome.diffs
        yield f"{scenario.name:<40}{outcome.diffs:>8,}{shares[0]:>12.4f}{shares[1]:>10.4f}   {found}"


def _recorded_lines() -> Iterator[str]:
    sys.path.append(str(Path(__file__).parent / "verdicts"))
    recorded = importlib.import_module("recorded")
    why = recorded.absent()
    if why is not None:
        yield f"\nrecorded: skipped, {why}"
        return
    pairs = (
        ("alpaca", recorded.ALPACA[:2]),
        ("leetcode", recorded.GPT_4),
        ("sensitive", recorded.GPT_4),
        ("xstest-again", recorded.AGAIN),
    )
    with tempfile.TemporaryDirectory() as folder:
        workspace = recorded.build_workspace(Path(folder))
        for suite, (old, new) in pairs:
            behaviour = diff_models(workspace, DiffRequest(suites=(suite,), old=old, new=new)).behaviour
            notes = () if behaviour is None else behaviour.notes
            yield f"\nrecorded: {suite}, {old} -> {new}, {0 if behaviour is None else behaviour.probes} probes"
            yield from map(note_words, notes)
            yield f"   notes: {len(notes)}"


def main(diffs: int) -> None:
    """Print the tables and the figures of docs/notes.md."""
    for line in _lines(diffs) if diffs else ():
        print(line, flush=True)
    for line in _recorded_lines():
        print(line, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
