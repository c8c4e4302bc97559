"""Stored readings as a baseline: what is recorded of a suite on a model version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rebaseline.app.benches import instruments_of
from rebaseline.app.reading_keys import reading_keys
from rebaseline.app.workspace import Workspace
from rebaseline.assess.canonical_rule import canonical_rule
from rebaseline.assess.kept import count_purged
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.domain.baseline import AcceptedAssertion, Baseline, earlier_of
from rebaseline.domain.form import Form
from rebaseline.domain.judge import Judge
from rebaseline.domain.model import ModelVersion, Provenance, Target
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import UsageError
from rebaseline.store.baselines import baseline_path, load_baseline
from rebaseline.store.store import Store

__all__ = ["Reader", "Signature", "record_baseline"]


@dataclass(frozen=True, slots=True)
class Reader:
    """What one suite's stored replies are read with, on one target.

    Attributes:
        workspace: The project.
        store: Its store.
        suite: The suite.
        target: The target.
    """

    workspace: Workspace
    store: Store
    suite: Suite
    target: Target


@dataclass(frozen=True, slots=True)
class Signature:
    """Who accepted, when and why, as a baseline keeps it.

    Attributes:
        by: Who.
        at: When, with time zone.
        reason: Why.
    """

    by: str
    at: datetime
    reason: str


def record_baseline(
    reader: Reader, model: ModelVersion, readings: SuiteReadings, verdicts: Mapping[str, str], signature: Signature
) -> Baseline:
    """Return the baseline of a model version, with what it keeps of the one that it replaces; nothing is written.

    Args:
        reader: What the readings were read with.
        model: The model version.
        readings: What its stored replies read as.
        verdicts: By id: the assertions that are recorded, each with the verdict that it has.
        signature: Who accepts, when and why.

    Raises:
        BaselineError: The baseline that stands there is damaged.
        UsageError: Replies that it would rest on were purged, and nothing keeps what was read of them.
    """
    suite, target = reader.suite, reader.target
    _require_kept(suite, model, readings, verdicts)
    judges = instruments_of(reader.workspace, reader.store, suite).judges
    headers = {header.key: header for header in reader.store.sessions(suite=suite.id, target=target.name)}
    asked = [headers[key] for key in readings.sessions if key in headers]
    accepted = {
        assertion.id: _accepted(suite, assertion, readings, VerdictName(verdicts[assertion.id]), judges)
        for assertion in suite.assertions
        if assertion.id in verdicts
    }
    place = baseline_path(reader.workspace.project.paths.baselines, suite.id, target.name, model.name)
    return Baseline(
        suite=suite.id,
        suite_version=suite.version,
        suite_fingerprint=suite.fingerprint,
        target=target.name,
        target_fingerprint=asked[0].target.fingerprint if asked else target.fingerprint,
        target_identity=dict(asked[0].target.identity) if asked else dict(target.identity),
        model=model,
        sessions=readings.sessions,
        provenance=asked[0].provenance if asked else Provenance(),
        assertions=accepted,
        forms=_form_profile(readings),
        manner=_manner(readings),
        accepted_at=signature.at,
        accepted_by=signature.by.strip(),
        reason=signature.reason.strip(),
        earlier=earlier_of(load_baseline(place), accepted) if place.exists() else (),
    )


def _require_kept(suite: Suite, model: ModelVersion, readings: SuiteReadings, verdicts: Mapping[str, str]) -> None:
    lost = {name: count_purged(readings.claims[name]) for name in verdicts}
    gone = [name for name, purged in lost.items() if purged]
    if gone:
        raise UsageError(
            f"{max(lost.values()):,} replies of {model.name} were purged before they were accepted: what they showed "
            f"is not known any more ({', '.join(gone)})",
            where=suite.id,
            remedy="ask again with `rebaseline run`, or import them again, and accept then",
        )


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
        probe_keys=reading_keys(assertion, suite.probes_on(assertion.on)),
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
