"""Decisions carried out: suites edited, the new version's baselines written, the ledger continued, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from rebaseline.app.appending import Appended, append_entries
from rebaseline.app.duties import require_duties
from rebaseline.app.edited_project import edited_project
from rebaseline.app.edited_suites import require_seen
from rebaseline.app.plans import Act, Plan, plan_suite
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Action, Actor, Decision
from rebaseline.domain.ledger import Entry, FileChange
from rebaseline.errors import UsageError
from rebaseline.store.manifest import sha256_of
from rebaseline.store.transaction import Replacement, transaction

__all__ = ["Applied", "AppliedSuite", "apply_decisions"]


@dataclass(frozen=True, slots=True)
class AppliedSuite:
    """What was done to one suite.

    Attributes:
        suite: Suite id.
        version: Its version now.
        edited: Its file was edited, and its version raised.
        baseline: The new version's baseline file, relative to the project; empty where none was written.
        digest: Digest of that baseline; empty where none was written.
        recorded: By assertion id: the verdict that the baseline records.
        left_out: Assertions that the baseline leaves out: they neither hold nor were decided, and stay in the queue.
        rules: By assertion id: what changed of its rule.
        entry: Digest of its entry in the ledger.
    """

    suite: str
    version: int
    edited: bool
    baseline: str
    digest: str
    recorded: Mapping[str, str]
    left_out: tuple[str, ...]
    rules: Mapping[str, tuple[RuleChange, ...]]
    entry: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done.

    Attributes:
        suites: One a suite that was decided about, in the order of the decisions.
        files: Every file that was changed, in the order in which it was.
    """

    suites: tuple[AppliedSuite, ...]
    files: tuple[FileChange, ...]


def apply_decisions(  # noqa: PLR0913 - the parts of one act, each named
    workspace: Workspace,
    decisions: Sequence[Decision],
    *,
    models: tuple[str | None, str],
    target: str | None,
    actor: Actor,
    at: datetime,
    replacing: Mapping[str, str | None] | None = None,
    seen: Mapping[str, str] | None = None,
    sign: Callable[[bytes], bytes] | None = None,
    proposed_by: Actor | None = None,
    consumes: Replacement | None = None,
) -> Applied:
    """Carry out decisions. Either all of it is done, or nothing is; the caller keeps the decisions.

    A suite whose decisions hold a repair or a re-baseline gets a baseline of the new version: it records what holds and
    what was decided, each with the verdict that it has. Waivers, rejections and retirements alone write none: they do
    not say that the new version is to be compared with from now on.

    Args:
        workspace: The project.
        decisions: What was decided, at most once of each assertion.
        models: The old model version, None where there is none, and the new one.
        target: Target name; None where the project has one only.
        actor: Who decided.
        at: When, with time zone.
        replacing: By suite: digest of the new version's baseline that was looked at, None for none; a suite that is not
            named is not asked about. None asks about none.
        seen: By path relative to the project: SHA-256 of files that were looked at; empty for no file.
        sign: Returns the signature of an entry's bytes; None signs as git does where the project demands it.
        proposed_by: Who proposed it, where somebody else accepts.
        consumes: A file that goes with it, such as the proposal.

    Raises:
        UsageError: A decision may not be carried out, or an edit cannot be made; every objection is named.
        ChangeError: A file changed since it was looked at, or cannot be written.
        BaselineError: A baseline is not the one that was looked at, or is damaged.
        LedgerError: An entry of the ledger cannot be relied upon.
    """
    if not decisions:
        raise UsageError("there is no decision to carry out", remedy="decide of an assertion first")
    act = Act(workspace, workspace.target(target), models, actor, at, dict(replacing or {}), proposed_by)
    by_suite = {
        suite: list(group)
        for suite, group in groupby(sorted(decisions, key=lambda it: _order(decisions, it)), key=lambda it: it.suite)
    }
    with transaction(workspace.changeable) as change, workspace.open_store() as store:
        require_seen(workspace, dict(seen or {}))
        planned = [
            (suite, plan_suite(act, store, workspace.suites([suite])[0], group)) for suite, group in by_suite.items()
        ]
        objections = [words for _, plan in planned for words in plan.objections]
        if objections:
            raise UsageError("nothing was changed:\n" + "\n".join(f"  {words}" for words in objections))
        _require_duties(act, [plan for _, plan in planned], decisions)
        project = edited_project(workspace, decisions)
        files = [
            *(it for _, plan in planned for it in plan.suite_files),
            *([] if project is None else [project]),
            *(it for _, plan in planned for it in plan.baseline_files),
        ]
        entries = [_with_project(plan.entry, project, by_suite[suite]) for suite, plan in planned]
        appended = append_entries(workspace, entries, sign=sign)
        taken = [] if consumes is None else [consumes]
        changes = change.commit([*files, *(it for one in appended for it in one.files), *taken])
    return Applied(tuple(_applied(plan, one) for (_, plan), one in zip(planned, appended, strict=True)), changes)


def _with_project(entry: Entry, project: Replacement | None, decisions: Sequence[Decision]) -> Entry:
    """Return an entry that names the edit of the project file, where a decision of its suite asked for it."""
    if project is None or not any(decision.project_edits for decision in decisions):
        return entry
    change = FileChange(project.path, project.before, sha256_of(project.content))
    return replace(entry, files=(*entry.files, change))


def _require_duties(act: Act, plans: Sequence[Plan], decisions: Sequence[Decision]) -> None:
    """Whoever proposed a changed rule or a waiver may be kept from accepting it."""
    changed = [f"{plan.edited.after.id}/{name}" for plan in plans for name in plan.rules]
    waived = [decision.name for decision in decisions if decision.action is Action.WAIVE]
    for names, what in ((changed, "the changed rule of"), (waived, "the waiver of")):
        if names:
            require_duties(act.workspace, act.actor, [act.proposed_by], what=f"{what} {', '.join(names)}")


def _order(decisions: Sequence[Decision], decision: Decision) -> int:
    return next(index for index, it in enumerate(decisions) if it.suite == decision.suite)


def _applied(plan: Plan, appended: Appended) -> AppliedSuite:
    return AppliedSuite(
        suite=plan.edited.after.id,
        version=plan.edited.after.version,
        edited=plan.edited.content is not None,
        baseline=plan.baseline_files[0].path if plan.baseline_files else "",
        digest=plan.digest,
        recorded=plan.recorded,
        left_out=plan.left_out,
        rules=plan.rules,
        entry=appended.digest,
    )
