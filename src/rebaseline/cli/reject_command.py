"""`rebaseline reject`."""

from __future__ import annotations

import click

from rebaseline.cli.deciding import (
    as_option,
    between_options,
    decide_one,
    name_argument,
    propose_option,
    reason_option,
)
from rebaseline.domain.decision import Action

__all__ = ["command"]


@click.command("reject")
@name_argument
@reason_option
@between_options
@as_option
@propose_option
def command(
    name: str,
    *,
    reason: str,
    target: str | None,
    old: str | None,
    new: str | None,
    by: str | None,
    propose: bool,
) -> int:
    """Record a finding as it is: the new version is to blame. It goes into the ledger, and blocks on."""
    return decide_one(
        Action.REJECT,
        name,
        (target, old, new),
        reason=reason,
        by=by,
        propose=propose,
    )
