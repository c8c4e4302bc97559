"""One plan on its way through batches: what is open, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from rebaseline.domain.batch import Batch
from rebaseline.errors import ProviderError
from rebaseline.run.batch_cells import Entry, chunks, is_one_call, items_of
from rebaseline.run.batch_parts import BatchLedger, OpenBatch, Parts, Standing
from rebaseline.run.batch_results import Results
from rebaseline.run.counts import Progress
from rebaseline.run.frame import Frame, frame_of, manner_of
from rebaseline.run.journal import Recorder
from rebaseline.run.rounds import Cell, Plan
from rebaseline.targets.batching import (
    KEPT_DAYS,
    SUBMIT_SECONDS,
    BatchState,
    Gone,
    Search,
    Setback,
    Unclear,
)

__all__ = ["BatchWork", "begin_work"]

_FIRST_PAUSE_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 300.0
_PAUSE_GROWS = 1.5
_GIVEN_UP_SECONDS = SUBMIT_SECONDS * 1.5
"""A submission that nobody noted the end of is over by then, whichever process made it, and shown in lists."""

_KEPT = timedelta(days=KEPT_DAYS + 1)
_OVERDUE = timedelta(hours=1)


@dataclass(slots=True)
class BatchWork:
    """The state of one plan.

    Attributes:
        parts: What is shared with other plans.
        plan: What to ask.
        ledger: Where batches are noted.
        results: Takes what comes back.
        cells: What the plan asks through batches, by probe id, fingerprint and sample.
        open: Batches that are open, by key.
        submitted: Requests that were submitted.
        lost: Batches given up, for nobody keeps their results any more.
    """

    parts: Parts
    plan: Plan
    ledger: BatchLedger
    results: Results
    cells: dict[tuple[str, str, int], tuple[Cell, Frame]]
    open: dict[str, OpenBatch] = field(default_factory=dict)
    submitted: int = 0
    lost: int = 0
    _asked_seconds: float = 0.0

    @property
    def several_calls(self) -> int:
        """Cells of the plan that no batch can ask."""
        return self.plan.size - len(self.cells)

    def missing(self) -> list[tuple[Cell, Frame]]:
        """Return the cells that are neither finished nor in an open batch."""
        taken = {item.cell for each in self.open.values() for item in each.batch.items} | self.results.finished
        return [entry for cell, entry in self.cells.items() if cell not in taken]

    async def submit(self) -> None:
        """Submit what is missing, as far as the bounds allow."""
        for entries in chunks(self.missing(), self.parts.adapter, self.parts.budget):
            await self._submit(entries)

    async def wait(self) -> None:
        """Wait until no batch is open."""
        pause_seconds = _FIRST_PAUSE_SECONDS
        while self.open:
            await self.parts.surroundings.sleep(max(pause_seconds, self._asked_seconds))
            pause_seconds = min(_LONGEST_PAUSE_SECONDS, pause_seconds * _PAUSE_GROWS)
            await self.look()

    async def look(self) -> None:
        """Look after each open batch once: find it, ask how it stands, collect it.

        Raises:
            ProviderError: A person must act on one of them; the others were looked after all the same.
        """
        first: ProviderError | None = None
        self._asked_seconds = 0.0
        for each in list(self.open.values()):
            try:
                await self._look_after(each)
            except ProviderError as error:
                first = first or error
        if first is not None:
            raise first

    async def _look_after(self, each: OpenBatch) -> None:
        if self._age(each.batch) > _KEPT:
            self.lost += 1
            self.results.give_up(each, "lost")
            self._close(each)
            return
        if each.batch.provider_id is None:
            await self._find(each)
        if each.batch.provider_id is not None:
            await self._poll(each, each.batch.provider_id)

    def _age(self, batch: Batch) -> timedelta:
        return self.parts.surroundings.now() - batch.submitted_at

    async def _submit(self, entries: list[Entry]) -> None:
        """Hand over one batch; again where the provider surely did not take it."""
        failures = 0
        while True:
            each = self._note(entries)
            batch = each.batch
            requests = [(item.custom_id, entry.request) for item, entry in zip(batch.items, entries, strict=True)]
            try:
                outcome = await self.parts.adapter.submit(batch.key, requests)
            except ProviderError:
                self._drop(each)
                raise
            if isinstance(outcome, str):
                self._took(each, outcome)
                return
            if outcome.perhaps_done:  # whether it was is looked up before anything is submitted again
                return
            failures += 1
            self._drop(each, again=failures < self.parts.limits.tries)
            if failures >= self.parts.limits.tries:
                raise self._unreached(outcome, "take a batch")
            limits, surroundings = self.parts.limits, self.parts.surroundings
            await surroundings.sleep(
                limits.backoff.wait_seconds(failures, outcome.retry_after_seconds, surroundings.jitter)
            )

    def _note(self, entries: list[Entry]) -> OpenBatch:
        key = self.parts.new_key()
        items = items_of(key, entries)
        batch = Batch(key, self.plan.session, self.parts.surroundings.now(), items)
        self.ledger.note(batch)
        reservations = {item.custom_id: entry.reservation for item, entry in zip(items, entries, strict=True)}
        each = self.open[key] = self.parts.ours[key] = OpenBatch(batch, reservations, ours=True)
        for _ in entries:
            self.parts.tally.began()
        return each

    def _took(self, each: OpenBatch, provider_id: str) -> None:
        self.ledger.submitted(each.batch.key, provider_id)
        batch = each.batch
        each.batch = replace(batch, provider_id=provider_id)
        self.submitted += len(batch.items) if each.ours else 0

    def _drop(self, each: OpenBatch, *, again: bool = False) -> None:
        """Forget a batch that never came to be; with `again`, what was set aside for it stays so."""
        self.ledger.drop(each.batch.key)
        del self.open[each.batch.key]
        self.parts.ours.pop(each.batch.key, None)
        for _ in each.batch.items:
            self.parts.tally.left()
        if not again:
            for reservation in each.reservations.values():
                self.parts.budget.release(reservation, made=False)

    async def _find(self, each: OpenBatch) -> None:
        """Find out what became of a submission whose end nobody noted."""
        batch = each.batch
        search = Search(batch.key, len(batch.items), batch.submitted_at, self.ledger.known())
        match await self.parts.adapter.find(search):
            case str(provider_id):
                each.setbacks = 0
                self._took(each, provider_id)
            case Setback() as setback:
                self._set_back(each, setback, "list its batches")
            case Unclear():
                each.setbacks = 0
            case None:
                each.setbacks = 0
                if self._age(batch).total_seconds() >= _GIVEN_UP_SECONDS:
                    self._drop(each)

    async def _poll(self, each: OpenBatch, provider_id: str) -> None:
        match await self.parts.adapter.poll(provider_id):
            case Setback() as setback:
                self._set_back(each, setback, f"say how batch {provider_id!r} stands")
            case Gone():
                raise self._unknown(provider_id)
            case BatchState() as state:
                self.parts.standing(Standing(each.batch, state))
                await self._heed(each, provider_id, state)

    async def _heed(self, each: OpenBatch, provider_id: str, state: BatchState) -> None:
        if state.failure is not None:
            self.results.give_up(each, "refused")
            self._close(each)
            raise ProviderError(
                f"{self.parts.adapter.provider} did not begin batch {provider_id!r}: {state.failure}",
                remedy="Nothing of it was asked. A run without --batch names what is objected to.",
            )
        if state.ended:
            await self._collect(each, provider_id)
            return
        each.setbacks = 0  # of one that ended, something is learnt once its replies are here
        if state.expires_at is not None and self.parts.surroundings.now() > state.expires_at + _OVERDUE:
            raise ProviderError(
                f"batch {provider_id!r} should have ended by {state.expires_at:%Y-%m-%d %H:%M %Z}: it is {state.word}",
                remedy="Run again later, or ask the provider what became of it. It stays noted.",
            )

    async def _collect(self, each: OpenBatch, provider_id: str) -> None:
        outcome = await self.results.collect(each, provider_id)
        if isinstance(outcome, Setback):
            self._set_back(each, outcome, f"give the results of batch {provider_id!r}")
            return
        self._close(each)
        if outcome is not None:
            raise outcome

    def _close(self, each: OpenBatch) -> None:
        self.ledger.close(each.batch.key, at=self.parts.surroundings.now())
        del self.open[each.batch.key]
        self.parts.ours.pop(each.batch.key, None)

    def _set_back(self, each: OpenBatch, setback: Setback, wanted: str) -> None:
        """Note that nothing was learnt, and how long to leave the provider alone; raise after many in a row."""
        each.setbacks += 1
        asked_seconds = self.parts.limits.backoff.asked_seconds(setback.retry_after_seconds)
        self._asked_seconds = max(self._asked_seconds, asked_seconds)
        if each.setbacks >= self.parts.limits.silence:
            raise self._unreached(setback, wanted)

    def _unreached(self, setback: Setback, wanted: str) -> ProviderError:
        fault = setback.fault
        status = "" if fault.status is None else f", status {fault.status}"
        return ProviderError(
            f"{self.parts.adapter.provider} could not be made to {wanted} ({fault.kind}{status}): {fault.hint}",
            remedy="Run again later: batches that are out stay noted, and are collected then.",
        )

    def _unknown(self, provider_id: str) -> ProviderError:
        return ProviderError(
            f"{self.parts.adapter.provider} knows no batch {provider_id!r}",
            remedy="Use the key, the project and the address that it was submitted with. It is given up "
            f"{_KEPT.days} days after it was submitted, and its requests are asked again then.",
        )


def begin_work(
    parts: Parts,
    plan: Plan,
    record: Recorder,
    ledger: BatchLedger,
    *,
    served: str | None,
    tell: Callable[[Progress], None],
) -> BatchWork:
    """Learn what is to be asked, and what is open."""
    manner = manner_of(plan.target, parts.limits.timeout_seconds)
    frames = {probe.id: frame_of(probe, manner) for probe in plan.probes}
    cells = {
        (cell.probe.id, cell.probe.fingerprint, cell.sample): (cell, frames[cell.probe.id])
        for cell in plan.cells()
        if is_one_call(cell.probe, frames[cell.probe.id])
    }
    results = Results(parts, record, plan.target.model, served, cells)
    work = BatchWork(
        parts,
        plan,
        ledger,
        results,
        cells,
        {batch.key: parts.ours.get(batch.key) or OpenBatch(batch) for batch in ledger.open()},
    )
    waiting = [item.cell for each in work.open.values() for item in each.batch.items]
    parts.tally.begin(len(cells.keys() | set(waiting)), tell)
    for _ in waiting:
        parts.tally.began()
    return work
