"""`rebaseline accept`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from rebaseline.app.accepting import Acceptance, AcceptedFile, accept_model
from rebaseline.app.acting import actor_here
from rebaseline.app.proposing import accept_pending
from rebaseline.cli.common import bundle_option, open_here, suites_argument, target_option
from rebaseline.cli.deciding import (
    applied_lines,
    as_option,
    carry_out,
    refuse_in_ci,
    replacing_option,
    seen_baselines,
)
from rebaseline.cli.naming import split_name
from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import UsageError
from rebaseline.report.words import wrapped
from rebaseline.store.baselines import load_baseline

__all__ = ["command"]


@click.command("accept")
@suites_argument
@target_option
@click.option("--model", metavar="ID", help="Model version whose stored replies become the baseline.")
@click.option(
    "--assertion",
    "names",
    multiple=True,
    metavar="[SUITE/]ASSERTION",
    help="Re-baseline this one as it is read now, with what holds beside it; repeatable.",
)
@click.option("--pending", type=click.Path(path_type=Path), metavar="FILE", help="Accept this proposal instead.")
@as_option
@click.option("--reason", metavar="WHY", help="Why; kept in the file and in the ledger.")
@replacing_option
@bundle_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    suites: tuple[str, ...],
    target: str | None,
    model: str | None,
    names: tuple[str, ...],
    pending: Path | None,
    by: str | None,
    reason: str | None,
    replacing: str | None,
) -> int:
    """Make the stored replies of a model version its baseline: one file a suite under `baselines/`, for git.

    Every assertion is recorded with the verdict that it has: a failing one is not accepted away. What is not recorded
    as holding is named, by verdict. The ledger keeps who accepted, when and why. With --pending, what somebody else
    proposed is carried out. With --assertion, only what is named and what holds is recorded; the rest stays in the
    queue of a review.
    """
    if pending is not None:
        _require_alone((*suites, *names), target, model, replacing)
        refuse_in_ci()
        workspace = open_here()
        now, actor = datetime.now(UTC), actor_here(workspace, by)
        for line in applied_lines(accept_pending(workspace, pending, actor=actor, at=now, reason=reason or "")):
            click.echo(line)
        return 0
    for value, option in ((model, "--model"), (reason, "--reason")):
        if value is None:
            raise UsageError(f"{option} is missing", remedy="rebaseline accept --model MODEL --reason WHY")
    if names:
        return _accept_some(suites, names, (target, None, model), reason=str(reason), by=by, replacing=replacing)
    workspace = open_here()
    looked_at = seen_baselines(replacing, suites)
    actor = actor_here(workspace, by)
    acceptance = Acceptance(str(model), actor, str(reason), datetime.now(UTC), suites, target, looked_at)
    for file in accept_model(workspace, acceptance):
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(file.verdicts.items()))
        done = "replaced" if file.replaced else "written"
        click.echo(f"{done}  {file.path.relative_to(workspace.project.root).as_posix()}   {verdicts}")
        for line in _not_holding(file):
            click.echo(line)
    return 0


def _accept_some(
    suites: tuple[str, ...],
    names: tuple[str, ...],
    between: tuple[str | None, str | None, str | None],
    *,
    reason: str,
    by: str | None,
    replacing: str | None,
) -> int:
    """Re-baseline single assertions: each is a decision, which nobody takes in CI."""
    refuse_in_ci()
    if suites:
        raise UsageError("--assertion names the suites, too", remedy="leave SUITE out")
    workspace = open_here()
    decisions = [Decision(Action.REBASELINE, *split_name(workspace, name), reason=reason) for name in names]
    looked_at = seen_baselines(replacing, tuple({decision.suite for decision in decisions}))
    return carry_out(workspace, decisions, between, by=by, replacing=looked_at)


def _require_alone(suites: tuple[str, ...], target: str | None, model: str | None, replacing: str | None) -> None:
    if suites or target or model or replacing:
        raise UsageError(
            "--pending names a proposal, which says itself what it is about",
            remedy="leave suites, --target, --model and --replacing out",
        )


def _not_holding(file: AcceptedFile) -> Iterator[str]:
    """Name, by verdict, what the file does not record as holding: a later diff will not count it as survived."""
    recorded = load_baseline(file.path).assertions.values()
    for verdict in VerdictName:
        names = [assertion.id for assertion in recorded if assertion.verdict == verdict]
        if names and verdict is not VerdictName.HOLDS:
            yield from wrapped(f"  recorded as {verdict}: ", ", ".join(names))
