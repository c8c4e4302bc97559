"""Who changed a file, by git's history: everybody since it was accepted, under whatever name it lay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rebaseline.errors import LedgerError
from rebaseline.review.commit import folders_above
from rebaseline.review.git import run_git, said

__all__ = ["authors_of", "authors_since"]


@dataclass(frozen=True, slots=True)
class _Change:
    commit: str
    author: tuple[str, str]


def authors_of(root: Path, path: Path) -> tuple[tuple[str, str], ...] | None:
    """Return name and e-mail of everybody who committed a change of a file, the latest first.

    None where it is not as it was committed.

    Args:
        root: Folder of the project.
        path: The file.

    Raises:
        LedgerError: git is not installed, or the folder is in no repository.
    """
    if not _as_committed(root, [str(path)]):
        return None
    return _people(_changes(root, [], [str(path)])) or None


def authors_since(root: Path, paths: Sequence[Path], entries: Sequence[Path]) -> tuple[tuple[str, str], ...] | None:
    """Return name and e-mail of everybody who committed a change of some files since they were accepted.

    That is from each commit on that added an entry: no later commit moves it, also not one that adds the entry again.
    That commit counts, too, for it may hold an edit beside the acceptance; not where the files begin with it, for what
    stood at the beginning was accepted by nobody before. Where nobody changed them since, who changed them last.

    Args:
        root: Folder of the project.
        paths: The files.
        entries: Files of the ledger's entries that accepted them last. Where none is given, or one was not committed,
            all of history counts.

    Returns:
        None where one of the files is not as it was committed.

    Raises:
        LedgerError: git is not installed, or the folder is in no repository.
    """
    names = [str(path) for path in paths]
    if not _as_committed(root, names):
        return None
    added = [_added_in(root, str(entry)) for entry in entries]
    commits = list(dict.fromkeys(commit for each in added for commit in each)) if all(added) else []
    found = [change for commit in commits for change in _since(root, commit, names)]
    if not commits:
        found = _changes(root, [], _names_of(root, [], names))
    return _people(found or _changes(root, ["-1"], names)) or None


def _as_committed(root: Path, names: Sequence[str]) -> bool:
    status = run_git(root, ["status", "--porcelain", "-z", "--ignored", "--", *names])
    if status.returncode:
        raise LedgerError(
            f"git cannot say who changed it last: {said(status)}",
            where=names[0],
            remedy="separate duties need a git repository: `git init`, and commit the suites",
        )
    return not status.stdout


def _added_in(root: Path, name: str) -> list[str]:
    """Return the commits that added a file: one, unless it was taken away or came by two branches."""
    options = ["--no-follow", "--no-renames", "--full-history", "--diff-filter=A", "--format=%H"]
    return _log(root, options, [name]).split()


def _since(root: Path, commit: str, names: Sequence[str]) -> list[_Change]:
    chosen = ["HEAD", "--not", f"{commit}^@"]
    every = _names_of(root, chosen, names)
    found = _changes(root, chosen, every)
    begins = all(change.commit == commit for change in _changes(root, ["-2", commit], every))
    return [change for change in found if not (begins and change.commit == commit)]


def _names_of(root: Path, chosen: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names that files had in some commits: git follows one file at a time, and past merges or not."""
    top = folders_above(root)[-1]
    known: dict[str, None] = {}
    left = list(names)
    while left:
        name = left.pop()
        if name not in known:
            known[name] = None
            for merges in ([], ["-m"]):
                options = ["--follow", *merges, "--format=", "--name-status", "-z"]
                left += [str(top / each) for each in _named(_log(root, [*options, *chosen], [name]))]
    return list(known)


def _named(listed: str) -> Iterator[str]:
    """Return the names in a list of changes, which has two of what was renamed or copied."""
    words = iter(listed.split("\0"))
    for status in words:
        for _ in range(2 if status[:1] in {"R", "C"} else 1 if status else 0):
            yield next(words, "")


def _changes(root: Path, chosen: Sequence[str], names: Sequence[str]) -> list[_Change]:
    listed = _log(root, ["--no-follow", "--format=%H%x00%an%x00%ae", *chosen], names)
    shown = listed.encode(errors="surrogateescape").decode(errors="replace")
    lines = (line.split("\0") for line in shown.split("\n") if line)
    return [_Change(words[0], (words[1], words[2])) for words in lines if len(words) == 3]  # noqa: PLR2004 - as asked for


def _log(root: Path, options: Sequence[str], names: Sequence[str]) -> str:
    answer = run_git(root, ["log", "--no-show-signature", *options, "--", *names])
    if answer.returncode:
        raise LedgerError(
            f"git cannot say who changed it: {said(answer)}", where=names[0], remedy="mend the clone, or fetch it anew"
        )
    return answer.stdout.decode(errors="surrogateescape")


def _people(changes: Sequence[_Change]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(change.author for change in changes))
