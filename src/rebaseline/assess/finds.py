"""Which measures of manner stand together, of those that say the same only one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rebaseline.domain.behaviour import Note, NoteKind
from rebaseline.domain.levels import FALSE_DISCOVERY_RATE
from rebaseline.stats.multiplicity import log_e_needed, weighted_e_bh

__all__ = ["LENGTHS", "Find", "needed", "standing_of"]

LENGTHS = ("output tokens", "words", "characters")
"""Measures that say the same; of these only the one with the largest effect is noted."""
_NEARLY = 0.9
"""Of openings that begin alike the longest is named whose effect is nearly the largest among them."""


@dataclass(frozen=True, slots=True)
class Find:
    """One measure with its evidence; its interval is worked out only if it stands."""

    note: Note
    weight: float
    interval: Callable[[float], tuple[float, float]]


def standing_of(finds: list[Find]) -> list[Find]:
    """Return what stands, of measures that say the same only one.

    Leaving one out makes the set smaller, so what is left must stand in the smaller set: it is then self-consistent,
    and holds the rate as e-BH itself does.
    """
    standing = weighted_e_bh([find.note.log_e for find in finds], [find.weight for find in finds], FALSE_DISCOVERY_RATE)
    kept = [finds[place] for place in standing]
    while True:
        distinct = _distinct(kept)
        fewer = [find for find in distinct if find.note.log_e >= needed(find.weight, len(distinct))]
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def needed(weight: float, standing: int) -> float:
    """Return the log e-value that a find of that weight needs to stand among so many."""
    return log_e_needed(weight, standing, FALSE_DISCOVERY_RATE)


def _distinct(finds: list[Find]) -> list[Find]:
    """Keep one of the lengths, and one of the openings that begin alike."""
    lengths = [find for find in finds if find.note.measure in LENGTHS and find.note.kind is NoteKind.RATIO]
    openings = [find for find in finds if find.note.kind is NoteKind.OPENING]
    left_out = {id(find) for find in (*lengths, *openings)}
    best = max(lengths, key=lambda find: abs(find.note.effect), default=None)
    chosen = [*([] if best is None else [best]), *_longest(openings)]
    return [*(find for find in finds if id(find) not in left_out), *chosen]


def _longest(openings: list[Find]) -> list[Find]:
    """Of openings that begin alike, name the longest whose effect is nearly the largest; then look at what is left."""
    chosen: list[Find] = []
    left = sorted(openings, key=lambda find: (-abs(find.note.effect), find.note.measure))
    while left:
        largest = left[0].note
        alike = [find for find in left if _nested(find.note.measure, largest.measure)]
        near = [find for find in alike if find.note.effect / largest.effect >= _NEARLY]
        named = max(near, key=lambda find: len(find.note.measure.split()))
        chosen.append(named)
        left = [find for find in left if not _nested(find.note.measure, largest.measure)]
        left = [find for find in left if not _nested(find.note.measure, named.note.measure)]
    return chosen


def _nested(one: str, other: str) -> bool:
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return longer[: len(shorter)] == shorter
