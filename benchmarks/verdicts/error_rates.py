"""How often an unchanged model raises an alarm, and how often an untrue claim is said to hold.

    python benchmarks/verdicts/error_rates.py [--quick]

Every kind of model of `simulated_models.KINDS`, at 5 to 200 replies an assertion, asked in one look or in rounds with
a look after each, beyond the plan, interrupted and resumed. Bars lie where errors are likeliest: exactly on the true
rate, just over it, and exactly on either limit of what voids leave open. What is counted:

* a false Holds: the true rate does not exceed the bar (level 1/20);
* a false Failing: the true rate reaches the bar (level 1/200);
* a false Invalid: the bar does not lie between the two limits, and voids are within their tolerance (level 1/200).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from asked import Ending, Plan, ask, assertion_on, baseline_of, decisions_alone
from counting import HEAD, Count, markdown
from simulated_models import KINDS, Kind, Truth

from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA, VOID_TOLERANCE
from rebaseline.domain.suite import AtLeast
from rebaseline.domain.verdict import VerdictName

__all__ = ["BARS", "SHAPES", "Errors", "error_rates", "run_cell"]

SEED = 20261122
_ROUNDING = 1e-12

SHAPES: Mapping[str, tuple[Plan, ...]] = {
    "5": (Plan(5, 1), Plan(5, 2, most=1)),
    "10": (Plan(10, 1), Plan(5, 2)),
    "20": (Plan(20, 1), Plan(10, 2), Plan(5, 4, interrupted=0.3)),
    "40": (Plan(40, 1), Plan(20, 2), Plan(5, 8, interrupted=0.3)),
    "60": (Plan(60, 1), Plan(20, 3, interrupted=0.3), Plan(20, 3, baseline=0)),
    "100": (Plan(100, 1), Plan(20, 5, interrupted=0.3), Plan(5, 2, most=20)),
    "200": (Plan(200, 1), Plan(20, 3, most=10, interrupted=0.3), Plan(20, 10, baseline=1), Plan(5, 2, most=40)),
}
"""By replies an assertion: in one look, in rounds, and far beyond the plan."""

QUICK = ("5", "20", "60")

BARS: Mapping[str, Callable[[np.random.Generator, Truth], float]] = {
    "on the true rate": lambda _, truth: truth.rate,
    "up to .02 over it": lambda rng, truth: truth.rate + float(rng.uniform(0.0, 0.02)),
    "up to .1 under it": lambda rng, truth: truth.rate - float(rng.uniform(0.0, 0.1)),
    "on the lower limit": lambda _, truth: truth.low,
    "on the upper limit": lambda _, truth: truth.high,
}
"""Where the bar lies."""


@dataclass
class Errors:
    """Counts of errors among the claims of which each could be made.

    Attributes:
        where: What was simulated.
        wrong: By verdict, how often it was false.
        possible: By verdict, of how many claims it would have been false.
        alarms: False alarms of either kind.
        claims: Claims on which no alarm would have been right.
        arithmetic: Endings of targets that two sessions called steady: no error level, left out of the rest.
        given: How often each verdict was given.
    """

    where: str
    wrong: dict[VerdictName, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    possible: dict[VerdictName, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    alarms: int = 0
    claims: int = 0
    arithmetic: int = 0
    given: dict[VerdictName, int] = field(default_factory=lambda: dict.fromkeys(VerdictName, 0))

    def add(self, ending: Ending, truth: Truth, theta: float) -> None:
        """Count one ending."""
        if ending.by_arithmetic:
            self.arithmetic += 1
            return
        self.given[ending.name] += 1
        false = {
            VerdictName.HOLDS: truth.rate <= theta,
            VerdictName.FAILING: truth.rate >= theta,
            VerdictName.INVALID: not truth.low < theta < truth.high and truth.void <= VOID_TOLERANCE + _ROUNDING,
        }
        for name, would_be in false.items():
            self.possible[name] += would_be
            self.wrong[name] += would_be and ending.name is name
        if false[VerdictName.FAILING] and false[VerdictName.INVALID]:
            self.claims += 1
            self.alarms += ending.name in {VerdictName.FAILING, VerdictName.INVALID}

    def counts(self) -> Iterator[Count]:
        """Yield the counts beside their levels."""
        for name, level in LEVELS.items():
            yield Count(f"{self.where}: false {name}", self.wrong[name], self.possible[name], level)
        yield Count(f"{self.where}: any false alarm", self.alarms, self.claims, ALARM_ALPHA)

    def __add__(self, other: Errors) -> Errors:
        """Pool two."""
        return Errors(
            self.where,
            {name: self.wrong[name] + other.wrong[name] for name in LEVELS},
            {name: self.possible[name] + other.possible[name] for name in LEVELS},
            self.alarms + other.alarms,
            self.claims + other.claims,
            self.arithmetic + other.arithmetic,
            {name: self.given[name] + other.given[name] for name in VerdictName},
        )


LEVELS = {VerdictName.HOLDS: HOLDS_ALPHA, VerdictName.FAILING: ALARM_ALPHA, VerdictName.INVALID: ALARM_ALPHA}


def run_cell(seed: Sequence[int], count: int, plan: Plan, kind: Kind, place: str, where: str = "") -> Errors:
    """Return the errors of one plan on one kind of model with bars in one place.

    Args:
        seed: Of this cell.
        count: Assertions.
        plan: How they are asked.
        kind: What the models are like.
        place: Key of `BARS`.
        where: Words for the counts.
    """
    found = Errors(where)
    for number in range(count):
        rng = np.random.default_rng([*seed, number])
        model = kind(rng, float(rng.uniform(0.5, 0.99)), plan.probes)
        truth = model.truth
        theta = min(max(BARS[place](rng, truth), 0.01), 0.999)
        baseline = baseline_of(rng, model, plan.baseline)
        found.add(ask(rng, model, assertion_on(AtLeast(theta)), plan, baseline), truth, theta)
    return found


def error_rates(count: int, shapes: Mapping[str, tuple[Plan, ...]] = SHAPES) -> dict[tuple[str, str, str], Errors]:
    """Return the errors by replies, kind of model and place of the bar.

    Args:
        count: Assertions a plan, kind and place.
        shapes: Plans by replies.
    """
    found: dict[tuple[str, str, str], Errors] = {}
    with decisions_alone():
        for row, (replies, plans) in enumerate(shapes.items()):
            for column, (name, kind) in enumerate(KINDS.items()):
                for layer, place in enumerate(BARS):
                    if "limit" in place and not _has_limits(kind):
                        continue
                    where = f"{replies} replies, {name}, bar {place}"
                    parts = [
                        run_cell((SEED, row, column, layer, part), count, plan, kind, place, where)
                        for part, plan in enumerate(plans)
                    ]
                    found[replies, name, place] = sum(parts[1:], parts[0])
    return found


def _has_limits(kind: Kind) -> bool:
    truth = kind(np.random.default_rng(0), 0.8, 10).truth
    return truth.low < truth.high


def pooled(found: Mapping[tuple[str, str, str], Errors], place: int) -> dict[str, Errors]:
    """Return the errors pooled by one part of their key: 0 replies, 1 kind of model, 2 place of the bar."""
    sums: dict[str, Errors] = {}
    for key, errors in found.items():
        name = key[place]
        sums[name] = sums[name] + errors if name in sums else Errors(name) + errors
    return sums


def report(count: int, shapes: Mapping[str, tuple[Plan, ...]] = SHAPES) -> tuple[list[str], bool]:
    """Return the tables as lines, and whether every level holds."""
    found = error_rates(count, shapes)
    cells = [each for errors in found.values() for each in errors.counts()]
    told: list[str] = []
    for title, place in (("replies", 0), ("model", 1), ("bar", 2)):
        told += ["", f"### Errors by {title}", ""]
        head = (title, "false holds, level 5 %", "false failing, .5 %", "false invalid, .5 %", "false alarms, .5 %")
        told += markdown(head, (_row(name, errors) for name, errors in pooled(found, place).items()))
    pools = [each for place in range(3) for errors in pooled(found, place).values() for each in errors.counts()]
    over = [each for each in (*cells, *pools) if each.exceeded]
    told += [
        "",
        f"{len(cells)} cells of replies, model and bar; levels exceeded in {len(over)} of them and their sums.",
    ]
    if over:
        told += ["", *markdown(HEAD, (each.row() for each in over))]
    endings = sum(found.values(), Errors("all"))
    told += ["", f"Verdicts given: {', '.join(f'{name} {number:,}' for name, number in endings.given.items())}."]
    told += [f"Endings by the arithmetic of steady targets, not counted above: {endings.arithmetic}."]
    return told, not over


def _row(name: str, errors: Errors) -> tuple[str, ...]:
    return (name, *(f"{cell} ({span}; {counts})" for cell, span, counts in (each.cells() for each in errors.counts())))


def main(argv: Sequence[str]) -> int:
    """Print the tables; 1 where a level is exceeded."""
    lines, held = report(4, {key: SHAPES[key] for key in QUICK}) if "--quick" in argv else report(150)
    print("\n".join(lines))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
