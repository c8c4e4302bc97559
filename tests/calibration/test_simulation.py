"""The simulation itself: what it takes for true is true, and what it leaves out decides nothing."""

from __future__ import annotations

import numpy as np
import pytest
from asked import Plan, ask, assertion_on, baseline_of, decisions_alone
from counting import Count, pooled
from fixed_designs import Stratum, chance_of_right, fewest_replies
from scipy.stats import binom, multinomial
from simulated_models import KINDS, Model

from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import VerdictName

SEED = 20260102
HOLDS, FAILING, INVALID = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID


def test_a_level_that_is_exceeded_is_noticed():
    assert Count("", 23, 1800, 0.005).exceeded
    assert not Count("", 22, 1800, 0.005).exceeded
    assert not Count("", 1800, 1800, None).exceeded
    assert pooled([Count("a", 1, 2, 0.05), Count("b", 0, 1, None), Count("a", 2, 3, 0.05)])[0] == Count("a", 3, 5, 0.05)


def test_leaving_out_what_is_printed_changes_no_verdict():
    def endings():
        for number in range(12):
            rng = np.random.default_rng([SEED, number])
            model = list(KINDS.values())[number % len(KINDS)](rng, 0.85, 20)
            bar = (AtLeast(0.7), NoWorse(0.1), Never(0.05))[number % 3]
            end = ask(rng, model, assertion_on(bar), Plan(20, 3, interrupted=0.3), baseline_of(rng, model, 3))
            yield end.name, end.calls, end.side.evidence.low, end.side.evidence.high

    everything = list(endings())
    with decisions_alone():
        assert list(endings()) == everything
    assert len({name for name, *_ in everything}) > 1


def test_a_truth_is_the_mean_of_what_the_model_says():
    rng = np.random.default_rng(SEED)
    model = Model(np.array([0.9, 0.5]), (0.1, 0.4), (0.05, 0.2))
    rounds = [model.round(rng) for _ in range(20_000)]
    readings = [reading for row in rounds for reading in row]
    passes = sum(getattr(reading, "value", 0.0) for reading in readings) / len(readings)
    unread = sum(not hasattr(reading, "value") for reading in readings) / len(readings)
    assert model.truth.low == pytest.approx(passes, abs=0.01)
    assert model.truth.high == pytest.approx(passes + unread, abs=0.01)
    assert model.truth.rate == pytest.approx(0.7)


def test_a_fixed_design_is_right_as_often_as_counting_says():
    holds, fails = Stratum(0.8, 0.95, 0.95, 0.0, HOLDS), Stratum(0.8, 0.95, 0.5, 0.0, FAILING)
    fewest = next(k for k in range(41) if binom.sf(k - 1, 40, 0.8) <= 1 / 20)
    most = max(k for k in range(41) if binom.cdf(k, 40, 0.8) <= 1 / 200)
    assert chance_of_right(40, holds) == pytest.approx(binom.sf(fewest - 1, 40, 0.95))
    assert chance_of_right(40, fails) == pytest.approx(binom.cdf(most, 40, 0.5))
    n = fewest_replies([holds, fails], [0.5, 0.5], 0.9)
    assert sum(chance_of_right(n, each) for each in (holds, fails)) >= 1.8
    assert sum(chance_of_right(n - 1, each) for each in (holds, fails)) < 1.8


def test_a_fixed_design_calls_invalid_what_the_rules_of_one_look_call_invalid():
    """At 20 replies and a bar of .8: 7 voids are too many, 20 passes hold, and 10 passes or fewer are failing."""
    stratum = Stratum(0.8, 0.95, 0.9, 0.4, INVALID)
    law = multinomial(20, [0.9 * 0.6, 0.4, 0.1 * 0.6])
    counted = sum(
        law.pmf([passes, voids, 20 - passes - voids])
        for passes in range(21)
        for voids in range(21 - passes)
        if voids >= 7 and passes < 16 <= passes + voids
    )
    assert chance_of_right(20, stratum) == pytest.approx(counted)
