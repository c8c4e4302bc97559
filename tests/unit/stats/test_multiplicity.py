"""Which alarms stand over a whole diff."""

from __future__ import annotations

import math
from itertools import product

import pytest

from rebaseline.stats.multiplicity import e_bh, false_alarm_bound


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
