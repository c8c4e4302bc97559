"""The ledger beside that of another commit: what is there must be here, as it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    folder: Path,
    there: Mapping[str, bytes],
    ref: str,
    *,
    before: Sequence[Mapping[str, bytes]] | None = None,
    is_mended: Callable[[str], bool] = lambda _: False,
) -> tuple[Flaw, ...]:
    """Return what the ledger of a commit has and this one lacks or changed.

    Args:
        folder: The ledger's folder here.
        there: Files of the commit's ledger by name.
        ref: The commit, as it was named.
        before: Files of the ledger where this branch and the commit parted, for each commit that they have in common
            last; None where that is not known. What came to the commit since is warned of: nobody took it away here.
        is_mended: Whether the signature of an entry, by the entry's file name, was bad in the commit and is good here:
            such a one may be another.

    Raises:
        LedgerError: A file here cannot be read.
    """
    flaws = [(name, flaw) for name, content in there.items() if (flaw := _look(folder / name, content, ref))]
    came = [name for name, _ in flaws if before is not None and _came_since(folder / name, before)]
    left = tuple(flaw for name, flaw in flaws if name not in came and not _is_mended(flaw, is_mended))
    return (*left, _moved_on(came, ref)) if came else left


def _is_mended(flaw: Flaw, is_mended: Callable[[str], bool]) -> bool:
    return (
        flaw.kind is FlawKind.EDITED
        and flaw.where.endswith(SIGNATURE)
        and is_mended(flaw.where.removesuffix(SIGNATURE))
    )


def _came_since(path: Path, before: Sequence[Mapping[str, bytes]]) -> bool:
    """Whether a file that is another one in a commit is here as it was where they parted: not there, or a signature."""
    had = [_plain(files[path.name]) for files in before if path.name in files]
    if not path.exists():
        return not had
    return path.name.endswith(SIGNATURE) and bool(had) and set(had) == {_plain(path.read_bytes())}


def _moved_on(names: Sequence[str], ref: str) -> Flaw:
    signatures = sum(name.endswith(SIGNATURE) for name in names)
    entries = len(names) - signatures
    counts = [(entries, "entry", "entries"), (signatures, "signature", "signatures")]
    words = " and ".join(f"{count:,} {one if count == 1 else more}" for count, one, more in counts if count)
    what = f"{words} came there that {'is' if len(names) == 1 else 'are'} not here"
    message = f"{ref} has moved on: {what}"
    return Flaw(FlawKind.BEHIND, max(names), message, f"merge it: `git merge {ref}`", blocks=False)


def _look(path: Path, content: bytes, ref: str) -> Flaw | None:
    what = "signature" if path.name.endswith(SIGNATURE) else "entry"
    remedy = f"take it back: `git checkout {ref} -- FILE`"
    try:
        here = path.read_bytes()
    except FileNotFoundError:
        return Flaw(FlawKind.MISSING, path.name, f"{ref} has this {what}, and it is not here", remedy)
    except OSError as error:
        raise LedgerError(f"it cannot be read: {error.strerror}", where=str(path), remedy="check its rights") from error
    if _plain(here) == _plain(content):
        return None
    return Flaw(FlawKind.EDITED, path.name, f"this {what} is another one in {ref}", remedy)


def _plain(content: bytes) -> bytes:
    """Return a file's content with line ends as they were written."""
    return content.replace(b"\r\n", b"\n")
