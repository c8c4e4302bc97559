"""Which alarms stand over a whole diff."""

from __future__ import annotations

import math
from itertools import product

import pytest

from rebaseline.stats.multiplicity import e_bh, false_alarm_bound, log_e_needed, weighted_e_bh


def logs(*e_values):
    return [math.log(e) if e else -math.inf for e in e_values]


def test_the_largest_k_with_enough_between_them_stand():
    # 4 / .05 = 80: alone 70 is short of it; two at 40 or three at 27 suffice.
    assert e_bh(logs(70, 1, 1, 1), 0.05) == ()
    assert e_bh(logs(1, 41, 70, 0), 0.05) == (1, 2)
    assert e_bh(logs(27, 30, 28, 0), 0.05) == (0, 1, 2)


def test_an_e_value_of_just_what_is_needed_stands():
    assert e_bh(logs(20.0), 0.05) == (0,)
    assert e_bh([math.nextafter(math.log(20.0), 0.0)], 0.05) == ()


def test_no_assertion_and_no_evidence_give_no_alarm():
    assert e_bh([], 0.05) == ()
    assert e_bh([-math.inf], 0.05) == ()
    assert e_bh([math.inf, 0.0], 0.05) == (0,)


def test_it_does_what_the_definition_says():
    for values in product((0, 1, 15, 25, 39, 41, 59, 61), repeat=3):
        ranked = sorted(values, reverse=True)
        best = max((k for k in (1, 2, 3) if k * ranked[k - 1] >= 3 / 0.05), default=0)
        stand = e_bh(logs(*values), 0.05)
        assert len(stand) == best
        assert sorted((values[i] for i in stand), reverse=True) == ranked[:best]


def test_a_nan_or_a_rate_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"^a log e-value is NaN; no evidence is 0\.0, lost bets are minus infinity$"):
        e_bh([math.nan], 0.05)
    for fdr in (0.0, 1.0):
        with pytest.raises(ValueError, match="fdr"):
            e_bh([0.0], fdr)


def test_the_bound_adds_up_and_stops_at_one():
    assert false_alarm_bound(0, 0.005) == 0.0
    assert false_alarm_bound(30, 0.005) == 0.15
    assert false_alarm_bound(201, 0.005) == 1.0
    with pytest.raises(ValueError, match="assertions"):
        false_alarm_bound(-1, 0.005)
    for alpha in (0.0, 1.0):
        with pytest.raises(ValueError, match="alpha"):
            false_alarm_bound(1, alpha)


def test_equal_weights_change_nothing():
    for values in product([0.5, 1, 15, 30, 80], repeat=4):
        assert weighted_e_bh(logs(*values), [0.25] * 4, 0.05) == e_bh(logs(*values), 0.05)


def test_what_has_more_weight_needs_less():
    assert weighted_e_bh(logs(25, 25), [0.8, 0.2], 0.05) == (0,)  # 25 x .8 = 20 = 1 / .05
    assert weighted_e_bh(logs(25, 50), [0.8, 0.2], 0.05) == (0, 1)  # two of them need 10 each
    assert weighted_e_bh(logs(25, 1e9), [0.5, 0.0], 0.05) == ()
    assert weighted_e_bh([], [], 0.05) == ()


def test_what_stands_has_what_it_needs():
    values, weights = logs(26, 400, 3, 60), [0.4, 0.1, 0.2, 0.3]
    standing = weighted_e_bh(values, weights, 0.05)
    assert standing == (0, 1, 3)
    assert all(values[place] >= log_e_needed(weights[place], len(standing), 0.05) for place in standing)
    assert log_e_needed(1.0, 100, 0.05) == 0.0
    assert log_e_needed(0.25, 2, 0.05) == pytest.approx(math.log(40))  # 1 / (.05 x 2 x .25)


@pytest.mark.parametrize("weights", [[0.5], [0.6, 0.6], [-0.1, 0.5]])
def test_weights_that_hold_no_rate_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        weighted_e_bh(logs(1, 2), weights, 0.05)
