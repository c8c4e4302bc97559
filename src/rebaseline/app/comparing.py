"""Two sides of one suite to comparisons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rebaseline.app.accepted_rules import changes_since
from rebaseline.app.accounting import Standpoint, Wanted, account_for
from rebaseline.app.assessing import Instruments, Tables, assess_assertion, find_controls
from rebaseline.app.sensitivity import Shown, shown_able_to_fail
from rebaseline.assess.examples import choose_cell
from rebaseline.assess.flicker import flicker_of
from rebaseline.assess.fresh import agreed_against
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.pairs import change_of, pair_tables
from rebaseline.assess.preview import Answer, answer_question, count_passes, open_forms
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.traits import TraitTable
from rebaseline.decide.transition import decide_transition
from rebaseline.domain.account import Account
from rebaseline.domain.attempt import Reply
from rebaseline.domain.baseline import AcceptedAssertion, Baseline, same_judges
from rebaseline.domain.behaviour import Flicker, Manner
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.comparison import Comparison, Example, Preview, Provider, RuleChange, ShownBy, Side
from rebaseline.domain.judge import Judge
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Assertion, NoWorse, Suite
from rebaseline.domain.verdict import Change, Holds, Inconclusive, Invalid, Unsettled, Verdict, VerdictName

__all__ = ["FetchReply", "SuiteSide", "assess_sides", "compare_suite", "judge_suite", "new_sides"]

FetchReply = Callable[[str, int], Reply | None]
"""Probe id and sample to the stored reply, or None where it is not at hand."""


@dataclass(frozen=True, slots=True)
class SuiteSide:
    """One suite on one model version, ready to be compared.

    Attributes:
        model: Who answered.
        tables: Readings.
        fetch: Finds the reply of a cell.
        manner: Plain manner of the replies; None where neither they nor what a baseline kept of it are at hand.
        provider: What the provider did.
        baseline: The accepted baseline that the readings come from, where they do.
        sessions: Keys of the sessions that the readings come from.
        anchors: By assertion id: readings of the first accepted baseline, where this is a later one. `no_worse` bars
            stay on it, so that small steps do not add up unseen.
        accepted_readings: Assertions whose readings are as they were accepted: not read again with today's rule.
        accepted_rules: By assertion id: what was accepted of it, by the compared baseline, or else by any other last.
        traits: The manner of every reply; None where the replies are not at hand.
        purged: Cells, probe and sample, whose reply was purged.
    """

    model: ModelVersion
    tables: Tables
    fetch: FetchReply
    manner: Manner | None
    provider: Provider
    baseline: Baseline | None = None
    sessions: tuple[str, ...] = ()
    anchors: Mapping[str, ReadingTable] = field(default_factory=dict)
    accepted_readings: frozenset[str] = frozenset()
    accepted_rules: Mapping[str, AcceptedAssertion] = field(default_factory=dict)
    traits: TraitTable | None = None
    purged: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pair:
    """What one assertion's comparison needs of both sides."""

    assertion: Assertion
    findings: ControlFindings
    old: SuiteSide | None
    new: SuiteSide
    steady: tuple[int | None, int | None]
    judges: Mapping[str, Judge]

    @property
    def same_replies(self) -> bool:
        """Whether both sides may hold the same replies: of one model version, and of sessions not known to differ."""
        if self.old is None or self.old.model.name != self.new.model.name:
            return False
        sessions = {*self.old.sessions, *self.new.sessions}
        return "" in sessions or not set(self.old.sessions).isdisjoint(self.new.sessions)

    @property
    def old_table(self) -> ReadingTable | None:
        return None if self.old is None else self.old.tables.claims.get(self.assertion.id)

    @property
    def judged_before_by(self) -> str:
        """Who judged the old readings, where that is not who judges now; empty where there is no such doubt."""
        old, name = self.old, self.assertion.id
        if old is None or old.baseline is None or not self.assertion.judges or name not in old.accepted_readings:
            return ""
        accepted = old.baseline.assertions[name]
        if accepted.check_fingerprint == self.assertion.check.fingerprint and same_judges(accepted, self.judges):
            return ""
        return ", ".join(sorted(accepted.judges.values())) or "another judge"

    @property
    def anchor(self) -> ReadingTable | None:
        return None if self.old is None else self.old.anchors.get(self.assertion.id)

    @property
    def agreed(self) -> frozenset[tuple[str, int]]:
        """Replies in which the new version gives the very wrong answer that the old one gave."""
        if self.old is None or self.old_table is None or self.same_replies:
            return frozenset()
        old_answers = self.old.tables.answers.get(self.assertion.id, {})
        new_answers = self.new.tables.answers.get(self.assertion.id, {})
        return agreed_against(self.old_table, self.new_table, old_answers, new_answers)

    @property
    def new_table(self) -> ReadingTable:
        return self.new.tables.claims[self.assertion.id]


