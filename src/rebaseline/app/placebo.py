"""The old version against itself: its own samples in two halves, compared by the rules of the diff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rebaseline.app.assessing import Instruments, Tables, assess_assertion, find_controls
from rebaseline.app.comparing import SuiteSide
from rebaseline.assess.behaviour import find_behaviour
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.halves import Halves, halve, halve_table
from rebaseline.assess.pairs import change_of, pair_tables
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.traits import TraitTable
from rebaseline.domain.behaviour import Placebo, Split
from rebaseline.domain.model import Price, TargetKind
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.domain.verdict import Change, VerdictName

__all__ = ["SuitePlacebo", "add_placebos", "placebo_of_suite"]

_OPEN = {VerdictName.INCONCLUSIVE, VerdictName.UNMEASURED}


@dataclass(frozen=True, slots=True)
class SuitePlacebo:
    """One suite's part of the placebo.

    Attributes:
        left_out: Assertions with one round of old samples, or none.
        compared: Assertions whose old samples made two halves.
        changed: Names of those that changed.
        unsettled: Of those compared, how many are unsettled on a half.
        split: How the halves were made; None where nothing was compared.
        traits: The manner of both halves' replies; None where the old replies are not at hand.
    """

    left_out: int
    compared: int = 0
    changed: tuple[str, ...] = ()
    unsettled: int = 0
    split: Split | None = None
    traits: tuple[TraitTable, TraitTable] | None = None


def placebo_of_suite(suite: Suite, old: SuiteSide, instruments: Instruments, target_kind: TargetKind) -> SuitePlacebo:
    """Compare the old version's own samples.

    An assertion has changed if both halves settle it, and differently, or if a change is shown between them. That one
    half settles what the other does not is no change: each holds half of the replies.
    """
    halves = halve(old.tables.claims.values())
    both = {} if halves is None else _halved(old.tables.claims, halves)
    assertions = [assertion for assertion in suite.assertions if assertion.id in both]
    if halves is None or not assertions:
        return SuitePlacebo(left_out=len(suite.assertions))
    arms = [_halved(arms, halves) for arms in (old.tables.alive, old.tables.live, old.tables.against)]

    def half_of(which: int) -> Tables:
        claims, alive, live, against = (
            {key: tables[which] for key, tables in halved.items()} for halved in (both, *arms)
        )
        return Tables(claims, alive, live, against)

    first, second = half_of(0), half_of(1)
    findings = find_controls(suite, instruments, target_kind)
    found = [_changed(assertion, first, second, findings[assertion.id]) for assertion in assertions]
    return SuitePlacebo(
        left_out=len(suite.assertions) - len(assertions),
        compared=len(assertions),
        changed=tuple(f"{suite.id}/{it.id}" for it, (changed, _) in zip(assertions, found, strict=True) if changed),
        unsettled=sum(is_open for _, is_open in found),
        split=halves.split,
        traits=None
        if old.traits is None
        else (old.traits.of_samples(halves.first), old.traits.of_samples(halves.second)),
    )


def _halved(tables: Mapping[str, ReadingTable], halves: Halves) -> dict[str, tuple[ReadingTable, ReadingTable]]:
    """Return both halves of the tables that have any round in each."""
    halved = {key: halve_table(table, halves) for key, table in tables.items()}
    return {key: (first, second) for key, (first, second) in halved.items() if first.width and second.width}


def _changed(assertion: Assertion, first: Tables, second: Tables, findings: ControlFindings) -> tuple[bool, bool]:
    """Return whether an assertion changed between the halves, and whether either is open."""
    before, after = first.claims[assertion.id], second.claims[assertion.id]
    steady = first.steady_probes(), second.steady_probes()
    old = assess_assertion(assertion, first, findings, prior=None, anchor=before, steady=(steady[0], steady[0]))
    new = assess_assertion(assertion, second, findings, prior=before, anchor=before, steady=(steady[1], steady[0]))
    names = VerdictName.of(old.verdict), VerdictName.of(new.verdict)
    is_open = not _OPEN.isdisjoint(names)
    shown = change_of(pair_tables(before, after)).change in {Change.BETTER, Change.WORSE}
    return shown or (not is_open and names[0] is not names[1]), is_open


def add_placebos(parts: Sequence[SuitePlacebo], price: Price | None) -> Placebo:
    """Return the placebo over several suites; notes are looked for over all of them at once, as in the diff."""
    splits = {part.split for part in parts if part.split is not None}
    traits = [part.traits for part in parts if part.traits is not None]
    return Placebo(
        compared=sum(part.compared for part in parts),
        left_out=sum(part.left_out for part in parts),
        changed=tuple(name for part in parts for name in part.changed),
        unsettled=sum(part.unsettled for part in parts),
        split=next(iter(splits)) if len(splits) == 1 else Split.BOTH if splits else None,
        notes=len(find_behaviour(traits, price).notes) if traits else None,
    )
