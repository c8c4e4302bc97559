"""What a diff shows, apart from how it is drawn: counts, sections, next steps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.suite import Kind
from rebaseline.domain.verdict import Holds, Transition, Unmeasured, VerdictName

__all__ = ["DiffView", "KindRow", "Survival", "view_diff"]


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
class KindRow:
    """One line of the table: assertions of one kind that held, by their verdict now."""

    kind: Kind
    held: int
    now: dict[VerdictName, int]


@dataclass(frozen=True, slots=True)
class DiffView:
    """The first screen.

    Attributes:
        diff: What it shows.
        survival: Over all kinds.
        rows: One a kind that occurs.
        failing: Assertions below their bar.
        invalid: Assertions that no longer measure their claim, or never did.
        unsettled: Assertions that more replies would settle.
        unmeasured: Assertions without a reply.
        recovered: Assertions that hold now and did not before.
        rule_changes: Assertions whose rules are not as they were accepted, whatever their verdict.
        unbaselined: Assertions with nothing to compare with: new, or asked otherwise before.
        able_to_fail: Assertions that were shown able to fail.
    """

    diff: Diff
    survival: Survival
    rows: tuple[KindRow, ...]
    failing: tuple[Comparison, ...]
    invalid: tuple[Comparison, ...]
    unsettled: tuple[Comparison, ...]
    unmeasured: tuple[Comparison, ...]
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
    """Return the view of a diff."""
    held = [comparison for comparison in diff.comparisons if _held(comparison)]
    return DiffView(
        diff=diff,
        survival=_survival(held),
        rows=tuple(_row(kind, held) for kind in Kind if any(c.assertion.kind is kind for c in held)),
        failing=_with(diff, VerdictName.FAILING),
        invalid=_with(diff, VerdictName.INVALID),
        unsettled=_with(diff, VerdictName.INCONCLUSIVE),
        unmeasured=_with(diff, VerdictName.UNMEASURED),
        recovered=tuple(c for c in diff.comparisons if c.transition is Transition.RECOVERED),
        rule_changes=tuple(c for c in diff.comparisons if c.rule_changes),
        unbaselined=tuple(c for c in diff.comparisons if c.old is None or isinstance(c.old.verdict, Unmeasured)),
        able_to_fail=sum(comparison.able_to_fail for comparison in diff.comparisons),
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
    return KindRow(kind, len(of_kind), {name: _count(of_kind, name) for name in VerdictName})


def _with(diff: Diff, name: VerdictName) -> tuple[Comparison, ...]:
    """Return the comparisons with a verdict: what regressed first, then by kind, governance before functional."""
    chosen = [c for c in diff.comparisons if VerdictName.of(c.new.verdict) is name]
    return tuple(sorted(chosen, key=lambda c: (not _held(c), c.assertion.kind is not Kind.GOVERNANCE)))
