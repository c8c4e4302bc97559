"""`rebaseline import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rebaseline.app.importing import ImportReport, import_replies
from rebaseline.cli.common import open_here, readers_may_leave, target_option
from rebaseline.gate import ExitCode
from rebaseline.report.words import number_of, one_line

__all__ = ["command"]

_SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--suite", required=True, metavar="ID", help="Suite whose probes were asked.")
@target_option
@click.option("--model", required=True, metavar="ID", help="Model version that answered, where a line names none.")
def command(file: Path, suite: str, target: str | None, model: str) -> int:
    """Store replies that you already have: one JSON object a line, with `probe` and `response`.

    A bad line is named and the good ones are kept; a second import of the same file stores nothing. Exits with 2
    where a line was bad, says something else than the reply stored in its place, or none could be used.
    """
    report = import_replies(open_here(), file, suite_id=suite, target_name=target, model=model, now=datetime.now(UTC))
    with readers_may_leave():
        _show(report)
    usable = report.stored + report.known
    return int(ExitCode.USAGE if report.bad or report.differing or not usable else ExitCode.OK)


def _show(report: ImportReport) -> None:
    for bad in report.bad[:_SHOWN]:
        click.secho(f"line {bad.line}: {one_line(bad.reason, 160)}", fg="red", err=True)
    if len(report.bad) > _SHOWN:
        click.echo(f"... {number_of(len(report.bad) - _SHOWN, 'more bad line')}", err=True)
    for note in report.notes[:_SHOWN]:
        click.echo(f"note: {one_line(note, 160)}", err=True)
    click.echo(f"{report.stored:,} stored, {report.known:,} known already, {number_of(len(report.bad), 'bad line')}")
    if report.differing:
        click.secho(
            f"  {number_of(report.differing, 'line')} with another reply than is stored in its place; that stands.\n"
            "  Further replies to a probe need a `sample` number each; another model version its own --model.",
            fg="yellow",
        )
    for model, count in report.models.items():
        click.echo(f"  {count:,} by {one_line(model)}")
    if report.unknown_probes:
        lines = sum(report.unknown_probes.values())
        names = ", ".join(one_line(name, 40) for name in list(report.unknown_probes)[:3])
        click.echo(f"  left out: {number_of(lines, 'line')} for probes that the suite does not have, such as {names}")
    if report.missing:
        names = ", ".join(one_line(name, 40) for name in report.missing[:3])
        click.echo(f"  without a reply here: {number_of(len(report.missing), 'probe')} of the suite, such as {names}")
