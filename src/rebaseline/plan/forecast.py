"""What is said before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rebaseline.domain.model import Price
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.plan.blocks import Remaining
from rebaseline.plan.chance import BarChance, Seen
from rebaseline.plan.demand import Demand, Estimate, add_demands, demand_of

__all__ = ["AssertionForecast", "Forecast", "JudgeForecast", "SuiteForecast", "demand_of_suite"]


@dataclass(frozen=True, slots=True)
class AssertionForecast:
    """One assertion.

    Attributes:
        suite: Suite id.
        assertion: The assertion.
        probes: Probes of it; for `no_worse`, those that the baseline has too where there is one.
        rounds: Samples of each that are planned.
        chance: What chance it has.
        seen: What its rate was read from; None for assumed rates.
    """

    suite: str
    assertion: Assertion
    probes: int
    rounds: int
    chance: BarChance
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class JudgeForecast:
    """What one judge would be asked.

    Attributes:
        judge: Judge id.
        version: The version that is asked.
        target: Its target.
        anchors: Requests about labelled transcripts and controls, stored ones included.
        stored: Requests that are stored and not made again.
        demand: What is to be asked, replies that are still to come included.
        priced: Whether its target has a price.
    """

    judge: str
    version: str
    target: str
    anchors: int
    stored: int
    demand: Demand
    priced: bool


@dataclass(frozen=True, slots=True)
class SuiteForecast:
    """One suite.

    Attributes:
        suite: Suite id.
        probes: Its probes.
        planned: Askings of one block of samples.
        stored: Of these, askings that are stored and not made again.
        served: Model version that is taken to answer still, since it answered last; None where none ever did.
        demand: What is to be asked now.
        assertions: Its assertions.
        judges: Its judges.
    """

    suite: str
    probes: int
    planned: int
    stored: int
    served: str | None
    demand: Demand
    assertions: tuple[AssertionForecast, ...]
    judges: tuple[JudgeForecast, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run that was not made.

    Attributes:
        system: Name of the system.
        target: Target name.
        asked: Whether it can be asked; a `recorded` one is imported.
        suites: By suite.
        concurrency: Calls at a time.
        max_calls: Bound on calls; None for none.
        max_usd: Bound on the cost; None for none.
        priced: Whether the target has a price.
        batch: What takes one call is to go through a batch API.
        reuse_within_seconds: Stored replies that are younger are not asked for again.
    """

    system: str
    target: str
    asked: bool
    suites: tuple[SuiteForecast, ...]
    concurrency: int
    max_calls: int | None
    max_usd: float | None
    priced: bool
    batch: bool
    reuse_within_seconds: float

    @property
    def demand(self) -> Demand:
        """What all suites take together."""
        return add_demands(suite.demand for suite in self.suites)

    @property
    def seconds(self) -> float | None:
        """Expected time of the live calls with so many at a time; None where nothing is stored to tell."""
        demand = self.demand
        return None if demand.seconds is None else max(demand.seconds / self.concurrency, demand.longest_seconds)


def demand_of_suite(
    suite: Suite, remaining: Remaining, estimates: Mapping[str, Estimate], price: Price | None, *, batch: bool
) -> Demand:
    """Return what a run of a suite asks now.

    A run first asks the first probe once, live, to learn who answers today. Where that sample is stored the call is one
    more; otherwise it is one of those that are left.

    Args:
        suite: The suite.
        remaining: What is left of it.
        estimates: By probe id, what one asking takes.
        price: What tokens cost; None where nobody said.
        batch: What takes one call is to go through a batch API.
    """
    if not suite.probes:
        return Demand()
    first = suite.probes[0].id
    parts = [demand_of(estimates[first], 1, price)]
    for probe in remaining.probes:
        left = remaining.left(probe) - (probe.id == first and (first, 0) not in remaining.done)
        batched = batch and estimates[probe.id].asking.most_calls == 1
        parts.append(demand_of(estimates[probe.id], left, price, batch=batched))
    return add_demands(parts)
