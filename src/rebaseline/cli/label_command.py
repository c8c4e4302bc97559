"""`rebaseline label`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rebaseline.cli.common import bundle_option, open_here, target_option, typed_here
from rebaseline.cli.naming import split_name
from rebaseline.report.words import number_of, one_line

__all__ = ["command"]


@click.group("label", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Let people say what replies are: their labels settle voids, contradict the check, and bound its errors."""


@command.command("draw")
@click.argument("assertion", metavar="[SUITE/]ASSERTION")
@click.option("--model", "models", multiple=True, metavar="ID", help="Model version; by default the last two.")
@target_option
@click.option("--n", "count", type=int, required=True, help="How many replies.")
@click.option("--seed", type=int, required=True, help="Any number; the draw can be repeated with it.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Sheet; .csv or .jsonl.")
@bundle_option
def draw(assertion: str, models: tuple[str, ...], target: str | None, count: int, seed: int, out: Path) -> int:
    """Draw stored replies at random into a sheet with an empty column `label`.

    Model versions are mixed and not named in the sheet; replies that are labelled already are left out. The draw is
    kept beside the labels, so that it can be repeated.
    """
    from rebaseline.app.labelling import DrawRequest, draw_sheet  # noqa: PLC0415 - loads what `--help` need not

    workspace = open_here()
    whole = "/".join(split_name(workspace, assertion))
    request = DrawRequest(whole, count, seed, out, models, target)
    drawn = draw_sheet(workspace, request, datetime.now(UTC))
    click.echo(f"{number_of(len(drawn.draw.rows), 'reply')} drawn into {one_line(str(out), 200)}, from")
    for each in drawn.draw.populations:
        click.echo(f"  {number_of(each.cells, 'reply')} of {one_line(each.model)} on {one_line(each.target)}")
    if drawn.labelled:
        click.echo(f"  {number_of(drawn.labelled, 'reply')} of these are labelled already")
    click.echo("Fill the column `label` from the top: pass, fail or unclear. Then:")
    click.echo(f"  {one_line(typed_here('label', 'take', str(out), '--as', 'YOU'), 400)}")
    return 0


@command.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "by", required=True, metavar="WHO", help="Who labelled; kept with each label.")
@click.option("--replace", is_flag=True, help="Let labels take the place of others that say something else.")
def take(file: Path, by: str, *, replace: bool) -> int:
    """Take the labels of a filled sheet; all of them, or none where a line is wrong."""
    from rebaseline.app.labelling import take_sheet  # noqa: PLC0415 - loads what `--help` need not

    taken = take_sheet(open_here(), file, by=by, now=datetime.now(UTC), replace=replace)
    for name, count in taken.new.items():
        click.echo(f"{number_of(count, 'label')} taken for {one_line(name)}")
    if not taken.new:
        click.echo("No label is new.")
    for count, word in ((taken.replaced, "replaced"), (taken.known, "known already"), (taken.empty, "still empty")):
        if count:
            click.echo(f"  {count:,} {word}")
    return 0
