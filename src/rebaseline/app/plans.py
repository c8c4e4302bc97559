"""What the decisions on one suite come to, worked out before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rebaseline.app.benches import instruments_of
from rebaseline.app.comparing import SuiteSide, new_sides
from rebaseline.app.diffing import compared_side
from rebaseline.app.edited_suites import EditedSuite, edited_suite
from rebaseline.app.elsewhere import effects_elsewhere, require_nothing_retired_fails
from rebaseline.app.hand_edits import GONE, require_other_author, rules_since_accepted
from rebaseline.app.recorded import Reader, Signature, record_baseline
from rebaseline.app.sides import read_stored, stored_side, unasked_side
from rebaseline.app.waiving import max_waiver_days
from rebaseline.app.workspace import Workspace
from rebaseline.assess.rules import changes_between
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.comparison import RuleChange, Side
from rebaseline.domain.decision import Action, Actor, Decision
from rebaseline.domain.ledger import Entry, FileChange, plain_rules
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Probe, Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.admissible import Effect, objections_to
from rebaseline.review.findings import finding_of, plain_finding
from rebaseline.store.baselines import baseline_path, load_baseline, prepare_baseline, standing_digest
from rebaseline.store.compact import render_readings
from rebaseline.store.manifest import sha256_of
from rebaseline.store.store import Store
from rebaseline.store.transaction import Replacement

__all__ = ["Act", "Plan", "plan_suite"]

_RECORDING = frozenset({Action.REPAIR, Action.REBASELINE})


@dataclass(frozen=True, slots=True)
class Act:
    """What the decisions of one act share.

    Attributes:
        workspace: The project.
        target: The target.
        models: The old model version, None where there is none, and the new one.
        actor: Who decided.
        at: When.
        replacing: By suite: digest of the baseline that was looked at; a suite that is not there is not asked about.
        proposed_by: Who proposed it, where somebody else accepts.
    """

    workspace: Workspace
    target: Target
    models: tuple[str | None, str]
    actor: Actor
    at: datetime
    replacing: Mapping[str, str | None]
    proposed_by: Actor | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the decisions on one suite come to.

    Attributes:
        edited: The suite before and after.
        objections: Why they may not be carried out; the rest means nothing where there is one.
        suite_files: The suite's file, where it is edited.
        baseline_files: The new version's baseline, where one is written.
        digest: Digest of that baseline.
        recorded: By assertion id: the verdict that it records.
        left_out: Assertions that it leaves out.
        rules: By assertion id: what changes of its rule.
        entry: What the ledger is to say; its parents are not set.
    """

    edited: EditedSuite
    objections: tuple[str, ...]
    suite_files: tuple[Replacement, ...]
    baseline_files: tuple[Replacement, ...]
    digest: str
    recorded: Mapping[str, str]
    left_out: tuple[str, ...]
    rules: Mapping[str, tuple[RuleChange, ...]]
    entry: Entry


def plan_suite(act: Act, store: Store, suite: Suite, decisions: Sequence[Decision]) -> Plan:
    """Work out what decisions on one suite come to.

    Raises:
        UsageError: An edit cannot be made, or a baseline would be written while something retired fails.
        ChangeError: The suite's file is not what was looked at.
        BaselineError: The new version's baseline is not the one that was looked at, or is damaged.
        LedgerError: A rule that the baseline would accept was edited by the actor, and duties are separate.
    """
    edited = edited_suite(act.workspace, suite, decisions, actor=act.actor, day=act.at.date().isoformat())
    sides_before = _sides(act, store, edited.before)
    sides = sides_before if edited.content is None else _sides(act, store, edited.after)
    before, after = _names(sides_before), _names(sides)
    rules = _rules(edited)
    elsewhere = tuple(effects_elsewhere(act.workspace, store, edited, (act.target.name, act.models[1], act.models[0])))
    effect = Effect([it.id for it in edited.before.assertions], before, after, rules, elsewhere, _asked_anew(edited))
    days = max_waiver_days(act.workspace)
    objections = objections_to(decisions, effect, today=act.at.date(), max_waiver_days=days)
    recording = not objections and any(_records(decision) for decision in decisions)
    if recording:
        require_nothing_retired_fails(act.workspace, store, edited.before, act.target, act.models[1])
    recorded = _recorded(act, edited.after, decisions, after) if recording else {}
    files, digest = _baseline(act, store, edited.after, decisions, recorded) if recorded else ((), "")
    suite_files = () if edited.content is None else (Replacement(edited.path, edited.content, edited.digest),)
    entry = _entry(act, store, edited, decisions, effect, (*suite_files, *files), digest)
    entry = replace(entry, items=_with_findings(entry.items, edited.after, sides))
    return Plan(
        edited=edited,
        objections=objections,
        suite_files=suite_files,
        baseline_files=files,
        digest=digest,
        recorded={name: str(verdict) for name, verdict in recorded.items()},
        left_out=tuple(name for name in after if name not in recorded) if recording else (),
        rules=rules,
        entry=_with_hand_edits(act, entry, edited.before, _by_hand(act, store, edited.before, recorded)),
    )


