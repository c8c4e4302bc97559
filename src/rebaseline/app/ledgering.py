"""The ledger of a project: shown and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rebaseline.app.workspace import Workspace
from rebaseline.errors import UsageError
from rebaseline.load.settings import LedgerSettings, Project
from rebaseline.review.ledger import Ledger, Record, ledger_folder, read_ledger
from rebaseline.review.signatures import verify_signature
from rebaseline.review.signed import Signed

__all__ = ["ShownEntry", "find_records", "head_words", "ledger_of", "look", "show_ledger"]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with what is known of its signature."""

    record: Record
    signed: Signed


def ledger_of(workspace: Workspace) -> Ledger:
    """Return the project's ledger.

    Raises:
        LedgerError: Its folder cannot be read.
    """
    return read_ledger(ledger_folder(workspace.project.paths.baselines))


def head_words(workspace: Workspace) -> tuple[str, tuple[str, ...]]:
    """Return the digest of the ledger's head for a report, and what the reader must know of the ledger.

    A ledger some of whose files cannot be relied upon has no head that could be quoted.
    """
    ledger = ledger_of(workspace)
    if not ledger.flaws and not ledger.gaps:
        return ledger.head_digest, ()
    wrong = max(ledger.gaps, len(ledger.flaws))
    files = "1 file is" if wrong == 1 else f"{wrong} files are"
    words = f"The ledger cannot be relied upon, {files} missing or not as written: `rebaseline ledger verify`"
    return "", (f"{words}. No waiver counts until then" if ledger.gaps else words,)


def find_records(ledger: Ledger, about: str | None) -> tuple[Record, ...]:
    """Return the entries about a suite, or about `suite/assertion`, the newest first.

    Raises:
        UsageError: No entry is about it.
    """
    bits = ledger.lineage.bits
    # Entries of one act share an instant; the one that follows the other is the newer.
    order = sorted(ledger.records.values(), key=lambda it: (it.entry.at, bits.get(it.digest, 0)), reverse=True)
    newest = tuple(order)
    if about is None:
        return newest
    suite, _, assertion = about.partition("/")
    found = tuple(
        record
        for record in newest
        if record.entry.suite == suite and (not assertion or assertion in record.entry.items)
    )
    if not found:
        raise UsageError(f"no entry of the ledger is about {about!r}", remedy=_near(about, newest))
    return found


def _near(about: str, records: Sequence[Record]) -> str:
    names = dict.fromkeys(
        name
        for record in records
        for name in (record.entry.suite, *(f"{record.entry.suite}/{item}" for item in record.entry.items))
    )
    near = get_close_matches(about, names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    suites = sorted({record.entry.suite for record in records})
    return f"there are entries about {', '.join(suites[:10])}" if suites else "there is no entry at all yet"


def show_ledger(workspace: Workspace, records: Sequence[Record]) -> tuple[ShownEntry, ...]:
    """Return entries with what is known of their signatures.

    Raises:
        LedgerError: What is needed to check a signature is set up and not there.
    """
    project = workspace.project
    return tuple(ShownEntry(record, look(project, record, project.ledger)) for record in records)


def look(project: Project, record: Record, settings: LedgerSettings) -> Signed:
    """Return what is known of an entry's signature.

    Args:
        project: The project, in whose folder git is asked.
        record: The entry.
        settings: Who may sign.

    Raises:
        LedgerError: What is needed to check it is set up and not there.
    """
    entry = record.entry
    return verify_signature(
        record.content, record.signature, entry.actor, entry.at, project.root, signers=settings.signers
    )
