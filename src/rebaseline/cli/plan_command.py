"""`rebaseline plan`."""

from __future__ import annotations

import click

from rebaseline.app.planning import PlanRequest, plan_run
from rebaseline.cli.common import bundle_option, open_here, readers_may_leave, suites_argument, target_option
from rebaseline.report.forecast import render_forecast
from rebaseline.report.forecast_wire import forecast_document

__all__ = ["command"]


@click.command("plan")
@suites_argument
@target_option
@click.option("--max-calls", type=click.IntRange(min=0), metavar="N", help="Hard bound on calls, as `run` takes it.")
@click.option("--batch", is_flag=True, help="As if what takes one call went through the provider's batch API.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `rebaseline schema plan` describes it.")
@bundle_option
def command(suites: tuple[str, ...], target: str | None, max_calls: int | None, *, batch: bool, as_json: bool) -> int:
    """Say what `run` would ask now, what it would cost, and what chance each bar has; nothing is asked.

    The chance is that of Holds for a model that did not change. Exits with 0 whatever it finds.
    """
    forecast = plan_run(open_here(), PlanRequest(suites, target, max_calls, batch))
    with readers_may_leave():
        if as_json:
            click.echo(forecast_document(forecast).model_dump_json(indent=2))
        else:
            click.echo(render_forecast(forecast), nl=False)
    return 0
