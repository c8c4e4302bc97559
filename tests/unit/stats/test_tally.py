"""What a tally keeps, what it forgets, and what it refuses."""

from __future__ import annotations

import pytest

from rebaseline.stats.tally import Tally


def test_counts_each_value_in_each_round():
    tally = Tally.of([[1, 0.5, 1], [0, 1]])
    assert tally.values == (0.0, 0.5, 1.0)
    assert tally.counts == ((0, 1, 2), (1, 0, 1))
    assert (tally.n, tally.rounds, tally.totals) == (5, 2, (1, 1, 3))
    assert tally.mean == 0.7


def test_an_empty_tally_has_no_mean():
    tally = Tally.of([])
    assert (tally.n, tally.rounds, tally.mean, tally.totals) == (0, 0, None, ())
    assert tally.mirrored() == tally


def test_integers_booleans_and_negative_zero_are_the_same_floats():
    assert Tally.of([[True, 0, -0.0]]) == Tally.of([[1.0, 0.0, 0.0]])
    assert str(Tally.of([[-0.0]]).values) == "(0.0,)"


def test_rounds_keep_their_order_and_replies_do_not():
    assert Tally.of([[1, 0], [1, 1]]) == Tally.of([[0, 1], [1, 1]])
    assert Tally.of([[1, 0], [1, 1]]) != Tally.of([[1, 1], [1, 0]])


def test_the_mean_of_a_million_tenths_is_a_tenth():
    assert Tally.of([[0.1] * 1_000_000]).mean == 0.1


@pytest.mark.parametrize(("rounds", "binary"), [([[0, 1]], True), ([[1]], True), ([[0, 1, 0.5]], False), ([], True)])
def test_binary_means_zero_or_one_only(rounds, binary):
    assert Tally.of(rounds).is_binary is binary


def test_the_mirror_swaps_passes_and_fails_in_every_round():
    assert Tally.of([[1, 0, 0], [0.25, 1]]).mirrored() == Tally.of([[0, 1, 1], [0.75, 0]])


def test_values_whose_mirrors_coincide_are_counted_together():
    tally = Tally.of([[1e-20, 2e-20, 1e-20], [1e-20, 1.0]])
    assert tally.mirrored() == Tally.of([[1, 1, 1], [1, 0]])


@pytest.mark.parametrize("value", [-1e-9, 1.0000001, float("nan"), float("inf")])
def test_a_value_outside_the_unit_interval_is_refused_and_named(value):
    with pytest.raises(ValueError, match=r"in \[0, 1\], got " + str(value).replace("+", r"\+")):
        Tally.of([[0.5, value]])


def test_a_round_without_replies_is_refused():
    with pytest.raises(ValueError, match="round 2 has no reply"):
        Tally.of([[1], []])


@pytest.mark.parametrize(
    ("values", "counts", "message"),
    [
        ((1.0, 0.0), ((1, 1),), r"^values must be distinct and ascending; build a tally with Tally\.of$"),
        ((0.5, 0.5), ((1, 1),), "ascending"),
        ((0.0, 1.0), ((1,),), "round 1 needs a count"),
        ((0.0, 1.0), ((1, 1), (2, -1)), "round 2 needs a count"),
    ],
)
def test_what_is_no_tally_is_refused(values, counts, message):
    with pytest.raises(ValueError, match=message):
        Tally(values, counts)
