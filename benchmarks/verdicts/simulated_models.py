"""Models whose true rates are known: probes that differ, that flip, and whose replies cannot always be read.

A model is asked through `round`: one reading a probe. What a void reply or a fault hides may depend on what it would
have been, which is the worst that can happen to a verdict: fails that hide as voids, time-outs of long replies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["KINDS", "Model", "Truth", "dropped", "heterogeneous", "plain"]

PASS, FAIL = Valued(1.0), Valued(0.0)
UNREADABLE, FAULT = Void(Assumption.READABLE), Void(Assumption.DELIVERED)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a model on the probes of one assertion, in the limit of many replies.

    Attributes:
        rate: Share of passes among all replies, read or not.
        low: Share that reads as a pass.
        high: The same plus whatever is void or never came.
        void: Share that the check cannot read; faults are none of the check's.
    """

    rate: float
    low: float
    high: float
    void: float


@dataclass(frozen=True)
class Model:
    """What a model does on the probes of one assertion.

    Attributes:
        rates: Chance of a passing reply, by probe.
        void: Chance that the check cannot read a reply: (of a pass, of a fail).
        fault: Chance of no reply: (of a pass, of a fail), for time-outs depend on what would have been said.
    """

    rates: np.ndarray
    void: tuple[float, float] = (0.0, 0.0)
    fault: tuple[float, float] = (0.0, 0.0)

    @property
    def mean(self) -> float:
        """The rate that the claim is about: over these probes, of all replies, read or not."""
        return float(self.rates.mean())

    @property
    def truth(self) -> Truth:
        """What the verdict is about."""
        passes = self.mean
        unread = tuple(1.0 - (1.0 - v) * (1.0 - f) for v, f in zip(self.void, self.fault, strict=True))
        void = sum(
            share * v * (1.0 - f) for share, v, f in zip((passes, 1.0 - passes), self.void, self.fault, strict=True)
        )
        low = passes * (1.0 - unread[0])
        return Truth(passes, low, low + passes * unread[0] + (1.0 - passes) * unread[1], void)

    def round(self, rng: np.random.Generator) -> list[Reading]:
        """Return one reading a probe."""
        passes = rng.random(self.rates.size) < self.rates
        void = rng.random(self.rates.size) < np.where(passes, *self.void)
        fault = rng.random(self.rates.size) < np.where(passes, *self.fault)
        return [
            FAULT if lost else UNREADABLE if unread else PASS if passed else FAIL
            for passed, unread, lost in zip(passes, void, fault, strict=True)
        ]


def plain(rate: float, probes: int, void: tuple[float, float] = (0.0, 0.0)) -> Model:
    """Return a model that passes every probe at one rate."""
    return Model(np.full(probes, rate), void)


def heterogeneous(rng: np.random.Generator, mean: float, probes: int, concentration: float) -> np.ndarray:
    """Return rates by probe, beta-distributed around a mean: the smaller the concentration, the more they differ."""
    if not 0.0 < mean < 1.0:
        return np.full(probes, mean)
    return rng.beta(mean * concentration, (1.0 - mean) * concentration, probes)


def dropped(rates: np.ndarray, drop: float) -> np.ndarray:
    """Take `drop` off the mean by scaling: probes keep their differences."""
    mean = float(rates.mean())
    return rates * max(0.0, (mean - drop) / mean)


Kind = Callable[[np.random.Generator, float, int], Model]
"""Chance, mean rate and number of probes to a model."""


def _differing(rng: np.random.Generator, mean: float, probes: int) -> Model:
    return Model(heterogeneous(rng, mean, probes, float(rng.choice([1.0, 4.0, 50.0]))))


def _flaky(_rng: np.random.Generator, mean: float, probes: int) -> Model:
    """As many probes as it takes pass every second time, the others always."""
    coins = min(probes, max(1, round(2.0 * (1.0 - mean) * probes)))
    return Model(np.array([0.5] * coins + [1.0] * (probes - coins)))


def _with_voids(void: tuple[float, float], fault: tuple[float, float] = (0.0, 0.0)) -> Kind:
    def kind(rng: np.random.Generator, mean: float, probes: int) -> Model:
        return Model(heterogeneous(rng, mean, probes, 4.0), void, fault)

    return kind


KINDS: Mapping[str, Kind] = {
    "probes differ": _differing,
    "flaky probes": _flaky,
    "voids at random, 10 %": _with_voids((0.1, 0.1)),
    "fails hide as voids": _with_voids((0.0, 0.9)),
    "passes hide as voids": _with_voids((0.09, 0.0)),
    "faults, three times for a fail": _with_voids((0.0, 0.0), (0.05, 0.15)),
    "voids and faults": _with_voids((0.03, 0.09), (0.03, 0.09)),
}
"""The models that the tables go through."""
