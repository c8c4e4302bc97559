"""Decisions that need a reason and nothing else: one command each, all of one make."""

from __future__ import annotations

import click

from rebaseline.cli.common import bundle_option
from rebaseline.cli.deciding import (
    as_option,
    between_options,
    decide_one,
    name_argument,
    propose_option,
    reason_option,
)
from rebaseline.domain.decision import Action

__all__ = ["plain_decision"]


def plain_decision(action: Action, help_text: str) -> click.Command:
    """Return the command that takes a decision; the command is called as the decision is.

    Args:
        action: The decision.
        help_text: What `--help` says of it.
    """

    @click.command(action.value, help=help_text)
    @name_argument
    @reason_option
    @between_options
    @as_option
    @propose_option
    @bundle_option
    def command(
        name: str,
        *,
        reason: str,
        target: str | None,
        old: str | None,
        new: str | None,
        by: str | None,
        propose: bool,
    ) -> int:
        return decide_one(action, name, (target, old, new), reason=reason, by=by, propose=propose)

    return command
