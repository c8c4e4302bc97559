"""Asks what is planned through a provider's batch API: hands it over, waits, and takes the replies in any order.

Whatever ends the process, nothing is paid for twice and nothing is lost: a batch is noted before it is submitted, stays
open until all its replies are stored, and is taken up by the next run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rebaseline.domain.batch import Batch
from rebaseline.run.batch_parts import BatchLedger, Parts, Standing, untold_standing
from rebaseline.run.batch_work import BatchWork, begin_work
from rebaseline.run.budget import Budget
from rebaseline.run.counts import Progress, RunCounts
from rebaseline.run.engine import Surroundings
from rebaseline.run.journal import Recorder
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Cell, Plan
from rebaseline.run.tally import Tally
from rebaseline.targets.batching import BatchAdapter

__all__ = ["MOST_ROUNDS", "BatchEngine", "BatchRun"]

MOST_ROUNDS = 3
"""What came back undone from so many batches, one after the other, is left for another run."""


@dataclass(frozen=True, slots=True)
class BatchRun:
    """What a run did through batches.

    Attributes:
        counts: As of a live run: `calls` are requests submitted by this run, `unsent` are cells of the plan that are
            neither stored nor in an open batch, `spending` holds what was collected, at the price of batches.
        submitted: Requests that were submitted by this run.
        open: Batches whose replies are not all stored.
        several_calls: Cells of the plan that need several calls, and so were left to a live run.
        undone: Requests that came back neither answered nor rejected, by why; each time is counted.
        lost: Open batches that were given up, for the provider keeps results no longer than 29 days.
        rejected: A rejected cell for each way to ask (`Frame.key`). A batch names no culprit: a live run of such a
            cell does, and what it stores takes the place of the rejection.
        collected_usd: Of the spending, what replies cost that an earlier run had asked for.
        reserved_usd: What is set aside for all that this engine submitted and that is not back yet.
    """

    counts: RunCounts
    submitted: int = 0
    open: tuple[Batch, ...] = ()
    several_calls: int = 0
    undone: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0
    rejected: tuple[Cell, ...] = ()
    collected_usd: float = 0.0
    reserved_usd: float = 0.0


class BatchEngine:
    """Asks one target plan after plan through batches, within one set of bounds.

    Args:
        adapter: Whom to ask. It is not closed.
        surroundings: Clock, sleep, chance, and who is told.
        limits: Bounds of all plans together, held against what is submitted; the price is taken at its factor for
            batches. None for the default ones.
        new_key: Returns a new name for a batch, such as twelve random hexadecimal digits; never the same twice.
        standing: Told how a batch stands, each time the provider says so.
    """

    def __init__(
        self,
        adapter: BatchAdapter,
        surroundings: Surroundings,
        limits: Limits | None = None,
        *,
        new_key: Callable[[], str],
        standing: Callable[[Standing], None] = untold_standing,
    ) -> None:
        limits = _at_batch_price(limits or Limits())
        budget = Budget(limits)
        tally = Tally(budget, surroundings.monotonic or asyncio.get_running_loop().time)
        self._parts = Parts(adapter, surroundings, limits, budget, tally, new_key, standing)

    async def run(
        self,
        plan: Plan,
        record: Recorder,
        ledger: BatchLedger,
        *,
        wait: bool = True,
        served: str | None = None,
        tell: Callable[[Progress], None] | None = None,
    ) -> BatchRun:
        """Take up the open batches, submit what is left of the plan and not in one of them, and collect.

        With `wait` it stays until no batch is open; what came back undone goes into another batch, three a session.
        Without, it collects what has ended and returns once the rest is submitted. The same call goes on from there,
        whatever ended it in between: an error, Ctrl-C, or the end of the process.

        Several suites are best run without `wait` first and then with it, so that their batches are out together.

        Args:
            plan: What to ask. Its session is that of new batches; attempts of a batch that is taken up belong to the
                session that submitted it.
            record: Stores attempts (see `Recorder`). It must keep the session that they name.
            ledger: Where batches are noted.
            wait: Stay until nothing is open.
            served: The model version that the plan is for. A reply of another version, in a batch that is taken up,
                leaves its cell to be asked; None takes any reply for one.
            tell: Told how this plan stands, at each change; None for whom the surroundings name.

        Raises:
            ProviderError: The provider refuses us or a batch, or is not reached. Open batches stay open.
            ConfigurationError: A request cannot be expressed.
            StoreError: Another process submitted or collected the same.
        """
        tell = tell or self._parts.surroundings.tell
        work = begin_work(self._parts, plan, record, ledger, served=served, tell=tell)
        await work.look()
        rounds = self._parts.rounds
        while True:
            if rounds[plan.session] < MOST_ROUNDS and self._parts.budget.stopped_by is None and work.missing():
                rounds[plan.session] += 1
                await work.submit()
            if not wait or not work.open:
                return _result(work)
            await work.wait()


def _at_batch_price(limits: Limits) -> Limits:
    price = limits.price
    if price is None:
        return limits
    by_batch = replace(price, input_usd=price.input_usd * price.batch, output_usd=price.output_usd * price.batch)
    return replace(limits, price=by_batch)


def _result(work: BatchWork) -> BatchRun:
    counts = work.parts.tally.counts(known=sum(probe.samples for probe in work.plan.probes) - work.plan.size)
    results = work.results
    return BatchRun(
        replace(counts, unsent=len(work.missing()), spending=counts.spending + results.collected_before),
        submitted=work.submitted,
        open=tuple(each.batch for each in work.open.values()),
        several_calls=work.several_calls,
        undone=dict(results.undone),
        lost=work.lost,
        rejected=tuple(results.rejected.values()),
        collected_usd=results.collected_before.usd or 0.0,
        reserved_usd=work.parts.budget.reserved_usd,
    )
