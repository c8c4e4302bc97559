"""The words that replies open with, weighed between two sides.

Openings are found in the replies themselves. An opening gets its share of the level by how often it occurs on *both*
sides together: that is blind to the side, and given it nothing is known of which side has it more, if nothing changed.
The shares of all openings of one length add up to the level of one measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from rebaseline.assess.finds import Find
from rebaseline.assess.sides import Floats, Places, Sides, by_probe, sums_by_place
from rebaseline.domain.behaviour import Note, NoteKind
from rebaseline.stats import contrasts

__all__ = ["OPENING_LENGTHS", "Opening", "weigh_openings"]

OPENING_LENGTHS = (1, 2, 3, 4)
"""Lengths of openings in words."""
_FEWEST_PROBES = 3
"""Distinct probes that share an opening before it is quoted: what one probe alone brings out may be private."""


def weigh_openings(sides: Sides) -> Iterator[Opening]:
    """Weigh every opening that several probes share, of each length."""
    taken = _Openings.of(sides)
    for words in OPENING_LENGTHS:
        starts: dict[str, int] = {}
        level = [_place(starts, text.split(), words) for text in sides.openings]
        yield from taken.weigh(np.array([*level, -1], dtype=np.intp), tuple(starts))


def _place(starts: dict[str, int], text: list[str], words: int) -> int:
    """Return the place of the first words; -1 for a reply of fewer, which has no opening of that length."""
    return -1 if len(text) < words else starts.setdefault(" ".join(text[:words]), len(starts))


@dataclass(frozen=True, eq=False)
class Opening:
    """An opening with its evidence. Only probes that have it are touched; of all others its difference is 0.

    Attributes:
        text: Its words.
        old: Share of the old replies that have it, of each probe touched.
        new: The same of the new replies.
        weight: Mean over all probes of the share of replies, old and new taken together, that have it.
        log_e: Log e-value.
        probes: All probes.
    """

    text: str
    old: Floats
    new: Floats
    weight: float
    log_e: float
    probes: int

    def find(self, weight: float) -> Find:
        """Return it as a find of that weight."""
        difference = float((self.new - self.old).sum() / self.probes)
        note = Note(
            measure=self.text,
            kind=NoteKind.OPENING,
            old=float(self.old.sum() / self.probes),
            new=float(self.new.sum() / self.probes),
            estimate=difference,
            low=-1.0,
            high=1.0,
            effect=difference,
            log_e=self.log_e,
            probes=self.probes,
        )
        return Find(note, weight, partial(_interval_of_all, self.new - self.old, self.probes - self.old.size))


@dataclass(frozen=True, eq=False)
class _Openings:
    """Replies of both sides one after the other, of probes that have replies on both.

    Attributes:
        probe: Of each reply: its probe.
        opening: Its opening.
        old: Its part of its probe's old replies; 0 for a new reply.
        new: The same of the new ones.
        both: Its part of all its probe's replies.
        probes: How many probes there are.
    """

    probe: Places
    opening: Places
    old: Floats
    new: Floats
    both: Floats
    probes: int

    @classmethod
    def of(cls, sides: Sides) -> _Openings:
        """Keep replies to probes that have replies on both sides."""
        olds, news = (~np.isnan(rows.amounts[:, 0]) for rows in (sides.old, sides.new))
        asked_old, asked_new = by_probe(sides, olds.astype(np.float64), news.astype(np.float64))
        paired = (asked_old > 0) & (asked_new > 0)
        kept_old, kept_new = olds & paired[sides.old.probe], news & paired[sides.new.probe]
        probe = np.concatenate([sides.old.probe[kept_old], sides.new.probe[kept_new]])
        is_new = np.arange(probe.size) >= int(kept_old.sum())
        return cls(
            probe=probe,
            opening=np.concatenate([sides.old.opening[kept_old], sides.new.opening[kept_new]]),
            old=np.where(is_new, 0.0, 1.0 / np.maximum(asked_old, 1.0)[probe]),
            new=np.where(is_new, 1.0 / np.maximum(asked_new, 1.0)[probe], 0.0),
            both=1.0 / (asked_old + asked_new)[probe],
            probes=int(paired.sum()),
        )

    def weigh(self, level: Places, starts: tuple[str, ...]) -> Iterator[Opening]:
        """Weigh the openings of one length: all at once, since a large suite has thousands of them."""
        start = level[self.opening]
        rows = np.flatnonzero(start >= 0)
        if not rows.size:
            return
        # One cell for each opening and probe; cells of one opening lie together.
        size = int(self.probe.max()) + 1
        cells, where = np.unique(start[rows] * size + self.probe[rows], return_inverse=True)
        old, new, both = (sums_by_place(where, part[rows], cells.size) for part in (self.old, self.new, self.both))
        places, firsts, touched = np.unique(cells // size, return_index=True, return_counts=True)
        log_e = contrasts.log_e_by_group(np.round(new - old, 12), firsts)
        weights = np.add.reduceat(both, firsts) / self.probes
        for number in np.flatnonzero(touched >= _FEWEST_PROBES).tolist():
            cell = slice(int(firsts[number]), int(firsts[number] + touched[number]))
            text, weight = starts[places[number]], float(weights[number])
            yield Opening(text, old[cell], new[cell], weight, float(log_e[number]), self.probes)


def _interval_of_all(differences: Floats, untouched: int, log_e: float) -> tuple[float, float]:
    tally = contrasts.contrast_tally(np.concatenate([differences, np.zeros(untouched)]))
    return contrasts.difference_interval(tally, log_e)
