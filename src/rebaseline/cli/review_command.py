"""`rebaseline review`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from rebaseline.cli.common import bundle_option, open_here, suites_argument, target_option, typed_here
from rebaseline.errors import UsageError
from rebaseline.report.words import number_of

if TYPE_CHECKING:
    from rebaseline.app.reviewing import Prepared
    from rebaseline.review.desk import Review
    from rebaseline.review.queue import Item

__all__ = ["command"]

_OFF = {"", "0", "false", "no"}


@click.command("review")
@suites_argument
@target_option
@click.option("--from", "old", metavar="MODEL", help="Old model version, or a baseline file. Default: the baseline.")
@click.option("--to", "new", metavar="MODEL", help="New model version. Default: the one that answered last.")
@click.option(
    "--only",
    multiple=True,
    metavar="WHAT",
    help="failing, invalid, unsettled, governance, functional, owner=…, layer=…, or a name; repeatable.",
)
@click.option("--again", is_flag=True, help="Show what was decided before, too.")
@click.option("--as", "as_", metavar="WHO", help='Who reviews: "Name <mail>". Default: as git knows you.')
@bundle_option
def command(
    suites: tuple[str, ...],
    target: str | None,
    old: str | None,
    new: str | None,
    only: tuple[str, ...],
    as_: str | None,
    *,
    again: bool,
) -> int:
    """Go through what needs a person: old reply beside new, the question that decides, a repair that was tried.

    No decision is written until `w`, and then all of them or none; labels are kept as they are given. Decisions are
    kept after every key: quit, and go on where you stopped. Without a terminal, and where CI is set, nothing is
    written: the same decisions as commands are printed, and the exit code is 2.
    """
    from rebaseline.app.diffing import DiffRequest  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.reviewing import ReviewRequest, prepare_review  # noqa: PLC0415
    from rebaseline.review.console import is_terminal  # noqa: PLC0415
    from rebaseline.review.counting import absent_words  # noqa: PLC0415

    workspace = open_here()
    request = ReviewRequest(DiffRequest(suites, target, old, new), only, again)
    prepared = prepare_review(workspace, request)
    if not prepared.items:
        chosen = f" that fits {' and '.join(only)}" if only else ""
        absent = absent_words(prepared.counted)
        click.echo(f"nothing{chosen} needs a person{'; not in this queue: ' + absent if absent else ''}")
        return 0
    in_ci = workspace.environment.get("CI", "").casefold() not in _OFF
    if in_ci or not is_terminal():
        click.echo("\n".join(_as_commands(prepared)))
        raise UsageError(
            "CI is set: a review writes nothing here" if in_ci else "there is no terminal to review in",
            remedy="decide in a terminal, or with the commands above",
        )
    scope = [("--target", target), ("--from", old), ("--to", new), *(("--only", word) for word in only)]
    given = [word for option, value in scope if value is not None for word in (option, value)]
    return _held(prepared, as_, typed_here("review", *suites, *given))


def _held(prepared: Prepared, as_: str | None, again: str) -> int:
    from rebaseline.app.acting import actor_here  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.review_labels import label_item  # noqa: PLC0415
    from rebaseline.app.reviewing import run_review  # noqa: PLC0415
    from rebaseline.review.console import TerminalConsole  # noqa: PLC0415
    from rebaseline.review.counting import count_lines  # noqa: PLC0415
    from rebaseline.review.style import wrap_words  # noqa: PLC0415

    actor = actor_here(prepared.workspace, as_)
    console = TerminalConsole(os.environ)
    for head in count_lines(prepared.counted):
        console.show(wrap_words(head, console.style.width, "  ", "  "))
    for name in prepared.set_aside:
        console.show([f"  {name}: what was decided about changed since; it is to be decided anew"])
    if prepared.session.taken:
        console.show([f"  {number_of(len(prepared.session.taken), 'decision')} of an earlier sitting kept; w writes"])
    try:
        review = run_review(
            prepared,
            console,
            actor=actor,
            clock=time.monotonic,
            now=lambda: datetime.now(UTC),
            label=lambda it, item, place, shown: label_item(
                it, item, place, actor=actor, seed=time.time_ns() % 2**31, now=datetime.now(UTC), shown=shown
            ),
        )
    except KeyboardInterrupt:
        console.show(["", f"  stopped; decisions are kept: `{again}` goes on"])
        raise
    console.show(["", *_ending(review, again)])
    return 0


def _ending(review: Review, again: str) -> Iterator[str]:
    minutes = review.session.seconds / 60
    yield f"  {review.written} written, {review.left} open; {review.session.keys} keys, {minutes:.1f} minutes"
    if review.session.taken:
        yield f"  {len(review.session.taken)} decided and kept, not written: `{again}` goes on"


def _as_commands(prepared: Prepared) -> Iterator[str]:
    """Yield the queue with a command for each thing that may be done."""
    from rebaseline.review.counting import count_lines  # noqa: PLC0415 - loads what `--help` need not

    diff = prepared.diff
    yield from count_lines(prepared.counted)
    yield f"{diff.old.name} -> {diff.new.name}"
    scope = (diff.target, diff.old.name, diff.new.name)
    for item in prepared.items:
        yield ""
        yield f"{item.name}   {item.verdict}   {item.kind}, {item.owner or 'no owner'}"
        yield from (f"  {line}" for line in item.why)
        yield from (f"  {line}" for line in _commands(item, scope))


def _commands(item: Item, scope: tuple[str, str, str]) -> Iterator[str]:
    """Yield a command for each decision, with what must be filled in written in capitals."""
    from rebaseline.domain.decision import Action  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.review.screen import trial_words  # noqa: PLC0415

    target, old, new = scope

    def typed(*words: str) -> str:
        return typed_here(*words, "--target", target, "--from", old, "--to", new)

    for trial in item.trials:
        yield f"# {trial_words(trial)}"
        chosen = ["repair", item.suite, "--assertion", item.name, "--apply", trial.id]
        yield typed(*chosen, *([] if trial.verified else ["--reason", "WHY"]))
    if Action.REBASELINE in item.actions:
        words = ["accept", "--assertion", item.name, "--model", new, "--target", target, "--reason", "WHY"]
        yield typed_here(*words)
    if Action.WAIVE in item.actions:
        yield typed("waive", item.name, "--owner", "WHO", "--until", "DATE", "--reason", "WHY")
    if Action.REJECT in item.actions:
        yield typed("reject", item.name, "--reason", "WHY")
    if Action.RETIRE in item.actions:
        yield typed("retire", item.name, "--reason", "WHY")
    yield typed_here("label", "draw", item.name, "--n", "20", "--seed", "1", "--out", "sheet.csv")
