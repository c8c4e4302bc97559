"""A run against a function, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.support.virtual_time import run_virtually

from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Probe, Role, Turn
from rebaseline.run.counts import Progress, RunCounts
from rebaseline.run.engine import Surroundings, run_plan
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.targets.base import Asked, Request
from rebaseline.targets.scripted import ScriptedTarget

Answer = Callable[[Request], Awaitable[Asked]]


@dataclass
class Simulated:
    """What came of it.

    Attributes:
        counts: Of the run.
        seconds: Virtual time that it took.
        records: What was recorded.
        told: Progress, in order.
    """

    counts: RunCounts
    seconds: float
    records: list[AttemptRecord]
    told: list[Progress]


def probes_of(count: int, samples: int = 1, **more) -> tuple[Probe, ...]:
    return tuple(Probe(f"p{n}", (Turn(Role.USER, f"p{n}"),), samples=samples, **more) for n in range(count))


def simulate(answer: Answer, probes: tuple[Probe, ...], limits: Limits, *, seed: int = 1, **target) -> Simulated:
    """Run a plan; `target` are members of the scripted adapter, such as `mandatory`."""
    records: list[AttemptRecord] = []
    told: list[Progress] = []

    async def main() -> Simulated:
        adapter = ScriptedTarget(answer)
        for name, value in target.items():
            setattr(adapter, name, value)
        # A wall clock that jumps: nothing but `received_at` may come from it.
        instants = Random(seed)
        around = Surroundings(
            lambda: datetime.fromtimestamp(instants.randrange(2_000_000_000), UTC),
            asyncio.sleep,
            Random(seed),
            told.append,
        )
        plan = Plan(probes, Target("t", "scripted", TargetKind.MODEL, "m"), "s")
        counts = await run_plan(plan, adapter, records.extend, around, limits)
        return Simulated(counts, asyncio.get_running_loop().time(), records, told)

    return run_virtually(main())
