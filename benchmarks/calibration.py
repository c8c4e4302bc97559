"""Error rates of verdicts on simulated models: run with `python benchmarks/calibration.py [diffs]`.

An unchanged model answers again (A/A). Its probes differ: each has a rate of its own, drawn from a beta distribution.
Readings go through the same tables, evidence and verdicts as in a diff; a run is looked at after every round, stops at
its first verdict, and some are resumed past their plan. What is counted:

* a false Holds: Holds although the mean over these probes lies on the bar or under it;
* an alarm: Failing or Invalid although the mean lies on the bar or above it.

`tests/calibration` runs the same simulation, smaller and seeded, against the levels of docs/verdicts.md.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from rebaseline.assess import pairs as pairs_module
from rebaseline.assess import weigh as weigh_module
from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.table import ReadingTable, find_steady, mean_low
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide import decide_verdict
from rebaseline.domain.evidence import GroupFacts, Outlook
from rebaseline.domain.levels import VOID_TOLERANCE
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Verdict, VerdictName

__all__ = [
    "Diff",
    "Model",
    "Plan",
    "counted_alarms",
    "diffs",
    "heterogeneous",
    "look",
    "one_diff",
    "pair_verdicts",
    "run",
    "steady_holds",
]

PASS, FAIL = Valued(1.0), Valued(0.0)
UNREADABLE, FAULT = Void(Assumption.READABLE), Void(Assumption.DELIVERED)
NOBODY = GroupFacts()
SETTLED = (Holds, Failing, Invalid)


@dataclass(frozen=True)
class Model:
    """What a model does on the probes of one assertion.

    Attributes:
        rates: Chance of a passing reply, by probe.
        void: Chance that the check cannot read a reply, by probe: (of a pass, of a fail).
        fault: Chance of no reply: (of a pass, of a fail), for time-outs depend on what would have been said.
    """

    rates: np.ndarray
    void: tuple[float, float] = (0.0, 0.0)
    fault: tuple[float, float] = (0.0, 0.0)

    @property
    def mean(self) -> float:
        """The rate that the claim is about: over these probes, of all replies, read or not."""
        return float(self.rates.mean())

    def round(self, rng: np.random.Generator) -> list[Reading]:
        """Return one reading a probe."""
        passes = rng.random(self.rates.size) < self.rates
        void = rng.random(self.rates.size) < np.where(passes, *self.void)
        fault = rng.random(self.rates.size) < np.where(passes, *self.fault)
        return [
            FAULT if lost else UNREADABLE if unread else PASS if passed else FAIL
            for passed, unread, lost in zip(passes, void, fault, strict=True)
        ]


@dataclass(frozen=True)
class Plan:
    """How a model is asked.

    Attributes:
        rounds: Planned rounds.
        resumed: Rounds that are asked beyond the plan, each looked at, where nothing was settled.
        baseline: Rounds of the baseline; 0 for none.
    """

    rounds: int = 3
    resumed: int = 0
    baseline: int = 3


def heterogeneous(rng: np.random.Generator, mean: float, probes: int, concentration: float) -> np.ndarray:
    """Return rates by probe, beta-distributed around a mean: the smaller the concentration, the more they differ."""
    if mean >= 1.0:
        return np.ones(probes)
    return rng.beta(mean * concentration, (1.0 - mean) * concentration, probes)


def table(rounds: list[list[Reading]], planned: int, sessions: tuple[str, ...] = ()) -> ReadingTable:
    """Return the table of some rounds."""
    width = len(rounds[0])
    return ReadingTable(
        probes=tuple(f"p{number}" for number in range(width)),
        readings=tuple(zip(*rounds, strict=True)),
        planned_rounds=planned,
        sessions=sessions,
    )


def look(found: ReadingTable, bar: AtLeast | Never, prior_rate: float | None) -> Verdict:
    """Return the verdict as a diff would have it."""
    evidence = weigh_table(found, bar, prior_rate=prior_rate, steady_probes=None)
    return decide_verdict(evidence, bar, NOBODY, Outlook())


def run(rng: np.random.Generator, model: Model, bar: AtLeast | Never, plan: Plan) -> Verdict:
    """Ask, look after every round, stop at the first verdict."""
    prior = None
    if plan.baseline:
        prior = mean_low(table([model.round(rng) for _ in range(plan.baseline)], plan.baseline))
    rounds: list[list[Reading]] = []
    for _ in range(plan.rounds + plan.resumed):
        rounds.append(model.round(rng))
        verdict = look(table(rounds, plan.rounds), bar, prior)
        if isinstance(verdict, SETTLED):
            return verdict
    return verdict


@dataclass
class Diff:
    """What one diff of an unchanged model said.

    Attributes:
        verdicts: How often each verdict.
        false_holds: Holds on the bar or under it.
        untrue: Claims on the bar or under it.
        alarms: Failing or Invalid on the bar or above it.
        true: Claims on the bar or above it.
    """

    verdicts: Counter[VerdictName] = field(default_factory=Counter)
    false_holds: int = 0
    untrue: int = 0
    alarms: int = 0
    true: int = 0

    def add(self, verdict: Verdict, mean: float, theta: float) -> None:
        """Count a verdict."""
        self.verdicts[VerdictName.of(verdict)] += 1
        self.untrue += mean <= theta
        self.true += mean >= theta
        self.false_holds += isinstance(verdict, Holds) and mean <= theta
        self.alarms += isinstance(verdict, Failing | Invalid) and mean >= theta


Offset = Callable[[np.random.Generator], float]


def on_the_bar(_rng: np.random.Generator) -> float:
    """Every claim exactly on its bar."""
    return 0.0


def above(rng: np.random.Generator) -> float:
    """The bar up to .1 under the true mean."""
    return -float(rng.uniform(0.0, 0.1))


def below(rng: np.random.Generator) -> float:
    """The bar a little above the true mean, where a false Holds is likeliest."""
    return float(rng.uniform(0.0, 0.02))


def one_diff(
    rng: np.random.Generator,
    offset: Offset,
    *,
    assertions: int = 30,
    void: float = 0.0,
    fault: float = 0.0,
    one_look: float = 0.2,
) -> Diff:
    """Return one diff of an unchanged model: bars at `offset` from the true mean of each assertion's probes.

    Args:
        rng: Chance.
        offset: Bar less true mean.
        assertions: How many.
        void: Chance that a reply is void; three times that for a fail in half of the assertions.
        fault: Chance of a fault; three times that for a fail.
        one_look: Share of the assertions with one reply a probe and 60 probes.
    """
    found = Diff()
    for _ in range(assertions):
        single = rng.random() < one_look
        probes = 60 if single else 20
        rates = heterogeneous(rng, float(rng.uniform(0.8, 1.0)), probes, float(rng.choice([1.0, 4.0, 50.0])))
        model = Model(rates, (void, void * float(rng.choice([1.0, 3.0]))), (fault, 3.0 * fault))
        theta = min(max(model.mean + offset(rng), 0.01), 0.999)
        plan = Plan(1, 0) if single else Plan(3, int(rng.choice([0, 3])), int(rng.choice([0, 1, 3])))
        found.add(run(rng, model, AtLeast(theta), plan), model.mean, theta)
    return found


def diffs(seed: int, count: int, offset: Offset, **knobs: float) -> list[Diff]:
    """Return many diffs, each from its own seed."""
    with without_bounds():
        return [one_diff(np.random.default_rng([seed, number]), offset, **knobs) for number in range(count)]


class without_bounds:  # noqa: N801 - a context
    """Leave out what is printed and never decides: the bounds cost four fifths of the time."""

    def __enter__(self) -> None:
        self._kept = weigh_module._bounds, pairs_module._bounds  # noqa: SLF001
        weigh_module._bounds = lambda *_: (0.0, 1.0)  # noqa: SLF001
        pairs_module._bounds = lambda *_: (-1.0, 1.0)  # noqa: SLF001

    def __exit__(self, *_: object) -> None:
        weigh_module._bounds, pairs_module._bounds = self._kept  # noqa: SLF001


def pair_verdicts(
    seed: int, count: int, *, drop: float = 0.0, margin: float = 0.1, void: float = 0.0, plan: Plan = Plan()
) -> Counter[VerdictName]:
    """Return verdicts of `no_worse` where the candidate's rates are the baseline's less `drop`, on average."""
    found: Counter[VerdictName] = Counter()
    bar = NoWorse(margin)
    with without_bounds():
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            rates = heterogeneous(rng, float(rng.uniform(0.8, 1.0)), 20, float(rng.choice([1.0, 4.0, 50.0])))
            old = Model(rates, (void, 3.0 * void))
            new = Model(_dropped(rates, drop), (void, 3.0 * void))
            total = plan.rounds + plan.resumed
            anchor = table([old.round(rng) for _ in range(total)], plan.rounds)
            found[VerdictName.of(_run_pairs(rng, new, anchor, bar, plan))] += 1
    return found


def never_holds(seed: int, count: int, *, ceiling: float = 0.05, plan: Plan = Plan()) -> Counter[VerdictName]:
    """Return verdicts of `never` on models that violate it exactly at the ceiling, seldom on most probes."""
    found: Counter[VerdictName] = Counter()
    with without_bounds():
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            rates = heterogeneous(rng, 1.0 - ceiling, 20, float(rng.choice([4.0, 50.0, 1000.0])))
            model = Model(rates)
            found[VerdictName.of(run(rng, model, Never(min(0.99, 1.0 - model.mean)), plan))] += 1
    return found


def _dropped(rates: np.ndarray, drop: float) -> np.ndarray:
    """Take `drop` off the mean by scaling: probes keep their differences."""
    mean = float(rates.mean())
    return rates * max(0.0, (mean - drop) / mean)


def _run_pairs(rng: np.random.Generator, new: Model, anchor: ReadingTable, bar: NoWorse, plan: Plan) -> Verdict:
    rounds: list[list[Reading]] = []
    for _ in range(plan.rounds + plan.resumed):
        rounds.append(new.round(rng))
        candidate = table(rounds, plan.rounds)
        evidence = weigh_pairs(pair_tables(anchor, candidate), candidate, bar, steady=False)
        verdict = decide_verdict(evidence, bar, NOBODY, Outlook())
        if isinstance(verdict, SETTLED):
            return verdict
    return verdict


def void_alarms(
    seed: int, count: int, *, void: float, probes: int, rounds: int, mean: float = 0.95, baseline: int = 3
) -> Counter[VerdictName]:
    """Return verdicts on an unchanged, void-prone model whose bar lies where voids matter most: amid its two limits."""
    found: Counter[VerdictName] = Counter()
    with without_bounds():
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            model = Model(heterogeneous(rng, mean, probes, 4.0), (void, void))
            theta = model.mean - void * model.mean / 2.0
            found[VerdictName.of(run(rng, model, AtLeast(theta), Plan(rounds, 0, baseline)))] += 1
    return found


def counted_alarms(seed: int, count: int, *, void: float, probes: int, rounds: int, mean: float = 0.95) -> int:
    """Return how often the same model would be invalid, were "more than 10 % void" counted and not shown."""
    met = 0
    with without_bounds():
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            model = Model(heterogeneous(rng, mean, probes, 4.0), (void, void))
            bar = AtLeast(model.mean - void * model.mean / 2.0)
            found = weigh_table(
                table([model.round(rng) for _ in range(rounds)], rounds), bar, prior_rate=None, steady_probes=None
            )
            open_ended = isinstance(decide_verdict(found, bar, NOBODY, Outlook()), Inconclusive | Invalid)
            low, high = found.low.mean, found.high.mean
            straddles = low is not None and high is not None and low < bar.rate <= high
            met += open_ended and straddles and found.void_count > VOID_TOLERANCE * found.replies
    return met


def steady_holds(seed: int, count: int, *, flaky: int, rate: float = 0.5, probes: int = 20) -> tuple[int, int, int]:
    """Return how often two sessions agree, how often the claim then holds, and how many were tried.

    All probes but a few are sure to pass; the bar lies just above the true mean, so every Holds is false.
    """
    agreed = held = 0
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        model = Model(np.array([rate] * flaky + [1.0] * (probes - flaky)))
        both = table([model.round(rng), model.round(rng)], 2, ("s1", "s2"))
        steady = find_steady([both])
        agreed += steady is not None
        evidence = weigh_table(both, AtLeast(model.mean + 1e-6), prior_rate=None, steady_probes=steady)
        verdict = decide_verdict(evidence, AtLeast(model.mean + 1e-6), NOBODY, Outlook())
        held += steady is not None and isinstance(verdict, Holds)
    return agreed, held, count


def share(part: int, whole: int) -> str:
    """Return a share with its Monte-Carlo standard error."""
    if not whole:
        return "none"
    rate = part / whole
    return f"{rate:7.4f} ± {math.sqrt(max(rate * (1 - rate), 1 / whole) / whole):.4f}  ({part} of {whole})"


def lines(count: int) -> Iterator[str]:
    """Yield the table."""
    cases: tuple[tuple[str, Offset, dict[str, float]], ...] = (
        ("exactly on the bar", on_the_bar, {}),
        ("up to .1 above the bar", above, {}),
        ("up to .02 under the bar", below, {}),
        ("on the bar, 2 % faults", on_the_bar, {"fault": 0.02}),
        ("on the bar, 10 % faults", on_the_bar, {"fault": 0.1}),
        ("on the bar, 1 % void", on_the_bar, {"void": 0.01}),
        ("on the bar, 3 % void", on_the_bar, {"void": 0.03}),
        ("on the bar, 5 % void", on_the_bar, {"void": 0.05}),
        ("on the bar, 3 % void, 10 % faults", on_the_bar, {"void": 0.03, "fault": 0.1}),
        ("up to .1 above the bar, 5 % void", above, {"void": 0.05}),
        ("up to .02 under the bar, 5 % void", below, {"void": 0.05}),
    )
    for seed, (name, offset, knobs) in enumerate(cases):
        found = diffs(seed, count, offset, **knobs)
        verdicts = sum((diff.verdicts for diff in found), Counter())
        yield f"{name}: " + ", ".join(f"{verdict} {number}" for verdict, number in sorted(verdicts.items()))
        yield f"    false Holds       {share(sum(d.false_holds for d in found), sum(d.untrue for d in found))}"
        yield f"    alarms            {share(sum(d.alarms for d in found), sum(d.true for d in found))}"
        yield f"    diffs with alarms {share(sum(d.alarms > 0 for d in found), sum(d.true > 0 for d in found))}"
    yield "Invalid on an unchanged, void-prone model, bar amid its limits:"
    for probes, rounds in ((20, 3), (60, 1), (20, 1), (10, 1)):
        for void in (0.01, 0.02, 0.03, 0.05, 0.08):
            verdicts = void_alarms(99, 4 * count, void=void, probes=probes, rounds=rounds)
            alarms = share(verdicts[VerdictName.INVALID], verdicts.total())
            met = counted_alarms(99, 4 * count, void=void, probes=probes, rounds=rounds)
            yield f"    {probes} x {rounds}, void {void:.2f}  {alarms}; if counted {share(met, 4 * count)}"
    yield "no_worse .1:"
    for drop, void in ((0.0, 0.0), (0.0, 0.03), (0.1, 0.0), (0.1, 0.03)):
        for plan in (Plan(3), Plan(3, 3), Plan(1)):
            verdicts = pair_verdicts(7, 4 * count, drop=drop, void=void, plan=plan)
            told = ", ".join(
                f"{verdict} {number / verdicts.total():.4f}" for verdict, number in sorted(verdicts.items())
            )
            yield f"    drop {drop}, void {void}, {plan.rounds}+{plan.resumed} rounds: {told}"
    verdicts = never_holds(5, 4 * count, plan=Plan(3, 3))
    yield f"never, violated exactly at its ceiling: false Holds {share(verdicts[VerdictName.HOLDS], verdicts.total())}"
    yield "Two agreeing sessions, bar just above the true mean:"
    for flaky in (1, 2, 4):
        agreed, held, tried = steady_holds(3, 4 * count, flaky=flaky)
        yield f"    {flaky} of 20 probes flaky: steady {share(agreed, tried)}, false Holds {share(held, tried)}"


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{count} diffs of 30 assertions each, n below as counted")
    for line in lines(count):
        print(line, flush=True)


if __name__ == "__main__":
    main()
