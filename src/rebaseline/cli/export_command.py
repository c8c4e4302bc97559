"""`rebaseline export`."""

from __future__ import annotations

import click

from rebaseline.app.exporting import export_replies
from rebaseline.cli.common import bundle_option, open_here, target_option

__all__ = ["command"]


@click.command("export")
@click.option("--suite", required=True, metavar="ID", help="Suite whose replies are wanted.")
@target_option
@click.option("--model", required=True, metavar="ID", help="Model version; `rebaseline models` lists them.")
@click.option("--judgements", is_flag=True, help="With each reply, what judges said of it, word for word.")
@bundle_option
def command(suite: str, target: str | None, model: str, *, judgements: bool) -> int:
    """Print stored replies as JSON Lines: `rebaseline import` brings them in elsewhere."""
    for line in export_replies(open_here(), model, suite_id=suite, target_name=target, judgements=judgements):
        click.echo(line)
    return 0
