"""Repairs of what is invalid: proposed, and tried on the stored replies of both versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import unified_diff

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.repair_facts import suite_text
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import Diff
from rebaseline.domain.repair import Proposal, Repairs
from rebaseline.errors import UsageError
from rebaseline.load.editing import edit_text
from rebaseline.load.project import PROJECT_FILE
from rebaseline.load.project_editing import edit_project
from rebaseline.load.source import SUITE_BYTES, load_text

__all__ = ["diff_with_repairs", "edit_as_diff", "try_repairs"]

_CONTEXT = 1


def try_repairs(workspace: Workspace, request: DiffRequest, names: Iterable[str] = ()) -> tuple[Repairs, ...]:
    """Return what was tried for each invalid assertion of a diff. Nothing is asked and nothing is written.

    Args:
        workspace: The project.
        request: What to compare.
        names: `suite/assertion`, or assertion ids, to try repairs for; none for all that are invalid.

    Raises:
        UsageError: The target, the suite, the model version or an assertion is not known.
        NoBaselineError: There is nothing to compare with.
        SuiteErrors: A suite is wrong.
    """
    diff = diff_with_repairs(workspace, request, names)
    return tuple(each.repairs for each in diff.comparisons if each.repairs is not None)


def diff_with_repairs(workspace: Workspace, request: DiffRequest, names: Iterable[str] = ()) -> Diff:
    """Return a diff in which every invalid assertion has the repairs that were tried for it; see `try_repairs`."""
    wanted = tuple(names)
    ids = frozenset(name.rsplit("/", 1)[-1] for name in wanted)
    diff = diff_models(workspace, replace(request, repairs=True, assertions=ids))
    known = {name for each in diff.comparisons for name in (each.name, each.assertion.id)}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(
            f"the diff has no assertion {unknown[0]!r}", remedy="`rebaseline diff --all` lists every assertion"
        )
    if not wanted:
        return diff
    kept = tuple(
        each if {each.name, each.assertion.id} & set(wanted) else replace(each, repairs=None)
        for each in diff.comparisons
    )
    return replace(diff, comparisons=kept)


def edit_as_diff(workspace: Workspace, proposal: Proposal) -> str:
    """Return what a repair would change in the suite's file and in the project file, as unified diffs; empty for none.

    Raises:
        UsageError: The suite is not known, or the edit cannot be made.
        SuiteErrors: The file is no suite any more.
    """
    found = []
    if proposal.edits:
        suite = workspace.suites([proposal.suite])[0]
        before = suite_text(workspace, suite)
        after = edit_text(before, proposal.edits, shown=suite.where.path)
        found.append(_unified(before, after, suite.where.path))
    if proposal.project_edits:
        before = load_text(workspace.project.root / PROJECT_FILE, shown=PROJECT_FILE, limit_bytes=SUITE_BYTES)
        after = edit_project(before, proposal.project_edits, shown=PROJECT_FILE)
        found.append(_unified(before, after, PROJECT_FILE))
    return "\n".join(found)


def _unified(before: str, after: str, shown: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{shown}", f"b/{shown}", lineterm="", n=_CONTEXT)
    return "\n".join(lines)
