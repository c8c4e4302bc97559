"""What nobody answers for, and what nothing refers to."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from rebaseline.app.workspace import Workspace
from rebaseline.domain.ailment import Ailment, AilmentKind
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.load.suites import named_tables
from rebaseline.review.ledger import FOLDER
from rebaseline.store.baseline_path import safe_name
from rebaseline.store.labels import labels_path

__all__ = ["unowned", "unused"]

_TABLES = (".csv", ".jsonl")
_PENDING = "pending"
_NAMED = 3


def unowned(workspace: Workspace, suites: Sequence[Suite]) -> Iterator[Ailment]:
    """Yield suites and assertions without an owner, and a system without one."""
    if not workspace.project.system.owner:
        words = "nobody answers for the system"
        yield Ailment(AilmentKind.UNOWNED, "system", words, 'write owner = "…" under [system]', "rebaseline.toml")
    for suite in suites:
        bare = [assertion for assertion in suite.assertions if not assertion.owner]
        if not suite.owner and len(bare) == len(suite.assertions):
            words = "nobody answers for the suite"
            yield Ailment(AilmentKind.UNOWNED, suite.id, words, "write its `owner` under `suite`", str(suite.where))
            continue
        for assertion in bare:
            mend = "write an `owner` there"
            name = f"{suite.id}/{assertion.id}"
            yield Ailment(AilmentKind.UNOWNED, name, "nobody answers for it", mend, str(assertion.where))


def unused(workspace: Workspace, suites: Sequence[Suite]) -> Iterator[Ailment]:
    """Yield probes, tables, labels and baselines that nothing refers to."""
    for suite in suites:
        yield from _unused_probes(suite)
    yield from _unused_tables(workspace, suites)
    yield from _unused_labels(workspace, suites)
    yield from _unused_baselines(workspace, suites)


def _unused_probes(suite: Suite) -> Iterator[Ailment]:
    """Yield the probes that no assertion in use reads: they are asked and paid for all the same."""
    tags = {tag for assertion in suite.assertions for tag in _tags(assertion)}
    if None in tags:
        return
    bare = [probe for probe in suite.probes if probe.tags.isdisjoint({tag for tag in tags if tag})]
    if bare:
        names = ", ".join(probe.id for probe in bare[:_NAMED])
        more = f" and {len(bare) - _NAMED:,} more" if len(bare) > _NAMED else ""
        words = f"{len(bare):,} probes are asked, and no assertion reads them: {names}{more}"
        mend = f"take them out at {bare[0].where}, or tag them for an assertion"
        yield Ailment(AilmentKind.UNUSED, suite.id, words, mend, str(bare[0].where))


def _tags(assertion: Assertion) -> Iterator[str | None]:
    yield assertion.on
    if assertion.alive_if is not None:
        yield assertion.alive_if.on
    if assertion.live is not None:
        yield assertion.live.on
        if assertion.live.against is not None:
            yield assertion.live.against


def _unused_tables(workspace: Workspace, suites: Sequence[Suite]) -> Iterator[Ailment]:
    root = workspace.project.root
    named = {
        ((root / suite.where.path).parent / name).resolve()
        for suite in suites
        for name in named_tables(root / suite.where.path)
    }
    folder = workspace.project.paths.probes
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in _TABLES and path.is_file() and not hidden and path.resolve() not in named:
            yield _file(root, path, "no suite names this table")


def _unused_labels(workspace: Workspace, suites: Sequence[Suite]) -> Iterator[Ailment]:
    folder = workspace.project.paths.labels
    known = {
        labels_path(folder, suite.id, assertion.id)
        for suite in suites
        for assertion in (*suite.assertions, *suite.retired)
    }
    for path in sorted(folder.glob("*/*.jsonl")) if folder.is_dir() else ():
        if path not in known:
            yield _file(workspace.project.root, path, "labels of an assertion that is in no suite")


def _unused_baselines(workspace: Workspace, suites: Sequence[Suite]) -> Iterator[Ailment]:
    folder, root = workspace.project.paths.baselines, workspace.project.root
    known = {safe_name(suite.id) for suite in suites}
    targets = {safe_name(name) for name in workspace.project.targets}
    for path in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        if not path.is_dir() or path.parent.name in {FOLDER, _PENDING}:
            continue
        if path.parent.name not in known:
            yield _file(root, path, "baselines of a suite that is not in the project")
        elif path.name not in targets:
            yield _file(root, path, "baselines of a target that is not in the project")


def _file(root: Path, path: Path, words: str) -> Ailment:
    shown = path.relative_to(root).as_posix()
    recursive = ["-r"] if path.is_dir() else []
    return Ailment(AilmentKind.UNUSED, shown, words, shlex.join(["git", "rm", *recursive, "--", shown]), shown)
