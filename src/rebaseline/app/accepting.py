"""Stored replies accepted as the baseline of a model version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rebaseline.app.assessing import Instruments, Tables, assess_assertion, find_controls
from rebaseline.app.benches import instruments_of
from rebaseline.app.reading_keys import reading_key
from rebaseline.app.sides import anchor_tables, first_baseline, nothing_stored, read_stored, stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.canonical_rule import canonical_rule
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.baseline import AcceptedAssertion, Baseline
from rebaseline.domain.form import Form
from rebaseline.domain.judge import Judge
from rebaseline.domain.model import ModelVersion, Provenance, Target
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import NoBaselineError, UsageError
from rebaseline.store.baseline_path import baseline_path
from rebaseline.store.baselines import save_baseline, standing_digest
from rebaseline.store.store import Store

__all__ = ["Acceptance", "AcceptedFile", "accept_model"]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepts what, and why.

    Attributes:
        model: The model version.
        suites: Suite ids; empty for all that have replies.
        target: Target name; None where the project has one only.
        by: Who accepts.
        reason: Why.
        at: When, with time zone.
    """

    model: str
    by: str
    reason: str
    at: datetime
    suites: tuple[str, ...] = ()
    target: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A baseline that was written.

    Attributes:
        path: The file.
        suite: Suite id.
        verdicts: Assertions by verdict at acceptance.
        failing: Assertions that are failing: accepted as they are, they are not accepted away.
        replaced: An earlier baseline of the same model version stood there.
    """

    path: Path
    suite: str
    verdicts: dict[VerdictName, int]
    failing: tuple[str, ...]
    replaced: bool


def accept_model(workspace: Workspace, acceptance: Acceptance) -> tuple[AcceptedFile, ...]:
    """Write the baseline files of a model version.

    Every assertion is accepted with the verdict it has. A failing one stays failing: the file records it, and no later
    diff counts it as held.

    Raises:
        NoBaselineError: Nothing is stored of the model version.
        UsageError: Nobody or no reason is named.
    """
    for value, option in ((acceptance.by, "--as"), (acceptance.reason, "--reason")):
        if not value.strip():
            raise UsageError(f"{option} is empty", remedy="say who accepts, and why: it is kept in the file")
    target = workspace.target(acceptance.target)
    written: list[AcceptedFile] = []
    suites = workspace.suites(acceptance.suites)
    with workspace.open_store() as store:
        for suite in suites:
            readings, _ = read_stored(workspace, store, suite, target, acceptance.model)
            if readings.attempts:
                written.append(_accept_suite(workspace, store, suite, target, acceptance, readings))
        if not written:
            problem, remedy = nothing_stored(store, suites, target, acceptance.model)
            raise NoBaselineError(problem, remedy=remedy)
    return tuple(written)


def _accept_suite(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    target: Target,
    acceptance: Acceptance,
    readings: SuiteReadings,
) -> AcceptedFile:
    anchors = anchor_tables(suite, first_baseline(workspace, suite, target))
    instruments = instruments_of(workspace, store, suite)
    verdicts = _verdicts(instruments, suite, target, readings, anchors)
    side, _ = stored_side(workspace, store, suite, target, acceptance.model)
    model = side.model if side is not None else ModelVersion("unknown", acceptance.model, acceptance.model)
    headers = {header.key: header for header in store.sessions(suite=suite.id, target=target.name)}
    asked = [headers[key] for key in readings.sessions if key in headers]
    baseline = Baseline(
        suite=suite.id,
        suite_version=suite.version,
        suite_fingerprint=suite.fingerprint,
        target=target.name,
        target_fingerprint=asked[0].target.fingerprint if asked else target.fingerprint,
        target_identity=dict(asked[0].target.identity) if asked else dict(target.identity),
        model=model,
        sessions=readings.sessions,
        provenance=asked[0].provenance if asked else Provenance(),
        assertions={
            assertion.id: _accepted(suite, assertion, readings, verdicts[assertion.id], instruments.judges)
            for assertion in suite.assertions
        },
        forms=_form_profile(readings),
        manner=_manner(readings),
        accepted_at=acceptance.at,
        accepted_by=acceptance.by.strip(),
        reason=acceptance.reason.strip(),
    )
    path = baseline_path(workspace.project.paths.baselines, suite.id, target.name, model.name)
    digest = standing_digest(path)
    save_baseline(path, baseline, replacing=digest)
    counts = Counter(VerdictName(name) for name in verdicts.values())
    failing = tuple(key for key, name in verdicts.items() if name == VerdictName.FAILING)
    return AcceptedFile(path, suite.id, dict(counts), failing, digest is not None)


def _verdicts(
    instruments: Instruments, suite: Suite, target: Target, readings: SuiteReadings, anchors: Mapping[str, ReadingTable]
) -> dict[str, VerdictName]:
    tables = Tables.of(readings)
    findings = find_controls(suite, instruments, target.kind)
    steady = tables.steady_probes()
    return {
        assertion.id: VerdictName.of(
            assess_assertion(
                assertion,
                tables,
                findings[assertion.id],
                prior=None,
                anchor=anchors.get(assertion.id, tables.claims[assertion.id]),
                steady=(steady, steady),
            ).verdict
        )
        for assertion in suite.assertions
    }


def _accepted(
    suite: Suite,
    assertion: Assertion,
    readings: SuiteReadings,
    verdict: VerdictName,
    judges: Mapping[str, Judge],
) -> AcceptedAssertion:
    table = readings.claims[assertion.id]
    rows: dict[str, tuple[Reading | None, ...]] = dict(zip(table.probes, table.readings, strict=True))
    return AcceptedAssertion(
        id=assertion.id,
        verdict=str(verdict),
        bar=assertion.bar,
        check_fingerprint=assertion.check.fingerprint,
        fingerprint=assertion.fingerprint,
        readings=rows,
        probe_keys={probe.id: reading_key(assertion, probe) for probe in suite.probes_on(assertion.on)},
        judges={name: judges[name].mark for name in sorted(assertion.judges)},
        rule=canonical_rule(assertion),
    )


def _manner(readings: SuiteReadings) -> dict[str, float]:
    """Return the plain shares of replies that bear a mark; later they are all that is known where no reply is left."""
    manner = readings.traits.manner()
    return {"replies": manner.replies, **{name: round(share, 4) for name, share in manner.shares.items()}}


def _form_profile(readings: SuiteReadings) -> dict[str, float]:
    """Return the share of readings in which each form was met; forms that were not met are left out."""
    met: Counter[Form] = Counter()
    total = 0
    for table in readings.claims.values():
        for reading in table.all_readings():
            total += 1
            met.update(reading.forms)
    return {str(form): round(count / total, 4) for form, count in sorted(met.items())}
