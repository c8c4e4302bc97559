"""Simulated error rates against the levels that docs/verdicts.md states; `benchmarks/calibration.py` has the full size.

A count is refused only where it would be rarer than one in ten thousand at the stated level. Of 1,800 claims that is
from 23 alarms on (1.3 %, level .5 %) and from 127 false Holds on (7.1 %, level 5 %).
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest
from scipy.stats import binom

from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.verdict import VerdictName
from rebaseline.stats.multiplicity import false_alarm_bound

pytestmark = pytest.mark.slow


def _simulation():
    path = Path(__file__).parents[2] / "benchmarks" / "calibration.py"
    spec = importlib.util.spec_from_file_location("calibration", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


simulation = _simulation()


def within(count, of, level):
    """Whether so many errors are no surprise at the level."""
    return count <= binom.ppf(1 - 1e-4, of, level)


SCENARIOS = {
    "on the bar": (simulation.on_the_bar, {}),
    "faults": (simulation.on_the_bar, {"fault": 0.05}),
    "voids": (simulation.on_the_bar, {"void": 0.03}),
    "more voids, and faults": (simulation.on_the_bar, {"void": 0.05, "fault": 0.05}),
    "above the bar, voids": (simulation.above, {"void": 0.05}),
    "under the bar": (simulation.below, {}),
    "under the bar, voids": (simulation.below, {"void": 0.05}),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_unchanged_model_raises_alarms_and_untrue_claims_hold_within_the_stated_levels(name):
    offset, knobs = SCENARIOS[name]
    found = simulation.diffs(20260101, 60, offset, **knobs)
    untrue, true = sum(diff.untrue for diff in found), sum(diff.true for diff in found)
    assert within(sum(diff.false_holds for diff in found), untrue, HOLDS_ALPHA)
    assert within(sum(diff.alarms for diff in found), true, ALARM_ALPHA)
    assert within(sum(diff.alarms > 0 for diff in found), len(found), false_alarm_bound(30, ALARM_ALPHA))


def test_the_simulation_is_not_idle():
    """Claims far enough above their bars hold, and those far enough under them fail."""
    good = simulation.diffs(7, 10, lambda _: -0.2)
    bad = simulation.diffs(7, 10, lambda rng: 0.3 + 0.0 * rng.random())
    assert sum((diff.verdicts for diff in good), Counter())[VerdictName.HOLDS] > 150
    assert sum((diff.verdicts for diff in bad), Counter())[VerdictName.FAILING] > 60


@pytest.mark.parametrize("void", [0.01, 0.03, 0.05, 0.08, 0.1])
@pytest.mark.parametrize(("probes", "rounds"), [(20, 3), (60, 1), (20, 1), (10, 1), (3, 1)])
def test_a_check_that_leaves_no_more_unread_than_is_tolerated_is_not_called_invalid(void, probes, rounds):
    """With the bar amid the two limits, where the answer hangs on the voids most."""
    found = simulation.void_alarms(11, 150, void=void, probes=probes, rounds=rounds)
    assert within(found[VerdictName.INVALID] + found[VerdictName.FAILING], found.total(), ALARM_ALPHA)


def test_a_check_that_leaves_far_more_unread_is_called_invalid():
    found = simulation.void_alarms(11, 100, void=0.4, probes=20, rounds=3)
    assert found[VerdictName.INVALID] > 90


@pytest.mark.parametrize("void", [0.0, 0.03])
@pytest.mark.parametrize("resumed", [0, 3])
def test_pairs_of_an_unchanged_model_raise_no_more_alarms_than_stated(void, resumed):
    found = simulation.pair_verdicts(13, 300, void=void, plan=simulation.Plan(3, resumed))
    assert within(found[VerdictName.FAILING] + found[VerdictName.INVALID], found.total(), ALARM_ALPHA)


@pytest.mark.parametrize("void", [0.0, 0.03])
def test_a_drop_of_exactly_the_margin_is_refuted_no_more_often_than_stated(void):
    found = simulation.pair_verdicts(17, 300, drop=0.1, void=void, plan=simulation.Plan(3, 3))
    assert within(found[VerdictName.HOLDS], found.total(), HOLDS_ALPHA)


def test_never_holds_at_its_ceiling_no_more_often_than_stated():
    found = simulation.never_holds(19, 400, plan=simulation.Plan(3, 3))
    assert within(found[VerdictName.HOLDS], found.total(), HOLDS_ALPHA)
