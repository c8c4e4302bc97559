"""A suite's side of a diff: from stored attempts, or from an accepted baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from rebaseline.app.assessing import Tables
from rebaseline.app.benches import instruments_of, judges_as_asked
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.reading_keys import reading_key
from rebaseline.app.workspace import Workspace
from rebaseline.assess.kept import with_purged, without_purged_arms
from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings, read_suite
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.baseline import AcceptedAssertion, Baseline, same_judges
from rebaseline.domain.behaviour import Manner
from rebaseline.domain.comparison import Provider
from rebaseline.domain.judge import Judge
from rebaseline.domain.label import AssertionLabels, SuiteLabels
from rebaseline.domain.model import ModelVersion, Target
from rebaseline.domain.reading import Reading
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, NoWorse, Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.store.baselines import baseline_path, find_baselines, load_baseline
from rebaseline.store.store import Store
from rebaseline.targets.registry import RECORDED

__all__ = [
    "anchor_tables",
    "baseline_side",
    "first_baseline",
    "nothing_stored",
    "purged_of",
    "read_stored",
    "stored_side",
    "unasked_side",
]


def read_stored(  # noqa: PLR0913 - each is named at the call
    workspace: Workspace,
    store: Store,
    suite: Suite,
    target: Target,
    model_name: str,
    *,
    watched: str | None = None,
    labels: SuiteLabels | None = None,
    manner: bool = True,
) -> tuple[SuiteReadings, int]:
    """Read what is stored of a suite on a model version.

    Args:
        workspace: The project.
        store: Its store.
        suite: The suite.
        target: The target.
        model_name: The model version.
        watched: An assertion whose replies are told by their words even if nobody labelled one yet.
        labels: What people said, by assertion id; None for what is kept of this suite.
        manner: Tally the manner of the replies and what the provider did, too.

    Returns:
        The readings, and how many attempts were left out because their probe was worded otherwise.
    """
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    instruments = instruments_of(workspace, store, suite)
    said = workspace.labels(suite) if labels is None else labels
    stale = 0

    def current() -> Iterator[AttemptRecord]:
        nonlocal stale
        for record in store.attempts(suite.id, target.name, model_name):
            if wording.get(record.probe) == record.probe_fingerprint:
                yield record
            else:
                stale += 1

    readings = read_suite(
        suite,
        current(),
        compile_check=instruments.compile_check,
        refusal=instruments.refusal,
        target_kind=target.kind,
        labels={**({} if watched is None else {watched: AssertionLabels()}), **said},
        target_name=target.name,
        manner=manner,
    )
    purged = purged_of(store, suite, target, model_name)
    if purged:
        readings = _with_purged(workspace, suite, target, model_name, readings, purged)
    if target.type == RECORDED:
        readings = _planned_as_imported(readings)
    return readings, stale


def _with_purged(
    workspace: Workspace,
    suite: Suite,
    target: Target,
    model_name: str,
    readings: SuiteReadings,
    purged: Mapping[Place, datetime],
) -> SuiteReadings:
    """Return readings with every purged cell as the baseline of its version keeps it; void where it does not.

    A reply that was received after the baseline was accepted is not the one that was. Arms are not kept: where they
    were purged after an assertion was accepted as holding with them, they are left out.
    """
    path = baseline_path(workspace.project.paths.baselines, suite.id, target.name, model_name)
    if not path.exists():
        return with_purged(readings, purged, {})
    baseline = load_baseline(path)
    judges = judges_as_asked(workspace, suite)
    seen = [place for place, received_at in purged.items() if received_at <= baseline.accepted_at]
    kept: dict[str, dict[Place, Reading]] = {}
    without_arms = set()
    for assertion in suite.assertions:
        accepted = baseline.assertions.get(assertion.id)
        if accepted is None or accepted.fingerprint != assertion.fingerprint or not same_judges(accepted, judges):
            continue
        table = _table(suite, assertion, accepted, baseline)
        rows = dict(zip(table.probes, table.readings, strict=True))
        found = {place: rows[place[0]][place[1]] for place in seen if place[1] < len(rows.get(place[0], ()))}
        kept[assertion.id] = {place: reading for place, reading in found.items() if reading is not None}
        if len(seen) == len(purged) and accepted.verdict == VerdictName.HOLDS:
            without_arms.add(assertion.id)
    return without_purged_arms(with_purged(readings, purged, kept), without_arms)


def _planned_as_imported(readings: SuiteReadings) -> SuiteReadings:
    """Plan for imported logs what was imported: nobody can be asked for the rest."""

    def planned(tables: Mapping[str, ReadingTable]) -> dict[str, ReadingTable]:
        return {
            key: replace(table, planned_rounds=max(1, len(table.complete_rounds()))) for key, table in tables.items()
        }

    return replace(
        readings,
        claims=planned(readings.claims),
        alive=planned(readings.alive),
        live=planned(readings.live),
        against=planned(readings.against),
    )


def stored_side(
    workspace: Workspace, store: Store, suite: Suite, target: Target, model_name: str
) -> tuple[SuiteSide | None, int]:
    """Return the side of a model version from the store, None where nothing is stored, and the count left out."""
    readings, stale = read_stored(workspace, store, suite, target, model_name)
    if not readings.attempts and not readings.purged:
        return None, stale
    wording = {probe.id: probe.fingerprint for probe in suite.probes}

    def fetch(probe: str, sample: int) -> Reply | None:
        record = store.attempt(suite.id, target.name, model_name, probe, sample, probe_fingerprint=wording.get(probe))
        if record is None or not isinstance(record.attempt, Answered):
            return None
        return record.attempt.reply

    side = SuiteSide(
        model=_model(store, suite, target, model_name),
        tables=Tables.of(readings),
        fetch=fetch,
        manner=readings.traits.manner(),
        provider=readings.provider,
        sessions=readings.sessions,
        traits=readings.traits,
    )
    return side, stale


def _model(store: Store, suite: Suite, target: Target, model_name: str) -> ModelVersion:
    """Return the version's record; several ids may have been asked for and answered by the same one."""
    held = [
        holding.model
        for holding in store.holdings(suite=suite.id, target=target.name)
        if holding.model.served == model_name
    ]
    return held[-1] if held else ModelVersion("unknown", model_name, model_name)


