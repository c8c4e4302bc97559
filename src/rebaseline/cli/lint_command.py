"""`rebaseline lint`."""

from __future__ import annotations

import click

from rebaseline.app.lint_report import LintReport, SuiteScore
from rebaseline.app.linting import lint_suites
from rebaseline.assess.seeding import MutationScore
from rebaseline.cli.common import bundle_option, open_here, readers_may_leave, suites_argument
from rebaseline.gate import ExitCode
from rebaseline.report.words import count_of, figure, number_of, one_line, printable

__all__ = ["command"]


@click.command("lint")
@suites_argument
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@bundle_option
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
    for score in report.scores:
        _show_score(score)
    faults = (
        f"{_score_words(report.total, named=False)}; " if len(report.scores) > 1 else ""
    )  # of one suite it stands above
    click.echo(
        f"{number_of(report.suites, 'suite')}, {number_of(report.probes, 'probe')}, "
        f"{number_of(report.assertions, 'assertion')}: "
        f"{report.controls_right} of {report.controls} controls read right; {faults}{found}"
    )


def _show_score(score: SuiteScore) -> None:
    """Show how many seeded faults the checks of a suite kill, and those checks that do not kill all of theirs."""
    click.echo(f"{one_line(score.suite)}: {_score_words(score.total)}")
    for name, part in score.assertions.items():
        if part.killed < part.faults or not part.faults:
            click.echo(f"  {one_line(name)}: {_score_words(part)}")


def _score_words(score: MutationScore, *, named: bool = True) -> str:
    if not score.faults:
        return "no fault could be seeded"
    names = ", ".join(map(one_line, dict.fromkeys(score.survived)))
    passed = f"{len(score.survived):,} passed{f': {names}' if named else ''}" if score.survived else "none passed"
    failed = f"{count_of(score.killed, score.faults)} failed (mutation score {figure(score.share)})"
    return f"seeded faults: {failed}, {score.void} void, {passed}"
