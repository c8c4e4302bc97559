"""`rebaseline init`."""

from __future__ import annotations

from pathlib import Path

import click

from rebaseline.app.initialising import start_project

__all__ = ["command"]


@click.command("init")
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path(), metavar="FOLDER", help="Default: the current folder."
)
def command(into: Path) -> int:
    """Start a project: a rebaseline.toml and a first suite, to be edited. Nothing that is there is overwritten."""
    for path in start_project(into):
        click.echo(f"written  {path.as_posix()}")
    click.echo("next: edit them, then `rebaseline lint`")
    return 0
