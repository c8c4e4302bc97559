"""The ledger looked over: its entries, the baselines that they speak of, and what the policy demands of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from rebaseline.domain.ledger import FileChange, needs_two
from rebaseline.errors import LedgerError
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.ledger import FOLDER, Ledger, Record
from rebaseline.review.lineage import Lineage
from rebaseline.review.pending_file import FOLDER as PENDING
from rebaseline.review.people import same_person
from rebaseline.review.signed import SignatureState, Signed

__all__ = ["verify_baselines", "verify_duties", "verify_entries", "verify_signed"]

_HISTORY = "take it from git history: `git log --all -- FILE`, then `git checkout COMMIT -- FILE`"
_OUTSIDE = "restore it from git history, or let somebody accept it: `rebaseline accept`"
_SIGNATURES = {
    SignatureState.NONE: (
        FlawKind.UNSIGNED,
        "it is not signed",
        "let whoever acted sign it: `rebaseline ledger sign ENTRY`",
    ),
    SignatureState.BAD: (
        FlawKind.BAD_SIGNATURE,
        "its signature is bad",
        f"let whoever acted sign it anew: `rebaseline ledger sign ENTRY`; or {_HISTORY}",
    ),
    SignatureState.UNKNOWN: (
        FlawKind.BAD_SIGNATURE,
        "its signature is nobody's who may sign",
        "add the key to those that may sign, or let whoever acted sign it anew: `rebaseline ledger sign ENTRY`",
    ),
    SignatureState.UNCHECKED: (FlawKind.BAD_SIGNATURE, "its signature was not checked", "set up who may sign"),
    SignatureState.OTHER: (
        FlawKind.WRONG_SIGNER,
        "somebody else signed it",
        "let whoever is named as acting sign it: `rebaseline ledger sign ENTRY`",
    ),
}


def verify_entries(ledger: Ledger) -> tuple[Flaw, ...]:
    """Return what is wrong with the entries: each for itself, missing parents, cycles, a clock that went back."""
    return (*ledger.flaws, *_lineage_flaws(ledger))


def _lineage_flaws(ledger: Ledger) -> Iterator[Flaw]:
    unread = {flaw.where for flaw in ledger.flaws}
    for record in ledger.records.values():
        for parent in record.entry.parents:
            known = ledger.records.get(parent)
            if known is None:
                yield _missing(record, parent, unread)
            elif known.entry.at > record.entry.at:
                yield Flaw(
                    FlawKind.CLOCK,
                    record.name,
                    f"it is dated before {known.name}, which it follows",
                    "look at the clock of the machine that wrote it",
                    blocks=False,
                )
    for digest in ledger.lineage.looped:
        name = ledger.records[digest].name
        yield Flaw(FlawKind.CYCLE, name, "entries before it name each other as parents", _HISTORY)


def _missing(record: Record, parent: str, unread: set[str]) -> Flaw:
    there = sorted(name for name in unread if f"-{parent[:12]}." in name)
    what = f"the entry before it, {there[0]}, is there but cannot be relied upon" if there else "is not there"
    message = what if there else f"the entry before it, …-{parent[:12]}.json, {what}"
    return Flaw(FlawKind.MISSING, record.name, message, _HISTORY)


def verify_baselines(ledger: Ledger, root: Path, baselines: Path, *, demanded: bool = False) -> tuple[Flaw, ...]:
    """Return the baselines that were changed, added or taken away past the ledger.

    Each file below `baselines` must be what the last entry that speaks of it made of it; where branches met, what one
    of the last entries did. What an entry replaced must be what one before it had written.

    Args:
        ledger: The ledger.
        root: Folder of the project.
        baselines: Folder of the baselines, inside it.
        demanded: The policy demands something of entries. Else baselines from before the first entry are warned of.

    Raises:
        LedgerError: A baseline cannot be read.
    """
    prefix = f"{baselines.relative_to(root).as_posix()}/"
    lineage = ledger.lineage
    changes: dict[str, dict[str, FileChange]] = {}
    for digest in lineage.order:
        for change in ledger.records[digest].entry.files:
            if change.path.startswith(prefix) and not change.path.startswith(f"{prefix}{FOLDER}/"):
                changes.setdefault(change.path, {})[digest] = change
    here = dict(_files(root, baselines))
    began = bool(ledger.records or ledger.flaws)
    flaws: list[Flaw] = []
    for path, by_entry in sorted(changes.items()):
        flaws += _history(ledger, lineage, path, by_entry)
        last = lineage.latest(by_entry)
        if not here.get(path, {""}) & {by_entry[digest].after for digest in last}:
            flaws.append(_outside(path, ledger.records[last[-1]], by_entry[last[-1]], there=path in here))
        elif path in here:
            wrote = [ledger.records[each] for each in last if by_entry[each].after in here[path]]
            flaws += [_no_evidence(record, path) for record in wrote if not _rests_on(record, root / path, prefix)]
    flaws += [_unaccounted(path, began=began, blocks=began or demanded) for path in sorted(set(here) - set(changes))]
    return tuple(flaws)


def _history(ledger: Ledger, lineage: Lineage, path: str, by_entry: dict[str, FileChange]) -> Iterator[Flaw]:
    for digest, change in by_entry.items():
        earlier = lineage.latest(by_entry, before=digest)
        if earlier and change.before not in {by_entry[each].after for each in earlier}:
            yield Flaw(
                FlawKind.OUTSIDE,
                path,
                f"it was changed past the ledger between {ledger.records[earlier[-1]].name} "
                f"and {ledger.records[digest].name}",
                "look at git history for who changed it: `git log -- FILE`",
            )


def _outside(path: str, record: Record, change: FileChange, *, there: bool) -> Flaw:
    if not there:
        message = f"{record.name} wrote it, and it is not there"
    elif not change.after:
        message = f"{record.name} took it away, and it is there"
    else:
        message = f"it is not what {record.name} made of it"
    return Flaw(FlawKind.OUTSIDE, path, message, _OUTSIDE)


def _rests_on(record: Record, path: Path, prefix: str) -> bool:
    """Whether the evidence of an entry that wrote one baseline is that baseline, as the digest in its file names it."""
    written = [change for change in record.entry.files if change.path.startswith(prefix) and change.after]
    if not record.entry.evidence or len(written) != 1:
        return True
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return True  # no baseline: reading it says so
    return not isinstance(content, dict) or content.get("digest", record.entry.evidence) == record.entry.evidence


def _no_evidence(record: Record, path: str) -> Flaw:
    message = f"its evidence is not the baseline that it wrote: {path}"
    return Flaw(FlawKind.EVIDENCE, record.name, message, "let somebody accept it anew: `rebaseline accept`")


def _unaccounted(path: str, *, began: bool, blocks: bool) -> Flaw:
    message = "no entry says who accepted it" if began else "no entry says who accepted it: there is no ledger yet"
    return Flaw(FlawKind.OUTSIDE, path, message, "let somebody accept it: `rebaseline accept`", blocks=blocks)


def _files(root: Path, baselines: Path) -> Iterator[tuple[str, set[str]]]:
    """Return the digests that each file may be known by: as it lies here, and with line ends as they were written."""
    try:
        for path in sorted(baselines.rglob("*")):
            inside = path.relative_to(baselines).parts
            if inside[0] == FOLDER or inside[:-1] == (PENDING,) or path.name.startswith(".") or not path.is_file():
                continue
            raw = path.read_bytes()
            digests = {hashlib.sha256(each).hexdigest() for each in (raw, raw.replace(b"\r\n", b"\n"))}
            yield path.relative_to(root).as_posix(), digests
    except OSError as error:
        raise LedgerError(
            f"a baseline cannot be read: {error.strerror}", where=str(error.filename), remedy="check access rights"
        ) from error


def verify_signed(record: Record, signed: Signed, *, demanded: bool) -> Flaw | None:
    """Return what is wrong with the signature of an entry; None where it is good, or missing and not demanded.

    Args:
        record: The entry.
        signed: What is known of its signature.
        demanded: The policy wants every entry signed. Else only a signature that does not fit blocks.
    """
    if signed.state is SignatureState.GOOD or (signed.state is SignatureState.NONE and not demanded):
        return None
    kind, message, remedy = _SIGNATURES[signed.state]
    blocks = demanded or signed.state in {SignatureState.BAD, SignatureState.OTHER}
    return Flaw(kind, record.name, f"{message}: {signed.why}" if signed.why else message, remedy, blocks)


def verify_duties(record: Record) -> Flaw | None:
    """Return whether one person proposed and accepted what two are needed for; None where two did, or one may."""
    entry = record.entry
    names = needs_two(entry)
    if not names:
        return None
    what = ", ".join(names)
    if entry.proposed_by is None:
        message = f"nobody is named as having proposed what {entry.actor} accepted of {what}"
    elif same_person(entry.actor, entry.proposed_by):
        message = f"{entry.actor} proposed and accepted what changed of {what}"
    else:
        return None
    return Flaw(FlawKind.DUTIES, record.name, message, "let somebody else accept it: `rebaseline accept`")
