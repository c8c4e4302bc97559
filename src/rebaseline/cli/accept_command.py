"""`rebaseline accept`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from rebaseline.app.accepting import Acceptance, AcceptedFile, accept_model
from rebaseline.app.acting import actor_here
from rebaseline.cli.common import bundle_option, open_here, suites_argument, target_option
from rebaseline.cli.deciding import as_option, replacing_option, seen_baselines
from rebaseline.domain.verdict import VerdictName
from rebaseline.report.words import wrapped
from rebaseline.store.baselines import load_baseline

__all__ = ["command"]


@click.command("accept")
@suites_argument
@target_option
@click.option("--model", required=True, metavar="ID", help="Model version whose stored replies become the baseline.")
@as_option
@click.option("--reason", required=True, metavar="WHY", help="Why; kept in the file.")
@replacing_option
@bundle_option
def command(
    suites: tuple[str, ...], target: str | None, model: str, by: str | None, reason: str, replacing: str | None
) -> int:
    """Make the stored replies of a model version its baseline: one file a suite under `baselines/`, for git.

    Every assertion is recorded with the verdict that it has: a failing one is not accepted away. What is not recorded
    as holding is named, by verdict.
    """
    workspace = open_here()
    actor = actor_here(workspace, by)
    looked_at = seen_baselines(replacing, suites)
    acceptance = Acceptance(model, actor, reason, datetime.now(UTC), suites, target, looked_at)
    for file in accept_model(workspace, acceptance):
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(file.verdicts.items()))
        done = "replaced" if file.replaced else "written"
        click.echo(f"{done}  {file.path.relative_to(workspace.project.root).as_posix()}   {verdicts}")
        for line in _not_holding(file):
            click.echo(line)
    return 0


def _not_holding(file: AcceptedFile) -> Iterator[str]:
    """Name, by verdict, what the file does not record as holding: a later diff will not count it as survived."""
    recorded = load_baseline(file.path).assertions.values()
    for verdict in VerdictName:
        names = [assertion.id for assertion in recorded if assertion.verdict == verdict]
        if names and verdict is not VerdictName.HOLDS:
            yield from wrapped(f"  recorded as {verdict}: ", ", ".join(names))
