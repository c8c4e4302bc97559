"""`rebaseline unwaive`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from rebaseline.cli.common import open_here, target_option
from rebaseline.cli.deciding import as_option, name_argument, reason_option, refuse_in_ci, split_name

__all__ = ["command"]


@click.command("unwaive")
@name_argument
@reason_option
@target_option
@as_option
def command(name: str, reason: str, target: str | None, by: str | None) -> int:
    """Take back every waiver of an assertion on a target. The ledger keeps that there were some."""
    from rebaseline.app.acting import actor_here  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.waiving import withdraw  # noqa: PLC0415

    refuse_in_ci()
    suite, assertion = split_name(name)
    workspace = open_here()
    actor = actor_here(workspace, by)
    now = datetime.now(UTC)
    for waiver in withdraw(workspace, suite, assertion, target=target, actor=actor, at=now, reason=reason):
        click.echo(f"taken back  {name}: {waiver.finding.verdict} on {waiver.model}, until {waiver.expires_on}")
    return 0
