"""Options and small helpers that several commands share."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace

__all__ = ["bundle_option", "open_here", "readers_may_leave", "suites_argument", "target_option", "typed_here"]

suites_argument = click.argument("suites", nargs=-1, metavar="[SUITE]...")
target_option = click.option("--target", metavar="NAME", help="Target; not needed where the project has only one.")


_BUNDLE = "rebaseline.bundle"


def _note_bundle(context: click.Context, _option: click.Parameter, bundle: Path | None) -> None:
    if bundle is not None:
        context.meta[_BUNDLE] = bundle  # the contexts of a group and of its command share it


bundle_option = click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE",
    expose_value=False,
    callback=_note_bundle,
    help="Read this bundle in place of the store; also before the command, or as REBASELINE_BUNDLE.",
)


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
    """Return the project of the folder that the command was called in, with the bundle that is read in it."""
    from rebaseline.app.workspace import open_workspace  # noqa: PLC0415 - loads what `--help` need not

    return open_workspace(Path.cwd(), os.environ, bundle=_bundle_here())


def _bundle_here() -> Path | None:
    context = click.get_current_context(silent=True)
    bundle: Path | None = None if context is None else context.meta.get(_BUNDLE)
    named = os.environ.get("REBASELINE_BUNDLE")
    return bundle or (Path(named) if named else None)


def typed_here(*words: str) -> str:
    """Return a command of ours as it can be typed in this folder: it reads the bundle that this one reads."""
    bundle = _bundle_here()
    return shlex.join(["rebaseline", *([] if bundle is None else ["--bundle", str(bundle)]), *words])
