"""A commit of the repository that a project lies in: its files as they are there, not as they are checked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rebaseline.errors import LedgerError
from rebaseline.review.git import run_git, said

__all__ = ["Commit", "commit_at", "folders_above", "merge_bases"]

_REGULAR = {"100644", "100755"}


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit.

    Attributes:
        root: Folder of the repository that paths are relative to.
        ref: As it was named.
        digest: As git names it.
    """

    root: Path
    ref: str
    digest: str

    def below(self, root: Path) -> Commit:
        """Return the same commit, with paths relative to another folder of the repository."""
        return replace(self, root=root)

    def file(self, path: str) -> bytes | None:
        """Return the content of a file; None where the commit has none there.

        Raises:
            LedgerError: It is a link or a folder, or git cannot read it.
        """
        listed = self._list(path)
        if not listed:
            return None
        mode, blob, _ = listed[0]
        if mode not in _REGULAR:
            raise LedgerError(
                f"{path} is no file in {self.ref}: it is a link or a folder",
                where="--against",
                remedy="name the file itself, and let that be merged first",
            )
        return self._contents([blob])[0]

    def folder(self, path: str) -> Mapping[str, bytes]:
        """Return the content of each file of a folder by name; not of links and folders in it.

        Raises:
            LedgerError: git cannot list or read them.
        """
        blobs = {name: blob for mode, blob, name in self._list(f"{path.rstrip('/')}/") if mode in _REGULAR}
        return dict(zip(blobs, self._contents(list(blobs.values())), strict=True))

    def _list(self, place: str) -> list[tuple[str, str, str]]:
        """Return mode, blob and name of what stands at a place."""
        answer = run_git(self.root, ["ls-tree", "-z", self.digest, "--", place])
        if answer.returncode:
            raise LedgerError(
                f"git cannot list {place} of {self.ref}: {said(answer)}", where="--against", remedy="mend the clone"
            )
        found = []
        for line in answer.stdout.split(b"\0"):
            facts, separator, path = line.decode(errors="surrogateescape").partition("\t")
            if separator:
                mode, _, blob = facts.split()
                found.append((mode, blob, path.rpartition("/")[2]))
        return found

    def _contents(self, blobs: Sequence[str]) -> list[bytes]:
        """Return the content of each blob, by one call of git for all."""
        answer = run_git(self.root, ["cat-file", "--batch"], given="".join(f"{blob}\n" for blob in blobs).encode())
        out, at, contents = answer.stdout, 0, []
        for blob in blobs:
            end = out.find(b"\n", at)
            facts = out[at:end].split()
            if end < 0 or len(facts) != 3 or facts[1] != b"blob":  # noqa: PLR2004 - name, kind, size
                raise LedgerError(
                    f"git cannot read {blob} of {self.ref}: {said(answer)}", where="--against", remedy="mend the clone"
                )
            size = int(facts[2])
            contents.append(out[end + 1 : end + 1 + size])
            at = end + 1 + size + 1
        return contents


def commit_at(root: Path, ref: str) -> Commit:
    """Return a commit, with paths relative to a folder.

    Args:
        root: The folder, anywhere in a git repository.
        ref: A commit, branch or tag, as git names it.

    Raises:
        LedgerError: git is not there, or does not know the commit.
    """
    answer = run_git(root, ["rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}"])
    if answer.returncode:
        raise LedgerError(
            f"git knows no commit {ref!r} here: {said(answer)}",
            where="--against",
            remedy="name a commit, branch or tag; a shallow clone may lack it: `git fetch origin REF`",
        )
    return Commit(root, ref, answer.stdout.decode().strip())


def merge_bases(commit: Commit) -> tuple[Commit, ...] | None:
    """Return the last commits that another one and the one checked out have in common, each named as the other is.

    None where there is none, or the clone is shallow: what it leaves out may hold a later one.

    Raises:
        LedgerError: git is not there.
    """
    shallow = run_git(commit.root, ["rev-parse", "--is-shallow-repository"])
    if shallow.stdout.strip() != b"false":
        return None
    answer = run_git(commit.root, ["merge-base", "--all", "HEAD", commit.digest])
    digests = answer.stdout.decode().split()
    return tuple(replace(commit, digest=digest) for digest in digests) or None


def folders_above(start: Path) -> tuple[Path, ...]:
    """Return a folder and those above it, up to that of the repository.

    Raises:
        LedgerError: git is not there, or the folder is in no repository.
    """
    answer = run_git(start, ["rev-parse", "--show-prefix"])
    if answer.returncode:
        raise LedgerError(
            f"git knows no repository here: {said(answer)}", where=str(start), remedy="go to a folder of the project"
        )
    above = len(Path(answer.stdout.decode(errors="surrogateescape").rstrip("\n")).parts)
    return (start, *start.parents)[: above + 1]
