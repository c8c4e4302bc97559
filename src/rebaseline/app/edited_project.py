"""The project file with the edits of decisions made."""

from __future__ import annotations

from collections.abc import Sequence

from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Decision
from rebaseline.domain.edit import Edit
from rebaseline.errors import UsageError
from rebaseline.load.project import PROJECT_FILE, parse_project
from rebaseline.load.project_editing import edit_project
from rebaseline.store.manifest import sha256_of
from rebaseline.store.transaction import Replacement

__all__ = ["edited_project"]


def edited_project(workspace: Workspace, decisions: Sequence[Decision]) -> Replacement | None:
    """Return the project file as it would be; None where no decision edits it. Nothing is written.

    Raises:
        UsageError: An edit cannot be made.
        SuiteErrors: The project would be wrong with it.
    """
    edits: list[Edit] = []
    for edit in (edit for decision in decisions for edit in decision.project_edits):
        if edit not in edits:  # several assertions may ask for the same one, and values need not be hashable
            edits.append(edit)
    if not edits:
        return None
    raw = (workspace.project.root / PROJECT_FILE).read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("it is no UTF-8 text", where=PROJECT_FILE, remedy="save it as UTF-8") from error
    made = edit_project(text, edits, shown=PROJECT_FILE)
    parse_project(made.removeprefix("\ufeff"), root=workspace.project.root)
    return Replacement(PROJECT_FILE, made.encode("utf-8"), sha256_of(raw))
