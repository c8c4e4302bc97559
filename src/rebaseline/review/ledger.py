"""The ledger: a folder of entries, each naming those before it, so that branches merge without conflict."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rebaseline.domain.ledger import Entry
from rebaseline.errors import LedgerError
from rebaseline.review.entry_file import NAME, compose_entry, parse_entry
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.lineage import Lineage, lineage_of

__all__ = ["FOLDER", "SIGNATURE", "Ledger", "Record", "compose_entry", "ledger_folder", "read_ledger", "record_of"]

FOLDER = "ledger"
"""Name of the ledger's folder below that of the baselines."""

SIGNATURE = ".sig"
"""What is added to the name of an entry's file for that of its signature."""

_ENTRY_BYTES = 4_000_000
_IGNORED = frozenset({".gitattributes", ".gitignore", ".gitkeep"})


@dataclass(frozen=True, slots=True)
class Record:
    """An entry that was read, and whose digest and name fit it.

    Attributes:
        name: Name of its file.
        digest: Names it as a parent.
        entry: What it says.
        content: Its bytes as they were written: what a signature is over.
        signature: The signature beside it; None where there is none.
    """

    name: str
    digest: str
    entry: Entry
    content: bytes
    signature: bytes | None = None


@dataclass(frozen=True)
class Ledger:
    """All entries of a folder.

    Attributes:
        folder: Where they lie.
        records: By digest, in the order of their files' names, which is that of their times.
        flaws: Files that are no sound entry. `verify_ledger` finds the rest.
    """

    folder: Path
    records: Mapping[str, Record]
    flaws: tuple[Flaw, ...] = ()

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Digests of the entries that no entry names as a parent, sorted: the parents of the next one."""
        named = {parent for record in self.records.values() for parent in record.entry.parents}
        return tuple(sorted(set(self.records) - named))

    @cached_property
    def lineage(self) -> Lineage:
        """Which entries stand before which."""
        return lineage_of({digest: record.entry for digest, record in self.records.items()})

    @property
    def head_digest(self) -> str:
        """One digest for the whole: that of the head, or of all heads where branches meet; empty without entries.

        Whoever kept it can tell later whether any entry that it covers was changed or taken away.
        """
        if len(self.heads) <= 1:
            return "".join(self.heads)
        return hashlib.sha256("\n".join(self.heads).encode()).hexdigest()

    @property
    def gaps(self) -> int:
        """How many entries are not there as they were written, as far as the others tell; at least."""
        wrong = sum(flaw.blocks for flaw in self.flaws)
        parents = {parent for record in self.records.values() for parent in record.entry.parents}
        return max(wrong, len(parents - set(self.records)))  # a damaged file is one that is missing, too

    def require_sound(self) -> None:
        """Refuse to write on a ledger some of whose files cannot be read: what is missed would not be a parent.

        Raises:
            LedgerError: A file is no sound entry; names the first.
        """
        wrong = [flaw for flaw in self.flaws if flaw.blocks]
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            raise LedgerError(
                f"this entry of the ledger cannot be relied upon: {wrong[0].message}{more}",
                where=str(self.folder / wrong[0].where),
                remedy=f"{wrong[0].remedy}; `rebaseline ledger verify` lists everything",
            )


def ledger_folder(baselines: Path) -> Path:
    """Return the ledger's folder.

    Args:
        baselines: Folder of the baselines, as the project file has it.
    """
    return baselines / FOLDER


def read_ledger(folder: Path) -> Ledger:
    """Read every file of the folder; a folder that is not there is an empty ledger.

    Raises:
        LedgerError: The folder cannot be read.
    """
    flaws: list[Flaw] = []
    records: dict[str, Record] = {}
    files = _files(folder, flaws)
    signatures = {name for name in files if name.endswith(SIGNATURE)}
    for name in files:
        if name in signatures:
            continue
        read = record_of(name, files[name], files.get(name + SIGNATURE))
        if isinstance(read, Flaw):
            flaws.append(read)
        else:
            records[read.digest] = read
    flaws.extend(_alone(name) for name in sorted(signatures) if name.removesuffix(SIGNATURE) not in files)
    return Ledger(folder, records, tuple(flaws))


def record_of(name: str, raw: bytes, signature: bytes | None = None) -> Record | Flaw:
    """Return the entry that a file holds, with the signature beside it; or what is wrong with the file."""
    parsed = parse_entry(name, raw)
    return parsed if isinstance(parsed, Flaw) else Record(name, parsed[1], parsed[0], parsed[2], signature)


def _files(folder: Path, flaws: list[Flaw]) -> dict[str, bytes]:
    """Return the content of each file by name, in the order of names; note what is no file of ours."""
    contents: dict[str, bytes] = {}
    try:
        if not folder.exists():
            return {}
        found = sorted(os.scandir(folder), key=lambda item: item.name)
        for item in found:
            if item.name in _IGNORED:
                continue
            status = item.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode) or not NAME.fullmatch(item.name.removesuffix(SIGNATURE)):
                flaws.append(_foreign(item.name, "it is no file of the ledger"))
            elif status.st_size > _ENTRY_BYTES:
                flaws.append(_foreign(item.name, f"{status.st_size:,} bytes are too many for an entry"))
            else:
                contents[item.name] = Path(item.path).read_bytes()
    except OSError as error:
        raise LedgerError(
            f"the ledger cannot be read: {error.strerror}",
            where=str(error.filename or folder),
            remedy="check access rights",
        ) from error
    return contents


def _foreign(name: str, message: str) -> Flaw:
    return Flaw(FlawKind.FOREIGN, name, message, "take it out of the ledger's folder")


def _alone(name: str) -> Flaw:
    return Flaw(
        FlawKind.MISSING,
        name.removesuffix(SIGNATURE),
        "its signature is there, the entry is not",
        "take the entry from git history: `git log -- FILE`, then `git checkout COMMIT -- FILE`",
    )
