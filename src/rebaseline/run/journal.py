"""Hands finished attempts on, in batches that form by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rebaseline.domain.record import AttemptRecord

__all__ = ["Journal", "Recorder"]

Recorder = Callable[[Sequence[AttemptRecord]], None]
"""Stores attempts, durably when it returns.

It is called off the event loop's thread, since a commit waits for the disk, and never twice at a time. No Ctrl-C cuts
it in two: the interpreter delivers that to the main thread.
"""


@dataclass(slots=True)
class _Batch:
    """Attempts that are recorded together.

    Attributes:
        records: The attempts.
        begun: It was offered to the recorder, and is not again.
        stored: The recorder took it.
        error: Why it did not.
    """

    records: list[AttemptRecord] = field(default_factory=list)
    begun: bool = False
    stored: bool = False
    error: BaseException | None = None


class Journal:
    """Attempts between their end and the recorder; never more than there are workers.

    While a batch is written the next one forms, so a slow disk makes batches larger instead of calls fewer.

    Args:
        record: Stores attempts.
        recorded: Told of each attempt once it is stored, on the event loop's thread.
    """

    def __init__(self, record: Recorder, recorded: Callable[[AttemptRecord], None]) -> None:
        self._record = record
        self._recorded = recorded
        self._forming = _Batch()
        self._last = self._forming  # written, or being so
        self._turn = asyncio.Lock()
        self._writer = ThreadPoolExecutor(1, "journal")

    async def add(self, record: AttemptRecord) -> None:
        """Hand `record` on and return when it is stored, with all that finished by then.

        What the recorder fails on is not offered again: its error ends the run.
        """
        batch = self._forming
        batch.records.append(record)
        await asyncio.sleep(0)  # what ends in this turn of the event loop goes with it
        async with self._turn:
            if batch is self._forming:
                self._last, self._forming = batch, _Batch()
                await asyncio.get_running_loop().run_in_executor(self._writer, self._write, batch)
                self._tell(batch)
        if not batch.stored:
            # The one who wrote it raises; the others must not ask on until they are stopped.
            await asyncio.get_running_loop().create_future()

    def close(self) -> None:
        """Wait for the write that is under way, and write what is left. The workers have ended.

        Raises the recorder's error, also where whoever waited for that write was stopped before it failed.
        """
        # Handed over before anything is waited for: no further Ctrl-C and no write that fails keeps it from its turn.
        for batch in (self._last, self._forming):
            if not batch.begun and batch.records:
                self._writer.submit(self._write, batch)
        self._writer.shutdown()
        for batch in (self._last, self._forming):
            if batch.stored:
                self._tell(batch)
        for batch in (self._last, self._forming):
            if batch.error is not None:
                raise batch.error

    def _write(self, batch: _Batch) -> None:
        if batch.begun:
            return
        batch.begun = True
        try:
            self._record(batch.records)
        except BaseException as error:
            batch.error = error
            raise
        batch.stored = True

    def _tell(self, batch: _Batch) -> None:
        """Tell of each attempt once, and let go of it."""
        told, batch.records = batch.records, []
        for record in told:
            self._recorded(record)
