"""`rebaseline judge`."""

from __future__ import annotations

import click

from rebaseline.app.judging_stored import JudgeRequest, judge_stored
from rebaseline.cli.common import open_here, readers_may_leave, suites_argument, target_option
from rebaseline.cli.reporter import Reporter
from rebaseline.gate import ExitCode
from rebaseline.report.progress import judge_lines
from rebaseline.report.words import one_line

__all__ = ["command"]


@click.command("judge")
@suites_argument
@target_option
@click.option("--model", "models", multiple=True, metavar="ID", help="Model version whose replies are judged.")
@click.option("--max-calls", type=click.IntRange(min=0), metavar="N", help="Hard bound on calls, retries included.")
@click.option(
    "--max-usd",
    type=click.FloatRange(min=0, min_open=True),
    metavar="USD",
    help="Hard bound on cost. Needs a `price` of the judge's target.",
)
def command(
    suites: tuple[str, ...],
    target: str | None,
    models: tuple[str, ...],
    max_calls: int | None,
    max_usd: float | None,
) -> int:
    """Have judges read stored replies and their anchors; the target is not asked. The same command resumes.

    `run` does this by itself. It is for imported replies, and for a judge that changed. Without --model the version
    that answered last is judged, and what a diff compares it with. Exits with 5 where a fault was final.
    """
    request = JudgeRequest(suites, target, models, max_calls, max_usd)
    try:
        runs = judge_stored(open_here(), request, Reporter().tell)
    except KeyboardInterrupt:
        click.echo("\nwhat was done is stored; the same command goes on", err=True)
        raise
    with readers_may_leave():
        for run in runs:
            click.echo(one_line(run.suite))
            for line in judge_lines(run.judge, run.version, run.anchors, run.replies, run.counts):
                click.echo(line)
    if any(run.counts.faulted for run in runs):
        return int(ExitCode.PROVIDER)
    return int(ExitCode.INCONCLUSIVE if any(run.counts.unsent for run in runs) else ExitCode.OK)
