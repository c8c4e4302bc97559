"""`rebaseline doctor`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from rebaseline.cli.common import bundle_option, open_here, readers_may_leave

__all__ = ["command"]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@bundle_option
def command(*, as_json: bool) -> int:
    """Say what ails the project, each with the command that mends it: never valid, expired, stale, unowned, unused.

    It is no gate: it exits with 0 whatever it finds.
    """
    from rebaseline.app.doctoring import examine  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.report.doctor import ailments_document, render_ailments  # noqa: PLC0415

    ailments = examine(open_here(), datetime.now(UTC))
    with readers_may_leave():
        if as_json:
            click.echo(json.dumps(ailments_document(ailments), indent=2))
        else:
            click.echo(render_ailments(ailments), nl=False)
    return 0
