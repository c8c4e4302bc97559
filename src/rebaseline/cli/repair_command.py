"""`rebaseline repair`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from rebaseline.cli.common import bundle_option, open_here, readers_may_leave, suites_argument, target_option

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace
    from rebaseline.domain.comparison import Diff

__all__ = ["command"]


@click.command("repair")
@suites_argument
@target_option
@click.option("--from", "old", metavar="MODEL", help="Old model version, or a baseline file. Default: the baseline.")
@click.option("--to", "new", metavar="MODEL", help="New model version. Default: the one that answered last.")
@click.option("--assertion", "names", multiple=True, metavar="NAME", help="Only this one, with every edit; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `rebaseline schema repair` describes it.")
@bundle_option
def command(
    suites: tuple[str, ...],
    target: str | None,
    old: str | None,
    new: str | None,
    names: tuple[str, ...],
    *,
    as_json: bool,
) -> int:
    """Propose repairs of what is invalid, each tried on the stored replies of both versions.

    Nothing is asked and nothing is written. A repair is verified where all controls and seeded faults read right with
    it, the old version keeps its verdict and the new one is settled, and no reply that failed passes.
    """
    from rebaseline.app.diffing import DiffRequest  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.repairing import diff_with_repairs  # noqa: PLC0415
    from rebaseline.report.repairs import render_repairs  # noqa: PLC0415

    workspace = open_here()
    diff = diff_with_repairs(workspace, DiffRequest(suites, target, old, new), names)
    with readers_may_leave():
        if as_json:
            from rebaseline.report.wire_repairs import repair_list_document  # noqa: PLC0415 - loads pydantic

            # In ASCII: no reply takes hold of a terminal, and none holds what cannot be encoded.
            click.echo(json.dumps(repair_list_document(diff).model_dump(), indent=2, allow_nan=False))
        else:
            click.echo(render_repairs(diff, _edits(workspace, diff, everything=bool(names))), nl=False)
    return 0


def _edits(workspace: Workspace, diff: Diff, *, everything: bool) -> dict[tuple[str, str], str]:
    """Return the edits of what is verified as diffs of the file; with everything also of what is not."""
    from rebaseline.app.repairing import edit_as_diff  # noqa: PLC0415 - loads what `--help` need not

    return {
        (each.name, trial.id): edit_as_diff(workspace, trial.proposal)
        for each in diff.comparisons
        if each.repairs is not None
        for trial in each.repairs.trials
        if trial.verified or (everything and trial.new is not None)
    }
