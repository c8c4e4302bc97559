"""What evidence costs: run with `python benchmarks/stats_evidence.py`. Prints the best of seven, in microseconds."""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable

from rebaseline.stats import bounds, exact, pairs, power, separation
from rebaseline.stats.eprocess import weigh_above, weigh_below
from rebaseline.stats.mixture import default_mixture
from rebaseline.stats.tally import Tally

GENERATOR = random.Random(20)
ROUNDS = [[float(GENERATOR.random() < 0.95) for _ in range(20)] for _ in range(3)]
LOW, HIGH = Tally.of(ROUNDS), Tally.of([[max(x, 1.0) for x in values] for values in ROUNDS])
ONE = Tally.of([[x for values in ROUNDS for x in values]])
PAIRS = pairs.pair_tally([[GENERATOR.choice((-1, 0, 0, 0, 0, 1)) for _ in range(20)] for _ in range(3)])
MILLION = [float(GENERATOR.random() < 0.5) for _ in range(1_000_000)]
SCORES = [GENERATOR.random() for _ in range(1_000_000)]


def assertion() -> None:
    """One typical assertion: two tallies of 60 values, above and below each."""
    for tally in (Tally.of(ROUNDS), Tally.of(ROUNDS)):
        weigh_above(tally, 0.8, 0.95)
        weigh_below(tally, 0.8, 0.95)


def pair_assertion() -> None:
    """One typical `no_worse`: drop, gain, margin exceeded, margin refuted."""
    pairs.shown_drop(PAIRS)
    pairs.shown_gain(PAIRS)
    pairs.drop_over(PAIRS, 0.1)
    pairs.drop_refuted(PAIRS, 0.1)


CASES: dict[str, Callable[[], object]] = {
    "tally of 60": lambda: Tally.of(ROUNDS),
    "assertion: 2 tallies of 60, 4 e-processes": assertion,
    "pairs: 4 e-processes": pair_assertion,
    "lower and upper bound": lambda: (bounds.lower_bound(LOW, 0.05, 0.95), bounds.upper_bound(HIGH, 0.05, 0.95)),
    "one look, exact": lambda: (exact.p_above(ONE, 0.8), exact.p_below(ONE, 0.8)),
    "replies needed": lambda: power.replies_needed(LOW, default_mixture(0.94, 0.95), 0.05, 0.95),
    "chance of holds, 3 rounds of 20": lambda: power.chance_of_holds(
        20, 3, theta=0.8, rate=0.95, prior_rate=0.95, alpha=0.05
    ),
    "visible drop, 3 rounds of 20": lambda: power.visible_drop(20, 0.8, 0.005, rounds=3),
    "separation below its floor": lambda: separation.separation_below(LOW, LOW.mirrored(), 0.5),
    "a million 0/1 values, tally and above": lambda: weigh_above(Tally.of([MILLION]), 0.4),
    "a million distinct scores, tally and above": lambda: weigh_above(Tally.of([SCORES]), 0.4),
}


def main() -> None:
    """Time each case."""
    for name, case in CASES.items():
        timer = timeit.Timer(case)
        loops = max(1, timer.autorange()[0] // 4)
        best = min(timer.repeat(repeat=7 if loops > 1 else 2, number=loops)) / loops
        print(f"{best * 1e6:14,.1f}  {name}")


if __name__ == "__main__":
    main()
