"""Diffs on the terminal."""

from __future__ import annotations

import json

import click

from rebaseline.cli.naming import near_names
from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.errors import UsageError
from rebaseline.gate import Outcome
from rebaseline.report.screen import Typed, render_screen
from rebaseline.report.view import DiffView

__all__ = ["find_comparison", "show_diff"]

_COLOURS = {
    "FAILING": "red",
    "INVALID": "yellow",
    "UNSETTLED": "cyan",
    "UNMEASURED": "magenta",
    "HOLDS": "green",
    "RECOVERED": "green",
}


def show_diff(view: DiffView, outcome: Outcome, *, as_json: bool, everything: bool, typed: Typed | None) -> None:
    """Print a diff as the screen or as JSON; colours only where the output is a terminal.

    Args:
        view: What to show.
        outcome: What it means for the caller.
        as_json: Print JSON.
        everything: Show every assertion in full.
        typed: What the next steps repeat; None for none.
    """
    if as_json:
        from rebaseline.report.wire import document_of  # noqa: PLC0415 - loads pydantic

        # In ASCII: no reply takes hold of a terminal, and none holds what cannot be encoded.
        click.echo(json.dumps(document_of(view, outcome).model_dump(), indent=2, allow_nan=False))
        return
    for line in render_screen(view, outcome, everything=everything, typed=typed).splitlines():
        title = line.split("  ", 1)[0]
        click.secho(line, fg=_COLOURS.get(title), bold=title in _COLOURS or None)


def find_comparison(diff: Diff, name: str) -> Comparison:
    """Return the comparison of `suite/assertion`, or of an assertion id that only one suite has.

    Raises:
        UsageError: There is none, or several.
    """
    found = [comparison for comparison in diff.comparisons if name in {comparison.name, comparison.assertion.id}]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(comparison.name for comparison in found)
        raise UsageError(f"several assertions are called {name!r}", remedy=f"name the suite too: {names}")
    raise UsageError(
        f"the diff has no assertion {name!r}", remedy=near_names(name, [each.name for each in diff.comparisons])
    )
