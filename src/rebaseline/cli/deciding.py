"""What the commands that decide have in common."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import click

from rebaseline.errors import UsageError

__all__ = ["as_option", "refuse_in_ci", "replacing_option", "seen_baselines"]

_OFF = frozenset({"", "0", "false"})
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")

as_option = click.option(
    "--as", "by", metavar="WHO", help='Who acts: "Name <mail>", or a name. Without it, as git knows you.'
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
