"""What each bet of an e-value is worth, so that the sum can be done again by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rebaseline.domain.account import Stake, Stakes
from rebaseline.stats.eprocess import log_stakes, weigh
from rebaseline.stats.mixture import GRID, Mixture
from rebaseline.stats.tally import Tally

__all__ = ["lambda_of", "stakes_of"]


def stakes_of(tally: Tally, mixture: Mixture) -> Stakes:
    """Return the bets at the end of the round in which they were worth most; their sum is the evidence.

    Args:
        tally: Complete rounds of values in [0, 1].
        mixture: The bets.

    Returns:
        The stakes, those of the grid taken together.

    Example:
        >>> stakes = stakes_of(Tally.of([[1] * 5]), Mixture(0.5, (1.0,), (1.0,)))
        >>> stakes.round, stakes.parts[0].highest, round(math.exp(stakes.parts[0].log_stake))  # (1 + 2 (1 - .5))^5
        (1, 2.0, 32)
    """
    best = weigh(tally, mixture).round_of_sup
    logs = log_stakes(tally, mixture)[best - 1].tolist() if best else [math.log(each) for each in mixture.weights]
    bets = list(zip(mixture.rates, mixture.weights, logs, strict=True))
    grid = {min(1.0, mixture.theta + fraction * (1.0 - mixture.theta)) for fraction, _ in GRID} - {1.0}
    on_grid = [bet for bet in bets if bet[0] in grid]
    alone = [bet for bet in bets if bet[0] not in grid]
    groups = [on_grid, *([bet] for bet in alone)]
    return Stakes(mixture.theta, best, tuple(_together(mixture.theta, group) for group in groups if group))


def lambda_of(rate: float, theta: float) -> float:
    """Return the lambda of the bet that grows fastest at a rate: (q - theta) / (theta (1 - theta)).

    >>> lambda_of(1.0, 0.8)  # all-in: 1 / theta
    1.25
    """
    return (rate - theta) / (theta * (1.0 - theta)) if rate < 1.0 else 1.0 / theta


def _together(theta: float, bets: list[tuple[float, float, float]]) -> Stake:
    lambdas = [lambda_of(rate, theta) for rate, _, _ in bets]
    return Stake(
        lowest=min(lambdas),
        highest=max(lambdas),
        bets=len(bets),
        share=math.fsum(weight for _, weight, _ in bets),
        log_stake=_log_sum(log for _, _, log in bets),
    )


def _log_sum(logs: Iterable[float]) -> float:
    each = list(logs)
    top = max(each)
    return top if top == -math.inf else top + math.log(math.fsum(math.exp(log - top) for log in each))
