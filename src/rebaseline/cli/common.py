"""Options and small helpers that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace

__all__ = ["open_here", "readers_may_leave", "suites_argument", "target_option"]

suites_argument = click.argument("suites", nargs=-1, metavar="[SUITE]...")
target_option = click.option("--target", metavar="NAME", help="Target; not needed where the project has only one.")


@contextmanager
def readers_may_leave() -> Iterator[None]:
    """Print in this block: a reader that closes the pipe, as `head` does, changes nothing of the exit code."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_output()


def _silence_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not stumble over the closed pipe at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def open_here() -> Workspace:
    """Return the project of the folder that the command was called in."""
    from rebaseline.app.workspace import open_workspace  # noqa: PLC0415 - loads what `--help` need not

    return open_workspace(Path.cwd(), os.environ)
