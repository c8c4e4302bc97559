"""What ails a project: never valid, expired, stale, unowned, unused, retired; each with what mends it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from rebaseline.app.ledgering import ledger_of
from rebaseline.app.neglected import unowned, unused
from rebaseline.app.purging import count_overdue
from rebaseline.app.waiving import waivers_of
from rebaseline.app.workspace import Workspace
from rebaseline.assess.rules import rule_changes
from rebaseline.domain.ailment import Ailment, AilmentKind
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.model import Target
from rebaseline.domain.record import Holding
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.pending_file import FOLDER
from rebaseline.store.baselines import find_baselines, load_baseline
from rebaseline.store.store import Store
from rebaseline.targets.registry import RECORDED

__all__ = ["examine"]

_NAMED = 3


def examine(workspace: Workspace, now: datetime) -> tuple[Ailment, ...]:
    """Return what ails the project, the weightiest first. Nothing is asked and nothing is written.

    Args:
        workspace: The project.
        now: The time, with time zone.

    Raises:
        SuiteErrors: A suite is wrong.
        BaselineError: A baseline is damaged.
        LedgerError: The ledger cannot be read.
    """
    suites = workspace.suites()
    found: list[Ailment] = []
    with workspace.open_store() as store:
        overdue = count_overdue(workspace, store, now)
        for suite in suites:
            for target in workspace.tested:
                found += _of_suite(workspace, store, suite, target)
        found += _retired_models(workspace, store)
    if overdue:
        words = (
            f"the words of {overdue:,} attempts are kept longer than the {workspace.project.store.retention_days} days"
        )
        found.append(Ailment(AilmentKind.EXPIRED, "store", words, "rebaseline purge"))
    found += _ledger(workspace)
    found += _waiting(workspace)
    found += _waivers(workspace, suites, now.date())
    found += unowned(workspace, suites)
    found += unused(workspace, suites)
    found += _retired(suites)
    kinds = tuple(AilmentKind)
    return tuple(sorted(found, key=lambda it: kinds.index(it.kind)))


def _ledger(workspace: Workspace) -> Iterator[Ailment]:
    gaps = ledger_of(workspace).gaps
    if gaps:
        words = f"{gaps} {'entry is' if gaps == 1 else 'entries are'} missing or damaged: no waiver counts until then"
        mend = "rebaseline ledger verify names them: take them back from git"
        yield Ailment(AilmentKind.DAMAGED, "ledger", words, mend)


def _waiting(workspace: Workspace) -> Iterator[Ailment]:
    root = workspace.project.root
    for path in sorted((workspace.project.paths.baselines / FOLDER).glob("*.json")):
        shown = path.relative_to(root).as_posix()
        mend = _typed("accept", "--pending", shown)
        yield Ailment(AilmentKind.WAITING, shown, "a proposal waits for somebody to accept it", mend, shown)


def _of_suite(workspace: Workspace, store: Store, suite: Suite, target: Target) -> Iterator[Ailment]:
    root = workspace.project.root
    paths = find_baselines(workspace.project.paths.baselines, suite.id, target.name)
    accepted = [(path, load_baseline(path)) for path in paths]
    if not accepted:
        return
    path, latest = max(accepted, key=lambda each: each[1].accepted_at)
    where = path.relative_to(root).as_posix()
    yield from _never_valid(suite, target, latest, where)
    yield from _stale_rules(suite, target, latest, where)
    yield from _stale_target(suite, target, latest, where)
    held = [holding for holding in store.holdings(suite=suite.id, target=target.name) if holding.answered]
    yield from _stale_model(suite, target, [baseline for _, baseline in accepted], held)


def _never_valid(suite: Suite, target: Target, latest: Baseline, where: str) -> Iterator[Ailment]:
    for assertion in suite.assertions:
        accepted = latest.assertions.get(assertion.id)
        if accepted is None or accepted.verdict != VerdictName.INVALID or accepted.fingerprint != assertion.fingerprint:
            continue
        name = f"{suite.id}/{assertion.id}"
        words = f"accepted as invalid on {latest.model.name}, and its rule has not changed since"
        mend = _typed("repair", suite.id, "--target", target.name, "--assertion", name)
        yield Ailment(AilmentKind.NEVER_VALID, name, words, mend, str(assertion.where) or where)


def _stale_rules(suite: Suite, target: Target, latest: Baseline, where: str) -> Iterator[Ailment]:
    """Name what is asked or read otherwise than it was accepted."""
    again = _typed("accept", suite.id, "--target", target.name, "--model", latest.model.name, "--reason", "WHY")
    changed = [
        assertion.id
        for assertion in suite.assertions
        if assertion.id in latest.assertions
        and rule_changes(latest.assertions[assertion.id], assertion, [it.id for it in suite.probes_on(assertion.on)])
    ]
    new = [assertion.id for assertion in suite.assertions if assertion.id not in latest.assertions]
    parts = [
        *([f"another rule: {_few(changed)}"] if changed else []),
        *([f"not accepted: {_few(new)}"] if new else []),
    ]
    if not parts and latest.suite_fingerprint != suite.fingerprint and not suite.retired:
        parts = ["probes, samples or tags are not as they were"]
    if parts:
        now = f"; now version {suite.version}" if latest.suite_version != suite.version else ""
        words = f"accepted as version {latest.suite_version} on {latest.model.name}{now}: "
        yield Ailment(AilmentKind.STALE, suite.id, words + "; ".join(parts), again, where)
    if latest.suite_fingerprint != suite.fingerprint and latest.suite_version == suite.version:
        words = f"it changed since it was accepted, and its version still is {suite.version}"
        mend = f"write version: {suite.version + 1} in {suite.where}"
        yield Ailment(AilmentKind.STALE, suite.id, words, mend, str(suite.where))


def _stale_target(suite: Suite, target: Target, latest: Baseline, where: str) -> Iterator[Ailment]:
    """Say that a target is asked in another way than when its replies were accepted."""
    if target.type == RECORDED or latest.target_fingerprint == target.fingerprint:
        return
    words = f"target {target.name} is asked otherwise than when {latest.model.name} was accepted"
    mend = f"{_typed('run', suite.id, '--target', target.name)}, then rebaseline review"
    yield Ailment(AilmentKind.STALE, suite.id, words, mend, where)


def _stale_model(
    suite: Suite, target: Target, accepted: Sequence[Baseline], held: Sequence[Holding]
) -> Iterator[Ailment]:
    if not held:
        return
    newest = max(held, key=lambda holding: holding.last_received_at)
    if newest.model.name not in {baseline.model.name for baseline in accepted}:
        words = f"{newest.model.name} answered last on target {target.name}, and no baseline of it is accepted"
        scope = (suite.id, "--target", target.name)
        accept = _typed("accept", *scope, "--model", newest.model.name, "--reason", "WHY")
        mend = f"{_typed('review', *scope)}, and where nothing needs a person {accept}"
        yield Ailment(AilmentKind.STALE, suite.id, words, mend)


def _retired_models(workspace: Workspace, store: Store) -> Iterator[Ailment]:
    for target in workspace.tested:
        for model in store.unknown_models(target.name):
            words = f"the provider of target {target.name} answered that it does not know {model}"
            mend = f"name another model under [targets.{target.name}] in rebaseline.toml, then rebaseline run"
            yield Ailment(AilmentKind.RETIRED, model, words, mend, "rebaseline.toml")


def _waivers(workspace: Workspace, suites: Sequence[Suite], today: date) -> Iterator[Ailment]:
    known = {f"{suite.id}/{assertion.id}" for suite in suites for assertion in suite.assertions}
    for waiver in waivers_of(workspace):
        name = f"{waiver.suite}/{waiver.assertion}"
        back = _typed("unwaive", name, "--target", waiver.target, "--reason", "WHY")
        if name not in known or waiver.target not in workspace.project.targets:
            yield Ailment(AilmentKind.UNUSED, name, "waived, and there is no such assertion or target in use", back)
        elif waiver.is_expired(today):
            days = (today - waiver.expires_on).days
            words = (
                f"its waiver for {waiver.model} ended {waiver.expires_on} ({days:,} days ago); {waiver.owner} answers "
                "for it"
            )
            yield Ailment(AilmentKind.EXPIRED, name, words, f"{back}, or give a new one with rebaseline waive")


def _retired(suites: Sequence[Suite]) -> Iterator[Ailment]:
    for suite in suites:
        for assertion in suite.retired:
            why = assertion.retired
            if why is not None:
                words = f"retired {why.on}{f' by {why.by}' if why.by else ''}: {why.reason}"
                mend = f"take out `retired` in {assertion.where} to use it again, or the whole entry to forget it"
                yield Ailment(AilmentKind.RETIRED, f"{suite.id}/{assertion.id}", words, mend, str(assertion.where))


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _typed(*words: str) -> str:
    return shlex.join(["rebaseline", *words])