def _records(decision: Decision) -> bool:
    """Return whether a decision makes what is stored the baseline; a target that is asked otherwise is asked first."""
    return decision.action in _RECORDING and not decision.project_edits


def _by_hand(
    act: Act, store: Store, suite: Suite, recorded: Mapping[str, VerdictName]
) -> Mapping[str, tuple[RuleChange, ...]]:
    """Return the rules that a new baseline accepts by the way: those of what it records that were edited since."""
    if not recorded:
        return {}
    readings, _ = read_stored(act.workspace, store, suite, act.target, act.models[1])
    found = rules_since_accepted(act.workspace, suite, act.target, readings)
    known = {assertion.id for assertion in suite.assertions}
    return {name: changes for name, changes in found.items() if name in recorded or name not in known}


def _with_hand_edits(act: Act, entry: Entry, suite: Suite, by_hand: Mapping[str, Sequence[RuleChange]]) -> Entry:
    """Return an entry that names rules edited by hand, and who edited them where duties are separate."""
    author = require_other_author(act.workspace, suite, act.target, act.actor, by_hand)
    items = dict(entry.items)
    known = {assertion.id for assertion in suite.assertions}
    for name, changes in by_hand.items():
        item = items.get(name, {"action": "edited by hand" if name in known else GONE})
        items[name] = {**item, "rules": [*plain_rules(changes), *item.get("rules", ())]}
    return replace(entry, items=items, proposed_by=entry.proposed_by or author)


def _new_side(act: Act, store: Store, suite: Suite) -> SuiteSide:
    stored, _ = stored_side(act.workspace, store, suite, act.target, act.models[1])
    return stored or unasked_side(act.workspace, suite, act.target, act.models[1])


def _sides(act: Act, store: Store, suite: Suite) -> dict[str, Side]:
    """Return the new version's verdicts, as a diff of the two versions shows them, with what they rest on."""
    new = _new_side(act, store, suite)
    old = compared_side(act.workspace, store, suite, act.target, act.models[0], new)
    instruments = instruments_of(act.workspace, store, suite)
    return new_sides(suite, old, new, instruments, act.target.kind)


def _asked_anew(edited: EditedSuite) -> frozenset[str]:
    """Return the assertions whose every request is another: a limit is raised, or a parameter dropped."""
    before = {assertion.id: edited.before.probes_on(assertion.on) for assertion in edited.before.assertions}
    return frozenset(
        assertion.id
        for assertion in edited.after.assertions
        if _all_reworded(before.get(assertion.id, ()), edited.after.probes_on(assertion.on))
    )


def _all_reworded(before: Sequence[Probe], after: Sequence[Probe]) -> bool:
    """Return whether the same probes are asked, and each otherwise."""
    then = {probe.id: probe.fingerprint for probe in before}
    now = {probe.id: probe.fingerprint for probe in after}
    return then.keys() == now.keys() and all(then[name] != now[name] for name in now)


def _names(sides: Mapping[str, Side]) -> dict[str, VerdictName]:
    return {name: VerdictName.of(side.verdict) for name, side in sides.items()}


def _rules(edited: EditedSuite) -> dict[str, tuple[RuleChange, ...]]:
    before = {assertion.id: assertion for assertion in edited.before.assertions}
    found = {
        assertion.id: changes_between(before[assertion.id], assertion)
        for assertion in edited.after.assertions
        if assertion.id in before
    }
    return {name: changes for name, changes in found.items() if changes}


def _recorded(
    act: Act, suite: Suite, decisions: Sequence[Decision], verdicts: Mapping[str, VerdictName]
) -> dict[str, VerdictName]:
    """Return what a baseline records: what holds, what was decided now, and what the last one records the same way."""
    path = baseline_path(act.workspace.project.paths.baselines, suite.id, act.target.name, act.models[1])
    earlier = load_baseline(path).assertions if path.exists() else {}
    decided = {decision.assertion for decision in decisions if not decision.project_edits}
    return {
        name: verdict
        for name, verdict in verdicts.items()
        if verdict is VerdictName.HOLDS
        or (
            verdict is not VerdictName.UNMEASURED
            and (name in decided or (name in earlier and earlier[name].verdict == verdict))
        )
    }


