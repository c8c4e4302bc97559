"""What another commit demands of the ledger, and what the project file here takes back of it.

Whoever may change a branch may change its project file: beside a commit, the ledger is held against what that demands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebaseline.app.let_pass import let_pass
from rebaseline.errors import LedgerError
from rebaseline.load.demands import Demands, parse_demands
from rebaseline.load.project import PROJECT_FILE
from rebaseline.load.settings import LedgerSettings, Project
from rebaseline.review.commit import Commit, commit_at, folders_above
from rebaseline.review.flaws import Flaw, FlawKind
from rebaseline.review.ledger import ledger_folder
from rebaseline.review.programs import kept_in_file

__all__ = ["Demanded", "Held", "demanded_at", "policy_flaws", "stricter"]

_REMEDY = "take it back; or let whoever may change what is demanded merge this by itself first"


@dataclass(frozen=True, slots=True)
class Demanded:
    """What a commit demands of the ledger.

    Attributes:
        commit: The commit; paths are relative to the folder of its project.
        demands: What its project file demands; None where it has no such file.
        signers: What its file of signers holds; None where it names none.
    """

    commit: Commit
    demands: Demands | None = None
    signers: bytes | None = None

    @property
    def ledger(self) -> LedgerSettings:
        """What is demanded: nothing where nothing is known."""
        return LedgerSettings() if self.demands is None else self.demands.ledger

    def folder(self, project: Project) -> Path:
        """Return where the commit's ledger lies; where it does not say, where that of the project does."""
        return ledger_folder(project.paths.baselines if self.demands is None else self.demands.baselines)


def demanded_at(start: Path, project: Project, ref: str) -> Demanded:
    """Return what a commit demands of the ledger: by the project file that it has for a folder.

    Args:
        start: The folder, in the project.
        project: The project as it is here.
        ref: The commit, as git names it.

    Raises:
        LedgerError: git does not know the commit, or cannot read it.
        ConfigurationError: What it demands cannot be read.
    """
    commit = commit_at(project.root, ref)
    for folder in folders_above(start.resolve()):
        there = commit.below(folder)
        raw = there.file(PROJECT_FILE)
        if raw is not None:
            demands = parse_demands(raw, root=folder, shown=f"{PROJECT_FILE} of {ref}")
            named = demands.ledger.signers
            signers = None if named is None else there.file(_inside(named, folder)) or b""
            return Demanded(there, demands, signers)
    return Demanded(commit)


def policy_flaws(project: Project, demanded: Demanded, before: Sequence[Demanded] | None = None) -> Iterator[Flaw]:
    """Return what the project here demands less, or otherwise, than the commit does.

    Args:
        project: The project here.
        demanded: What the commit demands.
        before: What the commits demand where the two parted; None where that is not known. What came to the commit
            since is warned of: nobody took it back here.
    """
    ref = demanded.commit.ref
    if demanded.demands is None:
        message = f"{ref} has no {PROJECT_FILE}: what it demands of the ledger is not known"
        remedy = "name a later commit, once there is one"
        yield Flaw(FlawKind.POLICY, PROJECT_FILE, message, remedy, blocks=False)
        return
    taken = _taken_since(project, before)
    for name, words in _differences(project, demanded.demands, demanded.commit):
        if taken is None or name in taken:
            yield Flaw(FlawKind.POLICY, PROJECT_FILE, words, _REMEDY)
        else:
            message, remedy = f"{ref} has moved on: {words}", f"merge it: `git merge {ref}`"
            yield Flaw(FlawKind.BEHIND, PROJECT_FILE, message, remedy, blocks=False)
    held = (project.root / PROJECT_FILE, ledger_folder(project.paths.baselines), project.ledger.signers)
    for path in held:
        if path is not None and path.resolve() != project.root.resolve() / path.relative_to(project.root):
            yield Flaw(FlawKind.POLICY, _inside(path, project.root), "it is a link, or lies behind one", _REMEDY)
    there = demanded.demands.ledger.signers
    if there is not None and demanded.signers is not None:
        wrong = _other_signers(there, demanded.signers, ref, is_named=project.ledger.signers == there)
        if wrong:
            yield Flaw(FlawKind.POLICY, _inside(there, demanded.commit.root), wrong, _REMEDY)


def _taken_since(project: Project, before: Sequence[Demanded] | None) -> set[str] | None:
    """Return what the project here demands less, or otherwise, than commits; None where that is not known."""
    if before is None:
        return None
    found: set[str] = set()
    for it in before:
        if it.demands is None:
            return None
        found |= {name for name, _ in _differences(project, it.demands, it.commit)}
    return found


