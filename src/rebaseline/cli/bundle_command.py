"""`rebaseline bundle`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import click

from rebaseline.cli.common import bundle_option, open_here, suites_argument, target_option
from rebaseline.report.words import number_of, one_line

__all__ = ["command"]


@click.command("bundle")
@suites_argument
@target_option
@click.option("--model", "models", multiple=True, metavar="ID", help="Model version; may be given several times.")
@click.option("--from", "old", metavar="ID", help="Old model version. Default: what a diff compares with.")
@click.option("--to", "new", metavar="ID", help="New model version. Default: the one that answered last.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@bundle_option
def command(
    suites: tuple[str, ...],
    target: str | None,
    models: tuple[str, ...],
    old: str | None,
    new: str | None,
    out: Path,
    *,
    force: bool,
) -> int:
    """Pack stored replies into one file, which every command that reads the store reads in its place.

    Without options: the replies that `diff` compares, of all suites, with what judges said of them.
    """
    from rebaseline.app.bundling import BundleRequest, make_bundle  # noqa: PLC0415 - loads what `--help` need not

    request = BundleRequest(out, suites, target, models, old, new, force)
    manifest = make_bundle(open_here(), request, datetime.now(UTC))
    shown = one_line(str(out), 200)
    counts = [
        number_of(manifest.replies, "reply"),
        *(number_of(n, word) for n, word in ((manifest.rejections, "rejection"), (manifest.faults, "fault")) if n),
        *([f"{manifest.purged:,} without their words (purged)"] if manifest.purged else []),
    ]
    click.echo(f"{', '.join(counts)} of {', '.join(one_line(model) for model in manifest.choice.models)} in {shown}")
    click.echo(f"  suites {', '.join(one_line(suite) for suite in manifest.choice.suites)}")
    click.echo(f"  sha256 {_digest(out)}")
    click.echo("It holds what was said, and no key; its readers need the project's files. There:")
    click.echo(f"  rebaseline --bundle {shown} diff")
    return 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
