"""Simulated error rates against the levels that docs/verdicts.md states, small and seeded; docs/proof.md has the size.

A count is refused only where it would be rarer than one in ten thousand at the stated level.
"""

from __future__ import annotations

import numpy as np
import pytest
from asked import Plan, ask, assertion_on, baseline_of, decisions_alone
from counting import pooled
from detection import detection
from error_rates import BARS, SHAPES, Errors, run_cell
from other_claims import arms, diffs, never, pairs
from simulated_models import KINDS, plain

from rebaseline.domain.evidence import Method
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import VerdictName

pytestmark = pytest.mark.slow

SEED = 20260101


@pytest.fixture(autouse=True)
def quickly():
    with decisions_alone():
        yield


def refused(counts):
    return [each.row() for each in counts if each.exceeded]


@pytest.mark.parametrize("replies", SHAPES)
def test_unchanged_models_raise_alarms_and_untrue_claims_hold_within_the_stated_levels(replies):
    found = [
        run_cell((SEED, row, column), 2, plan, kind, place, f"{replies} replies, bar {place}")
        for column, plan in enumerate(SHAPES[replies])
        for row, kind in enumerate(KINDS.values())
        for place in BARS
    ]
    counts = [each for errors in found for each in errors.counts()]
    assert not refused([*counts, *pooled(counts)])
    assert sum(found, Errors("all")).given[VerdictName.INCONCLUSIVE] > 50


def test_never_pairs_arms_and_whole_diffs_err_within_the_stated_levels():
    counts = [*never(5), *pairs(2), *arms(5), *diffs(2)]
    assert not refused([*counts, *pooled(counts)])


def test_the_simulation_is_not_idle():
    """Claims far enough above their bars hold, those far under them fail, and unreadable ones are invalid."""

    plan = Plan(20, 3)

    def ended(rate, void, bar):
        rng = np.random.default_rng(SEED)
        ends = [
            ask(rng, plain(rate, 20, (void, void)), assertion_on(bar), plan, baseline_of(rng, plain(0.95, 20), 3))
            for _ in range(20)
        ]
        return [end.name for end in ends]

    assert ended(0.97, 0.0, AtLeast(0.7)).count(VerdictName.HOLDS) > 18
    assert ended(0.3, 0.0, AtLeast(0.7)).count(VerdictName.FAILING) > 18
    assert ended(0.97, 0.6, AtLeast(0.7)).count(VerdictName.INVALID) > 18
    assert ended(0.4, 0.0, NoWorse(0.1)).count(VerdictName.FAILING) > 18
    assert ended(0.5, 0.0, Never(0.05)) == [VerdictName.FAILING] * 20


def test_two_sessions_that_agree_are_told_apart_as_arithmetic():
    rng = np.random.default_rng(SEED)
    plan = Plan(20, 4, baseline=0, interrupted=1.0)
    ends = [ask(rng, plain(1.0, 20), assertion_on(AtLeast(0.99)), plan, None) for _ in range(5)]
    assert not any(end.by_arithmetic for end in ends)  # every round is of two sessions
    assert {end.side.evidence.method for end in ends} == {Method.E_PROCESS}


def test_the_tables_of_what_is_found_can_be_made():
    assert sum(line.startswith("| 200 ") for line in detection(1)) == 3
