"""`rebaseline models`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import click

from rebaseline.cli.common import bundle_option, open_here, target_option
from rebaseline.domain.record import Holding
from rebaseline.report.words import one_line

__all__ = ["command"]


@click.command("models")
@target_option
@bundle_option
def command(target: str | None) -> int:
    """List the model versions that the store holds, by suite and target."""
    from rebaseline.app.purging import count_overdue  # noqa: PLC0415 - loads what `--help` need not

    workspace = open_here()
    if target is not None:
        workspace.target(target)
    with workspace.open_store() as store:
        holdings = store.holdings(target=target)
        overdue = count_overdue(workspace, store, datetime.now(UTC))
        states = {header.target.fingerprint: header.target.identity for header in store.sessions(target=target)}
    if not holdings:
        click.echo("nothing is stored yet: `rebaseline run` asks, `rebaseline import` brings replies in")
        return 0
    rows = [
        (
            one_line(holding.suite, 30),
            one_line(holding.target, 20),
            _answered_by(holding, states.get(holding.target_fingerprint, {})),
            f"{holding.answered:,}",
            f"{holding.rejected:,}",
            f"{holding.faulted:,}",
            f"{holding.last_received_at:%Y-%m-%d %H:%M}",
        )
        for holding in holdings
    ]
    header = ("suite", "target", "answered by", "replies", "rejected", "faults", "last (UTC)")
    widths = [max(len(row[index]) for row in [header, *rows]) for index in range(len(header))]
    for row in [header, *rows]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if overdue:
        kept = f"{overdue:,} kept longer than the {workspace.project.store.retention_days} days of `retention_days`"
        click.echo(f"{kept}: `rebaseline purge` takes their words")
    return 0


def _answered_by(holding: Holding, identity: Mapping[str, str]) -> str:
    """Name who answered, an application with what it said of itself."""
    said = ", ".join(f"{name} {value}" for name, value in sorted(identity.items()))
    return one_line(f"{holding.model.served} ({said})" if said else holding.model.served, 60)
