"""What an edit of a suite does beside the two versions that were looked at: on the newest one of each target."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.app.benches import instruments_of
from rebaseline.app.comparing import judge_suite
from rebaseline.app.diffing import compared_side
from rebaseline.app.edited_suites import EditedSuite
from rebaseline.app.sides import stored_side
from rebaseline.app.versions import newest_of_suite
from rebaseline.app.workspace import Workspace
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.admissible import Elsewhere
from rebaseline.store.store import Store

__all__ = ["effects_elsewhere", "verdicts_on"]


def effects_elsewhere(
    workspace: Workspace, store: Store, edited: EditedSuite, looked_at: tuple[str, str]
) -> Iterator[Elsewhere]:
    """Yield what an edit does to the verdicts on the version that answered last, of every target.

    Who looks at an older version, or at another target, does not see what fails there.

    Args:
        workspace: The project.
        store: Its store.
        edited: The suite before and after.
        looked_at: Target and version that the decision is about: passed over.
    """
    if edited.content is None:
        return
    for target in workspace.project.targets.values():
        newest = newest_of_suite(store, target, edited.before)
        if newest is None or (target.name, newest) == looked_at:
            continue
        before = verdicts_on(workspace, store, edited.before, target, newest)
        if VerdictName.FAILING in before.values():
            after = verdicts_on(workspace, store, edited.after, target, newest)
            yield Elsewhere(f"{newest} on target {target.name}", before, after)


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
