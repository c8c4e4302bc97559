"""A provider with limits, simulated: a bucket of requests that fills steadily, replies that take their time."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from random import Random

from rebaseline.domain.attempt import Answered, Faulted, Reply, Stop, Usage
from rebaseline.targets.base import Allowance, Asked


@dataclass
class LimitedProvider:
    """Answers while its bucket holds a request, and refuses with 429 where not.

    Attributes:
        per_second: Requests that flow in.
        capacity: Most that the bucket holds; it starts full.
        latency_seconds: Longest time of a reply; the shortest is half of it.
        names_wait: It sends Retry-After, in whole seconds as HTTP has it.
        names_rest: It says in each reply what is left.
        usage: Tokens of each reply, drawn up to the request's own limits.
        seed: Of all chance.
    """

    per_second: float
    capacity: float
    latency_seconds: float = 1.0
    names_wait: bool = True
    names_rest: bool = False
    seed: int = 0
    most_at_a_time: int = 0
    calls: int = 0
    refused: int = 0
    admitted: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left, self._filled_at, self._now = self.capacity, 0.0, 0
        self._random = Random(self.seed)

    async def __call__(self, request) -> Asked:
        time = self._fill()
        self.calls += 1
        self._now += 1
        self.most_at_a_time = max(self.most_at_a_time, self._now)
        taken = self._left >= 1
        self._left -= taken
        try:
            await asyncio.sleep(self.latency_seconds * self._random.uniform(0.5, 1.0) if taken else 0.02)
        finally:
            self._now -= 1
        allowance = self._allowance() if self.names_rest else None
        if not taken:
            self.refused += 1
            wait = math.ceil((1 - self._left) / self.per_second) if self.names_wait else None
            return Asked(Faulted("rate_limit", 429), retry_after_seconds=wait, allowance=allowance)
        self.admitted.append(time)
        return Asked(Answered(Reply("x", Stop.COMPLETE), usage=Usage(10, 20)), allowance=allowance)

    def _fill(self) -> float:
        time = asyncio.get_running_loop().time()
        self._left = min(self.capacity, self._left + (time - self._filled_at) * self.per_second)
        self._filled_at = time
        return time

    def _allowance(self) -> Allowance:
        self._fill()
        return Allowance(int(self._left), (self.capacity - self._left) / self.per_second)

    def least_seconds(self, calls: int) -> float:
        """Return the time under which nobody gets so many calls through."""
        return max(0.0, calls - self.capacity) / self.per_second
