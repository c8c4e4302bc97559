"""Separation of duties: who accepts a changed rule or gives a waiver is not who proposed it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rebaseline.app.ledgering import ledger_of
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.authors import authors_of, authors_since
from rebaseline.review.people import same_person
from rebaseline.store.baseline_path import baseline_path

__all__ = ["last_acceptances", "proposers_of", "require_duties", "writers_of"]


def last_acceptances(workspace: Workspace, suite: str, target: str) -> tuple[Path, ...]:
    """Return the files of the entries that wrote a baseline of a suite and a target last.

    Several where branches met; none where no entry did.

    Args:
        workspace: The project.
        suite: Suite id.
        target: Target name.

    Raises:
        LedgerError: The ledger's folder cannot be read.
    """
    paths, ledger = workspace.project.paths, ledger_of(workspace)
    folder = baseline_path(paths.baselines, suite, target, "any").parent.relative_to(workspace.project.root)
    wrote = [
        digest
        for digest in ledger.lineage.order
        if any(it.after and it.path.startswith(f"{folder.as_posix()}/") for it in ledger.records[digest].entry.files)
    ]
    return tuple(ledger.folder / ledger.records[digest].name for digest in ledger.lineage.latest(wrote))


def proposers_of(workspace: Workspace, files: Sequence[Path], entries: Sequence[Path]) -> tuple[Actor, ...] | None:
    """Return everybody who changed some files since they were accepted, by git's history.

    Args:
        workspace: The project.
        files: The files.
        entries: Files of the entries that accepted them last (`last_acceptances`); without any, all history counts.

    Returns:
        The latest first; None where a file is not as it was committed.

    Raises:
        LedgerError: The project is in no git repository.
    """
    return _actors(authors_since(workspace.project.root, files, entries))


def writers_of(workspace: Workspace, file: Path) -> tuple[Actor, ...] | None:
    """Return everybody who committed a change of a file, the latest first; None where it is not as it was committed.

    Raises:
        LedgerError: The project is in no git repository.
    """
    return _actors(authors_of(workspace.project.root, file))


def _actors(authors: Sequence[tuple[str, str]] | None) -> tuple[Actor, ...] | None:
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
            remedy="commit an edit made by hand first: its author is who proposed it; or give the command with "
            "--propose, and let somebody else accept it",
        )
    if any(proposer is not None and same_person(actor, proposer) for proposer in proposers):
        raise LedgerError(
            f"{actor} proposed {what}, and may not accept it",
            where="[ledger] separate_duties",
            remedy="let somebody else accept it",
        )
