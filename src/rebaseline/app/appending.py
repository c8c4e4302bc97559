"""Entries put behind the last ones of the ledger, as files of the change that they speak of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rebaseline.app.own_signature import own_signature
from rebaseline.app.workspace import Workspace
from rebaseline.domain.ledger import Entry
from rebaseline.review.ledger import SIGNATURE, compose_entry, ledger_folder, read_ledger
from rebaseline.review.signatures import sign as sign_as_git
from rebaseline.store.transaction import Replacement

__all__ = ["Appended", "append_entries"]


@dataclass(frozen=True, slots=True)
class Appended:
    """One entry, to be written.

    Attributes:
        digest: Names it.
        files: Its file, and its signature where it is signed.
    """

    digest: str
    files: tuple[Replacement, ...]


def append_entries(
    workspace: Workspace, entries: Sequence[Entry], *, sign: Callable[[bytes], bytes] | None
) -> tuple[Appended, ...]:
    """Return the files of entries, the first behind the ledger's heads, each other one behind the one before it.

    Args:
        workspace: The project, none of whose files anybody else changes meanwhile.
        entries: What is to be recorded; their parents are set here.
        sign: Returns the signature of an entry's bytes; None signs as git does where the project demands it.

    Raises:
        LedgerError: An entry that stands there cannot be relied upon, or the new one is not signed by who acts.
    """
    folder = ledger_folder(workspace.project.paths.baselines)
    ledger = read_ledger(folder)
    ledger.require_sound()
    parents = ledger.heads
    if sign is None and workspace.project.ledger.signed:
        sign = partial(sign_as_git, root=workspace.project.root)
    found = []
    for entry in entries:
        name, content, digest = compose_entry(replace(entry, parents=parents))
        path = (folder / name).relative_to(workspace.project.root).as_posix()
        files = [Replacement(path, content, "")]
        if sign is not None:
            signed = workspace.project.ledger.signed
            signature = own_signature(workspace.project, entry, content, sign) if signed else sign(content)
            files.append(Replacement(path + SIGNATURE, signature, ""))
        found.append(Appended(digest, tuple(files)))
        parents = (digest,)
    return tuple(found)
