"""Error rates of what is not a plain bar: `never`, pairs, arms, and whole diffs.

    python benchmarks/verdicts/other_claims.py [--quick]

Each model lies exactly where its error is likeliest: violations exactly at the ceiling, a drop of exactly the margin,
an arm exactly at its rate or floor.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from asked import Ending, Plan, ask, assertion_on, baseline_of, decisions_alone, judge, table_of
from counting import HEAD, Count, markdown, pooled
from simulated_models import KINDS, Model, dropped, heterogeneous

from rebaseline.decide.alarm import alarm_log_e
from rebaseline.domain.comparison import Side
from rebaseline.domain.levels import ALARM_ALPHA, FALSE_DISCOVERY_RATE, HOLDS_ALPHA
from rebaseline.domain.suite import AliveIf, Assertion, AtLeast, CheckSpec, Expectation, LiveArm, Never, NoWorse
from rebaseline.domain.verdict import VerdictName
from rebaseline.stats.multiplicity import e_bh, false_alarm_bound

__all__ = ["arms", "diffs", "never", "other_claims", "pairs"]

SEED = 20261123
ASSERTIONS = 30
PLANS = (Plan(20, 1), Plan(60, 1), Plan(20, 3, interrupted=0.3), Plan(20, 3, most=10), Plan(5, 12), Plan(5, 2, most=40))
SHARPEST = 0.99
ALARMS = {VerdictName.FAILING, VerdictName.INVALID}


def words(plan: Plan) -> str:
    """Return a plan in words."""
    if plan.rounds == 1:
        return f"{plan.probes} replies, one look"
    more = f", {plan.rounds} planned" if plan.most else ""
    return f"{plan.most_rounds} rounds of {plan.probes}{more}"


def _plans(plans: Sequence[Plan]) -> Iterator[tuple[int, Plan]]:
    yield from enumerate(plans)


def never(count: int) -> Iterator[Count]:
    """`never` where violations come exactly at the ceiling, seldom on most probes; and where they hide as voids."""
    for row, plan in _plans(PLANS):
        for hidden in (False, True):
            ends = [_never(np.random.default_rng([SEED, 1, row, hidden, n]), plan, hidden=hidden) for n in range(count)]
            where = f"never, at its ceiling{', every violation void' if hidden else ''}, {words(plan)}"
            yield _share(f"{where}: false holds", ends, {VerdictName.HOLDS}, HOLDS_ALPHA)


def _never(rng: np.random.Generator, plan: Plan, *, hidden: bool) -> Ending:
    rates = heterogeneous(rng, 0.95, plan.probes, float(rng.choice([4.0, 50.0, 1000.0])))
    model = Model(rates, (0.0, float(hidden)))
    ceiling = min(SHARPEST, max(1.0 - model.mean, 1e-6))
    return ask(rng, model, assertion_on(Never(ceiling)), plan, baseline_of(rng, model, plan.baseline))


def pairs(count: int) -> Iterator[Count]:
    """`no_worse` on an unchanged model, and at a drop of exactly its margin: one count a kind of model."""
    for row, plan in _plans([plan for plan in PLANS if plan.probes >= 20]):
        for column, kind in enumerate(KINDS.values()):
            for drop in (0.0, 0.1):
                ends = []
                for number in range(count):
                    rng = np.random.default_rng([SEED, 2, row, column, int(10 * drop), number])
                    old = kind(rng, float(rng.uniform(0.8, 0.99)), plan.probes)
                    new = Model(dropped(old.rates, drop), old.void, old.fault)
                    anchor = baseline_of(rng, old, plan.most_rounds)
                    ends.append(ask(rng, new, assertion_on(NoWorse(0.1)), plan, anchor))
                where = f"no_worse .1, {words(plan)}"
                if drop:
                    yield _share(f"{where}: false holds at a drop of .1", ends, {VerdictName.HOLDS}, HOLDS_ALPHA)
                else:
                    yield _share(f"{where}: false failing, unchanged", ends, {VerdictName.FAILING}, ALARM_ALPHA)


def arms(count: int) -> Iterator[Count]:
    """Arms exactly at what they must show: shown at 1/20, refuted at 1/200, looked at after every round."""
    for row, (probes, rounds) in enumerate(((20, 1), (20, 3), (5, 12), (20, 10))):
        told = f"{rounds} rounds of {probes}" if rounds > 1 else f"{probes} replies"
        for name, one in (("alive arm at its rate", _alive_arm), ("live arms, J at its floor", _live_arm)):
            found = [one(np.random.default_rng([SEED, 3, row, n]), probes, rounds) for n in range(count)]
            yield Count(f"{name}, {told}: falsely shown", sum(shown for shown, _ in found), count, HOLDS_ALPHA)
            yield Count(f"{name}, {told}: falsely refuted", sum(refuted for _, refuted in found), count, ALARM_ALPHA)


def _alive_arm(rng: np.random.Generator, probes: int, rounds: int) -> tuple[bool, bool]:
    """An absence claim that is met, on a model that engages exactly as often as it must."""
    arm = Model(heterogeneous(rng, float(rng.uniform(0.3, 0.9)), probes, 4.0))
    rate = min(max(arm.mean, 0.01), 0.99)
    claim = assertion_on(Never(0.05), alive_if=AliveIf("benign", CheckSpec("simulated"), rate))
    return _arm_looks(rng, claim, Model(np.ones(probes)), arm, rounds, "alive")


def _live_arm(rng: np.random.Generator, probes: int, rounds: int) -> tuple[bool, bool]:
    """Two arms whose true Youden's J is exactly the floor, anywhere between the extremes."""
    floor = float(rng.choice([0.3, 0.5, 0.8]))
    main = Model(heterogeneous(rng, float(rng.uniform(floor, 1.0)), probes, 4.0))
    other = float(np.clip(main.mean - floor, 0.0, 1.0))
    arm = Model(np.full(probes, other))
    exact = main.mean - other
    if not 0.01 < exact < 0.99:
        return False, False
    claim = assertion_on(AtLeast(0.01), live=LiveArm("other", Expectation.FAILS, exact))
    return _arm_looks(rng, claim, main, arm, rounds, "live")


