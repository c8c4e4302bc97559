"""What changed in the manner of the replies between two sides: the release note that the vendor did not write.

Every measure is compared probe by probe (`stats.contrasts`) and gets an e-value, which holds however measures hang
together, and they do: a longer reply has more lists. Weighted e-BH holds false discoveries at its level over all
measures that were looked at, and each note has an interval of the level that goes with its selection.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from rebaseline.assess.finds import LENGTHS, Find, needed, standing_of
from rebaseline.assess.marks import ASKED_MARKS, MARKS, TOLD
from rebaseline.assess.openings import OPENING_LENGTHS, weigh_openings
from rebaseline.assess.sides import Floats, Places, Rows, Sides, by_probe, join_sides
from rebaseline.assess.traits import AMOUNTS, TraitTable
from rebaseline.domain.behaviour import Behaviour, Note, NoteKind
from rebaseline.domain.levels import FALSE_DISCOVERY_RATE
from rebaseline.domain.model import Price
from rebaseline.stats import contrasts

__all__ = ["find_behaviour"]


def find_behaviour(sides: Sequence[tuple[TraitTable, TraitTable]], price: Price | None = None) -> Behaviour:
    """Compare the manner of replies.

    Args:
        sides: For each suite the old and the new replies.
        price: What tokens cost now, for a note on cost; None leaves it out. The same price is put on both sides.

    Returns:
        What stands. Nothing stands where fewer than about ten probes are compared.
    """
    rows = join_sides(sides)
    finds = [*_marks(rows), *_amounts(rows, price)]
    measures = len(finds)
    whole = measures + len(OPENING_LENGTHS)
    finds = [replace(find, weight=1.0 / whole) for find in finds]
    openings = list(weigh_openings(rows))
    most = measures + len(openings)
    may_stand = [it for it in openings if it.log_e >= needed(it.weight / whole, most)]
    kept = standing_of([*finds, *(it.find(it.weight / whole) for it in may_stand)])
    notes = [_noted(find, len(kept)) for find in kept]
    return Behaviour(
        notes=tuple(sorted(notes, key=lambda note: (-abs(note.effect), -note.log_e, note.measure))),
        measures=measures,
        openings=len(openings),
        probes=rows.probes,
        level=FALSE_DISCOVERY_RATE,
    )


def _marks(sides: Sides) -> Iterator[Find]:
    for name, place in {**MARKS, **ASKED_MARKS}.items():
        told_old, told_new = (_bit(rows, place + TOLD) for rows in (sides.old, sides.new))
        asked_old, asked_new = by_probe(sides, told_old, told_new)
        compared = (asked_old > 0) & (asked_new > 0)
        if not compared.any():
            continue
        borne_old, borne_new = by_probe(sides, _bit(sides.old, place) * told_old, _bit(sides.new, place) * told_new)
        old, new = borne_old[compared] / asked_old[compared], borne_new[compared] / asked_new[compared]
        yield _share(name, NoteKind.SHARE, old, new)


def _bit(rows: Rows, place: int) -> Floats:
    return ((rows.bits >> np.uint64(place)) & np.uint64(1)).astype(np.float64)


def _share(name: str, kind: NoteKind, old: Floats, new: Floats) -> Find:
    """Weigh shares by probe; the ends of its interval are filled in once it is known which notes stand."""
    difference = float((new - old).mean())
    tally = contrasts.contrast_tally(new - old)
    log_e = contrasts.log_e_changed(tally)
    means = float(old.mean()), float(new.mean())
    note = Note(name, kind, *means, difference, -1.0, 1.0, difference, log_e, old.size)
    return Find(note, 0.0, partial(contrasts.difference_interval, tally))


def _amounts(sides: Sides, price: Price | None) -> Iterator[Find]:
    """Compare amounts in pairs: sample r of a probe beside sample r of the same probe, as `no_worse` does."""
    old_rows, new_rows = _paired(sides.old, sides.new)
    probe = sides.old.probe[old_rows]
    columns: dict[str, tuple[Floats, Floats]] = {
        name: (_column(sides.old, name)[old_rows], _column(sides.new, name)[new_rows]) for name in (*LENGTHS, "latency")
    }
    if price is not None:
        columns["cost"] = (_cost(sides.old, price)[old_rows], _cost(sides.new, price)[new_rows])
    for name, (old, new) in columns.items():
        known = (old > 0.0) & (new > 0.0)  # an unknown amount is NaN, and what is empty is a mark of its own
        if known.any():
            yield _ratio(name, old[known], new[known], probe[known])


def _paired(old: Rows, new: Rows) -> tuple[Places, Places]:
    before, after = (rows.probe.astype(np.int64) << 32 | rows.sample.astype(np.int64) for rows in (old, new))
    _, first, second = np.intersect1d(before, after, return_indices=True)
    return first, second


def _column(rows: Rows, name: str) -> Floats:
    return rows.amounts[:, AMOUNTS.index(name)].astype(np.float64)


def _cost(rows: Rows, price: Price) -> Floats:
    tokens = _column(rows, "input tokens") * price.input_usd + _column(rows, "output tokens") * price.output_usd
    dollars: Floats = tokens / 1e6
    return dollars


def _ratio(name: str, old: Floats, new: Floats, probe: Places) -> Find:
    ratios = contrasts.Ratios.of(old, new, probe)
    signs = contrasts.signs_by_probe(ratios)
    weights = 1.0 / ratios.counts[ratios.probes] / ratios.counts.size
    note = Note(
        measure=name,
        kind=NoteKind.RATIO,
        old=float(old @ weights),
        new=float(new @ weights),
        estimate=contrasts.median_ratio(ratios),
        low=0.0,
        high=math.inf,
        effect=float(signs.mean()),
        log_e=contrasts.log_e_changed(contrasts.contrast_tally(signs)),
        probes=ratios.counts.size,
    )
    return Find(note, 0.0, partial(contrasts.ratio_interval, ratios))


def _noted(find: Find, standing: int) -> Note:
    low, high = find.interval(needed(find.weight, standing))
    return replace(find.note, low=low, high=high)
