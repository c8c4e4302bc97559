"""The ledger of a project: shown, looked over and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rebaseline.app.workspace import Workspace
from rebaseline.errors import UsageError
from rebaseline.review.against import ledger_files_of, verify_against
from rebaseline.review.commit import commit_at
from rebaseline.review.flaws import Flaw
from rebaseline.review.ledger import SIGNATURE, Ledger, Record, ledger_folder, read_ledger
from rebaseline.review.roots import records_in, verify_added, verify_roots
from rebaseline.review.signatures import verify_signature
from rebaseline.review.signed import Signed
from rebaseline.review.verifying import verify_baselines, verify_duties, verify_entries, verify_signed

__all__ = ["LedgerFindings", "ShownEntry", "find_records", "head_words", "ledger_of", "show_ledger", "verify_ledger"]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with what is known of its signature."""

    record: Record
    signed: Signed


@dataclass(frozen=True, slots=True)
class LedgerFindings:
    """What looking over a ledger found.

    Attributes:
        ledger: The ledger.
        flaws: All that is wrong.
        compared: How many entries the other commit has; None where none was named.
    """

    ledger: Ledger
    flaws: tuple[Flaw, ...]
    compared: int | None = None

    @property
    def blocking(self) -> tuple[Flaw, ...]:
        """Those for which the ledger cannot be relied upon."""
        return tuple(flaw for flaw in self.flaws if flaw.blocks)


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
    if not ledger.flaws:
        return ledger.head_digest, ()
    files = "1 file is" if len(ledger.flaws) == 1 else f"{len(ledger.flaws)} files are"
    return "", (f"The ledger cannot be relied upon, {files} not as written: `rebaseline ledger verify`",)


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
    return tuple(ShownEntry(record, _look(workspace, record)) for record in records)


def verify_ledger(workspace: Workspace, against: str | None = None) -> LedgerFindings:
    """Look over the whole ledger: entries, baselines, signatures, duties, and that nothing of a commit is missing.

    Args:
        workspace: The project, whose `[ledger]` says what is demanded.
        against: A commit whose entries must all be here, as they are there; None looks at no commit.

    Raises:
        LedgerError: It cannot be read, or git or a program that is needed is not there.
    """
    project = workspace.project
    ledger = ledger_of(workspace)
    flaws = [*verify_entries(ledger), *verify_baselines(ledger, project.root, project.paths.baselines)]
    for record in ledger.records.values():
        found = [verify_signed(record, _look(workspace, record), demanded=project.ledger.signed)]
        if project.ledger.separate_duties:
            found.append(verify_duties(record))
        flaws += [flaw for flaw in found if flaw is not None]
    compared = None
    known: Mapping[str, Record] = {}
    if against is not None:
        there = ledger_files_of(commit_at(project.root, against), ledger.folder)
        compared = sum(not name.endswith(SIGNATURE) for name in there)
        known = records_in(ledger, there)
        flaws += verify_against(ledger.folder, there, against)
    flaws += verify_added(ledger, known, against) if against is not None and known else verify_roots(ledger)
    return LedgerFindings(ledger, tuple(dict.fromkeys(flaws)), compared)


def _look(workspace: Workspace, record: Record) -> Signed:
    project = workspace.project
    return verify_signature(
        record.content,
        record.signature,
        record.entry.actor,
        record.entry.at,
        project.root,
        signers=project.ledger.signers,
    )
