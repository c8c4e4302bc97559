"""The ledger beside that of another commit: what is there must be here, as it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rebaseline.errors import LedgerError
from rebaseline.review.commit import Commit
from rebaseline.review.entry_file import NAME
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.ledger import SIGNATURE

__all__ = ["ledger_files_of", "verify_against"]


def ledger_files_of(commit: Commit, folder: Path) -> Mapping[str, bytes]:
    """Return entries and signatures of a commit by file name.

    Args:
        commit: The commit.
        folder: Where its ledger lies, below the folder that its paths are relative to.

    Raises:
        LedgerError: git cannot read it.
    """
    found = commit.folder(folder.relative_to(commit.root).as_posix())
    return {name: content for name, content in found.items() if NAME.fullmatch(name.removesuffix(SIGNATURE))}


def verify_against(
    folder: Path, there: Mapping[str, bytes], ref: str, *, is_mended: Callable[[str], bool] = lambda _: False
) -> tuple[Flaw, ...]:
    """Return what the ledger of a commit has and this one lacks or changed.

    Args:
        folder: The ledger's folder here.
        there: Files of the commit's ledger by name.
        ref: The commit, as it was named.
        is_mended: Whether the signature of an entry, by the entry's file name, was bad in the commit and is good here:
            such a one may be another.

    Raises:
        LedgerError: A file here cannot be read.
    """
    flaws = [flaw for name, content in there.items() if (flaw := _look(folder / name, content, ref)) is not None]
    return tuple(
        flaw
        for flaw in flaws
        if not (
            flaw.kind is FlawKind.EDITED
            and flaw.where.endswith(SIGNATURE)
            and is_mended(flaw.where.removesuffix(SIGNATURE))
        )
    )


def _look(path: Path, content: bytes, ref: str) -> Flaw | None:
    what = "signature" if path.name.endswith(SIGNATURE) else "entry"
    remedy = f"take it back: `git checkout {ref} -- FILE`"
    try:
        here = path.read_bytes()
    except FileNotFoundError:
        return Flaw(FlawKind.MISSING, path.name, f"{ref} has this {what}, and it is not here", remedy)
    except OSError as error:
        raise LedgerError(f"it cannot be read: {error.strerror}", where=str(path), remedy="check its rights") from error
    if here.replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n"):
        return None
    return Flaw(FlawKind.EDITED, path.name, f"this {what} is another one in {ref}", remedy)
