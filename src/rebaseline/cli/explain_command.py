"""`rebaseline explain`."""

from __future__ import annotations

import click

from rebaseline.app.explaining import explain, load_pages
from rebaseline.report.pages import render_index, render_page

__all__ = ["command"]


@click.command("explain")
@click.argument("topic", nargs=-1, metavar="[TOPIC]")
def command(topic: tuple[str, ...]) -> int:
    """Say what a word on the screen means: a verdict, an assumption, a bar, a transition, a form, an exit code.

    Without TOPIC: the list of all. An exit code is named by its number.
    """
    if not topic:
        click.echo(render_index(load_pages()), nl=False)
        return 0
    click.echo("\n".join(render_page(page) for page in explain(" ".join(topic))), nl=False)
    return 0
