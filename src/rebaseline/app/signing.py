"""Signatures made after their entries, by whoever these name as acting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from rebaseline.app.ledgering import ledger_of, look
from rebaseline.app.own_signature import own_signature
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError, UsageError
from rebaseline.load.settings import Project
from rebaseline.review.ledger import SIGNATURE, Ledger, Record, ledger_folder
from rebaseline.review.people import same_person
from rebaseline.review.signatures import sign as sign_as_git
from rebaseline.review.signed import SignatureState
from rebaseline.store.manifest import sha256_of
from rebaseline.store.transaction import Replacement, transaction

__all__ = ["LookedAt", "Outcome", "sign_entries"]

_DIGEST_START = re.compile("[0-9a-f]{7,64}")


class Outcome(StrEnum):
    """What became of an entry that was to be signed."""

    SIGNED = "signed"
    REPLACED = "replaced"
    """It had a bad signature, which is another now."""
    GOOD = "good"
    """It was signed already, and its signature is as it was."""
    LEFT = "left"
    """Somebody else must sign it."""


_WRITTEN = {Outcome.SIGNED, Outcome.REPLACED}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """An entry that was looked at to be signed.

    Attributes:
        record: The entry as it was.
        outcome: What became of it.
        was: What was wrong with the signature that was replaced; empty where none was.
    """

    record: Record
    outcome: Outcome
    was: str = ""


def sign_entries(workspace: Workspace, names: Sequence[str], actor: Actor) -> tuple[LookedAt, ...]:
    """Sign entries as git signs. Either all signatures are written, or none is.

    Args:
        workspace: The project.
        names: Entries, each by the name of its file or the start of its digest; none for every entry without a
            signature, of which those of other people are left. A bad signature is replaced only where its entry is
            named.
        actor: Who signs.

    Returns:
        What became of each entry that was named, or that has no signature.

    Raises:
        UsageError: There is no such entry, or somebody else must sign one that is named.
        LedgerError: An entry that is named cannot be relied upon, git is not set up to sign, or the key is not the
            actor's.
        ChangeError: A signature cannot be written.
    """
    project = workspace.project
    with transaction(workspace.changeable) as change:
        ledger = ledger_of(workspace)
        chosen = [it for it in ledger.records.values() if it.signature is None]
        if names:
            chosen = list({record.digest: record for record in (_named(ledger, name) for name in names)}.values())
            _require_own_entries(chosen, actor)
        looked = tuple(_look_at(project, record, actor) for record in chosen)
        signatures = [_signature_of(project, it.record) for it in looked if it.outcome in _WRITTEN]
        if signatures:
            change.commit(signatures)
    return looked


def _named(ledger: Ledger, name: str) -> Record:
    file = name.replace("\\", "/").rpartition("/")[2].removesuffix(SIGNATURE)
    wrong = next((flaw for flaw in ledger.flaws if flaw.where == file), None)
    if wrong is not None:
        raise LedgerError(f"it cannot be relied upon: {wrong.message}", where=file, remedy=wrong.remedy)
    start = name if _DIGEST_START.fullmatch(name) else None
    found = [
        it for it in ledger.records.values() if it.name == file or (start is not None and it.digest.startswith(start))
    ]
    if len(found) != 1:
        problem = f"{len(found)} entries begin with {name!r}" if found else f"there is no entry {name!r}"
        raise UsageError(
            problem,
            remedy="name its file, or at least the first 7 digits of its digest: `rebaseline ledger show` prints both",
        )
    return found[0]


def _require_own_entries(records: Sequence[Record], actor: Actor) -> None:
    others = [record for record in records if not same_person(actor, record.entry.actor)]
    if others:
        lines = [f"  {record.name}: {record.entry.actor} must sign it" for record in others]
        raise UsageError(f"{actor} cannot sign for somebody else, and nothing was signed:\n" + "\n".join(lines))


def _look_at(project: Project, record: Record, actor: Actor) -> LookedAt:
    if record.signature is None:
        own = same_person(actor, record.entry.actor)
        return LookedAt(record, Outcome.SIGNED if own else Outcome.LEFT)
    found = look(project, record, project.ledger)
    if found.state is SignatureState.UNCHECKED:
        raise LedgerError(
            f"it has a signature, and whether that is good was not checked: {found.why}",
            where=record.name,
            remedy="set up who may sign, then sign it if its signature is bad; nothing was signed",
        )
    if found.state is SignatureState.GOOD:
        return LookedAt(record, Outcome.GOOD)
    return LookedAt(record, Outcome.REPLACED, f"{found.state}{': ' + found.why if found.why else ''}")


def _signature_of(project: Project, record: Record) -> Replacement:
    path = (ledger_folder(project.paths.baselines) / f"{record.name}{SIGNATURE}").relative_to(project.root).as_posix()
    signature = own_signature(project, record.entry, record.content, partial(sign_as_git, root=project.root))
    return Replacement(path, signature, sha256_of(record.signature))
