"""Hands finished attempts on, in small batches and at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from rebaseline.domain.record import AttemptRecord

__all__ = ["Journal", "Recorder"]

Recorder = Callable[[Sequence[AttemptRecord]], None]
"""Stores attempts, durably when it returns.

It is called on the event loop's own thread, never twice at a time. A write takes a few milliseconds where a call takes
seconds; in return it cannot be cut in two by Ctrl-C, a database connection stays in its thread, and replies that come
in while it writes form the next batch by themselves.
"""


class Journal:
    """Attempts between their end and the recorder; never more than there are workers."""

    def __init__(self, record: Recorder) -> None:
        self._record = record
        self._pending: list[AttemptRecord] = []

    async def add(self, record: AttemptRecord) -> None:
        """Hand `record` on, with all that finish in the same turn of the event loop."""
        self._pending.append(record)
        await asyncio.sleep(0)
        self.flush()

    def flush(self) -> None:
        """Hand on what is pending. What the recorder fails on is not offered again: its error ends the run."""
        batch, self._pending = self._pending, []
        if batch:
            self._record(batch)
