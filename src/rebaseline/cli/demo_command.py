"""`rebaseline demo`."""

from __future__ import annotations

import shlex
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click

from rebaseline.app.demoing import run_demo
from rebaseline.cli.showing import show_diff
from rebaseline.gate import decide_outcome
from rebaseline.report.screen import Typed
from rebaseline.report.view import view_diff

__all__ = ["command"]


@click.command("demo")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Keep the project there, to try other commands on. Default: a temporary folder.",
)
@click.option("--all", "everything", is_flag=True, help="List every assertion, also those that hold.")
def command(into: Path | None, *, everything: bool) -> int:
    """Diff replies recorded from two real models. Needs no key and no network.

    Exits with 0 whatever the diff finds: what it would exit with stands in its last line.
    """
    with tempfile.TemporaryDirectory() if into is None else nullcontext(str(into)) as folder:
        demo = run_demo(Path(folder), datetime.now(UTC))
        view = view_diff(demo.diff)
        show_diff(
            view,
            decide_outcome(demo.diff, demo.workspace.block),
            as_json=False,
            everything=everything,
            typed=None if into is None else Typed(first=(shlex.join(["cd", into.as_posix()]),)),
        )
    if into is None:
        first = next(iter((*view.failing, *view.invalid, *view.holding)))
        keep = f"rebaseline demo --into demo && cd demo && rebaseline diff --why {first.name}"
        click.echo(f"\nKeep it, look further:  {keep}")
    return 0
