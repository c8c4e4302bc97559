"""`rebaseline repair`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from rebaseline.cli.common import bundle_option, open_here, readers_may_leave, suites_argument, target_option
from rebaseline.cli.deciding import as_option, carry_out, propose_option, refuse_in_ci, replacing_option, seen_baselines
from rebaseline.cli.naming import split_name
from rebaseline.errors import UsageError

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace
    from rebaseline.domain.comparison import Diff
    from rebaseline.domain.decision import Decision

__all__ = ["command"]


@click.command("repair")
@suites_argument
@target_option
@click.option("--from", "old", metavar="MODEL", help="Old model version, or a baseline file. Default: the baseline.")
@click.option("--to", "new", metavar="MODEL", help="New model version. Default: the one that answered last.")
@click.option(
    "--assertion",
    "names",
    multiple=True,
    metavar="[SUITE/]ASSERTION",
    help="Only this one, with every edit; repeatable.",
)
@click.option("--apply", "chosen", metavar="ID", help="With one --assertion: carry out its repair of this id.")
@click.option("--reason", default="", metavar="WHY", help="With --apply: why; needed where it is not verified.")
@as_option
@propose_option
@replacing_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `rebaseline schema repair` describes it.")
@bundle_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    suites: tuple[str, ...],
    target: str | None,
    old: str | None,
    new: str | None,
    names: tuple[str, ...],
    chosen: str | None,
    reason: str,
    by: str | None,
    propose: bool,
    replacing: str | None,
    as_json: bool,
) -> int:
    """Propose repairs of what is invalid, each tried on the stored replies of both versions.

    Nothing is asked, and nothing is written without --apply. A repair is verified where all controls and seeded faults
    read right with it, the old version keeps its verdict and the new one is settled, and no reply that failed passes.
    """
    from rebaseline.app.diffing import DiffRequest  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.repairing import diff_with_repairs  # noqa: PLC0415
    from rebaseline.report.repairs import render_repairs  # noqa: PLC0415

    if chosen is not None and not propose:
        refuse_in_ci()
    workspace = open_here()
    names = tuple("/".join(split_name(workspace, name, suites=suites)) for name in names)
    diff = diff_with_repairs(workspace, DiffRequest(suites, target, old, new), names)
    if chosen is not None:
        decision = _chosen(diff, names, chosen, reason)
        looked_at = seen_baselines(replacing, (decision.suite,))
        between = (target, old, new)
        return carry_out(workspace, [decision], between, by=by, propose=propose, replacing=looked_at)
    with readers_may_leave():
        if as_json:
            from rebaseline.report.wire_repairs import repair_list_document  # noqa: PLC0415 - loads pydantic

            # In ASCII: no reply takes hold of a terminal, and none holds what cannot be encoded.
            click.echo(json.dumps(repair_list_document(diff).model_dump(), indent=2, allow_nan=False))
        else:
            click.echo(render_repairs(diff, _edits(workspace, diff, everything=bool(names))), nl=False)
    return 0


def _chosen(diff: Diff, names: tuple[str, ...], chosen: str, reason: str) -> Decision:
    """Return the decision to take the repair that `--assertion` and `--apply` name."""
    from rebaseline.repair.deciding import decision_of  # noqa: PLC0415 - loads what `--help` need not

    found = [each.repairs for each in diff.comparisons if each.repairs is not None]
    if len(names) != 1 or len(found) != 1:
        raise UsageError(
            f"--apply {chosen} needs one assertion that has repairs, and --assertion names "
            + (", ".join(names) or "none"),
            remedy="name one with --assertion SUITE/ASSERTION; `rebaseline repair` lists those that have repairs",
        )
    trials = {trial.id: trial for trial in found[0].trials}
    if chosen not in trials:
        raise UsageError(
            f"{found[0].name} has no repair {chosen!r}", remedy=f"its repairs are {', '.join(trials) or 'none'}"
        )
    return decision_of(trials[chosen], reason)


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
