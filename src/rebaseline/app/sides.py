"""A suite's side of a diff from stored attempts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from rebaseline.app.assessing import Tables
from rebaseline.app.baseline_sides import no_reply, with_accepted
from rebaseline.app.benches import instruments_of
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.workspace import Workspace
from rebaseline.assess.labelled import Place
from rebaseline.assess.suite_reader import SuiteReadings, read_suite
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.label import AssertionLabels, SuiteLabels
from rebaseline.domain.model import ModelVersion, Target
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Suite
from rebaseline.store.store import Store
from rebaseline.targets.registry import RECORDED

__all__ = [
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
    readings = with_accepted(workspace, suite, target, model_name, readings, purged)
    if target.type == RECORDED:
        readings = _planned_as_imported(readings)
    return readings, stale


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
        fetch=no_reply,
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
