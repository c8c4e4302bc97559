"""`rebaseline waive`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from rebaseline.cli.common import bundle_option
from rebaseline.cli.deciding import (
    as_option,
    between_options,
    decide_one,
    name_argument,
    propose_option,
    reason_option,
)
from rebaseline.domain.decision import Action
from rebaseline.domain.spans import day_of
from rebaseline.errors import UsageError

__all__ = ["command"]


@click.command("waive")
@name_argument
@click.option("--owner", required=True, metavar="WHO", help="Who answers for it until then.")
@click.option(
    "--until",
    required=True,
    metavar="DATE",
    help="Its last day, as 2027-01-31; or a span from today on, as 30d or 2w. Days are those of UTC.",
)
@reason_option
@between_options
@as_option
@propose_option
@bundle_option
def command(  # noqa: PLR0913 - one parameter an option
    name: str,
    *,
    owner: str,
    until: str,
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
        until=_last_day(until),
    )


def _last_day(text: str) -> date:
    day = day_of(text, datetime.now(UTC).date())
    if day is None:
        raise UsageError(
            f"{text!r} is no day", where="--until", remedy="write a day, as 2027-01-31, or a span of days, as 30d or 2w"
        )
    return day
