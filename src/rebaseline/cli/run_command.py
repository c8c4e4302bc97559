"""`rebaseline run`."""

from __future__ import annotations

import click

from rebaseline.app.running import MOST_REPLIES, RunRequest, SuiteRun, run_suites
from rebaseline.cli.common import open_here, readers_may_leave, suites_argument, target_option
from rebaseline.cli.reporter import Reporter
from rebaseline.errors import UsageError
from rebaseline.gate import ExitCode
from rebaseline.report.progress import batch_lines, judge_lines, outcome_lines

__all__ = ["command"]


@click.command("run")
@suites_argument
@target_option
@click.option("--max-calls", type=click.IntRange(min=0), metavar="N", help="Hard bound on calls, retries included.")
@click.option(
    "--max-usd",
    type=click.FloatRange(min=0, min_open=True),
    metavar="USD",
    help="Hard bound on cost. Needs the target's `price`.",
)
@click.option(
    "--until-settled",
    is_flag=True,
    help="Ask round by round; stop where every verdict stands, go on beyond the planned samples where one does not.",
)
@click.option(
    "--most-replies",
    type=click.IntRange(min=1),
    default=MOST_REPLIES,
    show_default=True,
    metavar="N",
    help="With --until-settled: an assertion that has so many replies is given up.",
)
@click.option("--batch", is_flag=True, help="Ask through the provider's batch API: within a day, mostly for half.")
@click.option(
    "--no-wait", is_flag=True, help="With --batch: submit, collect what is there, and leave; the same command goes on."
)
def command(  # noqa: PLR0913, PLR0917 - one an option
    suites: tuple[str, ...],
    target: str | None,
    max_calls: int | None,
    max_usd: float | None,
    until_settled: bool,  # noqa: FBT001 - click passes flags by name
    most_replies: int,
    batch: bool,  # noqa: FBT001
    no_wait: bool,  # noqa: FBT001
) -> int:
    """Ask a target every probe and store each reply as it comes; the same command resumes after an interruption.

    Replies stored within `reuse_within` are not asked for again. `rebaseline plan` says beforehand what it will take.
    Exits with 3 where nothing but rejections came back, 4 where a bound left nothing to be asked, 5 where a fault was
    final or the provider refuses whatever is asked, 7 where there is no such model.
    """
    if no_wait and not batch:
        raise UsageError("--no-wait goes with --batch", remedy="add --batch, or leave --no-wait out")
    request = RunRequest(suites, target, max_calls, max_usd, until_settled, most_replies, batch, not no_wait)
    try:
        runs = run_suites(open_here(), request, Reporter().tell)
    except KeyboardInterrupt:
        click.echo("\nwhat was done is stored; the same command goes on", err=True)
        raise
    with readers_may_leave():
        for run in runs:
            _show(run)
    return int(_outcome(runs))


def _outcome(runs: tuple[SuiteRun, ...]) -> ExitCode:
    """Faults that are final are the provider's; rejections are for the diff to judge, unless nothing else came."""
    if any(counts.faulted for run in runs for counts in (run.counts, *(judged.counts for judged in run.judged))):
        return ExitCode.PROVIDER
    if any(run.counts.answered for run in runs):
        return ExitCode.OK
    if any(run.counts.unknown_model for run in runs):
        return ExitCode.RETIRED
    if any(run.counts.rejected for run in runs):
        return ExitCode.INVALID
    measured = any(run.counts.known or run.awaited or run.batch for run in runs)
    return ExitCode.OK if measured or not any(run.counts.unsent for run in runs) else ExitCode.INCONCLUSIVE


def _show(run: SuiteRun) -> None:
    for line in outcome_lines(run.suite, run.counts, run.settled, run.identities):
        click.echo(line)
    for line in batch_lines(run.batch, run.awaited):
        click.echo(line)
    for judged in run.judged:
        for line in judge_lines(judged.judge, judged.version, judged.anchors, judged.replies, judged.counts):
            click.echo(line)
