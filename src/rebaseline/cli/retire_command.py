"""`rebaseline retire`."""

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


@click.command("retire")
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
    """Take an assertion out of use. It stays in its file, with the reason, and nothing is read for it.

    The suite's version is raised by one, and the ledger keeps what it was at the time.
    """
    return decide_one(
        Action.RETIRE,
        name,
        (target, old, new),
        reason=reason,
        by=by,
        propose=propose,
    )
