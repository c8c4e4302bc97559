"""Live arms at exactly their floor: how often separation is called shown, and how often refuted.

Youden's J is .5, the floor, in every scenario; evidence is read after every round of both arms. A count is refused
only where it would be rarer than one in ten thousand at the stated level.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from rebaseline.assess.group import weigh_live_arm
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import Expectation, LiveArm

pytestmark = pytest.mark.slow

LIVE = LiveArm("arm", Expectation.FAILS, 0.5)
PASS, FAIL, VOID = Valued(1.0), Valued(0.0), Void(Assumption.READABLE)
RUNS = 100

ARMS = {
    "alike": ([0.75] * 20, [0.25] * 20, 6),
    "of unequal size": ([0.75] * 30, [0.25] * 6, 6),
    "at the end": ([1.0] * 20, [0.5] * 20, 6),
    "at the other end": ([0.5] * 20, [0.0] * 20, 6),
    "of unequal probes": (list(np.linspace(0.5, 1.0, 20)), list(np.linspace(0.0, 0.5, 20)), 6),
    "of certain probes": ([1.0] * 14 + [0.5] * 2 + [0.0] * 4, [1.0] * 5 + [0.0] * 15, 6),
    "asked once": ([0.6] * 100, [0.1] * 100, 1),
}


def table(rng, means, rounds, unread, start):
    """Draw readings; of the passes or of the fails a share is void, so that voids depend on what they hide."""
    passed = rng.random((len(means), rounds)) < np.asarray(means)[:, np.newaxis]
    hidden = (rng.random(passed.shape) < 0.3) & (passed if unread == "passes" else ~passed) & (unread != "")
    readings = [
        [VOID if h else PASS if p else FAIL for p, h in zip(*row, strict=True)]
        for row in zip(passed, hidden, strict=True)
    ]
    names = tuple(f"{start}{number}" for number in range(len(means)))
    return ReadingTable(names, tuple(map(tuple, readings)), rounds)


@pytest.mark.parametrize("unread", ["", "passes", "fails"])
@pytest.mark.parametrize("name", ARMS)
def test_arms_at_their_floor_are_called_neither_more_often_than_stated(name, unread):
    positive, negative, rounds = ARMS[name]
    assert np.mean(positive) - np.mean(negative) == pytest.approx(0.5)
    rng = np.random.default_rng(20260401)
    found = [
        weigh_live_arm(table(rng, positive, rounds, unread, "p"), table(rng, negative, rounds, unread, "q"), LIVE)
        for _ in range(RUNS)
    ]
    assert sum(each.shown for each in found) <= binom.ppf(1 - 1e-4, RUNS, HOLDS_ALPHA)
    assert sum(each.refuted for each in found) <= binom.ppf(1 - 1e-4, RUNS, ALARM_ALPHA)


def test_arms_far_from_their_floor_are_called_what_they_are():
    rng = np.random.default_rng(7)
    good = [
        weigh_live_arm(table(rng, [0.97] * 20, 3, "", "p"), table(rng, [0.03] * 20, 3, "", "q"), LIVE)
        for _ in range(40)
    ]
    poor = [
        weigh_live_arm(table(rng, [0.5] * 20, 3, "", "p"), table(rng, [0.5] * 20, 3, "", "q"), LIVE) for _ in range(40)
    ]
    assert sum(each.shown for each in good) >= 38
    assert sum(each.refuted for each in poor) >= 25
