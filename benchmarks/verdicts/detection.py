"""What a real change looks like: how often it is found, by how large it is and how many replies there are.

    python benchmarks/verdicts/detection.py [--quick]

A model that passed .97 drops; a model that was readable answers in a form that its check cannot read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from asked import Ending, Plan, ask, assertion_on, baseline_of, decisions_alone
from counting import markdown
from simulated_models import Model, dropped, heterogeneous

from rebaseline.domain.suite import AtLeast, Bar, NoWorse
from rebaseline.domain.verdict import VerdictName

__all__ = ["detection"]

SEED = 20261125
RATE = 0.97
DROPS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
VOIDS = (0.2, 0.5, 0.8)
PLANS = {
    "5": (Plan(5, 1), Plan(5, 2, most=1)),
    "10": (Plan(10, 1), Plan(5, 2)),
    "20": (Plan(20, 1), Plan(10, 2)),
    "40": (Plan(40, 1), Plan(20, 2)),
    "60": (Plan(60, 1), Plan(20, 3)),
    "100": (Plan(100, 1), Plan(20, 5)),
    "200": (Plan(200, 1), Plan(20, 10)),
}
"""By replies: in one look, and in rounds with a look after each."""


def _new(rates: np.ndarray, drop: float, void: float) -> Model:
    return Model(dropped(rates, drop), (void, void))


def _ends(seed: Sequence[int], count: int, bar: Bar, plan: Plan, drop: float, void: float) -> Iterator[Ending]:
    for number in range(count):
        rng = np.random.default_rng([*seed, number])
        rates = heterogeneous(rng, RATE, plan.probes, 10.0)
        rates *= RATE / rates.mean()
        rates = np.minimum(rates, 1.0)
        rounds = plan.rounds if isinstance(bar, NoWorse) else 3
        yield ask(rng, _new(rates, drop, void), assertion_on(bar), plan, baseline_of(rng, Model(rates), rounds))


def detection(count: int) -> Iterator[str]:
    """Yield the tables."""
    yield from _table(
        count, 1, "at_least .9: holds where nothing changed, failing after a drop", AtLeast(0.9), DROPS, _drop
    )
    yield from _table(
        count, 2, "no_worse .1: holds where nothing changed, failing after a drop", NoWorse(0.1), DROPS, _drop
    )
    yield from _table(count, 3, "at_least .8: invalid after replies became void", AtLeast(0.8), VOIDS, _void)


Effect = Callable[[float], tuple[float, float, VerdictName]]


def _drop(size: float) -> tuple[float, float, VerdictName]:
    return size, 0.0, VerdictName.HOLDS if size == 0.0 else VerdictName.FAILING


def _void(size: float) -> tuple[float, float, VerdictName]:
    return 0.0, size, VerdictName.INVALID


def _table(count: int, seed: int, title: str, bar: Bar, sizes: Sequence[float], effect: Effect) -> Iterator[str]:
    yield from ("", f"### {title} (one look / rounds; {count} each)", "")
    rows = []
    for row, (replies, plans) in enumerate(PLANS.items()):
        cells = []
        for column, size in enumerate(sizes):
            drop, void, wanted = effect(size)
            shares = [
                sum(end.name is wanted for end in _ends((SEED, seed, row, column, part), count, bar, plan, drop, void))
                / count
                for part, plan in enumerate(plans)
            ]
            cells.append(" / ".join(f"{share:.2f}" for share in shares))
        rows.append((replies, *cells))
    yield from markdown(("replies", *(_head(bar, size, effect) for size in sizes)), rows)


def _head(bar: Bar, size: float, effect: Effect) -> str:
    if effect is _void:
        return f"{size} void"
    if size == 0.0:
        return "unchanged"
    met = RATE - size >= bar.rate if isinstance(bar, AtLeast) else size <= bar.margin
    return f"drop {size}{' (not under the bar)' if met else ''}"


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    with decisions_alone():
        print("\n".join(detection(4 if "--quick" in argv else 200)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
