"""`rebaseline retire`."""

from __future__ import annotations

from rebaseline.cli.plain_decision import plain_decision
from rebaseline.domain.decision import Action

__all__ = ["command"]

command = plain_decision(
    Action.RETIRE,
    """Take an assertion out of use. It stays in its file, with the reason, and nothing is read for it.

    The suite's version is raised by one, and the ledger keeps what it was at the time.
    """,
)
