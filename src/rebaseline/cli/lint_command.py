"""`rebaseline lint`."""

from __future__ import annotations

import click

from rebaseline.app.linting import LintReport, lint_suites
from rebaseline.cli.common import open_here, readers_may_leave, suites_argument
from rebaseline.gate import ExitCode
from rebaseline.report.words import number_of, printable

__all__ = ["command"]


@click.command("lint")
@suites_argument
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def command(suites: tuple[str, ...], *, strict: bool) -> int:
    """Check suites: every problem at once, and every check on its controls and seeded faults."""
    workspace = open_here()
    report = lint_suites(workspace, suites)
    with readers_may_leave():
        _show(report)
    return int(ExitCode.USAGE if report.failed or (strict and report.problems) else ExitCode.OK)


def _show(report: LintReport) -> None:
    for problem in report.problems:
        click.secho(printable(str(problem)), fg="red" if problem.level == "error" else "yellow")
    errors = sum(problem.level == "error" for problem in report.problems)
    found = f"{number_of(errors, 'error')}, {number_of(len(report.problems) - errors, 'warning')}"
    if not report.suites:
        click.echo(f"no suite could be loaded, so no check was tried: {found}")
        return
    click.echo(
        f"{number_of(report.suites, 'suite')}, {number_of(report.probes, 'probe')}, "
        f"{number_of(report.assertions, 'assertion')}: "
        f"{report.controls_right} of {report.controls} controls read right, "
        f"{report.faults_caught} of {report.faults} seeded faults caught; {found}"
    )
