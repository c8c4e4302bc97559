"""What came of the requests of a batch, taken one at a time and stored as it comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.batch import BatchItem
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord
from rebaseline.errors import ProviderError
from rebaseline.run.batch_parts import OpenBatch, Parts
from rebaseline.run.counts import Spending
from rebaseline.run.frame import Frame
from rebaseline.run.journal import Recorder
from rebaseline.run.rounds import Cell
from rebaseline.targets.base import Asked
from rebaseline.targets.batching import Setback, Undone

__all__ = ["Results"]

_RECORDED_TOGETHER = 200

_Key = tuple[str, str, int]


@dataclass(slots=True)
class Results:
    """Takes the outcomes of batches.

    Attributes:
        parts: What the whole run shares.
        record: Stores attempts.
        requested: The id that requests name.
        served: The version whose replies finish a cell, of batches that an earlier run submitted; None for any.
        cells: What the plan asks through batches, by probe id, fingerprint and sample.
        finished: Of these, what needs no asking any more.
        undone: Requests that came back undone, by why.
        rejected: A rejected cell for each way to ask.
        collected_before: What replies cost that an earlier run had asked for.
    """

    parts: Parts
    record: Recorder
    requested: str
    served: str | None
    cells: Mapping[_Key, tuple[Cell, Frame]]
    finished: set[_Key] = field(default_factory=set)
    undone: Counter[str] = field(default_factory=Counter)
    rejected: dict[str, Cell] = field(default_factory=dict)
    collected_before: Spending = field(default_factory=lambda: Spending(usd=0.0))

    async def collect(self, each: OpenBatch, provider_id: str) -> Setback | ProviderError | None:
        """Take the outcomes of a batch that ended, and store them in small transactions.

        It may be done again, from the start: what was taken is not taken twice, and what is stored is known.

        Returns:
            None where all was taken that there is; a setback where it broke off; an error where all was taken, and a
            person must act.
        """
        items = {item.custom_id: item for item in each.batch.items if item.custom_id not in each.taken}
        records: list[AttemptRecord] = []
        error: ProviderError | None = None
        setback: Setback | None = None
        async with aclosing(self.parts.adapter.collect(provider_id)) as stream:
            async for came in stream:
                if isinstance(came, Setback):
                    setback = came
                    break
                item = items.pop(came[0], None)
                if item is None:  # told twice, or none of ours
                    continue
                error = error or (came[1].error if isinstance(came[1], Undone) else None)
                records.extend(self._take(each, item, came[1]))
                if len(records) >= _RECORDED_TOGETHER:
                    await self._store(each, records)
                    records = []
        await self._store(each, records)
        if setback is not None:
            return setback
        for item in items.values():
            self._undo(each, item, "missing")
        return error

    def give_up(self, each: OpenBatch, why: str) -> None:
        """Count all that is left of a batch as undone."""
        for item in each.batch.items:
            if item.custom_id not in each.taken:
                self._undo(each, item, why)

    def _take(self, each: OpenBatch, item: BatchItem, outcome: Asked | Undone) -> tuple[AttemptRecord, ...]:
        """Return the attempt to store, if there is one."""
        each.taken.add(item.custom_id)
        if isinstance(outcome, Undone):
            self._undo(each, item, outcome.kind)
            return ()
        self._settle(each, item, outcome)
        attempt = outcome.attempt
        if isinstance(attempt, Faulted):
            self._undo(each, item, attempt.kind)
            return ()
        served = attempt.served_model if isinstance(attempt, Answered) else None
        model = ModelVersion(self.parts.adapter.provider, self.requested, served or self.requested)
        now = self.parts.surroundings.now()
        return (
            AttemptRecord(item.probe, item.probe_fingerprint, item.sample, model, attempt, now, each.batch.session),
        )

    def _settle(self, each: OpenBatch, item: BatchItem, asked: Asked) -> None:
        """Count what a request cost: against the bounds where this run submitted it, apart from them else."""
        reservation = each.reservations.pop(item.custom_id, None)
        if reservation is not None:
            self.parts.budget.settle(reservation, asked)
        elif isinstance(asked.attempt, Answered):
            usage, price = asked.attempt.usage, self.parts.limits.price
            sent, replied = usage.input_tokens or 0, usage.output_tokens or 0
            self.collected_before += Spending(sent, replied, None if price is None else price.usd(sent, replied))

    def _undo(self, each: OpenBatch, item: BatchItem, why: str) -> None:
        reservation = each.reservations.pop(item.custom_id, None)
        if reservation is not None:
            self.parts.budget.release(reservation, made=True)
        self.undone[why] += 1
        self.parts.tally.left()

    async def _store(self, each: OpenBatch, records: list[AttemptRecord]) -> None:
        if not records:
            return
        # Off the event loop's thread, as the recorder wants it: a commit waits for the disk.
        await asyncio.to_thread(self.record, records)
        for record in records:
            self.parts.tally.finished(record)
            self._finish(each, record)

    def _finish(self, each: OpenBatch, record: AttemptRecord) -> None:
        key = (record.probe, record.probe_fingerprint, record.sample)
        rejected = isinstance(record.attempt, Rejected)
        if each.ours or rejected or self.served in {None, record.model.served}:
            self.finished.add(key)
        if rejected and key in self.cells:
            cell, frame = self.cells[key]
            self.rejected.setdefault(frame.key, cell)
