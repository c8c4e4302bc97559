"""The `rebaseline` command: finds the subcommand, and turns every error into a line and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from rebaseline import __version__
from rebaseline.cli.common import bundle_option, readers_may_leave
from rebaseline.errors import (
    NoBaselineError,
    ProviderError,
    RebaselineError,
    UnknownModelError,
)

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "demo": "Diff replies recorded from two real models. Needs no key and no network.",
    "init": "Start a project: a project file and a first suite, to be edited.",
    "lint": "Check suites: every problem at once, and every check on its controls.",
    "plan": "Say what a run would ask and cost, and what chance each bar has; nothing is asked.",
    "run": "Ask a target every probe and store its replies.",
    "judge": "Have judges read stored replies and their labelled transcripts; the target is not asked.",
    "import": "Store replies that you already have, from a JSON Lines file.",
    "score": "Read the stored replies of one model version; nothing is asked.",
    "diff": "Say what survived a change of model, what fails and what became invalid.",
    "repair": "Propose repairs of what is invalid, tried on stored replies; nothing is asked or written.",
    "review": "Go through what needs a person, item by item; no decision is written until you say so.",
    "accept": "Make stored replies the baseline of a model version.",
    "waive": "Let a failing or invalid assertion not block until a day, with an owner and a reason.",
    "unwaive": "Take a waiver back.",
    "reject": "Record a finding as it is: the new version is to blame, and it blocks on.",
    "retire": "Take an assertion out of use, with a reason.",
    "ledger": "Show who decided what, when and why, and check that nothing of it was changed since.",
    "label": "Draw replies at random for people to label, and take their labels.",
    "export": "Print stored replies as JSON Lines, as `import` reads them.",
    "bundle": "Pack stored replies into one file, which every command reads in place of the store.",
    "purge": "Forget what was said in replies older than the project keeps; digests stay.",
    "doctor": "Say what ails the project, each with the command that mends it: stale, unowned, unused, expired.",
    "models": "List the model versions that the store holds.",
    "explain": "Say what a word on the screen means, and what to do: a verdict, an assumption, an exit code.",
    "schema": "Print a JSON Schema, of suites for editors or of what `diff` and `plan` print.",
}
"""Every command with its line in the help; its module is `rebaseline.cli.<name>_command`."""

_USAGE, _PROVIDER, _NO_BASELINE, _RETIRED, _BUG, _INTERRUPTED = 2, 5, 6, 7, 70, 130


class _LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rebaseline.cli.{cmd_name}_command").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command. Click itself would leave with 1, our "failing", where a reader closes the pipe."""
        with readers_may_leave():
            return super().invoke(ctx)
        return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistyped command

            near = get_close_matches(name, COMMANDS, n=1)
            ctx.fail(f"unknown command {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rebaseline")
@bundle_option
def _cli() -> None:
    """Say which assertions became invalid, not merely failing, when the model changed.

    Exit codes: 0 nothing blocks, 1 failing, 2 usage or configuration, 3 invalid (re-baseline needed), 4 inconclusive
    where the policy blocks on it, 5 provider or infrastructure fault, 6 no baseline for this model, 7 model retired or
    unknown, 70 a bug of ours, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    _speak_utf8()
    with _collecting_seldom():
        _run(arguments)


def _run(arguments: Sequence[str] | None) -> None:
    try:
        code = _cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(_INTERRUPTED)
    except RebaselineError as error:
        click.echo(f"rebaseline: {_printable(error)}", err=True)
        sys.exit(_code_of(error))
    except Exception as error:  # noqa: BLE001 - the last line of defence names a bug as one
        _report_bug(error)
        sys.exit(_BUG)
    sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """A diff holds a million small records, none in a cycle: the collector would look through them again and again."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _printable(error: RebaselineError) -> str:
    """An error quotes suites, files and names of models: they are as untrusted as replies."""
    from rebaseline.report.words import printable  # noqa: PLC0415 - only for an error

    return printable(str(error))


def _code_of(error: RebaselineError) -> int:
    match error:
        case ProviderError():
            return _PROVIDER
        case UnknownModelError():
            return _RETIRED
        case NoBaselineError():
            return _NO_BASELINE
        case _:
            return _USAGE


def _report_bug(error: Exception) -> None:
    import traceback  # noqa: PLC0415 - only for a bug

    from rebaseline.report.words import printable  # noqa: PLC0415 - only for a bug

    click.echo(printable("".join(traceback.format_exception(error))).rstrip(), err=True)
    click.echo("rebaseline: this is a bug of ours, not of your suite; please report the lines above", err=True)


def _speak_utf8() -> None:
    """Replies hold any character; a console that cannot show one gets a mark in its place, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
