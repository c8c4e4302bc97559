"""Readings of one model version to sides: evidence, tests of the instrument, verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rebaseline.app.control_errors import controls_of
from rebaseline.assess.anchors import weigh_anchors
from rebaseline.assess.fresh import Answers, Cell, without_agreed
from rebaseline.assess.group import ControlFindings, read_controls, weigh_alive, weigh_live_arm
from rebaseline.assess.kept import count_purged
from rebaseline.assess.pairs import outlook_of_pairs, pair_tables, weigh_pairs
from rebaseline.assess.reading import RefusalReader
from rebaseline.assess.suite_reader import CompileCheck, SuiteReadings, rules_of_controls
from rebaseline.assess.table import ReadingTable, find_steady, mean_low
from rebaseline.assess.weigh import outlook_of, weigh_table
from rebaseline.decide.verdict import decide_verdict, is_failing
from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import (
    ArmEvidence,
    Evidence,
    FreshEvidence,
    GroupFacts,
    LabelEvidence,
    Outlook,
    SeparationEvidence,
)
from rebaseline.domain.instrument import CheckNode, Look
from rebaseline.domain.judge import Anchor, Judge
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import Assertion, NoWorse, Suite
from rebaseline.domain.verdict import Unmeasured

__all__ = ["Instruments", "Tables", "assess_assertion", "find_controls", "is_arithmetic", "prior_rate_of"]


@dataclass(frozen=True, slots=True)
class Instruments:
    """What reads replies.

    Attributes:
        compile_check: The compiled registry.
        refusal: The built-in refusal reading.
        judges: The judges of the suite that is read, by id.
        anchors: By judge id, its labelled transcripts with what it says of them.
    """

    compile_check: CompileCheck
    refusal: RefusalReader
    judges: Mapping[str, Judge] = field(default_factory=dict)
    anchors: Mapping[str, tuple[tuple[Anchor, Look], ...]] = field(default_factory=dict)

    def second_for(
        self, assertion: Assertion, asked: str | None = None
    ) -> Callable[[Mapping[str, Any]], CheckNode] | None:
        """Return what compiles the second check of an assertion for the fields of a probe; None where it has none."""
        second = assertion.second
        return None if second is None else partial(self.compile_check, second, asked=asked)


@dataclass(frozen=True, slots=True)
class Tables:
    """All readings of one suite on one model version that verdicts need.

    Attributes:
        claims: By assertion id.
        alive: By assertion id, where an arm must show engagement and its replies are at hand.
        live: By assertion id, where there is a live control arm and its replies are at hand.
        against: By assertion id, the arm that is set against it; absent where that is the claim's own.
        labels: By assertion id, where people labelled replies: what that says of the check.
        unjudged: By assertion id, where a judge is only part of the check: readings of the rest by itself.
        confirmed: By assertion id, where people labelled replies: how many they call a fail.
        answers: By assertion id: wrong answers of failing replies, where the check reads one.
        agreed: By assertion id: replies that fail with an answer that the version compared with failed with, too.
    """

    claims: Mapping[str, ReadingTable]
    alive: Mapping[str, ReadingTable]
    live: Mapping[str, ReadingTable]
    against: Mapping[str, ReadingTable] = field(default_factory=dict)
    labels: Mapping[str, LabelEvidence] = field(default_factory=dict)
    unjudged: Mapping[str, ReadingTable] = field(default_factory=dict)
    confirmed: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    agreed: Mapping[str, frozenset[Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: SuiteReadings) -> Tables:
        """Return the tables of what was read of a suite."""
        return cls(
            claims=readings.claims,
            alive=readings.alive,
            live=readings.live,
            against=readings.against,
            labels=readings.labels,
            unjudged=readings.unjudged,
            confirmed={key: held.confirmed for key, held in readings.labelled.items()},
            answers=readings.answers,
        )

    def steady_probes(self) -> int | None:
        """Return how many probes two sessions agreed on, or None where the target is not known to be steady."""
        return find_steady(tuple(self.claims.values())) if self.claims else None


def find_controls(suite: Suite, instruments: Instruments, target_kind: TargetKind) -> dict[str, ControlFindings]:
    """Read the static controls and seeded faults of every assertion. They are facts about checks, not about models.

    Raises:
        SuiteErrors: A control cannot be read.
    """
    anchors = {
        name: weigh_anchors(judge, instruments.anchors[name])
        for name, judge in instruments.judges.items()
        if name in instruments.anchors
    }
    found: dict[str, ControlFindings] = {}
    for assertion in suite.assertions:
        with controls_of(assertion):
            findings = read_controls(
                assertion.controls,
                partial(instruments.compile_check, assertion.check),
                rules_of_controls(suite, assertion, target_kind),
                instruments.refusal,
                compile_second=instruments.second_for(assertion),
            )
        asked = tuple(
            replace(anchors[name], decides=name in assertion.check.judges)
            for name in sorted(assertion.judges)
            if name in anchors
        )
        found[assertion.id] = replace(findings, anchors=asked)
    return found


def assess_assertion(
    assertion: Assertion,
    tables: Tables,
    findings: ControlFindings,
    *,
    prior: ReadingTable | None,
    anchor: ReadingTable | None,
    steady: tuple[int | None, int | None] = (None, None),
    same_replies: bool = False,
) -> Side:
    """Return the side of one assertion on one model version.

    Args:
        assertion: The assertion.
        tables: The readings of its suite.
        findings: Its static controls.
        prior: The accepted baseline's readings, for the weights of the bets; None for the baseline itself.
        anchor: What a `no_worse` bar compares with; the baseline's own readings for the baseline itself.
        steady: Probes on which two sessions of this side, and of the anchor's side, agreed; None where not steady.
        same_replies: Some replies of `prior` and `anchor` are these very replies. Bets may then not rest on them, and
            a reply that equals itself refutes no drop.
    """
    table = tables.claims[assertion.id]
    group = GroupFacts(
        missed_faults=findings.missed_faults,
        false_alarms=findings.false_alarms,
        alive=_alive(assertion, tables),
        separation=_separation(assertion, tables),
        shown_able_to_fail=findings.shown_able_to_fail,
        dead_faults=findings.dead_faults,
        anchors=findings.anchors,
        labels=tables.labels.get(assertion.id),
        confirmed=tables.confirmed.get(assertion.id, 0),
        purged=count_purged(table, *(arms.get(assertion.id) for arms in (tables.alive, tables.live, tables.against))),
        labels_purged=assertion.id in tables.confirmed,
    )
    if _fails_without_judges(assertion, tables, prior, anchor, steady, same_replies=same_replies):
        group = replace(group, anchors=tuple(replace(each, decides=False) for each in group.anchors))
    if isinstance(assertion.bar, NoWorse):
        if anchor is None or not set(anchor.probes) & set(table.probes):
            return Side(Unmeasured("no baseline to compare with"), _unpaired(table, assertion.bar), group)
        evidence, outlook = _paired(table, assertion.bar, anchor, arithmetic=is_arithmetic(steady, same_replies))
    else:
        prior_rate = prior_rate_of(prior, same_replies)
        evidence = weigh_table(table, assertion.bar, prior_rate=prior_rate, steady_probes=steady[0])
        outlook = outlook_of(table, assertion.bar, evidence, prior_rate=prior_rate)
        agreed = tables.agreed.get(assertion.id)
        if agreed:
            spared = weigh_table(
                without_agreed(table, agreed), assertion.bar, prior_rate=prior_rate, steady_probes=steady[0]
            )
            group = replace(group, fresh=_fresh(assertion, agreed, fails_without=is_failing(spared, assertion.bar)))
    return Side(decide_verdict(evidence, assertion.bar, group, outlook), evidence, group)


def _fails_without_judges(
    assertion: Assertion,
    tables: Tables,
    prior: ReadingTable | None,
    anchor: ReadingTable | None,
    steady: tuple[int | None, int | None],
    *,
    same_replies: bool,
) -> bool:
    """Return whether what a check reads beside its judges fails by itself: then no judge is why it fails."""
    table, bar = tables.unjudged.get(assertion.id), assertion.bar
    if table is None:
        return False
    if not isinstance(bar, NoWorse):
        alone = weigh_table(table, bar, prior_rate=prior_rate_of(prior, same_replies), steady_probes=steady[0])
    elif anchor is not None:
        alone, _ = _paired(table, bar, anchor, arithmetic=is_arithmetic(steady, same_replies))
    else:
        return False
    return is_failing(alone, bar)


def prior_rate_of(prior: ReadingTable | None, same_replies: bool) -> float | None:  # noqa: FBT001 - as it is known
    """Return what the bets may rest on: the mean of an accepted baseline that is not of these very replies."""
    return None if prior is None or same_replies else mean_low(prior)


def is_arithmetic(steady: tuple[int | None, int | None], same_replies: bool) -> bool:  # noqa: FBT001 - as it is known
    """Return whether pairs are only counted: both sides are steady, or some replies are their own partners."""
    return same_replies or None not in steady


def _fresh(assertion: Assertion, agreed: frozenset[Cell], *, fails_without: bool) -> FreshEvidence:
    source = assertion.reference_from
    return FreshEvidence(
        probes=tuple(sorted({probe for probe, _ in agreed})),
        replies=len(agreed),
        source="" if source is None else " ".join(filter(None, (source.model, source.at))),
        blocks=source is not None and not fails_without,
    )


def _paired(table: ReadingTable, bar: NoWorse, anchor: ReadingTable, *, arithmetic: bool) -> tuple[Evidence, Outlook]:
    """Compare with the anchor. Against itself the anchor is arithmetic: it is what was accepted, voids apart."""
    pairing = pair_tables(anchor, table)
    evidence = weigh_pairs(pairing, table, bar, steady=anchor is table or arithmetic)
    return evidence, outlook_of_pairs(evidence)


def _unpaired(table: ReadingTable, bar: NoWorse) -> Evidence:
    return weigh_pairs(pair_tables(ReadingTable((), (), 1), table), table, bar, steady=False)


def _alive(assertion: Assertion, tables: Tables) -> ArmEvidence | None:
    if assertion.alive_if is None or assertion.id not in tables.alive:
        return None
    return weigh_alive(tables.alive[assertion.id], assertion.alive_if)


def _separation(assertion: Assertion, tables: Tables) -> SeparationEvidence | None:
    live = assertion.live
    if live is None or assertion.id not in tables.live:
        return None
    main = tables.claims if live.against is None else tables.against
    return weigh_live_arm(main[assertion.id], tables.live[assertion.id], live)
