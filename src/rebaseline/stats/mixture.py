"""Which bets are laid against a bar: a finite list, fixed before a reply of the candidate is read.

One bet against "the mean of x is at most theta" multiplies its stake by

    1 + lambda (x - theta)        lambda in [0, 1 / theta]

for each reply x. Two names for the same lambda are used here. Its *rate* q = theta + lambda theta (1 - theta) is the
mean of 0/1 replies at which this bet grows fastest: its factor is then x q / theta + (1 - x)(1 - q) / (1 - theta), a
likelihood ratio. Its *fraction* g = lambda theta = (q - theta) / (1 - theta) is the share of the stake at risk; g = 1
is the *all-in* bet, which doubles at theta = 1/2 for each pass and is lost at the first 0.

Bets at a fixed fraction have the factor (1 - g) + g x / theta, which never rises with theta whatever x is. `bounds`
rests on that. Their evidence that a mean lies *under* a bar is the mirror image: x -> 1 - x, theta -> 1 - theta.

References:
    Waudby-Smith and Ramdas (2024), Estimating means of bounded random variables by betting, JRSS-B 86.
    Robbins (1970), Statistical methods related to the law of the iterated logarithm, Ann. Math. Statist. 41 (mixtures).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

__all__ = ["GRID", "Mixture", "contrast_mixture", "default_mixture", "hedged_mixture", "never_mixture", "pair_mixture"]

_STEP = 0.7
_STEPS = 18
_ROUNDING = 1e-9


def _grid() -> tuple[tuple[float, float], ...]:
    raw = [(i + 2) ** -2.0 for i in range(1, _STEPS + 1)]
    total = math.fsum(raw)
    return tuple((_STEP**i, weight / total) for i, weight in enumerate(raw, start=1))


GRID = _grid()
"""Fractions at risk, .7 down to .0016, with weights that add up to 1.