def _baseline(
    act: Act, store: Store, suite: Suite, decisions: Sequence[Decision], recorded: Mapping[str, VerdictName]
) -> tuple[tuple[Replacement, ...], str]:
    readings, _ = read_stored(act.workspace, store, suite, act.target, act.models[1])
    reader = Reader(act.workspace, store, suite, act.target)
    signature = Signature(str(act.actor), act.at, _reason(decisions))
    baseline = record_baseline(
        reader, _new_side(act, store, suite).model, readings, {k: str(v) for k, v in recorded.items()}, signature
    )
    root = act.workspace.project.root
    path = baseline_path(act.workspace.project.paths.baselines, suite.id, act.target.name, baseline.model.name)
    replacing = act.replacing[suite.id] if suite.id in act.replacing else standing_digest(path)
    before = sha256_of(path.read_bytes() if path.exists() else None)
    content, digest = prepare_baseline(path, baseline, replacing=replacing)
    return (Replacement(path.relative_to(root).as_posix(), content, before),), digest


def _reason(decisions: Sequence[Decision]) -> str:
    """Return the reasons that were given, each once; what a repair does stands for one that was not."""
    return "; ".join(dict.fromkeys(it.reason.strip() or it.words.strip() or str(it.action) for it in decisions))


def _entry(
    act: Act,
    store: Store,
    edited: EditedSuite,
    decisions: Sequence[Decision],
    effect: Effect,
    files: Sequence[Replacement],
    digest: str,
) -> Entry:
    actions = {str(decision.action) for decision in decisions}
    items = {decision.assertion: _item(decision, effect) for decision in decisions}
    for name in effect.before:
        if name not in items and (found := _by_the_way(name, effect)):
            items[name] = {"action": "edited with others", **found}
    return Entry(
        action=actions.pop() if len(actions) == 1 else "review",
        at=act.at,
        actor=act.actor,
        reason=_reason(decisions),
        suite=edited.after.id,
        suite_version=edited.after.version,
        target=act.target.name,
        model=act.models[1],
        compared_with=act.models[0] or "",
        items=items,
        files=tuple(FileChange(it.path, it.before, sha256_of(it.content)) for it in files),
        evidence=digest or _evidence(act, store, edited.before),
        proposed_by=act.proposed_by,
    )


def _with_findings(
    items: Mapping[str, Mapping[str, Any]], suite: Suite, sides: Mapping[str, Side]
) -> dict[str, Mapping[str, Any]]:
    """Return items with what each was about, by the rules as decided: it is no longer about what is otherwise."""
    rules = {assertion.id: assertion for assertion in suite.assertions}
    return {
        name: {**item, "finding": plain_finding(finding_of(rules[name], sides[name]))} if name in rules else item
        for name, item in items.items()
    }


def _by_the_way(name: str, effect: Effect) -> dict[str, Any]:
    """Return what the edits of others do to an assertion; empty where that is nothing."""
    before, after, rules = effect.before[name], effect.after.get(name), plain_rules(effect.rules.get(name, ()))
    moved = {"verdict": str(before), "verdict_after": str(after)} if after not in {before, None} else {}
    return {**moved, **({"rules": rules} if rules else {})}


def _item(decision: Decision, effect: Effect) -> dict[str, Any]:
    """Return what the ledger keeps of a decision; what does not apply is left out."""
    name = decision.assertion
    before, after = effect.before.get(name), effect.after.get(name)
    content = {
        "action": str(decision.action),
        "reason": decision.reason.strip(),
        "verdict": "" if before is None else str(before),
        "verdict_after": "" if after is None or after is before else str(after),
        "words": decision.words,
        "rules": plain_rules(effect.rules.get(name, ())),
        "owner": decision.owner.strip(),
        "expires_on": "" if decision.expires_on is None else decision.expires_on.isoformat(),
    }
    kept: dict[str, Any] = {key: value for key, value in content.items() if value}
    if decision.review_seconds:
        kept["review_seconds"] = decision.review_seconds
    return {**kept, "verified": decision.verified} if decision.action is Action.REPAIR else kept


def _evidence(act: Act, store: Store, suite: Suite) -> str:
    """Return the digest of the new version's readings, by assertion, probe and sample."""
    tables = _new_side(act, store, suite).tables.claims
    content = {
        name: {probe: render_readings(row) for probe, row in zip(table.probes, table.readings, strict=True)}
        for name, table in tables.items()
    }
    return f"sha256:{hashlib.sha256(canonical_json(content).encode('utf-8', 'surrogatepass')).hexdigest()}"
