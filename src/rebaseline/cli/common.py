"""Options and small helpers that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace

__all__ = ["open_here", "suites_argument", "target_option"]

suites_argument = click.argument("suites", nargs=-1, metavar="[SUITE]...")
target_option = click.option("--target", metavar="NAME", help="Target; not needed where the project has only one.")


def open_here() -> Workspace:
    """Return the project of the folder that the command was called in."""
    from rebaseline.app.workspace import open_workspace  # noqa: PLC0415 - loads what `--help` need not

    return open_workspace(Path.cwd(), os.environ)
