"""A baseline that somebody names by its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rebaseline.app.workspace import Workspace
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import UsageError
from rebaseline.store.baselines import load_baseline

__all__ = ["as_baseline_file", "require_place"]


def as_baseline_file(workspace: Workspace, old: str | None) -> Baseline | None:
    """Return the baseline that a path names; None for the name of a model version."""
    if old is None or not old.endswith(".json"):
        return None
    path = Path(old)
    if not path.is_absolute() and not path.exists():
        path = workspace.project.root / old
    return load_baseline(path)


def require_place(accepted: Baseline, suites: Sequence[Suite], target: Target, named: str) -> None:
    """Refuse to compare a target or a suite with the baseline of another one."""
    if accepted.target != target.name:
        raise UsageError(
            f"{named} is of target {accepted.target!r}, not of {target.name!r}",
            remedy="name a baseline of this target with --from",
        )
    if accepted.suite not in {suite.id for suite in suites}:
        raise UsageError(
            f"{named} is of suite {accepted.suite!r}, not of {', '.join(suite.id for suite in suites)}",
            remedy="name the baseline's own suite, or none",
        )
