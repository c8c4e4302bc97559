"""The rows of both sides of a diff, over all suites: what is compared probe by probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rebaseline.assess.traits import AMOUNTS, TraitTable

__all__ = ["Floats", "Places", "Rows", "Sides", "by_probe", "join_sides", "sums_by_place"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one side over all suites, of probes that the other side has too; columns as of `TraitTable`."""

    probe: Places
    sample: NDArray[np.int32]
    bits: NDArray[np.uint64]
    amounts: NDArray[np.float32]
    opening: Places


@dataclass(frozen=True, eq=False)
class Sides:
    """Both sides.

    Attributes:
        old: Old rows.
        new: New rows.
        probes: Probes that both sides have, over all suites.
        openings: Openings that occur on either side.
    """

    old: Rows
    new: Rows
    probes: int
    openings: tuple[str, ...]


def join_sides(sides: Sequence[tuple[TraitTable, TraitTable]]) -> Sides:
    """Put the rows of all suites together, probes and openings numbered over all of them."""
    openings: dict[str, int] = {}
    olds, news, probes = [], [], 0
    for old, new in sides:
        shared = {probe: probes + place for place, probe in enumerate(sorted({*old.probes} & {*new.probes}))}
        probes += len(shared)
        olds.append(_renumbered(old, shared, openings))
        news.append(_renumbered(new, shared, openings))
    return Sides(_stacked(olds), _stacked(news), probes, tuple(openings))


def _renumbered(table: TraitTable, shared: dict[str, int], openings: dict[str, int]) -> Rows:
    # One place more than there are: rows without an opening have -1, which then means "none" here too.
    places = [openings.setdefault(text, len(openings)) for text in table.openings]
    probe = np.array([shared.get(name, -1) for name in table.probes], dtype=np.intp)[table.probe]
    kept = probe >= 0
    opening = np.array([*places, -1], dtype=np.intp)[table.opening]
    return Rows(probe[kept], table.sample[kept], table.bits[kept], table.amounts[kept], opening[kept])


def _stacked(parts: list[Rows]) -> Rows:
    if not parts:
        none = np.empty(0, dtype=np.intp)
        return Rows(none, none.astype(np.int32), none.astype(np.uint64), np.empty((0, len(AMOUNTS)), np.float32), none)
    return Rows(
        probe=np.concatenate([part.probe for part in parts]),
        sample=np.concatenate([part.sample for part in parts]),
        bits=np.concatenate([part.bits for part in parts]),
        amounts=np.concatenate([part.amounts for part in parts]),
        opening=np.concatenate([part.opening for part in parts]),
    )


def by_probe(sides: Sides, old: Floats, new: Floats) -> tuple[Floats, Floats]:
    """Return the sums of a value of each row by probe, of both sides."""
    return sums_by_place(sides.old.probe, old, sides.probes), sums_by_place(sides.new.probe, new, sides.probes)


def sums_by_place(places: Places, values: Floats, size: int) -> Floats:
    """Return the sums of values that belong to the same place, from 0 to `size`."""
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)
