"""Proposals: decisions that somebody else is to accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rebaseline.app.deciding import Applied, apply_decisions
from rebaseline.app.diffing import DiffRequest
from rebaseline.app.duties import require_duties, writers_of
from rebaseline.app.repairing import try_repairs
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Action, Actor, Decision
from rebaseline.errors import LedgerError, UsageError
from rebaseline.review.pending_file import FOLDER, Pending, parse_pending, render_pending
from rebaseline.review.people import same_person
from rebaseline.review.session import as_tried
from rebaseline.store.inner_path import inner_path
from rebaseline.store.manifest import sha256_of
from rebaseline.store.transaction import Replacement, transaction

__all__ = ["accept_pending", "propose"]


def propose(
    workspace: Workspace,
    decisions: Sequence[Decision],
    models: tuple[str | None, str],
    target: str | None,
    *,
    actor: Actor,
    at: datetime,
) -> Path:
    """Write decisions as a proposal below `baselines/pending/`; nothing that is accepted changes.

    Returns:
        The file.

    Raises:
        UsageError: A decision has no reason, or its suite is not known.
        ChangeError: The file cannot be written.
    """
    for decision in decisions:
        if not decision.reason.strip():
            raise UsageError(f"{decision.name}: a proposal needs a reason", remedy="give --reason")
    suites = workspace.suites(tuple(dict.fromkeys(decision.suite for decision in decisions)))
    root = workspace.project.root
    seen = {suite.where.path: sha256_of(inner_path(root, suite.where.path).read_bytes()) for suite in suites}
    name, content = render_pending(Pending(tuple(decisions), models, workspace.target(target).name, actor, at, seen))
    path = workspace.project.paths.baselines / FOLDER / name
    with transaction(workspace.changeable) as change:
        change.commit([Replacement(path.relative_to(root).as_posix(), content, "")])
    return path


def accept_pending(workspace: Workspace, file: Path, *, actor: Actor, at: datetime, reason: str = "") -> Applied:
    """Carry out a proposal, and take its file away.

    Args:
        workspace: The project.
        file: The proposal, inside the project.
        actor: Who accepts.
        at: When, with time zone.
        reason: Why; put before the proposal's own reasons. Empty for these alone.

    Raises:
        UsageError: It is no proposal, holds an edit that no repair proposes now, or may not be carried out.
        LedgerError: Duties are separate, and who accepts it proposed it, or whoever it names did not commit it.
        ChangeError: A file changed since it was proposed.
    """
    root = workspace.project.root
    resolved = (file if file.is_absolute() else Path.cwd() / file).resolve()
    if not resolved.is_relative_to(root.resolve()) or not resolved.is_file():
        raise UsageError(
            "there is no such proposal in the project",
            where=str(file),
            remedy=f"`ls {workspace.project.paths.baselines.name}/{FOLDER}` shows what waits",
        )
    raw = resolved.read_bytes()
    shown = resolved.relative_to(root.resolve()).as_posix()
    pending = parse_pending(raw, shown=shown)
    if workspace.project.ledger.separate_duties:
        writers = writers_of(workspace, resolved)
        require_duties(workspace, actor, [pending.by, *(writers or [None])], what=f"the proposal {file.name}")
        _require_writer(pending, writers or (), shown)
    _require_upon_suites(workspace, pending, shown)
    decisions = [
        replace(it, reason="; ".join(part for part in (reason.strip(), it.reason) if part))
        for it in _as_tried(workspace, pending, shown)
    ]
    return apply_decisions(
        workspace,
        decisions,
        models=pending.models,
        target=pending.target,
        actor=actor,
        at=at,
        seen=pending.seen,
        proposed_by=pending.by,
        consumes=Replacement(shown, None, sha256_of(raw)),
    )


def _require_writer(pending: Pending, writers: Sequence[Actor], shown: str) -> None:
    """Refuse a proposal by somebody who committed nothing of its file: the ledger would name the wrong person."""
    if not any(same_person(pending.by, writer) for writer in writers):
        raise LedgerError(
            f"it says that {pending.by} proposed it, who committed no change of it: "
            f"{', '.join(str(writer) for writer in writers)} did",
            where=shown,
            remedy="let whoever proposes commit the file, with the name and e-mail that it has",
        )


def _require_upon_suites(workspace: Workspace, pending: Pending, shown: str) -> None:
    """Refuse a proposal that does not say upon which state of its suites it was made."""
    suites = workspace.suites(tuple(dict.fromkeys(decision.suite for decision in pending.decisions)))
    missing = [suite.where.path for suite in suites if suite.where.path not in pending.seen]
    if missing:
        raise UsageError(
            f"it does not say upon which state of {', '.join(missing)} it was made",
            where=shown,
            remedy="propose again; nothing was changed",
        )


def _as_tried(workspace: Workspace, pending: Pending, shown: str) -> list[Decision]:
    """Return the decisions, each repair as it is tried now: what a file says of an edit is not taken over.

    Raises:
        UsageError: No repair that is tried now makes these edits.
    """
    names = [it.name for it in pending.decisions if it.action is Action.REPAIR]
    old, new = pending.models
    request = DiffRequest(tuple({name.split("/", 1)[0] for name in names}), pending.target, old, new)
    tried = {it.name: it.trials for it in try_repairs(workspace, request, names)} if names else {}
    found = []
    for decision in pending.decisions:
        if decision.action is not Action.REPAIR:
            found.append(replace(decision, edits=(), project_edits=()))
            continue
        again = as_tried(decision, tried.get(decision.name, ()))
        if again is None:
            raise UsageError(
                f"no repair of {decision.name} makes these edits by the replies that are stored now",
                where=shown,
                remedy=f"`rebaseline repair --assertion {decision.name}` shows what there is; propose one of these",
            )
        found.append(again)
    return found
