"""`rebaseline unwaive`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from rebaseline.cli.common import bundle_option, open_here, target_option
from rebaseline.cli.deciding import as_option, name_argument, reason_option, refuse_in_ci
from rebaseline.cli.naming import split_name

__all__ = ["command"]


@click.command("unwaive")
@name_argument
@reason_option
@target_option
@as_option
@bundle_option
def command(name: str, reason: str, target: str | None, by: str | None) -> int:
    """Take back every waiver of an assertion on a target. The ledger keeps that there were some."""
    from rebaseline.app.acting import actor_here  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.waiving import waivers_of, withdraw  # noqa: PLC0415

    refuse_in_ci()
    workspace = open_here()
    suite, assertion = split_name(workspace, name, also=(f"{it.suite}/{it.assertion}" for it in waivers_of(workspace)))
    actor = actor_here(workspace, by)
    now = datetime.now(UTC)
    for waiver in withdraw(workspace, suite, assertion, target=target, actor=actor, at=now, reason=reason):
        click.echo(
            f"taken back  {suite}/{assertion}: {waiver.finding.verdict} on {waiver.model}, until {waiver.expires_on}"
        )
    return 0
