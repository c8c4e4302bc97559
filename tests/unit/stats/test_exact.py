"""One look: what it reads, and what it refuses to read."""

from __future__ import annotations

import pytest

from rebaseline.stats import bounds, exact
from rebaseline.stats.eprocess import weigh_above
from rebaseline.stats.tally import Tally


def one_round(passes, n):
    return Tally.of([[1] * passes + [0] * (n - passes)])


@pytest.mark.parametrize(("theta", "needed"), [(0.5, 5), (0.7, 9), (0.8, 14), (0.9, 29), (0.95, 59)])
def test_perfect_replies_that_show_a_bar(theta, needed):
    assert exact.shown_above(one_round(needed, needed), theta, 0.05)
    assert not exact.shown_above(one_round(needed - 1, needed - 1), theta, 0.05)


def test_below_is_the_mirror_of_above():
    assert exact.p_below(one_round(0, 5), 0.5) == exact.p_above(one_round(5, 5), 0.5) == 1 / 32
    assert exact.shown_below(one_round(0, 5), 0.5, 0.05)
    assert not exact.shown_below(one_round(0, 4), 0.5, 0.05)


def test_nothing_read_shows_nothing():
    empty = Tally.of([])
    assert exact.p_above(empty, 0.5) == exact.p_below(empty, 0.5) == 1.0
    assert (exact.lower_bound(empty, 0.05), exact.upper_bound(empty, 0.05)) == (0.0, 1.0)


def test_where_hoeffding_is_silent_markov_answers():
    # One pass of two probes at a mean of .01: probes at .02 and 0 reach it with probability .02, two at .01 with .0199.
    assert exact.p_above(one_round(1, 2), 0.01) == 0.02
    assert exact.binomial_tail_at_least(1, 2, 0.01) == pytest.approx(0.0199)
    assert exact.lower_bound(one_round(1, 2), 0.02) == 0.01
    assert exact.p_above(one_round(2, 20), 0.09) == pytest.approx(0.9)


def test_hoeffding_answers_from_one_pass_over_the_mean_on():
    """Eleven of twenty at a bar of a half: P(S >= 11) = .4119, where Markov would say 10/11."""
    assert exact.p_above(one_round(11, 20), 0.5) == pytest.approx(0.4119, abs=5e-5)
    assert exact.p_above(one_round(10, 20), 0.5) == 1.0


def test_a_p_value_equal_to_the_level_shows_the_bar():
    assert exact.shown_above(one_round(5, 5), 0.5, 1 / 32)
    assert exact.shown_below(one_round(0, 5), 0.5, 1 / 32)


def test_a_lower_bound_stops_where_hoeffding_stops():
    assert exact.clopper_pearson_lower(2, 20, 0.4) > 1 / 20
    assert exact.lower_bound(one_round(2, 20), 0.4) == 1 / 20


def test_graded_values_fall_back_to_the_e_process():
    tally = Tally.of([[0.9] * 30 + [1.0] * 30])
    assert exact.p_above(tally, 0.5, 0.9) == weigh_above(tally, 0.5, 0.9).p_value < 0.001
    assert exact.lower_bound(tally, 0.05, 0.9) == bounds.lower_bound(tally, 0.05, 0.9)
    assert exact.upper_bound(tally, 0.05, 0.9) == bounds.upper_bound(tally, 0.05, 0.9)


def test_a_baseline_that_foresaw_the_scores_shows_a_bar_sooner():
    high = Tally.of([[1.0] * 35 + [0.5] + [0.0] * 4])
    assert exact.shown_above(high, 0.7, 0.05, prior_rate=0.9)
    assert not exact.shown_above(high, 0.7, 0.05)
    assert exact.shown_below(high.mirrored(), 0.3, 0.05, prior_rate=0.1)
    assert not exact.shown_below(high.mirrored(), 0.3, 0.05)


def test_a_second_round_is_no_single_look():
    tally = Tally.of([[1], [1]])
    for ask in (exact.p_above, exact.p_below, exact.lower_bound, exact.upper_bound):
        with pytest.raises(ValueError, match="one look reads one round, got 2"):
            ask(tally, 0.5)


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_impossible_counts_are_refused(successes, n):
    with pytest.raises(ValueError, match="successes"):
        exact.binomial_tail_at_least(successes, n, 0.5)
    with pytest.raises(ValueError, match="successes"):
        exact.clopper_pearson_lower(successes, n, 0.05)


def test_levels_and_bars_outside_their_range_are_refused():
    for theta in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="theta"):
            exact.p_above(one_round(1, 1), theta)
    with pytest.raises(ValueError, match="theta"):
        exact.binomial_tail_at_least(1, 1, 1.5)
    for call in (exact.shown_above, exact.shown_below):
        with pytest.raises(ValueError, match="alpha"):
            call(one_round(1, 1), 0.5, 1.0)
    with pytest.raises(ValueError, match="alpha"):
        exact.clopper_pearson_upper(1, 1, 0.0)
    with pytest.raises(ValueError, match="alpha"):
        exact.lower_bound(one_round(1, 1), 0.0)
