"""The ledger beside that of another commit: what is there must be here, as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rebaseline.errors import LedgerError
from rebaseline.review.entry_file import NAME
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.git import run_git, said
from rebaseline.review.ledger import SIGNATURE

__all__ = ["entries_at", "verify_against"]

_REGULAR = {"100644", "100755"}


def verify_against(folder: Path, root: Path, ref: str) -> tuple[tuple[Flaw, ...], int]:
    """Return what the ledger of a commit has and this one lacks or changed, and how many entries that commit has.

    Args:
        folder: The ledger's folder.
        root: Folder of the project, anywhere in a git repository.
        ref: A commit, branch or tag, as git names it.

    Raises:
        LedgerError: git is not there, does not know the commit, or cannot read it.
    """
    there = entries_at(folder, root, ref)
    flaws = tuple(flaw for name, content in there.items() if (flaw := _look(folder / name, content, ref)) is not None)
    return flaws, sum(not name.endswith(SIGNATURE) for name in there)


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


def entries_at(folder: Path, root: Path, ref: str) -> Mapping[str, bytes]:
    """Return entries and signatures of a commit by file name.

    Raises:
        LedgerError: git is not there, does not know the commit, or cannot read it.
    """
    answer = run_git(root, ["rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}"])
    if answer.returncode:
        raise LedgerError(
            f"git knows no commit {ref!r} here: {said(answer)}",
            where="--against",
            remedy="name a commit, branch or tag; a shallow clone may lack it: `git fetch origin REF`",
        )
    commit = answer.stdout.decode().strip()
    place = f"{folder.relative_to(root).as_posix()}/"
    listed = run_git(root, ["ls-tree", "-z", commit, "--", place])
    if listed.returncode:
        raise LedgerError(
            f"git cannot list {place} of {ref}: {said(listed)}", where="--against", remedy="mend the clone"
        )
    blobs: dict[str, str] = {}
    for line in listed.stdout.split(b"\0"):
        facts, _, path = line.decode(errors="surrogateescape").partition("\t")
        name = path.rpartition("/")[2]
        if facts.partition(" ")[0] in _REGULAR and NAME.fullmatch(name.removesuffix(SIGNATURE)):
            blobs[name] = facts.split()[2]
    contents = _contents(root, list(blobs.values()), ref)
    return dict(zip(blobs, contents, strict=True))


def _contents(root: Path, blobs: list[str], ref: str) -> list[bytes]:
    """Return the content of each blob, by one call of git for all."""
    answer = run_git(root, ["cat-file", "--batch"], given="".join(f"{blob}\n" for blob in blobs).encode())
    out, at, contents = answer.stdout, 0, []
    for blob in blobs:
        end = out.find(b"\n", at)
        facts = out[at:end].split()
        if end < 0 or len(facts) != 3 or facts[1] != b"blob":  # noqa: PLR2004 - name, kind, size
            raise LedgerError(
                f"git cannot read {blob} of {ref}: {said(answer)}", where="--against", remedy="mend the clone"
            )
        size = int(facts[2])
        contents.append(out[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return contents