def _differences(project: Project, demands: Demands, commit: Commit) -> Iterator[tuple[str, str]]:
    yield from _taken_back(project, demands, commit)
    yield from let_pass(project, demands, commit)


def _taken_back(project: Project, demands: Demands, commit: Commit) -> Iterator[tuple[str, str]]:
    ref, root = commit.ref, commit.root
    if root != project.root:
        top = folders_above(root)[-1]
        folders = [folder.relative_to(top).as_posix() for folder in (root, project.root)]
        words = f"in {ref} this folder belongs to the project in `{folders[0]}`, and here to that in `{folders[1]}`"
        yield "project", words
    here, there = project.ledger, demands.ledger
    if there.signed and not here.signed:
        yield "signed", f"`signed` is false, and true in {ref}"
    if there.separate_duties and not here.separate_duties:
        yield "separate_duties", f"`separate_duties` is false, and true in {ref}"
    if here.signed and there.signed and _is_later(here.signed_since, there.signed_since):
        yield "signed_since", f"`signed_since` is {here.signed_since}, and {there.signed_since or 'not set'} in {ref}"
    names = [None if it is None else _inside(it, root) for it in (here.signers, there.signers)]
    if names[0] != names[1] and (there.signed or names[1] is not None):
        now, then = ("not set" if name is None else f"`{name}`" for name in names)
        verb = "is " if names[0] is None else ""
        yield "signers", f"`signers` is {now}, and {verb}{then} in {ref}"
    places = _inside(project.paths.baselines, root), _inside(demands.baselines, root)
    if places[0] != places[1]:
        yield "baselines", f"`baselines` is `{places[0]}`, and `{places[1]}` in {ref}"


def _other_signers(path: Path, there: bytes, ref: str, *, is_named: bool) -> str:
    """Return how a file of signers is another than in the commit, where it lets more people sign; empty where not."""
    here = _content(path)
    if here is None:
        return f"it is not here, and {ref} has it" if there else ""
    added = [line for line in _lines(here) if line not in _lines(there)]
    if not is_named or not added:
        return ""
    who = ", ".join(line.split()[0].decode(errors="replace") for line in added[:5])
    lines = "1 line" if len(added) == 1 else f"{len(added)} lines"
    return f"it has {lines} that {ref} does not have: {who}"


def _is_later(day: date | None, other: date | None) -> bool:
    """Whether a first day from which signatures are demanded demands fewer of them; None demands all."""
    return day is not None and (other is None or day > other)


@dataclass(frozen=True, slots=True)
class Held:
    """What a ledger is held against beside a commit.

    Attributes:
        settings: What is demanded here and in the commit together.
        there: What the commit demands, its file of signers as it is there.
    """

    settings: LedgerSettings
    there: LedgerSettings


@contextmanager
def stricter(project: Project, demanded: Demanded) -> Iterator[Held]:
    """Give what is demanded here and in the commit together, for as long as the block lasts.

    Its file of signers is the one here where that names nobody whom the commit's does not, and else the commit's.
    """
    here, there = project.ledger, demanded.ledger
    with ExitStack() as held:
        if demanded.signers is not None:
            there = replace(there, signers=Path(held.enter_context(kept_in_file(demanded.signers))))
        settings = LedgerSettings(
            signed=here.signed or there.signed,
            signers=_signers(here, there, demanded.signers),
            separate_duties=here.separate_duties or there.separate_duties,
            signed_since=_since(here, there),
        )
        yield Held(settings, there)


def _signers(here: LedgerSettings, there: LedgerSettings, content: bytes | None) -> Path | None:
    if content is None:
        return None if there.signed else here.signers
    mine = None if here.signers is None else _content(here.signers)
    return here.signers if mine is not None and set(_lines(mine)) <= set(_lines(content)) else there.signers


def _since(here: LedgerSettings, there: LedgerSettings) -> date | None:
    if here.signed and there.signed:
        days = (here.signed_since, there.signed_since)
        return None if None in days else min(day for day in days if day is not None)
    return there.signed_since if there.signed else here.signed_since


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LedgerError(
            f"the file of signers cannot be read: {error.strerror}", where=str(path), remedy="check its rights"
        ) from error


def _lines(content: bytes) -> list[bytes]:
    """Return the lines that name somebody; each stands for itself."""
    return [line for each in content.splitlines() if (line := each.strip()) and not line.startswith(b"#")]


def _inside(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