The steps are geometric: some fraction lies within a factor .84 of the best one, whose growth it misses by about 3 %.
Weights fall with the square of the position: within the grid's share, effects that 60 replies can show cost under 3
nats, effects that take 100,000 cost under 5 (docs/decisions/0002-evidence.md has the figures).
"""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Bets against "the mean is at most `theta`", and the share of the first stake that each is given.

    Attributes:
        theta: The bar, in (0, 1).
        rates: The rate q of each bet, ascending, each in [theta, 1]. A bet at theta itself never moves.
        weights: The share of each bet, positive, adding up to 1.
    """

    theta: float
    rates: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse bets that would not be fair.

        Raises:
            ValueError: A bar outside (0, 1), a rate outside [theta, 1], rates out of order, or weights that are not
                positive or do not add up to 1.
        """
        _require_inside("theta", self.theta)
        if not self.rates or len(self.rates) != len(self.weights):
            raise ValueError(f"need one weight a rate, got {len(self.rates)} rates and {len(self.weights)} weights")
        if not self.theta <= self.rates[0] <= self.rates[-1] <= 1.0 or any(a >= b for a, b in pairwise(self.rates)):
            raise ValueError(f"rates must ascend within [{self.theta}, 1], got {self.rates!r}")
        if not min(self.weights) > 0.0 or abs(math.fsum(self.weights) - 1.0) > _ROUNDING:
            raise ValueError(f"weights must be positive and add up to 1, got {self.weights!r}")


@lru_cache(maxsize=4096)
def default_mixture(theta: float, prior_rate: float | None = None) -> Mixture:
    """The bets for "the mean is above `theta`" when nothing but a baseline's rate is known.

    Half lies on the baseline's rate, three tenths on 1, the rest on `GRID`. Where the baseline's rate is unknown or
    no higher than the bar it says nothing about how far above the mean may be: then half lies on 1 and half on the
    grid. A baseline at 1 is the all-in bet. A wrong prior costs power, at most a factor 2, never validity; it must
    predate the candidate's replies. For "under a bar" pass 1 - theta and 1 - prior_rate and read mirrored values.

    Args:
        theta: The bar, in (0, 1).
        prior_rate: Mean of the values on the accepted baseline, in [0, 1]; None where there is none.

    Returns:
        The mixture.

    Raises:
        ValueError: theta outside (0, 1), or prior_rate outside [0, 1].

    Example:
        >>> default_mixture(0.8, 0.95).weights[-2:]  # the all-in bet, after the grid's and the baseline's
        (0.5, 0.3)
    """
    if prior_rate is not None and not 0.0 <= prior_rate <= 1.0:
        raise ValueError(f"prior_rate must lie in [0, 1], got {prior_rate!r}")
    if prior_rate is None or prior_rate <= theta:
        return _spread(theta, grid=0.5, others=[(1.0, 0.5)])
    return _spread(theta, grid=0.2, others=[(prior_rate, 0.5), (1.0, 0.3)])


@lru_cache(maxsize=256)
def never_mixture(ceiling: float) -> Mixture:
    """The bets for "violations are rarer than `ceiling`", where no violation at all is what is expected.

    All but a twentieth lies on the all-in bet, which is lost at the first violation: `never` is Failing then anyhow.
    So few clean replies suffice: 60 at a ceiling of .05 and level 1/20, one more than an exact test needs.

    Args:
        ceiling: Highest rate of violations that still holds, in (0, 1).

    Returns:
        The mixture on values where a clean reply is 1; its bar is 1 - ceiling.

    Raises:
        ValueError: ceiling outside (0, 1).
    """
    _require_inside("ceiling", ceiling)
    return _spread(1.0 - ceiling, grid=0.05, others=[(1.0, 0.95)])


@lru_cache(maxsize=256)
def pair_mixture(theta: float) -> Mixture:
    """The bets for differences between pairs, mapped to [0, 1]: a quarter all-in, the rest on `GRID`.

    With (1 + d) / 2 almost every value may be exactly 1/2. The best bet is then all-in or close to it where all pairs
    agree (39 identical pairs refute a drop of .1 at 1/20), and small where a third of them disagree.

    Args:
        theta: The bar on the scale of (1 + d) / 2, in (0, 1).

    Returns:
        The mixture.

    Raises:
        ValueError: theta outside (0, 1).
    """
    return _spread(theta, grid=0.75, others=[(1.0, 0.25)])


@lru_cache(maxsize=256)
def contrast_mixture(theta: float) -> Mixture:
    """The bets for one look at differences between probes: half on `GRID`, half on bold ones.

    Most changes of manner that are worth a word have few exceptions: 16 probes with more, one with less. The best bet
    then lies between `GRID`'s boldest and the all-in one, which that one probe ruins.

    Args:
        theta: The bar on the scale of (1 + d) / 2, in (0, 1).

    Returns:
        The mixture: a fifth all-in, three tenths at risking .95, .9 and .8, the rest on `GRID`.

    Raises:
        ValueError: theta outside (0, 1).
    """
    bold = [(theta + fraction * (1.0 - theta), 0.1) for fraction in (0.95, 0.9, 0.8)]
    return _spread(theta, grid=0.5, others=[*bold, (1.0, 0.2)])


@lru_cache(maxsize=1024)
def hedged_mixture(theta: float) -> Mixture:
    """The bets for one of two arms whose evidence is multiplied: a fifth never bets, so one arm cannot ruin the other.

    Args:
        theta: The bar, in (0, 1).

    Returns:
        The mixture: a fifth at rest, three tenths all-in, the rest on `GRID`.

    Raises:
        ValueError: theta outside (0, 1).
    """
    return _spread(theta, grid=0.5, others=[(theta, 0.2), (1.0, 0.3)])


def _spread(theta: float, *, grid: float, others: Iterable[tuple[float, float]]) -> Mixture:
    """Lay `grid` of the stake on `GRID` and the rest on `others`, (rate, weight) each; equal rates become one bet."""
    _require_inside("theta", theta)
    laid: dict[float, float] = {}
    for fraction, weight in GRID:
        rate = theta + fraction * (1.0 - theta)
        laid[rate] = laid.get(rate, 0.0) + grid * weight
    for rate, weight in others:
        laid[rate] = laid.get(rate, 0.0) + weight
    rates = sorted(laid)
    return Mixture(theta, tuple(rates), tuple([laid[rate] for rate in rates]))


def _require_inside(name: str, value: float) -> None:
    if not sys.float_info.min <= value < 1.0:  # under it, one over the value overflows
        raise ValueError(f"{name} must lie strictly between 0 and 1, got {value!r}")
