"""Chances round by round are those of the whole plan, and the first that is high enough is found."""

from __future__ import annotations

from itertools import islice

import pytest

from rebaseline.stats.mixture import default_mixture, never_mixture
from rebaseline.stats.more_rounds import chances_of_showing, first_round_at
from rebaseline.stats.power import chance_of_showing


@pytest.mark.parametrize("mixture", [default_mixture(0.8, 0.95), default_mixture(0.5), never_mixture(0.05)])
@pytest.mark.parametrize("n_probes", [1, 7, 20])
@pytest.mark.parametrize("rate", [0.85, 0.97, 1.0])
def test_each_round_has_the_chance_of_a_plan_that_ends_there(mixture, n_probes, rate):
    found = list(islice(chances_of_showing(n_probes, mixture, rate, 1 / 20), 12))
    expected = [chance_of_showing(n_probes, rounds, mixture, rate, 1 / 20) for rounds in range(1, 13)]
    assert found == pytest.approx(expected, abs=1e-12)


def test_the_first_round_that_is_likely_enough_is_found():
    chances = chances_of_showing(20, default_mixture(0.8, 0.9), 0.9, 1 / 20)
    needed = first_round_at(chances, 0.8, 100)
    assert needed is not None
    by_plan = [chance_of_showing(20, rounds, default_mixture(0.8, 0.9), 0.9, 1 / 20) for rounds in (needed - 1, needed)]
    assert by_plan[0] < 0.8 <= by_plan[1]


def test_none_is_found_where_the_bound_ends_the_search_or_the_bar_is_never_shown():
    assert first_round_at([0.1, 0.2, 0.9], 0.8, 2) is None
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
