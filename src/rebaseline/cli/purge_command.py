"""`rebaseline purge`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from rebaseline.cli.common import open_here
from rebaseline.domain.spans import seconds_of
from rebaseline.errors import UsageError
from rebaseline.report.words import number_of, one_line

__all__ = ["command"]


@click.command("purge")
@click.option("--older-than", metavar="SPAN", help="Age, such as 90d or 12w. Default: retention_days of the project.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def command(older_than: str | None, *, dry_run: bool) -> int:
    """Forget what was said in replies, rejections and faults of a certain age, judges' answers among them.

    Texts, tool calls and traces are overwritten in the store and cannot be had back. Keys, token counts and digests
    stay, and so do accepted baselines and what the checks read. Bundles, exports, sheets of labels and copies of the
    store are files of yours.
    """
    from rebaseline.app.purging import purge_replies  # noqa: PLC0415 - loads what `--help` need not

    seconds = None if older_than is None else seconds_of(older_than)
    if older_than is not None and seconds is None:
        raise UsageError(
            f"{older_than!r} is not a span of time",
            where="--older-than",
            remedy="write a whole number and s, m, h, d or w, such as 90d",
        )
    purge = purge_replies(open_here(), older_than_seconds=seconds, now=datetime.now(UTC), dry_run=dry_run)
    rows = [
        (one_line(each.suite, 40), one_line(each.target, 20), one_line(each.model, 40), f"{each.attempts:,}")
        for each in purge.taken
    ]
    for suite, target, model, count in rows:
        click.echo(f"  {suite}  {target}  {model}  {count}")
    taken = number_of(sum(each.attempts for each in purge.taken), "attempt")
    until = f"received before {purge.before:%Y-%m-%d %H:%M} UTC"
    if not rows:
        click.echo(f"Nothing to purge: no attempt {until} holds words.")
    elif dry_run:
        click.echo(f"{taken} {until} would lose their words. Nothing was changed.")
    else:
        click.echo(f"{number_of(purge.attempts, 'attempt')} {until} lost their words; their digests stay.")
    if rows:
        kept = "would be" if dry_run else "is"
        click.echo(f"What the checks read of them {kept} kept in .rebaseline/kept, by the rules as they stand now.")
    return 0
