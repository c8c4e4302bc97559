"""Replies that a draw chose: looked up to be shown, and held against what a sheet shows when it comes back."""

from __future__ import annotations

from rebaseline.app.workspace import Workspace
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.label import Cell, reply_digest
from rebaseline.domain.suite import Suite
from rebaseline.errors import UsageError
from rebaseline.interop.sheets import FilledRow, as_shown
from rebaseline.store.store import Store

__all__ = ["calls_text", "drawn_reply", "shows_drawn_reply"]


def drawn_reply(store: Store, suite: Suite, cell: Cell) -> Reply:
    """Return what was said.

    Raises:
        UsageError: The reply is stored no longer, or not here.
    """
    record = store.attempt(suite.id, cell.target, cell.model, cell.probe, cell.sample, probe_fingerprint=cell.request)
    if record is None or not isinstance(record.attempt, Answered):
        raise UsageError(f"the reply to probe {cell.probe!r} was purged meanwhile", remedy="draw again")
    return record.attempt.reply


def calls_text(reply: Reply) -> str:
    """Return the tool calls of a reply as a sheet shows them, one a line."""
    return "\n".join(f"{call.name} {call.arguments}" for call in reply.tool_calls)


def shows_drawn_reply(workspace: Workspace, suite: Suite, row: FilledRow, cell: Cell) -> bool:
    """Return whether a row of a sheet still shows the words that its draw chose.

    Text alone is held against the digest that the draw keeps. What a spreadsheet may have touched, and tool calls, are
    held against the stored reply, both after the same normalization; where that reply is stored no longer, or its
    place was asked anew, nothing shows what the person read, and the answer is no.
    """
    if not row.calls and reply_digest(Reply(row.reply)) == cell.reply:
        return True
    with workspace.open_store() as store:
        try:
            reply = drawn_reply(store, suite, cell)
        except UsageError:
            return False
    shown = as_shown(row.reply), as_shown(row.calls)
    return reply_digest(reply) == cell.reply and shown == (as_shown(reply.text), as_shown(calls_text(reply)))
