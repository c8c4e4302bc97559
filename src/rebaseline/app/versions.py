"""Which model version is compared with which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rebaseline.app.accepted_rules import baselines_of
from rebaseline.app.anchoring import find_anchors, first_baseline
from rebaseline.app.workspace import Workspace
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import UsageError
from rebaseline.store.store import Store

__all__ = ["accepted_baseline", "compared_versions", "newest_of_suite", "newest_version", "older_version"]


def accepted_baseline(
    workspace: Workspace, suite: Suite, target: Target, old: str | None, new_name: str
) -> Baseline | None:
    """Return the accepted baseline of the version asked for, or the one accepted last of another version."""
    wanted = [
        baseline
        for baseline in baselines_of(workspace, suite, target)
        if (baseline.model.name == old if old is not None else baseline.model.name != new_name)
    ]
    return max(wanted, key=lambda baseline: baseline.accepted_at, default=None)


def newest_version(
    store: Store, target: Target, suites: Sequence[Suite], old: str | None, old_file: Baseline | None
) -> str:
    """Return the version that answered last, other than the old one; with a baseline file also the old one.

    That its replies were purged meanwhile makes no other version the newest.
    """
    every = _answered(store, target, suites)
    old_name = old if old_file is None else old_file.model.name
    held = [it for it in every if it[1] != old_name]
    if not held and old_file is not None:
        held = every
    if not held:
        names = ", ".join(suite.id for suite in suites)
        only = f"only {old_name!r}" if every else "nothing"
        raise UsageError(
            f"{only} is stored for {names} on target {target.name}",
            remedy="ask with `rebaseline run`, or bring replies in with `rebaseline import`",
        )
    return max(held)[1]


def older_version(store: Store, suite: Suite, target: Target, new_name: str) -> str | None:
    """Return the version that answered last before the new one did."""
    held = [it for it in _answered(store, target, [suite]) if it[1] != new_name]
    return max(held)[1] if held else None


def newest_of_suite(store: Store, target: Target, suite: Suite) -> str | None:
    """Return the version that answered a suite last; None where none did."""
    held = _answered(store, target, [suite])
    return max(held)[1] if held else None


def _answered(store: Store, target: Target, suites: Sequence[Suite]) -> list[tuple[datetime, str]]:
    """Return the model versions that answered, each with its last instant, purged replies included."""
    wanted = {suite.id for suite in suites}
    return [
        *((it.last_received_at, it.model.name) for it in store.holdings(target=target.name) if it.suite in wanted),
        *((it.last_received_at, it.model) for it in store.purged_versions(target.name) if it.suite in wanted),
    ]


def compared_versions(
    workspace: Workspace, store: Store, suite: Suite, target: Target, new_name: str
) -> tuple[str, ...]:
    """Return the versions whose replies a diff of `new_name` reads beside its own, where it names none.

    That is the one accepted last of another version, the one accepted first, and those that `no_worse` bars compare
    with; or the one that answered before.
    """
    accepted = accepted_baseline(workspace, suite, target, None, new_name)
    baselines = baselines_of(workspace, suite, target)
    names = [each.model.name for each in (accepted, first_baseline(baselines)) if each is not None]
    names += sorted({anchor.model for anchor in find_anchors(baselines, suite).values()})
    older = older_version(store, suite, target, new_name) if accepted is None else None
    return tuple(name for name in dict.fromkeys([*names, *([older] if older else [])]) if name != new_name)
