"""`rebaseline waive`."""

from __future__ import annotations

from datetime import datetime

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


@click.command("waive")
@name_argument
@click.option("--owner", required=True, metavar="WHO", help="Who answers for it until then.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Its last day.")
@reason_option
@between_options
@as_option
@propose_option
def command(  # noqa: PLR0913 - one parameter an option
    name: str,
    *,
    owner: str,
    until: datetime,
    reason: str,
    target: str | None,
    old: str | None,
    new: str | None,
    by: str | None,
    propose: bool,
) -> int:
    """Let a failing or invalid assertion not block until a day; it stays failing, or invalid.

    The waiver covers this assertion, target, model version and verdict, and nothing else. After its last day the
    assertion blocks again. It goes into the ledger; nothing else changes.
    """
    return decide_one(
        Action.WAIVE,
        name,
        (target, old, new),
        reason=reason,
        by=by,
        propose=propose,
        owner=owner,
        until=until.date(),
    )
