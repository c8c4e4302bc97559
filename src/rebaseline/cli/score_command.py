"""`rebaseline score`."""

from __future__ import annotations

import click

from rebaseline.app.scoring import Score, SuiteScore, score_model
from rebaseline.cli.common import bundle_option, open_here, suites_argument, target_option
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Inconclusive, Invalid, Unmeasured, VerdictName
from rebaseline.report.words import invalid_words, number_of, one_line, standing_words, unsettled_words, wrapped

__all__ = ["command"]

_COLOURS = {
    VerdictName.HOLDS: "green",
    VerdictName.FAILING: "red",
    VerdictName.INVALID: "yellow",
    VerdictName.INCONCLUSIVE: "cyan",
    VerdictName.UNMEASURED: "magenta",
}


@click.command("score")
@suites_argument
@target_option
@click.option("--model", required=True, metavar="ID", help="Model version; `rebaseline models` lists them.")
@bundle_option
def command(suites: tuple[str, ...], target: str | None, model: str) -> int:
    """Read the stored replies of one model version with the suites as they are now; nothing is asked.

    Exits with 0 whatever it finds: `rebaseline diff` is the gate.
    """
    for suite in score_model(open_here(), model, suite_ids=suites, target_name=target):
        _show(suite)
    return 0


def _show(suite: SuiteScore) -> None:
    provider = suite.provider
    rest = "".join(
        f", {count:,} {what}"
        for count, what in (
            (provider.rejected, "rejected"),
            (provider.unknown_model, "unknown model"),
            (provider.faulted, "fault" if provider.faulted == 1 else "faults"),
            (suite.stale, "of probes worded otherwise since, left out"),
        )
        if count
    )
    click.echo(f"{suite.suite}   {number_of(provider.answered, 'reply')}{rest}")
    for score in suite.scores:
        name = VerdictName.of(score.side.verdict)
        for line in wrapped(f"  {name:<13}{score.assertion.id:<28} ", _words(score)):
            click.echo(line.replace(f"  {name}", f"  {click.style(name, fg=_COLOURS[name])}", 1))


def _words(score: Score) -> str:
    standing = standing_words(score.side.evidence, score.assertion.bar, old=None)
    match score.side.verdict:
        case Invalid() as verdict:
            words = invalid_words(verdict, score.side.evidence)
            return f"{words}; {standing}" if verdict.straddles else words
        case Inconclusive() as verdict:
            return f"{standing}; {unsettled_words(verdict, score.side.evidence)}"
        case Unmeasured() if isinstance(score.assertion.bar, NoWorse) and score.side.evidence.replies:
            return "compares with a baseline: see `rebaseline diff`"
        case Unmeasured(fault=fault):
            return one_line(fault)
        case _:
            return standing
