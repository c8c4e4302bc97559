"""Chances round by round are those of the whole plan, and the first that is high enough is found."""

from __future__ import annotations

from itertools import islice

import pytest

from rebaseline.stats.exact import binomial_tail_at_least
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.more_rounds import chances_of_showing, first_round_at
from rebaseline.stats.passes import fewest_passes
from rebaseline.stats.power import chance_of_showing

ALL_IN = Mixture(0.5, (1.0,), (1.0,))
TINY = default_mixture(1e-6)


@pytest.mark.parametrize("mixture", [default_mixture(0.8, 0.95), default_mixture(0.5), never_mixture(0.05)])
@pytest.mark.parametrize("n_probes", [1, 7, 20])
@pytest.mark.parametrize("rate", [0.85, 0.97, 1.0])
def test_each_round_has_the_chance_of_a_plan_that_ends_there(mixture, n_probes, rate):
    found = list(islice(chances_of_showing(n_probes, mixture, rate, 1 / 20), 12))
    expected = [chance_of_showing(n_probes, rounds, mixture, rate, 1 / 20) for rounds in range(1, 13)]
    assert found == pytest.approx(expected, abs=1e-12)


def test_the_last_round_that_is_allowed_is_looked_at_and_a_chance_of_just_the_level_is_enough():
    assert first_round_at([0.2, 0.7, 0.9], 0.7, 2) == 2
    assert first_round_at([0.2, 0.7, 0.9], 0.9, 3) == 3


def test_a_stake_of_just_the_threshold_shows_the_bar():
    """Four passes double an all-in stake to 16: the chance is that of four heads."""
    assert next(chances_of_showing(4, ALL_IN, 0.5, 1 / 16)) == 1 / 16


def test_a_single_pass_shows_a_tiny_bar():
    assert next(chances_of_showing(1, default_mixture(0.001), 0.3, 1 / 20)) == pytest.approx(0.3)
    assert next(chances_of_showing(4, default_mixture(1e-4), 0.3, 1 / 20)) == pytest.approx(1 - 0.7**4)


@pytest.mark.parametrize("rate", [0.97, 0.99, 1.0])
def test_a_chance_is_never_more_than_one(rate):
    assert all(chance <= 1.0 for n in (2, 4, 20, 31) for chance in islice(chances_of_showing(n, TINY, rate, 0.9), 12))


def test_the_first_round_that_is_likely_enough_is_found():
    chances = chances_of_showing(20, default_mixture(0.8, 0.9), 0.9, 1 / 20)
    needed = first_round_at(chances, 0.8, 100)
    assert needed is not None
    by_plan = [chance_of_showing(20, rounds, default_mixture(0.8, 0.9), 0.9, 1 / 20) for rounds in (needed - 1, needed)]
    assert by_plan[0] < 0.8 <= by_plan[1]


def test_none_is_found_where_the_bound_ends_the_search_or_the_bar_is_never_shown():
    assert first_round_at([0.1, 0.2, 0.9], 0.8, 2) is None
    assert first_round_at([0.1, 0.2, 0.9], 0.2, 1) is None
    assert first_round_at(chances_of_showing(20, default_mixture(0.8), 0.7, 1 / 20), 0.8, 30) is None


@pytest.mark.parametrize(("n_probes", "rate"), [(0, 0.5), (5, 1.5)])
def test_a_plan_that_cannot_be_is_refused(n_probes, rate):
    with pytest.raises(ValueError):
        next(chances_of_showing(n_probes, default_mixture(0.8), rate, 0.05))


def test_large_rounds_are_never_said_to_be_likelier_than_they_are():
    mixture = default_mixture(0.8)
    quick = list(islice(chances_of_showing(2001, mixture, 0.815, 1 / 20), 3))
    exact = [chance_of_showing(2001, rounds, mixture, 0.815, 1 / 20) for rounds in (1, 2, 3)]
    assert quick[0] == pytest.approx(exact[0], abs=1e-9)
    assert all(few <= whole + 1e-9 and whole - few < 0.1 for few, whole in zip(quick, exact, strict=True))


def test_of_large_rounds_what_stands_at_the_likeliest_end_is_said():
    mixture, rate = default_mixture(0.8), 0.815
    needed = fewest_passes(2001, 2, mixture, 1 / 20)
    tails = [binomial_tail_at_least(passes, 2001 * number, rate) for number, passes in enumerate(needed, start=1)]
    assert list(islice(chances_of_showing(2001, mixture, rate, 1 / 20), 2)) == [tails[0], max(tails)]
    followed = list(islice(chances_of_showing(2000, mixture, rate, 1 / 20), 2))
    assert followed[1] == pytest.approx(chance_of_showing(2000, 2, mixture, rate, 1 / 20), abs=1e-12)
    assert followed[1] > max(tails) + 0.01


def test_a_bar_that_large_rounds_cannot_show_yet_has_no_chance():
    """A bar of .9999 takes log(20 / .95) / -log(.9999) = 30,468 clean replies: fifteen rounds of 2,001 are too few."""
    assert list(islice(chances_of_showing(2001, never_mixture(1e-4), 1.0, 1 / 20), 17)) == [0.0] * 15 + [1.0] * 2
