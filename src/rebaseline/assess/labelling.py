"""What people's labels make of readings, and which replies they are to label next."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rebaseline.assess.second import contradicts
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.label import Cell, Label, LabelValue, Population
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["cells_digest", "draw_cells", "populations_of", "settled_by"]

_LONGEST_NOTE = 200


def settled_by(reading: Reading, label: Label, *, all_or_nothing: bool, in_part: bool = False) -> Reading:
    """Return a reading with what a person says of the reply.

    A person who agrees confirms it; one who contradicts makes it void; one who reads what the check could not settles
    it. A label `unclear` changes nothing, and nothing is settled by what was shown in part.

    Where whatever is no pass is a violation, a person's fail is a confirmed one, whatever the check said: what a person
    saw is there, even in a part of the reply. As a void it would be masked, and no further label could settle it.

    Args:
        reading: What the check, and a second reading, made of the reply.
        label: What the person says.
        all_or_nothing: Whatever is no pass is a violation.
        in_part: Some of the reply was not read, and so not shown either.
    """
    said = label.value.value_or_none
    if said is None:
        return reading
    word = f"a person says {label.value.value}"
    violation = all_or_nothing and label.value is LabelValue.FAIL
    if isinstance(reading, Void):
        if (in_part and not violation) or reading.broken in {Assumption.DELIVERED, Assumption.ACCEPTED}:
            return reading
        return Valued(said, reading.forms, _noted(word, f"void before: {reading.note or reading.broken.value}"))
    if contradicts(reading.value, said, all_or_nothing=all_or_nothing):
        if violation:
            return Valued(said, reading.forms, _noted(word, reading.note))
        return Void(Assumption.AGREEMENT, if_undone=said, note=_noted(word, reading.note))
    return replace(reading, note=_noted("confirmed by a person", reading.note))


def _noted(word: str, note: str) -> str:
    return f"{word}; {note}"[:_LONGEST_NOTE] if note else word


def populations_of(pool: Iterable[Cell]) -> tuple[Population, ...]:
    """Return how many replies of each model version a draw can choose from, and the digest of which."""
    by_version: dict[tuple[str, str], list[Cell]] = {}
    for cell in pool:
        by_version.setdefault((cell.target, cell.model), []).append(cell)
    return tuple(
        Population(target, model, len(cells), cells_digest(cells))
        for (target, model), cells in sorted(by_version.items())
    )


def cells_digest(cells: Iterable[Cell]) -> str:
    """Return the digest of a set of replies of one model version, in whatever order they come."""
    return fingerprint(sorted([cell.probe, cell.request, cell.sample, cell.reply] for cell in cells))


def draw_cells(
    pool: Sequence[Cell], count: int, seed: int, *, without: Collection[tuple[str, str, str]] = ()
) -> tuple[Cell, ...]:
    """Return replies drawn at random without replacement, in the order of the draw.

    Each is drawn uniformly from the replies whose words are not labelled and not drawn before. The order follows from
    the seed alone, the same on every platform, so that anyone can repeat the draw.

    Args:
        pool: The replies of all model versions.
        count: How many, at least 1; fewer where there are not so many different words.
        seed: Any number.
        without: What is labelled already.
    """
    ordered = sorted(pool, key=lambda cell: hashlib.sha256(_ticket(cell, seed)).digest())
    taken = set(without)
    drawn: list[Cell] = []
    for cell in ordered:
        if len(drawn) == count:
            break
        if cell.key not in taken:
            taken.add(cell.key)
            drawn.append(cell)
    return tuple(drawn)


def _ticket(cell: Cell, seed: int) -> bytes:
    parts = (str(seed), cell.target, cell.model, cell.probe, cell.request, str(cell.sample), cell.reply)
    return "\0".join(parts).encode("utf-8", "surrogatepass")
