"""`rebaseline accept`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from rebaseline.app.accepting import Acceptance, accept_model
from rebaseline.cli.common import open_here, suites_argument, target_option

__all__ = ["command"]


@click.command("accept")
@suites_argument
@target_option
@click.option("--model", required=True, metavar="ID", help="Model version whose stored replies become the baseline.")
@click.option("--as", "by", required=True, metavar="WHO", help="Who accepts; kept in the file.")
@click.option("--reason", required=True, metavar="WHY", help="Why; kept in the file.")
def command(suites: tuple[str, ...], target: str | None, model: str, by: str, reason: str) -> int:
    """Make the stored replies of a model version its baseline: one file a suite under `baselines/`, for git.

    A failing assertion is recorded as failing; it is not accepted away.
    """
    workspace = open_here()
    acceptance = Acceptance(model, by, reason, datetime.now(UTC), suites, target)
    for file in accept_model(workspace, acceptance):
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(file.verdicts.items()))
        done = "replaced" if file.replaced else "written"
        click.echo(f"{done}  {file.path.relative_to(workspace.project.root).as_posix()}   {verdicts}")
        if file.failing:
            click.echo(f"  still failing: {', '.join(file.failing)}")
    return 0
