"""Proposals: decisions that somebody else is to accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rebaseline.app.deciding import Applied, apply_decisions
from rebaseline.app.duties import proposer_of, require_duties
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor, Decision
from rebaseline.errors import UsageError
from rebaseline.review.pending_file import FOLDER, Pending, parse_pending, render_pending
from rebaseline.store.manifest import inner_path, sha256_of
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
    with transaction(root) as change:
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
        UsageError: It is no proposal, or a decision of it may not be carried out.
        LedgerError: Who accepts it proposed it, and duties are separate.
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
        author = proposer_of(workspace, resolved)
        require_duties(workspace, actor, [pending.by, author or pending.by], what=f"the proposal {file.name}")
    decisions = [
        replace(it, reason="; ".join(part for part in (reason.strip(), it.reason) if part)) for it in pending.decisions
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
