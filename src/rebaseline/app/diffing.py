"""The diff of one target between two model versions, over some or all suites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rebaseline.app.attributing import attribute
from rebaseline.app.comparing import SuiteSide, compare_suite, mark_standing
from rebaseline.app.sides import baseline_side, stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.manner import add_manners, add_providers
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.comparison import Comparison, Diff, Manner, Provider
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.errors import NoBaselineError, UsageError
from rebaseline.store.baselines import find_baselines, load_baseline
from rebaseline.store.store import Store

__all__ = ["DiffRequest", "diff_models"]


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What to compare.

    Attributes:
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        old: The old model version, or the path of a baseline file; None for the accepted baseline.
        new: The new model version; None for the one that answered last.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class _SuiteDiff:
    """One suite's part of the diff."""

    suite: Suite
    old: SuiteSide | None
    new: SuiteSide
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]


def diff_models(workspace: Workspace, request: DiffRequest) -> Diff:
    """Return the diff.

    Raises:
        UsageError: The target, the suite or the new model version is not known.
        NoBaselineError: There is neither a baseline nor a stored reply of the old model version.
        SuiteErrors: A suite is wrong.
    """
    suites = workspace.suites(request.suites)
    target = workspace.target(request.target)
    with workspace.open_store() as store:
        new_name = request.new or _newest(store, target, suites, request)
        old_file = _as_baseline_file(workspace, request.old)
        parts: list[_SuiteDiff] = []
        notes: list[str] = []
        silent: list[Suite] = []
        for suite in suites:
            if old_file is not None and old_file.suite != suite.id:
                continue
            part = _diff_suite(workspace, store, suite, target, request, old_file, new_name)
            if part is None:
                silent.append(suite)
            else:
                parts.append(part)
                notes.extend(part.notes)
        if not parts:
            raise UsageError(
                f"no reply of {new_name} on target {target.name} is stored for {_names(suites)}",
                remedy="ask it with `rebaseline run`, or bring replies in with `rebaseline import`; "
                "`rebaseline models` lists what is stored",
            )
        if all(part.old is None for part in parts):
            raise NoBaselineError(
                f"there is no baseline and no stored reply of {request.old or 'an older model version'} "
                f"on target {target.name}",
                remedy="accept one with `rebaseline accept --model MODEL --as YOU --reason WHY`, "
                "or name a stored model version with --from",
            )
        if silent:
            notes.append(f"left out, since no reply of {new_name} is stored: {_names(silent)}")
        return _assemble(workspace, store, target, parts, tuple(notes))


def _diff_suite(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    target: Target,
    request: DiffRequest,
    old_file: Baseline | None,
    new_name: str,
) -> _SuiteDiff | None:
    new, stale = stored_side(workspace, store, suite, target, new_name)
    if new is None:
        return None
    notes = [f"{suite.id}: {stale:,} replies of {new_name} answer an older wording of their probe; left out"] * bool(
        stale
    )
    accepted = old_file or _accepted(workspace, suite, target, request.old, new_name)
    old_name = accepted.model.name if accepted is not None else request.old or _older(store, suite, target, new_name)
    old: SuiteSide | None = None
    if old_name is not None:
        stored, old_stale = stored_side(workspace, store, suite, target, old_name)
        if old_stale:
            notes.append(f"{suite.id}: {old_stale:,} replies of {old_name} answer an older wording of their probe")
        old = stored if accepted is None else baseline_side(suite, accepted, stored)
    comparisons = compare_suite(suite, old, new, workspace.instruments, target.kind)
    return _SuiteDiff(suite, old, new, comparisons, tuple(notes))


def _as_baseline_file(workspace: Workspace, old: str | None) -> Baseline | None:
    if old is None or not old.endswith(".json"):
        return None
    path = Path(old)
    if not path.is_absolute() and not path.exists():
        path = workspace.project.root / old
    return load_baseline(path)


def _accepted(workspace: Workspace, suite: Suite, target: Target, old: str | None, new_name: str) -> Baseline | None:
    """Return the accepted baseline of the version asked for, or the one accepted last of another version."""
    found = [load_baseline(path) for path in find_baselines(workspace.project.paths.baselines, suite.id, target.name)]
    wanted = [
        baseline
        for baseline in found
        if (baseline.model.name == old if old is not None else baseline.model.name != new_name)
    ]
    return max(wanted, key=lambda baseline: baseline.accepted_at, default=None)


def _newest(store: Store, target: Target, suites: Sequence[Suite], request: DiffRequest) -> str:
    wanted = {suite.id for suite in suites}
    held = [
        holding
        for holding in store.holdings(target=target.name)
        if holding.suite in wanted and holding.model.name != request.old
    ]
    if not held:
        raise UsageError(
            f"nothing is stored for {_names(suites)} on target {target.name}",
            remedy="ask with `rebaseline run`, or bring replies in with `rebaseline import`",
        )
    return max(held, key=lambda holding: (holding.last_received_at, holding.model.name)).model.name


def _older(store: Store, suite: Suite, target: Target, new_name: str) -> str | None:
    """Return the version that answered last before the new one did."""
    held = [holding for holding in store.holdings(suite=suite.id, target=target.name) if holding.model.name != new_name]
    if not held:
        return None
    return max(held, key=lambda holding: (holding.last_received_at, holding.model.name)).model.name


def _names(suites: Sequence[Suite]) -> str:
    return ", ".join(suite.id for suite in suites)


def _assemble(
    workspace: Workspace, store: Store, target: Target, parts: Sequence[_SuiteDiff], notes: tuple[str, ...]
) -> Diff:
    olds = [part.old for part in parts if part.old is not None]
    old_manners = [side.manner for side in olds if side.manner is not None]
    baselines = [side.baseline for side in olds if side.baseline is not None]
    return Diff(
        system=workspace.project.system,
        target=target.name,
        old=olds[0].model,
        new=parts[0].new.model,
        comparisons=mark_standing([comparison for part in parts for comparison in part.comparisons]),
        attribution=attribute(store, target, [(part.suite, part.old, part.new) for part in parts]),
        old_manner=add_manners(old_manners) if old_manners else None,
        new_manner=add_manners([part.new.manner or Manner(0, {}, None, None) for part in parts]),
        old_provider=add_providers([side.provider for side in olds]) if olds else Provider(),
        new_provider=add_providers([part.new.provider for part in parts]),
        old_source="baseline" if baselines else "store",
        accepted=_accepted_words(baselines),
        notes=(*_mixed_old(olds), *notes),
        probes=sum(len(part.suite.probes) for part in parts),
    )


def _accepted_words(baselines: Sequence[Baseline]) -> tuple[str, ...]:
    words = {
        f"Baseline accepted {baseline.accepted_at:%d %b %Y} by {baseline.accepted_by}: {baseline.reason}": None
        for baseline in baselines
    }
    return tuple(words)


def _mixed_old(olds: Sequence[SuiteSide]) -> tuple[str, ...]:
    names = sorted({side.model.name for side in olds})
    return (f"suites have baselines of different versions: {', '.join(names)}",) if len(names) > 1 else ()
