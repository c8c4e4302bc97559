"""An accepted baseline as a side of a diff; what is left of replies that were purged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rebaseline.app.assessing import Tables
from rebaseline.app.benches import judges_as_asked
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.reading_keys import probe_differences, reading_key
from rebaseline.app.workspace import Workspace
from rebaseline.assess.kept import with_purged, with_violations, without_purged_arms
from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Reply
from rebaseline.domain.baseline import AcceptedAssertion, Baseline, same_judges
from rebaseline.domain.behaviour import Manner
from rebaseline.domain.comparison import Provider
from rebaseline.domain.judge import Judge
from rebaseline.domain.kept import ARMS, KeptRow
from rebaseline.domain.model import Target
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Assertion, Never, Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.store.baselines import baseline_path, load_baseline
from rebaseline.store.kept_file import kept_path, load_kept

__all__ = ["accepted_table", "baseline_side", "no_reply", "with_accepted"]


def baseline_side(
    suite: Suite, baseline: Baseline, stored: SuiteSide | None, judges: Mapping[str, Judge] | None = None
) -> SuiteSide:
    """Return the side of an accepted baseline.

    Its readings are what was accepted. Where a check or a judge has changed since, the old replies are read again with
    the check as it is now, if the store still has them.

    Args:
        suite: The suite as it stands now.
        baseline: What was accepted.
        stored: The side from the store; None where the old replies are not at hand.
        judges: The judges as they are asked now (`judges_as_asked`); None for a suite without.
    """
    asked = judges or {}
    claims = {}
    kept = set()
    for assertion in suite.assertions:
        accepted = baseline.assertions.get(assertion.id)
        again = None if stored is None else stored.tables.claims.get(assertion.id)
        kept_rule = accepted is not None and accepted.fingerprint == assertion.fingerprint
        if accepted is not None and ((kept_rule and same_judges(accepted, asked)) or again is None):
            claims[assertion.id] = accepted_table(suite, assertion, accepted, baseline.sessions)
            kept.add(assertion.id)
        elif again is not None:
            claims[assertion.id] = _as_accepted(again, baseline)
    return SuiteSide(
        model=baseline.model,
        tables=Tables(
            claims=claims,
            alive={} if stored is None else _arms(stored.tables.alive, baseline),
            live={} if stored is None else _arms(stored.tables.live, baseline),
            against={} if stored is None else _arms(stored.tables.against, baseline),
            labels={} if stored is None else stored.tables.labels,
            confirmed={} if stored is None else stored.tables.confirmed,
            answers={} if stored is None else stored.tables.answers,
        ),
        fetch=no_reply if stored is None else stored.fetch,
        manner=_accepted_manner(baseline) if stored is None else stored.manner,
        provider=Provider() if stored is None else stored.provider,
        baseline=baseline,
        sessions=baseline.sessions,
        accepted_readings=frozenset(kept),
        traits=None if stored is None else stored.traits,
    )


def _arms(tables: Mapping[str, ReadingTable], baseline: Baseline) -> dict[str, ReadingTable]:
    return {name: _as_accepted(table, baseline) for name, table in tables.items()}


def _as_accepted(table: ReadingTable, baseline: Baseline) -> ReadingTable:
    """Leave out rounds of sessions that were not accepted: a pinned version goes on answering under the same name."""
    accepted = {*baseline.sessions, ""}
    later = {sample for sample, session in enumerate(table.sessions) if session not in accepted}
    if not later or not baseline.sessions:
        return table
    rows = tuple(
        tuple(None if sample in later else reading for sample, reading in enumerate(row)) for row in table.readings
    )
    return replace(table, readings=rows)


def _accepted_manner(baseline: Baseline) -> Manner | None:
    """Return the plain shares that were accepted with a baseline; None where it kept none."""
    kept = {name: value for name, value in baseline.manner.items() if isinstance(value, int | float)}
    replies = int(kept.pop("replies", 0))
    return Manner(replies, kept, None, None) if replies else None


def with_accepted(
    workspace: Workspace,
    suite: Suite,
    target: Target,
    model_name: str,
    readings: SuiteReadings,
    purged: Mapping[Place, datetime],
) -> SuiteReadings:
    """Return a version's readings with every purged cell as it was read before; void where nobody knows.

    What was read when it was purged comes first, then what the baseline of this very version keeps. A reply that was
    received after that baseline was accepted is not the one that was. A baseline keeps no arms: where they were purged
    after an assertion was accepted as holding with them, what is left of them is weighed.
    """
    rows = load_kept(kept_path(workspace.project.root, suite.id, target.name, model_name))
    if not rows and not purged:
        return readings
    judges = judges_as_asked(workspace, suite)
    kept = {arm: _kept_of(suite, judges, [row for row in rows if row.arm == arm]) for arm in ARMS}
    path = baseline_path(workspace.project.paths.baselines, suite.id, target.name, model_name)
    baseline = load_baseline(path) if purged and path.exists() else None
    accepted, without_arms = ({}, set()) if baseline is None else _accepted_of(suite, judges, baseline, purged)
    claims = {name: {**accepted.get(name, {}), **kept["claims"].get(name, {})} for name in {*accepted, *kept["claims"]}}
    filled = without_purged_arms(with_purged(readings, purged, {**kept, "claims": claims}), without_arms)
    never = [assertion.id for assertion in suite.assertions if isinstance(assertion.bar, Never)]
    return with_violations(filled, never, kept) if rows else filled


def _kept_of(suite: Suite, judges: Mapping[str, Judge], rows: Sequence[KeptRow]) -> dict[str, dict[Place, Reading]]:
    """Return by assertion id what was read of purged cells by the rule, the judges and the requests of today."""
    rules = {assertion.id: assertion for assertion in suite.assertions}
    keys = {probe.id: probe for probe in suite.probes}
    found: dict[str, dict[Place, Reading]] = {}
    for row in rows:
        rule = rules.get(row.assertion)
        same = all(name in judges and judges[name].mark == mark for name, mark in row.judges.items())
        if rule is None or rule.fingerprint != row.rule or not same:
            continue
        found[row.assertion] = {
            (probe, sample): reading
            for probe, readings in row.readings.items()
            if probe in keys and reading_key(rule, keys[probe]) == row.keys[probe]
            for sample, reading in enumerate(readings)
            if reading is not None
        }
    return found


def _accepted_of(
    suite: Suite, judges: Mapping[str, Judge], baseline: Baseline, purged: Mapping[Place, datetime]
) -> tuple[dict[str, dict[Place, Reading]], set[str]]:
    """Return by assertion id what a baseline keeps of purged cells, and what was accepted as holding with its arms."""
    seen = [place for place, received_at in purged.items() if received_at <= baseline.accepted_at]
    found: dict[str, dict[Place, Reading]] = {}
    held = set()
    for assertion in suite.assertions:
        accepted = baseline.assertions.get(assertion.id)
        if accepted is None or accepted.fingerprint != assertion.fingerprint or not same_judges(accepted, judges):
            continue
        table = accepted_table(suite, assertion, accepted, baseline.sessions)
        rows = dict(zip(table.probes, table.readings, strict=True))
        there = {place: rows[place[0]][place[1]] for place in seen if place[1] < len(rows.get(place[0], ()))}
        found[assertion.id] = {place: reading for place, reading in there.items() if reading is not None}
        if len(seen) == len(purged) and accepted.verdict == VerdictName.HOLDS:
            held.add(assertion.id)
    return found, held


def no_reply(probe: str, sample: int) -> Reply | None:
    """Find no reply: a baseline file holds readings only."""
    del probe, sample
    return None


def accepted_table(
    suite: Suite, assertion: Assertion, accepted: AcceptedAssertion, sessions: tuple[str, ...]
) -> ReadingTable:
    """Return the accepted readings of the probes that are still asked as they were.

    Args:
        suite: The suite as it stands now.
        assertion: The assertion.
        accepted: What was accepted of it.
        sessions: Keys of the sessions that the readings come from, by sample index where known.
    """
    asked = suite.probes_on(assertion.on)
    otherwise = probe_differences(accepted, assertion, asked)
    probes = [probe for probe in asked if probe.id in accepted.probe_keys and probe.id not in otherwise]
    return ReadingTable(
        probes=tuple(probe.id for probe in probes),
        readings=tuple(accepted.readings.get(probe.id, ()) for probe in probes),
        planned_rounds=min((probe.samples for probe in probes), default=1),
        sessions=sessions,
    )