def compare_suite(
    suite: Suite,
    old: SuiteSide | None,
    new: SuiteSide,
    instruments: Instruments,
    target_kind: TargetKind,
    *,
    wanted: Wanted | None = None,
) -> tuple[Comparison, ...]:
    """Compare every assertion of a suite.

    Args:
        suite: The suite as it stands now.
        old: The baseline's side; None where there is none, so that every assertion is new.
        new: The candidate's side.
        instruments: What reads controls and seeded faults.
        target_kind: Who sets the limits of a reply.
        wanted: Which assertions are to be accounted for; None for none.
    """
    findings = find_controls(suite, instruments, target_kind)
    steady = (new.tables.steady_probes(), None if old is None else old.tables.steady_probes())
    pairs = [
        _Pair(assertion, findings[assertion.id], old, new, steady, instruments.judges) for assertion in suite.assertions
    ]
    found = [_compare(suite, pair, instruments, target_kind) for pair in pairs]
    return tuple(
        replace(comparison, account=_account(pair, comparison.new, wanted))
        if wanted is not None and wanted.names(comparison)
        else comparison
        for pair, comparison in zip(pairs, found, strict=True)
    )


def judge_suite(
    suite: Suite, old: SuiteSide | None, new: SuiteSide, instruments: Instruments, target_kind: TargetKind
) -> dict[str, Verdict]:
    """Return the candidate's verdicts by assertion id: what `compare_suite` gives, without what explains it.

    Args:
        suite: The suite as it stands now.
        old: The baseline's side; None where there is none.
        new: The candidate's side.
        instruments: What reads controls.
        target_kind: Who sets the limits of a reply.
    """
    sides = new_sides(suite, old, new, instruments, target_kind)
    return {name: side.verdict for name, side in sides.items()}


def new_sides(
    suite: Suite, old: SuiteSide | None, new: SuiteSide, instruments: Instruments, target_kind: TargetKind
) -> dict[str, Side]:
    """Return the candidate's verdicts by assertion id, as `judge_suite` does, with what they rest on."""
    findings = find_controls(suite, instruments, target_kind)
    steady = (new.tables.steady_probes(), None if old is None else old.tables.steady_probes())
    pairs = [
        _Pair(assertion, findings[assertion.id], old, new, steady, instruments.judges) for assertion in suite.assertions
    ]
    return {pair.assertion.id: _assess_new(pair, pair.new_table, pair.old_table) for pair in pairs}


def assess_sides(
    assertion: Assertion, findings: ControlFindings, old: SuiteSide | None, new: SuiteSide, judges: Mapping[str, Judge]
) -> tuple[Side | None, Side]:
    """Return both sides of one assertion: what `compare_suite` gives, without what explains it.

    Args:
        assertion: The assertion.
        findings: Its static controls.
        old: The baseline's side; None where there is none.
        new: The candidate's side.
        judges: The judges of its suite, by id.
    """
    steady = (new.tables.steady_probes(), None if old is None else old.tables.steady_probes())
    pair = _Pair(assertion, findings, old, new, steady, judges)
    return _old_side(pair), _assess_new(pair, pair.new_table, pair.old_table)


def _compare(suite: Suite, pair: _Pair, instruments: Instruments, target_kind: TargetKind) -> Comparison:
    assertion = pair.assertion
    old_side = _old_side(pair)
    new_side = _assess_new(pair, pair.new_table, pair.old_table)
    flicker = None if pair.old_table is None else flicker_of(pair.old_table)
    return Comparison(
        suite=suite.id,
        assertion=assertion,
        old=old_side,
        new=new_side,
        change=_change(pair),
        transition=decide_transition(None if old_side is None else old_side.verdict, new_side.verdict),
        shown_by=_shown_by(suite, pair, instruments, target_kind),
        example=_example(pair, new_side, flicker),
        preview=_preview(pair, new_side),
        rule_changes=_rule_changes(suite, pair),
        old_flicker=flicker,
        new_flicker=flicker_of(pair.new_table),
    )


def _old_side(pair: _Pair) -> Side | None:
    table = pair.old_table
    if pair.old is None or table is None:
        return None
    side = assess_assertion(
        pair.assertion,
        pair.old.tables,
        pair.findings,
        prior=None,
        anchor=pair.anchor or table,
        steady=(pair.steady[1], pair.steady[1]),
    )
    if isinstance(side.verdict, Holds) and _arms_were_against_it(pair):
        return replace(side, verdict=Inconclusive(Unsettled.ARM))
    return side


def _arms_were_against_it(pair: _Pair) -> bool:
    """Without the old replies a baseline has no arms to read: what was not accepted as held is not called so."""
    assertion, old = pair.assertion, pair.old
    if old is None or old.baseline is None:
        return False
    lacking = (assertion.alive_if is not None and assertion.id not in old.tables.alive) or (
        assertion.live is not None and assertion.id not in old.tables.live
    )
    accepted = old.baseline.assertions.get(assertion.id)
    return lacking and accepted is not None and accepted.verdict != VerdictName.HOLDS


