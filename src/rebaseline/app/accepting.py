"""Stored replies accepted as the baseline of a model version, every assertion with the verdict that it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from rebaseline.app.accepted_rules import baselines_of
from rebaseline.app.anchoring import anchor_tables
from rebaseline.app.appending import append_entries
from rebaseline.app.assessing import Instruments, Tables, assess_assertion, find_controls
from rebaseline.app.benches import instruments_of
from rebaseline.app.elsewhere import require_nothing_retired_fails
from rebaseline.app.hand_edits import GONE, require_other_author, rules_since_accepted
from rebaseline.app.recorded import Reader, Signature, record_baseline
from rebaseline.app.sides import nothing_stored, read_stored, stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.suite_reader import SuiteReadings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import Entry, FileChange, plain_rules
from rebaseline.domain.model import ModelVersion, Target
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import NoBaselineError, UsageError
from rebaseline.store.baselines import baseline_path, prepare_baseline, standing_digest
from rebaseline.store.manifest import sha256_of
from rebaseline.store.transaction import Replacement, transaction

__all__ = ["Acceptance", "AcceptedFile", "accept_model"]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepts what, and why.

    Attributes:
        model: The model version.
        actor: Who accepts.
        reason: Why.
        at: When, with time zone.
        suites: Suite ids; empty for all that have replies.
        target: Target name; None where the project has one only.
        replacing: By suite: digest of the baseline that was looked at, None for none; a suite that is not named is not
            asked about.
        sign: Returns the signature of a ledger entry's bytes; None signs as git does where the project demands it.
    """

    model: str
    actor: Actor
    reason: str
    at: datetime
    suites: tuple[str, ...] = ()
    target: str | None = None
    replacing: Mapping[str, str | None] = field(default_factory=dict)
    sign: Callable[[bytes], bytes] | None = None


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A baseline that was written.

    Attributes:
        path: The file.
        suite: Suite id.
        digest: The baseline's digest.
        verdicts: Assertions by verdict at acceptance.
        failing: Assertions that are failing: accepted as they are, they are not accepted away.
        replaced: An earlier baseline of the same model version stood there.
    """

    path: Path
    suite: str
    digest: str
    verdicts: dict[VerdictName, int]
    failing: tuple[str, ...]
    replaced: bool


@dataclass(frozen=True, slots=True)
class _Accepted:
    file: AcceptedFile
    replacement: Replacement
    entry: Entry


def accept_model(workspace: Workspace, acceptance: Acceptance) -> tuple[AcceptedFile, ...]:
    """Write the baseline files of a model version and continue the ledger, all of it or nothing.

    Every assertion is accepted with the verdict it has. A failing one stays failing: the file records it, and no later
    diff counts it as held.

    Raises:
        NoBaselineError: Nothing is stored of the model version.
        UsageError: No reason is named, replies were purged before anybody accepted them, or what fails is
            retired.
        BaselineError: Another baseline stands there than the one that was looked at, or a damaged one.
        ChangeError: The files cannot be written.
        LedgerError: An entry of the ledger cannot be relied upon, or whoever accepts changed a rule by hand, where the
            project wants duties to be separate.
    """
    if not acceptance.reason.strip():
        raise UsageError("--reason is empty", remedy="say why you accept: it is kept in the file")
    target = workspace.target(acceptance.target)
    suites = workspace.suites(acceptance.suites)
    accepted: list[_Accepted] = []
    with transaction(workspace.changeable) as change, workspace.open_store() as store:
        for suite in suites:
            readings, _ = read_stored(workspace, store, suite, target, acceptance.model)
            if readings.attempts or readings.purged:
                require_nothing_retired_fails(workspace, store, suite, target, acceptance.model)
                accepted.append(_accept_suite(Reader(workspace, store, suite, target), acceptance, readings))
        if not accepted:
            problem, remedy = nothing_stored(store, suites, target, acceptance.model)
            raise NoBaselineError(problem, remedy=remedy)
        appended = append_entries(workspace, [it.entry for it in accepted], sign=acceptance.sign)
        change.commit([*(it.replacement for it in accepted), *(file for it in appended for file in it.files)])
    return tuple(it.file for it in accepted)


def _accept_suite(reader: Reader, acceptance: Acceptance, readings: SuiteReadings) -> _Accepted:
    workspace, suite, target = reader.workspace, reader.suite, reader.target
    anchors = anchor_tables(baselines_of(workspace, suite, target), suite)
    instruments = instruments_of(workspace, reader.store, suite)
    verdicts = _verdicts(instruments, suite, target, readings, anchors)
    side, _ = stored_side(workspace, reader.store, suite, target, acceptance.model)
    model = side.model if side is not None else ModelVersion("unknown", acceptance.model, acceptance.model)
    signature = Signature(str(acceptance.actor), acceptance.at, acceptance.reason)
    baseline = record_baseline(reader, model, readings, verdicts, signature)
    path = baseline_path(workspace.project.paths.baselines, suite.id, target.name, model.name)
    standing = standing_digest(path)
    before = sha256_of(path.read_bytes() if path.exists() else None)
    content, digest = prepare_baseline(path, baseline, replacing=acceptance.replacing.get(suite.id, standing))
    replacement = Replacement(path.relative_to(workspace.project.root).as_posix(), content, before)
    counts = Counter(VerdictName(name) for name in verdicts.values())
    failing = tuple(key for key, name in verdicts.items() if name == VerdictName.FAILING)
    rules = rules_since_accepted(workspace, suite, target, readings)
    proposer = require_other_author(workspace, suite, target, acceptance.actor, rules)
    entry = _entry(reader, acceptance, verdicts, rules, replacement, digest)
    return _Accepted(
        AcceptedFile(path, suite.id, digest, dict(counts), failing, standing is not None),
        replacement,
        replace(entry, proposed_by=proposer),
    )


def _entry(
    reader: Reader,
    acceptance: Acceptance,
    verdicts: Mapping[str, str],
    rules: Mapping[str, tuple[RuleChange, ...]],
    file: Replacement,
    digest: str,
) -> Entry:
    return Entry(
        action="accept",
        at=acceptance.at,
        actor=acceptance.actor,
        reason=acceptance.reason.strip(),
        suite=reader.suite.id,
        suite_version=reader.suite.version,
        target=reader.target.name,
        model=acceptance.model,
        items={
            name: {
                "action": "accept",
                "verdict": str(verdict),
                **({"rules": plain_rules(rules[name])} if name in rules else {}),
            }
            for name, verdict in verdicts.items()
        }
        | {
            name: {"action": GONE, "rules": plain_rules(found)} for name, found in rules.items() if name not in verdicts
        },
        files=(FileChange(file.path, file.before, sha256_of(file.content)),),
        evidence=digest,
    )


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