def unasked_side(workspace: Workspace, suite: Suite, target: Target, model_name: str) -> SuiteSide:
    """Return the side of a model version that has no reply here: every assertion is there, and unmeasured."""
    instruments = instruments_of(workspace, None, suite)
    readings = read_suite(
        suite, (), compile_check=instruments.compile_check, refusal=instruments.refusal, target_kind=target.kind
    )
    return SuiteSide(
        model=ModelVersion("unknown", model_name, model_name),
        tables=Tables.of(readings),
        fetch=_nothing,
        manner=None,
        provider=readings.provider,
    )


def purged_of(store: Store, suite: Suite, target: Target, model_name: str) -> dict[Place, datetime]:
    """Return the cells of a model version whose reply, to a probe as it is worded now, was purged.

    With each stands when the last reply to it that was purged had been received.
    """
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    return store.purged(suite.id, target.name, model_name, probe_fingerprints=wording)


def nothing_stored(store: Store, suites: Sequence[Suite], target: Target, model_name: str) -> tuple[str, str]:
    """Return what to say where no reply of a model version can be read, and what to do about it."""
    stale = 0
    for suite in suites:
        wording = {probe.id: probe.fingerprint for probe in suite.probes}
        stale += store.left_out(suite.id, target.name, model_name, probe_fingerprints=wording).stale
    names = ", ".join(suite.id for suite in suites)
    problem = f"no reply of {model_name!r} on target {target.name} is stored for {names}"
    if stale:
        return (
            f"{problem} as its probes are worded now: {stale:,} replies answer an older wording",
            "ask again with `rebaseline run`, or take the old wording back",
        )
    held = {holding.model.name for holding in store.holdings(target=target.name)}
    near = get_close_matches(model_name, sorted(held), n=1)
    return problem, (f"did you mean {near[0]!r}? " if near else "") + "`rebaseline models` lists what is stored"


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
            claims[assertion.id] = _table(suite, assertion, accepted, baseline)
            kept.add(assertion.id)
        elif again is not None:
            claims[assertion.id] = again
    return SuiteSide(
        model=baseline.model,
        tables=Tables(
            claims=claims,
            alive={} if stored is None else stored.tables.alive,
            live={} if stored is None else stored.tables.live,
            against={} if stored is None else stored.tables.against,
            labels={} if stored is None else stored.tables.labels,
            confirmed={} if stored is None else stored.tables.confirmed,
            answers={} if stored is None else stored.tables.answers,
        ),
        fetch=_nothing if stored is None else stored.fetch,
        manner=_accepted_manner(baseline) if stored is None else stored.manner,
        provider=Provider() if stored is None else stored.provider,
        baseline=baseline,
        sessions=baseline.sessions,
        accepted_readings=frozenset(kept),
        traits=None if stored is None else stored.traits,
    )


def _accepted_manner(baseline: Baseline) -> Manner | None:
    """Return the plain shares that were accepted with a baseline; None where it kept none."""
    kept = {name: value for name, value in baseline.manner.items() if isinstance(value, int | float)}
    replies = int(kept.pop("replies", 0))
    return Manner(replies, kept, None, None) if replies else None


def first_baseline(workspace: Workspace, suite: Suite, target: Target) -> Baseline | None:
    """Return the baseline that was accepted first; `no_worse` bars stay anchored to it."""
    paths = find_baselines(workspace.project.paths.baselines, suite.id, target.name)
    return min((load_baseline(path) for path in paths), key=lambda baseline: baseline.accepted_at, default=None)


def anchor_tables(suite: Suite, anchor: Baseline | None) -> dict[str, ReadingTable]:
    """Return the accepted readings that `no_worse` bars compare with, by assertion id."""
    if anchor is None:
        return {}
    return {
        assertion.id: _table(suite, assertion, anchor.assertions[assertion.id], anchor)
        for assertion in suite.assertions
        if isinstance(assertion.bar, NoWorse)
        and assertion.id in anchor.assertions
        and anchor.assertions[assertion.id].check_fingerprint == assertion.check.fingerprint
    }


def _nothing(probe: str, sample: int) -> Reply | None:
    """Find no reply: a baseline file holds readings only."""
    del probe, sample
    return None


def _table(suite: Suite, assertion: Assertion, accepted: AcceptedAssertion, baseline: Baseline) -> ReadingTable:
    """Return the accepted readings of the probes that are still asked as they were."""
    probes = [
        probe
        for probe in suite.probes_on(assertion.on)
        if accepted.probe_keys.get(probe.id) == reading_key(assertion, probe)
    ]
    return ReadingTable(
        probes=tuple(probe.id for probe in probes),
        readings=tuple(accepted.readings.get(probe.id, ()) for probe in probes),
        planned_rounds=min((probe.samples for probe in probes), default=1),
        sessions=baseline.sessions,
    )
