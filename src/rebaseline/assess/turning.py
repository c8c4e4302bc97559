"""What would change a verdict: the fewest replies that would have to be read otherwise, found by deciding again.

A verdict moves one way with every reading: each bet's factor, each binomial tail and each mean rises with x. So the
number of replies that turn it is found between two ends. Which replies are taken matters where there are several
rounds: a stake is read at every round end, and a reply of an early round counts at all of them. Hence the earliest are
taken first, which no other choice of as many beats while all of them change alike. Within one round those come first
that move the stake most. The log of a bet's factor is concave in the value: of two steps of one size, the one nearer to
the losing end moves it more. A stake on "above" is thus cut most by steps down that end lowest, and raised most by
steps up that end lowest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rebaseline.assess.layout import Cell, Layout
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.account import ReadAs, TurningPoint, VoidSplit
from rebaseline.domain.evidence import Method
from rebaseline.domain.reading import OUTSTANDING, Reading, Valued, Void
from rebaseline.domain.suite import Never
from rebaseline.domain.verdict import Inconclusive, Invalid, Verdict, VerdictName

__all__ = ["Decide", "change_readings", "split_voids", "turning_points"]

Decide = Callable[[ReadingTable], Verdict]
"""The verdict on a table; everything else stays as it was found."""

_VALUES = {ReadAs.PASS: Valued(1.0), ReadAs.FAIL: Valued(0.0)}


@dataclass(frozen=True, slots=True)
class _Goal:
    """A verdict to be left (`reach` is false) or to be reached."""

    read_as: ReadAs
    name: VerdictName
    reach: bool

    def is_met(self, verdict: Verdict) -> bool:
        return (VerdictName.of(verdict) is self.name) is self.reach


_H, _F, _Q = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INCONCLUSIVE
_GOALS = {
    _F: (_Goal(ReadAs.PASS, _F, reach=False), _Goal(ReadAs.PASS, _H, reach=True)),
    _H: (_Goal(ReadAs.FAIL, _H, reach=False), _Goal(ReadAs.FAIL, _F, reach=True)),
    _Q: (_Goal(ReadAs.PASS, _H, reach=True), _Goal(ReadAs.FAIL, _F, reach=True)),
}


@dataclass(frozen=True, slots=True)
class _Flip:
    """Cells that change together, and the value of each before and after on the scale of the bar."""

    cells: tuple[Cell, ...]
    before: float
    after: float

    @property
    def step(self) -> float:
        return abs(self.after - self.before)


def turning_points(verdict: Verdict, layout: Layout, decide: Decide) -> tuple[TurningPoint, ...]:
    """Return how many replies would have to be read otherwise for another verdict.

    Args:
        verdict: The verdict on the table as it is.
        layout: The readings.
        decide: Decides again on a changed table.

    Returns:
        Of a verdict that stands: the number that takes it away, and the number that turns it into its opposite, where
        that is another one. Of an open one: the numbers that show either. None for what no number does.
    """
    if layout.method is Method.NONE:
        return ()
    found = [_turn(goal, layout, decide) for goal in _GOALS.get(VerdictName.of(verdict), ())]
    points = [point for point in found if point is not None]
    return tuple(point for place, point in enumerate(points) if point not in points[:place])


def _turn(goal: _Goal, layout: Layout, decide: Decide) -> TurningPoint | None:
    harsh = goal.name is _H
    flips = [_flip(cells, goal.read_as, layout, harsh=harsh) for cells in _units(layout) if _differs(cells[0], goal)]
    order = _in_order(flips, goal.read_as, layout, raising=goal.reach)

    def verdict_with(number: int) -> Verdict:
        cells = [cell for flip in order[:number] for cell in flip.cells]
        return decide(change_readings(layout.table, cells, goal.read_as))

    if not order or not goal.is_met(verdict_with(len(order))):
        return None
    number = _fewest(len(order), lambda number: goal.is_met(verdict_with(number)))
    return TurningPoint(
        read_as=goal.read_as,
        number=number,
        of=len(order),
        verdict=VerdictName.of(verdict_with(number)),
        exact=_is_exact(order, layout) or (isinstance(layout.bar, Never) and goal.read_as is ReadAs.PASS),
        whole_probes=layout.whole_probes,
    )


def _fewest(most: int, is_met: Callable[[int], bool]) -> int:
    """Return the fewest from 1 to `most` with which a goal is met, being met with all and with every more."""
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_met(middle) else (middle, high)
    return high


def _differs(cell: Cell, goal: _Goal) -> bool:
    return isinstance(cell.reading, Valued) and cell.reading.value != _VALUES[goal.read_as].value


def _units(layout: Layout) -> list[tuple[Cell, ...]]:
    if not layout.whole_probes:
        return [(cell,) for cell in layout.cells]
    by_probe = sorted(layout.cells, key=lambda cell: cell.place)
    return [tuple(cells) for _, cells in groupby(by_probe, key=lambda cell: cell.place)]


def _flip(cells: Sequence[Cell], read_as: ReadAs, layout: Layout, *, harsh: bool) -> _Flip:
    first = cells[0]
    now = first.reading.value if isinstance(first.reading, Valued) else 1.0 - _VALUES[read_as].value
    before, after = (_on_scale(x, first, layout, harsh=harsh) for x in (now, _VALUES[read_as].value))
    return _Flip(tuple(cells), before, after)


def _on_scale(value: float, cell: Cell, layout: Layout, *, harsh: bool) -> float:
    """Return x, or y = (1 + new - old) / 2 of a pair; an old void is 1 on the harshest reading and 0 on the kindest."""
    if not layout.paired:
        return value
    old = cell.old.value if isinstance(cell.old, Valued) else float(harsh)
    return (1.0 + value - old) / 2.0


def _in_order(flips: Iterable[_Flip], read_as: ReadAs, layout: Layout, *, raising: bool) -> list[_Flip]:
    """Order changes so that the first so many of them do most: to a stake that they raise, or to one that they cut."""
    if layout.arithmetic:
        return sorted(flips, key=lambda flip: -flip.step)
    lowest_first = (read_as is ReadAs.FAIL) is not raising
    sign = 1.0 if lowest_first else -1.0
    return sorted(flips, key=lambda flip: (flip.cells[0].sample, sign * flip.after, -flip.step))


def _is_exact(flips: Sequence[_Flip], layout: Layout) -> bool:
    """Return whether no other choice of as many changes does more than the first ones in order."""
    graded = any(isinstance(cell.reading, Valued) and 0.0 < cell.reading.value < 1.0 for cell in layout.cells)
    if layout.method is Method.ONE_LOOK and graded:
        return False  # scores and 0/1 replies are weighed by different tests
    if layout.arithmetic or len({(flip.before, flip.after) for flip in flips}) <= 1:
        return True
    if len({flip.cells[0].sample for flip in flips}) > 1:
        return False
    return not layout.paired or len({flip.step for flip in flips}) == 1


def change_readings(table: ReadingTable, cells: Iterable[Cell], read_as: ReadAs) -> ReadingTable:
    """Return the table with these cells read otherwise."""
    rows: dict[int, list[Reading | None]] = {}
    for cell in cells:
        rows.setdefault(cell.place, list(table.readings[cell.place]))[cell.sample] = _VALUES[read_as]
    return replace(
        table,
        readings=tuple(tuple(rows[place]) if place in rows else row for place, row in enumerate(table.readings)),
    )


def split_voids(verdict: Verdict, layout: Layout, decide: Decide) -> VoidSplit | None:
    """Return how the verdict falls if every void is read, as pass or fail; None where it is settled without them.

    Args:
        verdict: The verdict on the table as it is.
        layout: The readings.
        decide: Decides again on a changed table.
    """
    voids = [cell for cell in layout.cells if isinstance(cell.reading, Void) and cell.reading.broken not in OUTSTANDING]
    if not voids or not _hangs_on_voids(verdict):
        return None
    to_fail, to_pass = (
        _in_order((_flip((cell,), read_as, layout, harsh=harsh) for cell in voids), read_as, layout, raising=False)
        for read_as, harsh in ((ReadAs.FAIL, True), (ReadAs.PASS, False))
    )

    def with_fails(number: int) -> Verdict:
        return _settled(layout, to_fail, number, ReadAs.FAIL, ReadAs.PASS, decide)

    def with_passes(number: int) -> Verdict:
        return _settled(layout, to_pass, number, ReadAs.PASS, ReadAs.FAIL, decide)

    all_pass, all_fail = VerdictName.of(with_fails(0)), VerdictName.of(with_passes(0))
    return VoidSplit(
        voids=len(voids),
        holds_from=None if all_pass is not _H else len(voids) - _most(len(voids), lambda n: _is(_H, with_fails(n))),
        fails_to=None if all_fail is not _F else _most(len(voids), lambda n: _is(_F, with_passes(n))),
        all_pass=all_pass,
        all_fail=all_fail,
        exact=_is_exact(to_fail, layout) and _is_exact(to_pass, layout),
    )


def _hangs_on_voids(verdict: Verdict) -> bool:
    match verdict:
        case Invalid(straddles=straddles):
            return straddles
        case _:
            return isinstance(verdict, Inconclusive)


def _settled(
    layout: Layout, order: Sequence[_Flip], number: int, first: ReadAs, others: ReadAs, decide: Decide
) -> Verdict:
    """Return the verdict with the first so many voids read one way and the others the other way."""
    table = change_readings(layout.table, (flip.cells[0] for flip in order[:number]), first)
    return decide(change_readings(table, (flip.cells[0] for flip in order[number:]), others))


def _is(name: VerdictName, verdict: Verdict) -> bool:
    return VerdictName.of(verdict) is name


def _most(most: int, keeps: Callable[[int], bool]) -> int:
    """Return the most, from 0 to `most`, with which something keeps true that is true with none."""
    return most if keeps(most) else _fewest(most, lambda number: not keeps(number)) - 1
