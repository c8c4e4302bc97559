"""What a diff shows, apart from how it is drawn: counts, sections, next steps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.suite import Kind
from rebaseline.domain.verdict import Holds, Transition, Unmeasured, VerdictName

__all__ = ["DiffView", "KindRow", "Row", "Survival", "view_diff"]


@dataclass(frozen=True, slots=True)
class Survival:
    """How much survived: a count with bounds, not an inference.

    Attributes:
        held: Assertions that held on the baseline.
        survived: Of these, how many still hold.
        most: Of these, how many may still hold: what is unsettled or unmeasured counted in.
    """

    held: int
    survived: int
    most: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: some assertions, by their verdict now."""

    count: int
    now: dict[VerdictName, int]


@dataclass(frozen=True, slots=True)
class KindRow(Row):
    """The line of the assertions of one kind that held."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class DiffView:
    """The first screen.

    Attributes:
        diff: What it shows.
        survival: Over all kinds.
        rows: What held, one a kind that occurs.
        others: What did not hold on the baseline, or is new.
        failing: Assertions below their bar.
        invalid: Assertions that no longer measure their claim, or never did.
        unsettled: Assertions that more replies would settle.
        unmeasured: Assertions without a reply.
        holding: Assertions that hold, whatever they did before.
        recovered: Assertions that hold now and did not before.
        rule_changes: Assertions whose rules are not as they were accepted, whatever their verdict.
        unbaselined: Assertions with nothing to compare with: new, or asked otherwise before.
        able_to_fail: Assertions that were shown able to fail.
    """

    diff: Diff
    survival: Survival
    rows: tuple[KindRow, ...]
    others: Row
    failing: tuple[Comparison, ...]
    invalid: tuple[Comparison, ...]
    unsettled: tuple[Comparison, ...]
    unmeasured: tuple[Comparison, ...]
    holding: tuple[Comparison, ...]
    recovered: tuple[Comparison, ...]
    rule_changes: tuple[Comparison, ...]
    unbaselined: tuple[Comparison, ...]
    able_to_fail: int

    @property
    def assertions(self) -> int:
        """Assertions compared."""
        return len(self.diff.comparisons)

    @property
    def need_someone(self) -> int:
        """Assertions that a person or more replies must settle."""
        return len(self.failing) + len(self.invalid) + len(self.unsettled) + len(self.unmeasured)


def view_diff(diff: Diff) -> DiffView:
    """Return the view of a diff: governance first in every section, then what held on the baseline."""
    comparisons = sorted(diff.comparisons, key=lambda c: (c.assertion.kind is not Kind.GOVERNANCE, not _held(c)))
    held = [comparison for comparison in comparisons if _held(comparison)]
    return DiffView(
        diff=diff,
        survival=_survival(held),
        rows=tuple(_row(kind, held) for kind in Kind if any(c.assertion.kind is kind for c in held)),
        others=_others(comparisons),
        failing=_with(comparisons, VerdictName.FAILING),
        invalid=_with(comparisons, VerdictName.INVALID),
        unsettled=_with(comparisons, VerdictName.INCONCLUSIVE),
        unmeasured=_with(comparisons, VerdictName.UNMEASURED),
        holding=_with(comparisons, VerdictName.HOLDS),
        recovered=tuple(c for c in comparisons if c.transition is Transition.RECOVERED),
        rule_changes=tuple(c for c in comparisons if c.rule_changes),
        unbaselined=tuple(c for c in comparisons if c.old is None or isinstance(c.old.verdict, Unmeasured)),
        able_to_fail=sum(comparison.able_to_fail for comparison in comparisons),
    )


def _held(comparison: Comparison) -> bool:
    return comparison.old is not None and isinstance(comparison.old.verdict, Holds)


def _count(comparisons: Sequence[Comparison], *names: VerdictName) -> int:
    return sum(VerdictName.of(comparison.new.verdict) in names for comparison in comparisons)


def _survival(held: Sequence[Comparison]) -> Survival:
    survived = _count(held, VerdictName.HOLDS)
    open_ended = _count(held, VerdictName.INCONCLUSIVE, VerdictName.UNMEASURED)
    return Survival(held=len(held), survived=survived, most=survived + open_ended)


def _row(kind: Kind, held: Sequence[Comparison]) -> KindRow:
    of_kind = [comparison for comparison in held if comparison.assertion.kind is kind]
    return KindRow(len(of_kind), _by_verdict(of_kind), kind)


def _others(comparisons: Sequence[Comparison]) -> Row:
    others = [comparison for comparison in comparisons if not _held(comparison)]
    return Row(len(others), _by_verdict(others))


def _by_verdict(comparisons: Sequence[Comparison]) -> dict[VerdictName, int]:
    return {name: _count(comparisons, name) for name in VerdictName}


def _with(comparisons: Sequence[Comparison], name: VerdictName) -> tuple[Comparison, ...]:
    return tuple(c for c in comparisons if VerdictName.of(c.new.verdict) is name)
