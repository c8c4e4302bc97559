"""`rebaseline ledger`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rebaseline.app.ledger_findings import verify_ledger
from rebaseline.app.ledgering import find_records, ledger_of, show_ledger
from rebaseline.cli.common import open_here, readers_may_leave
from rebaseline.cli.deciding import as_option, refuse_in_ci
from rebaseline.gate import ExitCode
from rebaseline.interop.sheets import render_csv
from rebaseline.report.ledger import (
    COLUMNS,
    document_of_record,
    entry_lines,
    findings_document,
    findings_lines,
    rows_of_record,
    signing_lines,
)
from rebaseline.report.words import number_of

__all__ = ["command"]


@click.group("ledger", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Show who decided what, when and why, and check that nothing of it was changed since."""


@command.command("show")
@click.argument("about", required=False, metavar="[SUITE|SUITE/ASSERTION]")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most entries.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(about: str | None, limit: int, *, as_json: bool) -> int:
    """Show the entries, the newest first."""
    workspace = open_here()
    ledger = ledger_of(workspace)
    records = find_records(ledger, about)
    entries = show_ledger(workspace, records[:limit])
    only = (about or "").partition("/")[2]
    with readers_may_leave():
        if as_json:
            shown = [document_of_record(entry.record, entry.signed) for entry in entries]
            document = {"format": 1, "head_digest": ledger.head_digest or None, "found": len(records), "entries": shown}
            click.echo(json.dumps(document, indent=2))
            return 0
        for entry in entries:
            for line in entry_lines(entry.record, entry.signed, only=only):
                click.echo(line)
            click.echo("")
        more = len(records) - len(entries)
        click.echo(number_of(len(records), "entry") + (f", {more} older not shown (--limit)" if more else ""))
        if ledger.flaws:
            click.echo(f"{number_of(len(ledger.flaws), 'file')} not shown: `rebaseline ledger verify` says why")
    return 0


@command.command("verify")
@click.option(
    "--against",
    metavar="REF",
    help="A commit, branch or tag: no entry that it has may be missing or changed, and what it demands holds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(against: str | None, *, as_json: bool) -> int:
    """Look over the whole ledger: every entry, baseline and signature, and who may have decided what.

    Exits with 0 where all is as it was written, and with 2 where the ledger cannot be relied upon.
    """
    found = verify_ledger(open_here(), against, start=Path.cwd())
    with readers_may_leave():
        if as_json:
            click.echo(json.dumps(findings_document(found.ledger, found.flaws, found.compared), indent=2))
        else:
            for line in findings_lines(found.ledger, found.flaws, found.compared, against):
                click.echo(line)
    return int(ExitCode.USAGE if found.blocking else ExitCode.OK)


@command.command("sign")
@click.argument("entries", nargs=-1, metavar="[ENTRY]...")
@as_option
def sign(entries: tuple[str, ...], by: str | None) -> int:
    """Sign entries that name you as acting and have no signature yet; all of them, or those that are named.

    An ENTRY is the name of its file, or the start of its digest. A bad signature is replaced only where its entry is
    named; a good one is left.
    """
    from rebaseline.app.acting import actor_here  # noqa: PLC0415 - loads what the other commands need not
    from rebaseline.app.signing import sign_entries  # noqa: PLC0415

    refuse_in_ci()
    workspace = open_here()
    looked = sign_entries(workspace, entries, actor_here(workspace, by))
    with readers_may_leave():
        for it in looked:
            for line in signing_lines(it.record, it.outcome, it.was):
                click.echo(line)
        if not looked:
            click.echo("Every entry has a signature: `rebaseline ledger verify` says which are good.")
    return 0


@command.command("export")
@click.option(
    "--csv", "as_csv", is_flag=True, help="CSV, a row for each assertion; else JSON Lines, one for each entry."
)
def export(*, as_csv: bool) -> int:
    """Print all entries, the oldest first. Exits with 2 where some cannot be relied upon, or are missing."""
    workspace = open_here()
    ledger = ledger_of(workspace)
    records = tuple(reversed(find_records(ledger, None)))
    entries = [(entry.record, entry.signed) for entry in show_ledger(workspace, records)]
    with readers_may_leave():
        if as_csv:
            rows = [row for record, signed in entries for row in rows_of_record(record, signed)]
            click.echo(render_csv(COLUMNS, rows, line_end="\n"), nl=False)
        else:
            for record, signed in entries:
                click.echo(json.dumps(document_of_record(record, signed)))
    if ledger.gaps:
        click.echo("rebaseline: not all entries are here as they were written: `rebaseline ledger verify`", err=True)
        return 2
    return 0
