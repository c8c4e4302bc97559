"""`rebaseline run`."""

from __future__ import annotations

import sys
import time

import click

from rebaseline.app.running import RunRequest, SuiteRun, run_suites
from rebaseline.cli.common import open_here, readers_may_leave, suites_argument, target_option
from rebaseline.gate import ExitCode
from rebaseline.report.words import number_of, one_line
from rebaseline.run.tally import Progress

__all__ = ["command"]

_EVERY_SECONDS = 10.0


@click.command("run")
@suites_argument
@target_option
@click.option("--max-calls", type=click.IntRange(min=0), metavar="N", help="Hard bound on calls, retries included.")
def command(suites: tuple[str, ...], target: str | None, max_calls: int | None) -> int:
    """Ask a target every probe and store each reply as it comes; the same command resumes after an interruption.

    Replies stored within `reuse_within` are not asked for again. Exits with 5 where a fault was final, 7 where nothing
    but "no such model" came back.
    """
    runs = run_suites(open_here(), RunRequest(suites, target, max_calls), _Reporter().tell)
    with readers_may_leave():
        for run in runs:
            _show(run)
    return int(_outcome(runs))


def _outcome(runs: tuple[SuiteRun, ...]) -> ExitCode:
    """Faults that are final are the provider's; rejections are for the diff to judge, but for a model that is gone."""
    if any(run.counts.faulted for run in runs):
        return ExitCode.PROVIDER
    answered = sum(run.counts.answered for run in runs)
    gone = sum(run.counts.unknown_model for run in runs)
    return ExitCode.RETIRED if gone and not answered else ExitCode.OK


def _show(run: SuiteRun) -> None:
    counts = run.counts
    parts = [f"{counts.answered:,} answered"]
    for count, words in (
        (counts.known, "stored before"),
        (counts.rejected - counts.unknown_model, "rejected"),
        (counts.unknown_model, "answered with: no such model"),
        (counts.faulted, "fault" if counts.faulted == 1 else "faults"),
        (counts.unsent, "not asked: the bound on calls was reached"),
    ):
        if count:
            parts.append(f"{count:,} {words}")
    click.echo(f"{run.suite}   {', '.join(parts)}; {number_of(counts.calls, 'call')}")
    for served, count in counts.served.items():
        click.echo(f"  {count:,} by {one_line(served)}")
    if len(counts.served) > 1:
        click.echo("  more than one model version answered: the alias moved during the run")


class _Reporter:
    """Progress: one line that is overwritten on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = 0.0

    def tell(self, suite: str, progress: Progress) -> None:
        now = time.monotonic()
        finished = progress.done == progress.total
        if not finished and now - self._last < (0.1 if self._terminal else _EVERY_SECONDS):
            return
        self._last = now
        line = f"{suite}  {progress.done:,} of {progress.total:,} done, {progress.waiting} waiting"
        if progress.retrying:
            line += f", {progress.retrying} retrying after a fault"
        if progress.rejected or progress.faulted:
            line += f", {progress.rejected:,} rejected, {number_of(progress.faulted, 'fault')}"
        click.echo(f"\r\x1b[2K{line}" if self._terminal else line, err=True, nl=finished or not self._terminal)
