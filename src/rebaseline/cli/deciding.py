"""What the commands that decide have in common."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from rebaseline.cli.common import open_here, typed_here
from rebaseline.cli.naming import split_name
from rebaseline.errors import UsageError

if TYPE_CHECKING:
    from rebaseline.app.deciding import Applied
    from rebaseline.app.workspace import Workspace
    from rebaseline.domain.decision import Action, Decision

__all__ = [
    "applied_lines",
    "as_option",
    "between_options",
    "carry_out",
    "decide_one",
    "name_argument",
    "propose_option",
    "reason_option",
    "refuse_in_ci",
    "replacing_option",
    "seen_baselines",
]

_OFF = frozenset({"", "0", "false"})
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")

as_option = click.option(
    "--as", "by", metavar="WHO", help='Who acts: "Name <mail>", or a name. Without it, as git knows you.'
)
name_argument = click.argument("name", metavar="[SUITE/]ASSERTION")
reason_option = click.option("--reason", required=True, metavar="WHY", help="Why; kept in the ledger.")
propose_option = click.option(
    "--propose", is_flag=True, help="Write a proposal below baselines/pending/, for somebody else to accept."
)
replacing_option = click.option(
    "--replacing",
    metavar="DIGEST",
    help="Refuse unless the baseline that is to be replaced has this digest; `none` if there is to be none.",
)


def seen_baselines(replacing: str | None, suites: tuple[str, ...]) -> Mapping[str, str | None]:
    """Return by suite which baseline was looked at; empty where `--replacing` is not given.

    Raises:
        UsageError: It is no digest, or does not stand beside one suite.
    """
    if replacing is None:
        return {}
    if len(suites) != 1:
        raise UsageError(
            "--replacing names the baseline of one suite", remedy="name the suite, one at a time, or leave it out"
        )
    if replacing == "none":
        return {suites[0]: None}
    found = _DIGEST.fullmatch(replacing)
    if found is None:
        raise UsageError(
            f"--replacing {replacing!r} is no digest",
            remedy="write the `digest` of the baseline's file (sha256:…), or `none` where no file is to stand there",
        )
    return {suites[0]: f"sha256:{found[1]}"}


def refuse_in_ci() -> None:
    """Refuse to decide where nobody is there to decide.

    Raises:
        UsageError: The environment has `CI` set, to other than `0` or `false`.
    """
    if os.environ.get("CI", "").strip().lower() not in _OFF:
        raise UsageError(
            "CI is set: nobody decides here, and nothing was written",
            remedy="give the command where a person sits; or propose with --propose, and let a person accept it",
        )


def between_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the target and the two model versions."""
    for option in (
        click.option("--to", "new", metavar="MODEL", help="New model version. Default: the one that answered last."),
        click.option("--from", "old", metavar="MODEL", help="Old model version. Default: the baseline's."),
        click.option("--target", metavar="NAME", help="Target; not needed where the project has only one."),
    ):
        command = option(command)
    return command


def decide_one(  # noqa: PLR0913 - what every deciding command takes
    action: Action,
    name: str,
    between: tuple[str | None, str | None, str | None],
    *,
    reason: str,
    by: str | None,
    propose: bool,
    owner: str = "",
    until: date | None = None,
) -> int:
    """Decide of one assertion, or propose to; say what was done."""
    from rebaseline.domain.decision import Decision  # noqa: PLC0415 - loads what `--help` need not

    if not propose:
        refuse_in_ci()
    workspace = open_here()
    suite, assertion = split_name(workspace, name)
    decision = Decision(action, suite, assertion, reason=reason, owner=owner, expires_on=until)
    return carry_out(workspace, [decision], between, by=by, propose=propose)


def carry_out(
    workspace: Workspace,
    decisions: Sequence[Decision],
    between: tuple[str | None, str | None, str | None],
    *,
    by: str | None,
    propose: bool = False,
    replacing: Mapping[str, str | None] | None = None,
) -> int:
    """Carry decisions out, or propose them; print what was done.

    Args:
        workspace: The project.
        decisions: The decisions.
        between: Target, old and new model version, each None for the default.
        by: Who acts, as `--as` says.
        propose: Write a proposal instead.
        replacing: By suite: digest of the baseline that was looked at.
    """
    from rebaseline.app.acting import actor_here  # noqa: PLC0415 - loads what `--help` need not
    from rebaseline.app.deciding import apply_decisions  # noqa: PLC0415
    from rebaseline.app.diffing import DiffRequest, diff_models  # noqa: PLC0415
    from rebaseline.app.proposing import propose as write_proposal  # noqa: PLC0415

    actor, at = actor_here(workspace, by), datetime.now(UTC)
    target, old, new = between
    suites = tuple(dict.fromkeys(decision.suite for decision in decisions))
    diff = diff_models(workspace, DiffRequest(suites, target, old, new))
    models = (diff.old.name, diff.new.name)
    if propose:
        path = write_proposal(workspace, decisions, models, target, actor=actor, at=at)
        shown = path.relative_to(workspace.project.root).as_posix()
        accept = typed_here("accept", "--pending", shown)
        click.echo(f"proposed  {shown}\nCommit it; somebody else accepts it: {accept}")
        return 0
    applied = apply_decisions(
        workspace, decisions, models=models, target=target, actor=actor, at=at, replacing=replacing
    )
    for line in applied_lines(applied):
        click.echo(line)
    return 0


def applied_lines(applied: Applied) -> Iterator[str]:
    """Say what was done, one line a file, and what was left out."""
    from rebaseline.report.words import rule_words, wrapped  # noqa: PLC0415 - loads what `--help` need not

    for change in applied.files:
        done = "written" if not change.before else "edited" if change.after else "removed"
        yield f"{done:<8}  {change.path}"
    for suite in applied.suites:
        if suite.edited:
            yield f"  {suite.suite} is version {suite.version} now"
        for name, changes in suite.rules.items():
            yield from wrapped(f"  {suite.suite}/{name}: ", "; ".join(rule_words(change) for change in changes))
        for verdict in sorted(set(suite.recorded.values())):
            names = [name for name, found in suite.recorded.items() if found == verdict]
            yield from wrapped(f"  recorded as {verdict}: ", ", ".join(names))
        if suite.left_out:
            yield from wrapped("  left out, still to be decided: ", ", ".join(suite.left_out))
