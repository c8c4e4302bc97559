"""Live control arms: does the instrument still tell them apart?"""

from __future__ import annotations

import pytest

from rebaseline.stats.separation import separation_below, separation_reached, youden_j
from rebaseline.stats.tally import Tally

PERFECT = Tally.of([[1] * 20])
SILENT = Tally.of([[0] * 20])
TORN = Tally.of([[1] * 10 + [0] * 10])
EMPTY = Tally.of([])


def test_youden_is_the_difference_of_means_and_undefined_without_replies():
    assert youden_j(PERFECT, SILENT) == 1.0
    assert youden_j(TORN, PERFECT) == -0.5
    assert youden_j(EMPTY, SILENT) is None
    assert youden_j(PERFECT, EMPTY) is None


def test_a_perfect_instrument_is_shown_and_never_refuted():
    assert separation_reached(PERFECT, SILENT, 0.5).shows(1 / 200)
    assert separation_below(PERFECT, SILENT, 0.5).log_e_sup == 0.0


@pytest.mark.parametrize("arm", [SILENT, PERFECT])
def test_an_instrument_that_says_one_thing_is_refuted(arm):
    assert separation_below(arm, arm, 0.5).shows(1 / 200)
    assert separation_reached(arm, arm, 0.5).log_e_sup == 0.0


def test_nine_replies_an_arm_show_a_perfect_instrument_and_twelve_refute_a_constant_one():
    def ones(n):
        return Tally.of([[1] * n])

    def zeros(n):
        return Tally.of([[0] * n])

    assert separation_reached(ones(9), zeros(9), 0.5).shows(1 / 20)
    assert not separation_reached(ones(8), zeros(8), 0.5).shows(1 / 20)
    for arm in (ones, zeros):
        assert separation_below(arm(12), arm(12), 0.5).shows(1 / 200)
        assert not separation_below(arm(11), arm(11), 0.5).shows(1 / 200)


def test_an_inverted_instrument_is_refuted_fast():
    assert separation_below(Tally.of([[0] * 5]), Tally.of([[1] * 5]), 0.5).shows(1 / 200)


def test_a_coin_is_refuted_by_enough_replies():
    coin = Tally.of([[1] * 30 + [0] * 30] * 2)
    assert separation_below(coin, coin, 0.5).shows(1 / 200)
    assert not separation_reached(coin, coin, 0.5).shows(0.9)


def test_only_rounds_of_both_arms_are_read():
    two = Tally.of([[1] * 20, [0] * 20])
    assert separation_reached(two, SILENT, 0.5) == separation_reached(PERFECT, SILENT, 0.5)
    assert separation_below(SILENT, Tally.of([[0] * 20, [1] * 20]), 0.5) == separation_below(SILENT, SILENT, 0.5)
    for ask in (separation_below, separation_reached):
        assert ask(EMPTY, SILENT, 0.5).round_of_sup == 0
        assert ask(EMPTY, SILENT, 0.5).log_e_last == 0.0


@pytest.mark.parametrize("floor", [0.0, 1.0, -0.5, float("nan")])
def test_a_floor_out_of_range_is_refused(floor):
    for ask in (separation_below, separation_reached):
        with pytest.raises(ValueError, match="floor"):
            ask(PERFECT, SILENT, floor)
