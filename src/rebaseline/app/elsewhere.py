"""What an edit of a suite does beside the two versions that were looked at: on the newest one of each target."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.app.benches import instruments_of
from rebaseline.app.comparing import judge_suite
from rebaseline.app.diffing import compared_side
from rebaseline.app.edited_suites import EditedSuite
from rebaseline.app.retired import with_retired
from rebaseline.app.sides import stored_side
from rebaseline.app.versions import newest_of_suite
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import UsageError
from rebaseline.review.admissible import Elsewhere
from rebaseline.store.store import Store

__all__ = ["effects_elsewhere", "require_nothing_retired_fails", "verdicts_on"]


def effects_elsewhere(
    workspace: Workspace, store: Store, edited: EditedSuite, looked_at: tuple[str, str, str | None]
) -> Iterator[Elsewhere]:
    """Yield what an edit does to the verdicts on the version that answered last, of every target.

    Who looks at an older version, or at another target, does not see what fails there.

    Args:
        workspace: The project.
        store: Its store.
        edited: The suite before and after.
        looked_at: Target, version, and version compared with, that the decision is about: passed over, unless a diff
            by itself compares with another one.
    """
    if edited.content is None:
        return
    for target in workspace.project.targets.values():
        newest = newest_of_suite(store, target, edited.before)
        if (
            newest is None
            or (target.name, newest, _compared_with(workspace, store, edited, target, newest)) == looked_at
        ):
            continue
        before = verdicts_on(workspace, store, edited.before, target, newest)
        if VerdictName.FAILING in before.values():
            after = verdicts_on(workspace, store, edited.after, target, newest)
            yield Elsewhere(f"{newest} on target {target.name}", before, after)


def _compared_with(workspace: Workspace, store: Store, edited: EditedSuite, target: Target, model: str) -> str | None:
    """Return the version that a diff compares with by itself; None where there is nothing."""
    new, _ = stored_side(workspace, store, edited.before, target, model)
    old = None if new is None else compared_side(workspace, store, edited.before, target, None, new)
    return None if old is None else old.model.name


def verdicts_on(
    workspace: Workspace, store: Store, suite: Suite, target: Target, model: str, old: str | None = None
) -> dict[str, VerdictName]:
    """Return the verdicts on a version, as a diff shows them; empty where nothing of it is stored.

    Args:
        workspace: The project.
        store: Its store.
        suite: The suite.
        target: The target.
        model: The version.
        old: What it is compared with; None for what a diff finds by itself.
    """
    new, _ = stored_side(workspace, store, suite, target, model)
    if new is None:
        return {}
    compared = compared_side(workspace, store, suite, target, old, new)
    found = judge_suite(suite, compared, new, instruments_of(workspace, store, suite), target.kind)
    return {name: VerdictName.of(verdict) for name, verdict in found.items()}


def require_nothing_retired_fails(workspace: Workspace, store: Store, suite: Suite, target: Target, model: str) -> None:
    """Refuse to accept a version for which something fails that was accepted, and is retired.

    Raises:
        UsageError: Names what fails.
    """
    asked = with_retired(workspace, store, suite, target, model)
    again = {it.id for it in asked.assertions} - {it.id for it in suite.assertions}
    found = verdicts_on(workspace, store, asked, target, model) if again else {}
    failing = sorted(name for name in again if found.get(name) is VerdictName.FAILING)
    if failing:
        raise UsageError(
            f"retired, and failing for {model}: {', '.join(failing)}; what fails is not taken out of use",
            where=suite.where.path,
            remedy="take `retired` out again, and waive or reject it; nothing was changed",
        )