def _assess_new(pair: _Pair, table: ReadingTable, old_table: ReadingTable | None) -> Side:
    claims = {**pair.new.tables.claims, pair.assertion.id: table}
    before = pair.judged_before_by
    findings = pair.findings
    if before and isinstance(pair.assertion.bar, NoWorse):
        anchors = tuple(replace(each, moved_from=before) for each in findings.anchors)
        findings = replace(findings, anchors=anchors)
    return assess_assertion(
        pair.assertion,
        replace(pair.new.tables, claims=claims, agreed={pair.assertion.id: pair.agreed}),
        findings,
        prior=None if before else old_table,
        anchor=pair.anchor or old_table,
        steady=pair.steady,
        same_replies=pair.same_replies,
    )


def _change(pair: _Pair) -> ChangeEvidence:
    if pair.old_table is None or pair.judged_before_by:
        return ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0)
    return change_of(pair_tables(pair.old_table, pair.new_table))


def _shown_by(suite: Suite, pair: _Pair, instruments: Instruments, target_kind: TargetKind) -> ShownBy | None:
    sides: list[Shown] = [(pair.new_table, pair.new.fetch)]
    if pair.old is not None and pair.old_table is not None:
        sides.append((pair.old_table, pair.old.fetch))
    return shown_able_to_fail(suite, pair.assertion, pair.findings, sides, instruments, target_kind)


def _account(pair: _Pair, new_side: Side, wanted: Wanted) -> Account:
    return account_for(
        Standpoint(
            assertion=pair.assertion,
            side=new_side,
            table=pair.new_table,
            old=pair.old_table,
            anchor=pair.anchor or pair.old_table,
            arm=pair.new.tables.alive.get(pair.assertion.id),
            steady=pair.steady,
            same_replies=pair.same_replies,
            fetch=pair.new.fetch,
        ),
        wanted,
    )


def _example(pair: _Pair, new_side: Side, flicker: Flicker | None) -> Example | None:
    flickering = frozenset[str]() if flicker is None else flicker.names
    cell = choose_cell(pair.old_table, pair.new_table, new_side.verdict, flickering)
    if cell is None:
        return None
    probe, sample = cell
    old_reply = None if pair.old is None else pair.old.fetch(probe, sample)
    new_reply = pair.new.fetch(probe, sample)
    return Example(
        probe=probe,
        sample=sample,
        old_text=None if old_reply is None else old_reply.text,
        new_text=None if new_reply is None else new_reply.text,
        old_reading=_reading(pair.old_table, probe, sample),
        new_reading=_reading(pair.new_table, probe, sample),
        old_purged=pair.old is not None and cell in pair.old.purged,
    )


def _reading(table: ReadingTable | None, probe: str, sample: int) -> Reading | None:
    if table is None or probe not in table.probes:
        return None
    row = table.readings[table.probes.index(probe)]
    return row[sample] if sample < len(row) else None


def _preview(pair: _Pair, new_side: Side) -> Preview | None:
    """Show both answers to the one open question, where one would change the verdict."""
    if not _hangs_on_voids(new_side.verdict):
        return None
    table = pair.new_table
    undone, broken = answer_question(table, Answer.UNDONE), answer_question(table, Answer.BREAKS)
    if undone == table:
        return None
    old_undone = None if pair.old_table is None else answer_question(pair.old_table, Answer.UNDONE)
    old_broken = None if pair.old_table is None else answer_question(pair.old_table, Answer.BREAKS)
    old_passes, old_replies = (0, 0) if old_undone is None else count_passes(old_undone)
    if_undone = _assess_new(pair, undone, old_undone).verdict
    if_broken = _assess_new(pair, broken, old_broken).verdict
    if VerdictName.of(if_undone) is VerdictName.of(if_broken):
        return None  # the question decides nothing
    return Preview(
        forms=open_forms(table),
        undone=if_undone,
        undone_passes=count_passes(undone)[0],
        breaks=if_broken,
        breaks_passes=count_passes(broken)[0],
        replies=count_passes(table)[1],
        old_undone=_old_verdict_undone(pair, old_undone),
        old_undone_passes=old_passes,
        old_replies=old_replies,
    )


def _hangs_on_voids(verdict: Verdict) -> bool:
    match verdict:
        case Invalid() | Inconclusive(why=Unsettled.VOIDS | Unsettled.POSSIBLE):
            return True
        case _:
            return False


def _old_verdict_undone(pair: _Pair, table: ReadingTable | None) -> Verdict | None:
    if table is None or pair.old is None:
        return None
    claims = {**pair.old.tables.claims, pair.assertion.id: table}
    side = assess_assertion(
        pair.assertion,
        replace(pair.old.tables, claims=claims),
        pair.findings,
        prior=None,
        anchor=pair.anchor or table,
        steady=(pair.steady[1], pair.steady[1]),
    )
    return side.verdict


def _rule_changes(suite: Suite, pair: _Pair) -> tuple[RuleChange, ...]:
    accepted = None if pair.old is None else pair.old.accepted_rules.get(pair.assertion.id)
    return () if accepted is None else changes_since(accepted, pair.assertion, suite.probes_on(pair.assertion.on))
