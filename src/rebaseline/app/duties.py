"""Separation of duties: who accepts a changed rule or gives a waiver is not who proposed it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.git import authors_since
from rebaseline.review.people import same_person

__all__ = ["proposers_of", "require_duties"]


def proposers_of(workspace: Workspace, files: Sequence[Path], accepted: Path | None) -> tuple[Actor, ...] | None:
    """Return everybody who changed some files since another one was last committed, by git's history.

    Args:
        workspace: The project.
        files: The files.
        accepted: A file or folder that was committed when they were last accepted; None looks at all their history.

    Returns:
        The latest first; None where a file is not as it was committed.

    Raises:
        LedgerError: The project is in no git repository.
    """
    authors = authors_since(workspace.project.root, files, accepted)
    return None if authors is None else tuple(Actor(*author) for author in authors)


def require_duties(workspace: Workspace, actor: Actor, proposers: Sequence[Actor | None], *, what: str) -> None:
    """Refuse what the same person proposed and accepts, where `[ledger] separate_duties` says so.

    Args:
        workspace: The project, with its policy.
        actor: Who accepts.
        proposers: Who proposed, one for each source of the change: `proposed_by`, or the authors of hand-made edits
            (`proposers_of`); None for one that nobody is known to have made.
        what: What is accepted, for people: `the changed bar of invoices/total-right`.

    Raises:
        LedgerError: The actor is among them, or nobody is known to have proposed it.
    """
    if not workspace.project.ledger.separate_duties:
        return
    if not proposers or None in proposers:
        raise LedgerError(
            f"nobody is known to have proposed {what}",
            where="[ledger] separate_duties",
            remedy="commit the edit first: its author is who proposed it; or name who did",
        )
    if any(proposer is not None and same_person(actor, proposer) for proposer in proposers):
        raise LedgerError(
            f"{actor} proposed {what}, and may not accept it",
            where="[ledger] separate_duties",
            remedy="let somebody else accept it",
        )
