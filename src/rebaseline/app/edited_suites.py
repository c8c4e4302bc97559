"""A suite as its file has it now, and as it would be with the edits of decisions made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Action, Actor, Decision
from rebaseline.domain.edit import Edit, Put
from rebaseline.domain.suite import Suite
from rebaseline.errors import ChangeError, SuiteErrors, UsageError
from rebaseline.load.editing import edit_text
from rebaseline.load.suites import load_suite_text
from rebaseline.store.inner_path import inner_path
from rebaseline.store.manifest import sha256_of

__all__ = ["EditedSuite", "edited_suite", "require_seen"]


@dataclass(frozen=True, slots=True)
class EditedSuite:
    """One suite before and after the edits.

    Attributes:
        path: Its file, relative to the project.
        digest: SHA-256 of the file as it stands.
        before: The suite as it stands.
        after: The suite with the edits made and its version raised by one; as before where there is no edit.
        content: The new bytes of the file; None where there is no edit.
    """

    path: str
    digest: str
    before: Suite
    after: Suite
    content: bytes | None


def edited_suite(
    workspace: Workspace, suite: Suite, decisions: Sequence[Decision], *, actor: Actor, day: str
) -> EditedSuite:
    """Return a suite with the edits of decisions made. Nothing is written.

    Args:
        workspace: The project.
        suite: The suite as it was when people looked at it.
        decisions: What was decided of it.
        actor: Who decided; a retired assertion names them.
        day: The day on which, as ISO 8601 writes it.

    Raises:
        ChangeError: The file is not what was looked at any more.
        UsageError: An edit cannot be made, or the suite would be wrong with it.
    """
    path = suite.where.path
    raw = _bytes(inner_path(workspace.project.root, path), path)
    before = _parsed(workspace, suite, raw, path)
    _require_as_seen(suite, before, path)
    edits: list[Edit] = []
    for decision in decisions:  # items that share a repair bring the same edits
        edits.extend(edit for edit in _edits_of(decision, actor, day) if edit not in edits)
    if not edits:
        return EditedSuite(path, sha256_of(raw), before, before, None)
    edits.append(Put(("suite", "version"), before.version + 1))
    text = edit_text(raw.decode("utf-8"), edits, shown=path)
    try:
        place = inner_path(workspace.project.root, path)
        after = load_suite_text(text, place, workspace.registry, root=workspace.project.root).suite
    except SuiteErrors as errors:
        raise UsageError(
            "with these edits the suite would be wrong, and nothing was changed:\n"
            + "\n".join(f"  {problem}" for problem in errors.problems),
            where=path,
            remedy="decide otherwise, or edit the file by hand",
        ) from errors
    return EditedSuite(path, sha256_of(raw), before, after, text.encode("utf-8"))


def require_seen(workspace: Workspace, seen: dict[str, str]) -> None:
    """Refuse where a file is not the one that was looked at.

    Args:
        workspace: The project.
        seen: By path relative to the project: SHA-256 of the file that was looked at; empty for no file.

    Raises:
        ChangeError: Names every file that changed.
    """
    changed = []
    for path, digest in seen.items():
        place = inner_path(workspace.project.root, path)
        if sha256_of(place.read_bytes() if place.is_file() else None) != digest:
            changed.append(path)
    if changed:
        raise ChangeError(
            f"changed since you looked: {', '.join(sorted(changed))}",
            remedy="look again at what it says now, and decide again; nothing was overwritten. Leave a review with q "
            "and start it again: it sets aside only what was decided of that",
        )


def _bytes(place: Path, path: str) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise ChangeError(
            f"the suite cannot be read any more: {error.strerror}",
            where=path,
            remedy="put the file back, or start again; nothing was changed",
        ) from error


def _parsed(workspace: Workspace, suite: Suite, raw: bytes, path: str) -> Suite:
    try:
        place = inner_path(workspace.project.root, path)
        return load_suite_text(raw.decode("utf-8"), place, workspace.registry, root=workspace.project.root).suite
    except (SuiteErrors, UnicodeDecodeError) as error:
        raise ChangeError(
            f"the suite {suite.id} was edited since you looked, and cannot be read now:\n  {error}",
            where=path,
            remedy="mend it, then decide again; nothing was overwritten",
        ) from error


def _require_as_seen(seen: Suite, now: Suite, path: str) -> None:
    if seen.fingerprint == now.fingerprint and (seen.id, seen.version) == (now.id, now.version):
        return
    raise ChangeError(
        f"the suite {seen.id} was edited since you looked: {_what_changed(seen, now)}",
        where=path,
        remedy="look again at what it says now, and decide again; nothing was overwritten",
    )


def _what_changed(seen: Suite, now: Suite) -> str:
    was = {it.id: it.fingerprint for it in seen.assertions} | {f"probe {it.id}": it.fingerprint for it in seen.probes}
    is_ = {it.id: it.fingerprint for it in now.assertions} | {f"probe {it.id}": it.fingerprint for it in now.probes}
    changed = sorted(name for name in {*was, *is_} if was.get(name) != is_.get(name))
    few = ", ".join(changed[:5]) + (", …" if len(changed) > 5 else "")  # noqa: PLR2004 - five show what it is about
    version = [] if seen.version == now.version else [f"version {seen.version} -> {now.version}"]
    return "; ".join([*version, *([few] if few else [])]) or "its probes' tags or rows"


def _edits_of(decision: Decision, actor: Actor, day: str) -> Sequence[Edit]:
    if decision.action is Action.REPAIR:
        return decision.edits
    if decision.action is Action.RETIRE and decision.reason.strip():  # without a reason it is refused
        said = {"reason": decision.reason.strip(), "on": day, "by": str(actor)}
        return [Put(("assertions", decision.assertion, "retired"), said)]
    return ()
