"""Where no error level is stated, and what happens there.

    python benchmarks/verdicts/departures.py [--quick]

Nothing here can exceed a level: the figures are there to be known.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import numpy as np
from asked import Plan, ask, assertion_on, baseline_of, decisions_alone, is_open, judge, table_of
from counting import HEAD, Count, markdown
from simulated_models import Model, dropped, heterogeneous

from rebaseline.domain.evidence import Method
from rebaseline.domain.suite import AtLeast, NoWorse
from rebaseline.domain.verdict import Failing, Holds

__all__ = ["departures"]

SEED = 20261124


def steady(count: int) -> Iterator[Count]:
    """Two sessions of flaky probes agree by chance; the verdict is then arithmetic about these replies."""
    for row, flaky in enumerate((1, 2, 4)):
        agreed = held = 0
        for number in range(count):
            rng = np.random.default_rng([SEED, 1, row, number])
            model = Model(np.array([0.5] * flaky + [1.0] * (20 - flaky)))
            both = table_of([model.round(rng), model.round(rng)], 2, ("s1", "s2"))
            side = judge(assertion_on(AtLeast(model.mean + 1e-6)), both, None)
            if side.evidence.method is Method.STEADY:
                agreed += 1
                held += isinstance(side.verdict, Holds)
        where = f"steady, {flaky} of 20 probes flaky, bar just over the true rate"
        yield Count(f"{where}: two sessions agree", agreed, count, None)
        yield Count(f"{where}: they agree, and it holds", held, count, None)


def one_look_and_more(count: int) -> Iterator[Count]:
    """One reply a probe was planned and looked at; where nothing was settled the plan was raised to six."""
    for row, probes in enumerate((20, 60)):
        held = 0
        for number in range(count):
            rng = np.random.default_rng([SEED, 2, row, number])
            model = Model(heterogeneous(rng, float(rng.uniform(0.6, 0.95)), probes, 50.0))
            claim = assertion_on(AtLeast(min(model.mean, 0.99)))
            columns = [model.round(rng)]
            side = judge(claim, table_of(columns, 1), None)
            while is_open(side) and len(columns) < 6:
                columns.append(model.round(rng))
                side = judge(claim, table_of(columns, 6), None)
            held += isinstance(side.verdict, Holds)
        yield Count(f"one look at {probes}, and then five rounds more, on the bar: false holds", held, count, None)


def faults_asked_again(count: int) -> Iterator[Count]:
    """Faults that are likelier for a fail, asked again: what is delivered is better than what was said."""
    for row, (fault, told) in enumerate(
        (((0.1, 0.1), "as often for a fail"), ((0.05, 0.15), "three times for a fail"))
    ):
        held = of = 0
        for number in range(count):
            rng = np.random.default_rng([SEED, 3, row, number])
            model = Model(heterogeneous(rng, float(rng.uniform(0.5, 0.9)), 20, 4.0), (0.0, 0.0), fault)
            plan = Plan(20, 3, most=10, interrupted=0.5, again=True)
            end = ask(rng, model, assertion_on(AtLeast(model.mean)), plan, baseline_of(rng, model, 3))
            held += isinstance(end.side.verdict, Holds)
            of += 1
        yield Count(
            f"faults, {told}, asked again at each resumption, 200 replies, on the bar: false holds", held, of, None
        )


def drops_within_the_margin(count: int) -> Iterator[Count]:
    """`no_worse`: failing says that a drop is shown and its estimate exceeds the margin, not that the drop does."""
    for row, rounds in enumerate((3, 10)):
        for column, drop in enumerate((0.05, 0.08, 0.1)):
            failed = 0
            for number in range(count):
                rng = np.random.default_rng([SEED, 4, row, column, number])
                rates = heterogeneous(rng, float(rng.uniform(0.8, 0.95)), 20, 4.0)
                new = Model(dropped(rates, drop))
                plan = Plan(20, rounds)
                end = ask(rng, new, assertion_on(NoWorse(0.1)), plan, baseline_of(rng, Model(rates), rounds))
                failed += isinstance(end.side.verdict, Failing)
            yield Count(f"no_worse .1, a drop of {drop}, {20 * rounds} pairs: failing", failed, count, None)


def departures(count: int) -> list[Count]:
    """Return every figure."""
    with decisions_alone():
        parts = (steady, one_look_and_more, faults_asked_again, drops_within_the_margin)
        return [each for part in parts for each in part(count)]


def main(argv: Sequence[str]) -> int:
    """Print the figures."""
    found = departures(10 if "--quick" in argv else 1000)
    print("\n".join(["", "### Where no level is stated", "", *markdown(HEAD, (each.row() for each in found))]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