def _arm_looks(
    rng: np.random.Generator, claim: Assertion, main: Model, arm: Model, rounds: int, role: str
) -> tuple[bool, bool]:
    """Return whether the arm was ever shown and ever refuted, looked at after each round."""
    asked, other = [], []
    shown = refuted = False
    for _ in range(rounds):
        asked.append(main.round(rng))
        other.append(arm.round(rng))
        side = judge(claim, table_of(asked, rounds), None, **{role: table_of(other, rounds)})
        found = side.group.alive if role == "alive" else side.group.separation
        assert found is not None
        shown, refuted = shown or found.shown, refuted or found.refuted
    return shown, refuted


def diffs(count: int) -> Iterator[Count]:
    """Whole diffs of 30 assertions: how many raise any false alarm, and which of those e-BH lets stand."""
    for row, (name, failing) in enumerate((("all on their bars", 0), ("20 on their bars, 10 failing", 10))):
        alarmed = stood = 0
        false_shares = 0.0
        for number in range(count):
            rng = np.random.default_rng([SEED, 4, row, number])
            sides = [_one_of_a_diff(rng, fails=place < failing) for place in range(ASSERTIONS)]
            bars = AtLeast(0.5)  # what kind of bar it is, is all that counts here
            standing = e_bh([alarm_log_e(side.evidence, bars) for side in sides], FALSE_DISCOVERY_RATE)
            alarmed += any(VerdictName.of(side.verdict) in ALARMS for side in sides[failing:])
            false = sum(place >= failing for place in standing)
            stood += false > 0
            false_shares += false / max(1, len(standing))
        bound = false_alarm_bound(ASSERTIONS - failing, ALARM_ALPHA)
        yield Count(f"diffs of 30, {name}: with a false alarm", alarmed, count, bound)
        yield Count(
            f"diffs of 30, {name}: share of false alarms among those that stand, in diffs",
            round(false_shares),
            count,
            FALSE_DISCOVERY_RATE,
        )
        yield Count(f"diffs of 30, {name}: where a false alarm stands", stood, count, None if failing else 0.05)


def _one_of_a_diff(rng: np.random.Generator, *, fails: bool) -> Side:
    plan = Plan(20, 3, baseline=int(rng.choice([0, 3])), interrupted=0.2)
    kind = KINDS[str(rng.choice(["probes differ", "flaky probes", "faults, three times for a fail"]))]
    model = kind(rng, float(rng.uniform(0.5, 0.99)), plan.probes)
    theta = min(max(model.mean + (0.4 if fails else 0.0), 0.01), 0.99)
    return ask(rng, model, assertion_on(AtLeast(theta)), plan, baseline_of(rng, model, plan.baseline)).side


def _share(what: str, ends: Sequence[Ending], names: set[VerdictName], level: float) -> Count:
    counted = [end for end in ends if not end.by_arithmetic]
    return Count(what, sum(end.name in names for end in counted), len(counted), level)


def other_claims(count: int) -> list[Count]:
    """Return every count.

    Args:
        count: Assertions a plan, kind of model and drop, and diffs of each sort. Of what is quicker there are more.
    """
    with decisions_alone():
        parts = (partial(never, 8 * count), partial(pairs, count), partial(arms, 4 * count), partial(diffs, count))
        return [each for part in parts for each in part()]


def main(argv: Sequence[str]) -> int:
    """Print the counts; 1 where a level is exceeded."""
    found = other_claims(2 if "--quick" in argv else 200)
    sums = pooled(found)
    print(
        "\n".join(["", "### `never`, pairs, arms and whole diffs", "", *markdown(HEAD, (each.row() for each in sums))])
    )
    return int(any(each.exceeded for each in (*found, *sums)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
