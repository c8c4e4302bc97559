"""`rebaseline diff`."""

from __future__ import annotations

from dataclasses import replace

import click

from rebaseline.app.accounting import Wanted
from rebaseline.app.diffing import REPAIRS_WITHIN, DiffRequest, diff_models
from rebaseline.cli.common import bundle_option, open_here, readers_may_leave, suites_argument, target_option
from rebaseline.cli.showing import find_comparison, show_diff
from rebaseline.errors import UsageError
from rebaseline.gate import decide_outcome
from rebaseline.report.screen import Typed
from rebaseline.report.view import view_diff
from rebaseline.report.why import SHOWN_REPLIES, render_why

__all__ = ["command"]


@click.command("diff")
@suites_argument
@target_option
@click.option("--from", "old", metavar="MODEL", help="Old model version, or a baseline file. Default: the baseline.")
@click.option("--to", "new", metavar="MODEL", help="New model version. Default: the one that answered last.")
@click.option("--why", metavar="ASSERTION", help="Show the whole chain of one verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `rebaseline schema diff` describes it.")
@click.option(
    "--all", "everything", is_flag=True, help="List every assertion; with --why every reply, with --json every account."
)
@bundle_option
def command(
    suites: tuple[str, ...],
    target: str | None,
    old: str | None,
    new: str | None,
    why: str | None,
    *,
    as_json: bool,
    everything: bool,
) -> int:
    """Say what survived a change of model, what fails and what became invalid.

    Exits with 0 where nothing blocks, 1 failing, 3 invalid, 4 unsettled where the policy blocks on it, 5 unmeasured, 6
    no baseline, 7 model retired or unknown.
    """
    if why is not None and as_json:
        raise UsageError(
            "--why is for people and --json for programs", remedy="leave one out: --json holds every assertion"
        )
    workspace = open_here()
    request = DiffRequest(suites, target, old, new, _wanted(why, as_json, everything))
    diff = diff_models(workspace, replace(request, repairs=True, repairs_within=REPAIRS_WITHIN))
    outcome = decide_outcome(diff, workspace.block)
    chosen = None if why is None else find_comparison(diff, why)
    with readers_may_leave():
        if chosen is not None:
            click.echo(render_why(diff, chosen, everything=everything), nl=False)
        else:
            typed = Typed((*suites, *_given("--target", target)), (*_given("--from", old), *_given("--to", new)))
            show_diff(view_diff(diff), outcome, as_json=as_json, everything=everything, typed=typed)
    return int(outcome.code)


def _wanted(why: str | None, as_json: bool, everything: bool) -> Wanted | None:  # noqa: FBT001 - as they were typed
    if why is not None:
        return Wanted(why, None if everything else SHOWN_REPLIES)
    return Wanted(holding=everything) if as_json else None


def _given(option: str, value: str | None) -> tuple[str, ...]:
    return () if value is None else (option, value)
