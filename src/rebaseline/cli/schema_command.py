"""`rebaseline schema`."""

from __future__ import annotations

import json

import click

from rebaseline.app.schemas import SCHEMAS, schema_of

__all__ = ["command"]


@click.command("schema")
@click.argument("what", type=click.Choice(SCHEMAS))
def command(what: str) -> int:
    """Print a JSON Schema: of suites, for editors, or of what `diff`, `plan` or `repair` prints with --json."""
    click.echo(json.dumps(schema_of(what), indent=2, ensure_ascii=False))
    return 0
