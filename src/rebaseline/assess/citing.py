"""Which replies a verdict rests on or hangs on, so that each can be looked up."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.assess.layout import Cell, Layout
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.account import Cited, CitedGroup, GroupKind
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.verdict import Invalid, Verdict

__all__ = ["cite"]

_Key = tuple[GroupKind, Assumption | None, tuple[Form, ...]]


def cite(
    verdict: Verdict, layout: Layout, *, old: ReadingTable | None = None, arm: ReadingTable | None = None
) -> tuple[CitedGroup, ...]:
    """Return the replies that decide, in groups that count alike; passes are left out, and of pairs those that agree.

    Args:
        verdict: The verdict.
        layout: The readings.
        old: The baseline's readings of the same probes.
        arm: Readings of the arm that must show engagement.

    Returns:
        The weightiest group first: of an invalid verdict the voids, or the arm, of any other the fails.
    """
    rows = {} if old is None else dict(zip(old.probes, old.readings, strict=True))
    groups: dict[_Key, list[Cited]] = {}
    for cell in layout.cells:
        key = _key(cell)
        if key is not None:
            groups.setdefault(key, []).append(_cited(layout.table, cell.place, cell.sample, cell.reading, rows))
    found = [CitedGroup(kind, tuple(replies), broken, forms) for (kind, broken, forms), replies in groups.items()]
    if arm is not None:
        silent = tuple(Cited(arm.probes[place], sample, reading) for place, sample, reading in _not_passing(arm))
        found += [CitedGroup(GroupKind.ARM, silent)] if silent else []
    order = _order(verdict)
    return tuple(sorted(found, key=lambda group: (order.index(group.kind), -len(group.replies))))


def _key(cell: Cell) -> _Key | None:
    reading = cell.reading
    if isinstance(reading, Valued) and isinstance(cell.old, Void):
        reading = cell.old  # a pair is void where either reply is
    if isinstance(reading, Void):
        return GroupKind.VOIDS, reading.broken, reading.forms if reading.broken is Assumption.FORM else ()
    if cell.old is None:
        kind = None if reading.value >= 1.0 else GroupKind.FAILS if reading.value <= 0.0 else GroupKind.PARTIAL
    else:
        before = cell.old.value if isinstance(cell.old, Valued) else reading.value
        worse, better = reading.value < before, reading.value > before
        kind = GroupKind.WORSE if worse else GroupKind.BETTER if better else None
    return None if kind is None else (kind, None, ())


def _cited(
    table: ReadingTable, place: int, sample: int, reading: Reading, old_rows: dict[str, tuple[Reading | None, ...]]
) -> Cited:
    probe = table.probes[place]
    row = old_rows.get(probe, ())
    return Cited(probe, sample, reading, row[sample] if sample < len(row) else None)


def _not_passing(arm: ReadingTable) -> Iterator[tuple[int, int, Reading]]:
    for sample in range(arm.width):
        for place, reading in enumerate(arm.column(sample)):
            if reading is not None and not (isinstance(reading, Valued) and reading.value >= 1.0):
                yield place, sample, reading


def _order(verdict: Verdict) -> tuple[GroupKind, ...]:
    fails = (GroupKind.WORSE, GroupKind.FAILS, GroupKind.PARTIAL, GroupKind.BETTER)
    if isinstance(verdict, Invalid):
        return (
            (GroupKind.VOIDS, GroupKind.ARM, *fails) if verdict.straddles else (GroupKind.ARM, *fails, GroupKind.VOIDS)
        )
    return (*fails, GroupKind.VOIDS, GroupKind.ARM)
