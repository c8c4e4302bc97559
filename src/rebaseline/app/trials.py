"""Repairs tried on the stored replies of both versions. No call is made, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rebaseline.app.accepted_rules import baselines_of
from rebaseline.app.anchoring import anchor_tables
from rebaseline.app.assessing import Tables, find_controls
from rebaseline.app.baseline_sides import baseline_side
from rebaseline.app.benches import instruments_of, judges_as_asked
from rebaseline.app.comparing import SuiteSide, assess_sides
from rebaseline.app.repair_facts import Ground, gather_facts, suite_text
from rebaseline.app.sensitivity import faults_in_stored
from rebaseline.app.sides import read_stored
from rebaseline.app.trial_tables import counts_of, narrowed, rows_of, with_declared, with_tables
from rebaseline.app.workspace import Workspace
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.seeding import FaultReading, shorten
from rebaseline.domain.comparison import Comparison
from rebaseline.domain.model import Target
from rebaseline.domain.repair import Proposal, RepairKind, Repairs, Trial
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.domain.verdict import Verdict
from rebaseline.errors import RebaselineError
from rebaseline.load.editing import edit_text
from rebaseline.load.trials import assertion_as_edited
from rebaseline.repair.facts import Facts, is_open_to_repair
from rebaseline.repair.ordering import in_order
from rebaseline.repair.registry import propose
from rebaseline.repair.verifying import Moves, Outcome, find_moves, is_unguarded, objection_by_nature, objections_to
from rebaseline.store.store import Store

__all__ = ["Sides", "with_repairs"]

Sides = tuple[SuiteSide | None, SuiteSide]
"""The old side, where there is one, and the new one."""
_DECLARATIONS = frozenset({RepairKind.DECLARE_UNDONE, RepairKind.DECLARE_BREAKS})


def with_repairs(
    workspace: Workspace,
    store: Store,
    target: Target,
    suite: Suite,
    sides: Sides,
    comparisons: Sequence[Comparison],
    *,
    names: frozenset[str] | None = None,
) -> tuple[Comparison, ...]:
    """Return the comparisons of a suite; those that are invalid with every repair that was tried.

    Args:
        workspace: The project.
        store: Its store.
        target: What was asked.
        suite: The suite.
        sides: The old side, where there is one, and the new one.
        comparisons: What the diff says.
        names: Assertion ids to try repairs for; None for all that are invalid.
    """
    chosen = [each for each in comparisons if is_open_to_repair(each) and (names is None or each.assertion.id in names)]
    if not chosen:
        return tuple(comparisons)
    instruments = instruments_of(workspace, store, suite)
    findings = find_controls(suite, instruments, target.kind)
    bench = _Bench(workspace, store, target, suite, sides, instruments)
    facts = gather_facts(bench, chosen, findings)
    tried = bench.try_all(facts)
    return tuple(replace(each, repairs=tried.get(each.assertion.id)) for each in comparisons)


@dataclass(frozen=True, slots=True)
class _Variant:
    """One proposal, and the assertion as it would then be.

    Attributes:
        facts: What it was made from.
        proposal: The proposal.
        key: Names it among all variants of the suite.
        assertion: The assertion with the edits made; None where it cannot be tried.
        beside: Assertions that the proposal adds.
        why_not: Why it cannot be tried; empty where it can.
    """

    facts: Facts
    proposal: Proposal
    key: str
    assertion: Assertion | None = None
    beside: tuple[Assertion, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Bench(Ground):
    """Where the proposals for one suite are tried: all in one pass over its stored replies."""

    def try_all(self, facts: Sequence[Facts]) -> dict[str, Repairs]:
        """Return what was tried, by assertion id."""
        variants = [
            self._edited(each, proposal, f"{each.assertion.id}~{number}")
            for each in facts
            for number, proposal in enumerate(propose(each))
        ]
        old, new = self._read(variants)
        trials: dict[str, list[Trial]] = {each.assertion.id: [] for each in facts}
        for variant in variants:
            trials[variant.facts.assertion.id].append(self._try(variant, old, new))
        return {name: Repairs(f"{self.suite.id}/{name}", in_order(found)) for name, found in trials.items()}

    def _edited(self, facts: Facts, proposal: Proposal, key: str) -> _Variant:
        if proposal.asks or not proposal.edits:
            return _Variant(facts, proposal, key)
        grammar = self.workspace.registry
        try:
            edited = assertion_as_edited(facts.written, proposal.edits, self.suite, facts.assertion.id, grammar)
            beside = tuple(
                assertion_as_edited(facts.written, proposal.edits, self.suite, name, grammar) for name in proposal.adds
            )
        except RebaselineError as wrong:
            return _Variant(facts, proposal, key, why_not=_unwritten(wrong))
        return _Variant(facts, proposal, key, edited, beside)

    def _read(self, variants: Sequence[_Variant]) -> tuple[Tables | None, Tables]:
        """Read the stored replies of both versions with every variant at once."""
        assertions = {variant.key: variant.assertion for variant in variants if variant.assertion is not None}
        for variant in variants:
            assertions |= {f"{variant.key}+{each.id}": each for each in variant.beside}
        suite = replace(
            self.suite, assertions=tuple(replace(each, id=key) for key, each in assertions.items()), retired=()
        )
        kept = self.workspace.labels(self.suite)
        labels = {key: kept[each.id] for key, each in assertions.items() if each.id in kept}
        old, new = (
            None
            if side is None or (side is self.sides[0] and side.traits is None) or not assertions
            else Tables.of(
                read_stored(
                    self.workspace, self.store, suite, self.target, side.model.name, labels=labels, manner=False
                )[0]
            )
            for side in self.sides
        )
        return old, new if new is not None else self.sides[1].tables

    def _try(self, variant: _Variant, old: Tables | None, new: Tables) -> Trial:
        proposal, assertion = variant.proposal, variant.assertion
        if variant.why_not or assertion is None:
            why = [proposal.asks and f"it needs {proposal.asks}", variant.why_not]
            objections = tuple(filter(None, [*why, objection_by_nature(proposal)]))
            return Trial(proposal, "", None, None, None, None, verified=False, objections=objections)
        suite = replace(self.suite, assertions=(assertion,))
        findings = find_controls(suite, self.instruments, self.target.kind)[assertion.id]
        unseen = [probe.id for probe in suite.probes_on(assertion.on) if probe.id not in proposal.learned_from]
        new_side = with_tables(self.sides[1], new, variant.key, assertion.id)
        old_side = self._old(variant, suite, assertion, old)
        whole_old, _ = assess_sides(assertion, findings, old_side, new_side, self.instruments.judges)
        before = self._verdict_before(variant)
        if proposal.learned_from:
            new_side = narrowed(new_side, assertion.id, unseen)
            old_side = None if old_side is None else narrowed(old_side, assertion.id, unseen)
        tried_old, tried_new = assess_sides(assertion, findings, old_side, new_side, self.instruments.judges)
        faults = self._faults(suite, assertion, findings, (old_side, new_side))
        outcome = Outcome(
            old_before=before,
            old=None if whole_old is None else whole_old.verdict,
            new=tried_new.verdict,
            controls=len(findings.controls),
            misread=tuple(shorten(each.control.text) for each in findings.controls if not each.right),
            faults=len(faults),
            passed_faults=tuple(dict.fromkeys(fault.name for fault in faults if not fault.caught)),
            moves=self._moves(assertion.id, (old_side, new_side), unseen),
            unguarded=is_unguarded(variant.facts.assertion, assertion),
            beside=self._beside(variant, new),
        )
        objections = objections_to(proposal, outcome)
        if not objections:
            objections = self._unwritable(proposal)
        return Trial(
            proposal=proposal,
            id="",
            old=outcome.old,
            new=outcome.new,
            old_counts=counts_of(tried_old),
            new_counts=counts_of(tried_new),
            verified=not objections,
            objections=objections,
            unopposed=outcome.is_unopposed,
        )

    def _verdict_before(self, variant: _Variant) -> Verdict | None:
        old = variant.facts.comparison.old
        return None if old is None else old.verdict

    def _old(self, variant: _Variant, suite: Suite, assertion: Assertion, old: Tables | None) -> SuiteSide | None:
        """Return the old side as a diff would have it with the edit made; None where its replies are not at hand."""
        side = self.sides[0]
        if side is None:
            return None
        if old is None:
            return with_declared(side, assertion) if variant.proposal.kind in _DECLARATIONS else None
        stored = with_tables(side, old, variant.key, assertion.id)
        if side.baseline is None:
            return stored
        judges = judges_as_asked(self.workspace, suite)
        again = baseline_side(suite, side.baseline, stored, judges)
        claims = {**side.tables.claims, **again.tables.claims}
        again = replace(again, tables=replace(again.tables, claims=claims))
        if not side.anchors:
            return again
        anchors = anchor_tables(baselines_of(self.workspace, suite, self.target), suite)
        return replace(again, anchors={name: table for name, table in anchors.items() if name in side.anchors})

    def _faults(
        self, suite: Suite, assertion: Assertion, findings: ControlFindings, sides: Sides
    ) -> tuple[FaultReading, ...]:
        """Return the faults that were seeded in controls, and in a stored reply of either version."""
        found = list(findings.faults)
        for side in sides:
            if side is None or assertion.judges:
                continue
            shown = (side.tables.claims[assertion.id], side.fetch)
            found += faults_in_stored(suite, assertion, shown, self.instruments, self.target.kind) or ()
        return tuple(found)

    def _moves(self, name: str, tried: Sides, probes: Sequence[str]) -> Moves:
        moves = Moves()
        for before, after in zip(self.sides, tried, strict=True):
            if before is not None and after is not None and name in before.tables.claims:
                moves += find_moves(rows_of(before.tables.claims[name]), rows_of(after.tables.claims[name]), probes)
        return moves

    def _beside(self, variant: _Variant, new: Tables) -> Mapping[str, Verdict]:
        """Return the new version's verdicts on the assertions that a proposal adds."""
        found: dict[str, Verdict] = {}
        for added in variant.beside:
            suite = replace(self.suite, assertions=(added,))
            findings = find_controls(suite, self.instruments, self.target.kind)[added.id]
            side = with_tables(self.sides[1], new, f"{variant.key}+{added.id}", added.id)
            found[added.id] = assess_sides(added, findings, None, side, self.instruments.judges)[1].verdict
        return found

    def _unwritable(self, proposal: Proposal) -> tuple[str, ...]:
        """Return why the edit cannot be made in the file's text; empty where it can."""
        try:
            edit_text(suite_text(self.workspace, self.suite), proposal.edits, shown=self.suite.where.path)
        except RebaselineError as wrong:
            return (_unwritten(wrong),)
        return ()


def _unwritten(wrong: RebaselineError) -> str:
    return f"it cannot be written: {wrong.problem.splitlines()[0]}"
