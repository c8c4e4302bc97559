"""`rebaseline reject`."""

from __future__ import annotations

from rebaseline.cli.plain_decision import plain_decision
from rebaseline.domain.decision import Action

__all__ = ["command"]

command = plain_decision(
    Action.REJECT,
    "Record a finding as it is: the new version is to blame. It goes into the ledger, and blocks on.",
)
