"""Figures as people read them."""

from __future__ import annotations

import math

import pytest

from rebaseline.report.odds import level_words, odds_words, short, stake_words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0321, ".0321"), (-0.5, "-.5"), (1.0, "1"), (0.9, ".9"), (2.687e-40, "2.69e-40"), (0.0, "0"), (10.05, "10.1")],
)
def test_short_figures(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "perhaps always"),
        (0.996, "perhaps always"),
        (0.437, "at most 44 times in 100"),
        (0.0321, "at most 1 time in 31"),
        (1e-6, "at most 1 time in 1,000,000"),
        (9e-7, "less than 1 time in a million"),
        (0.0, "less than 1 time in a million"),
    ],
)
def test_odds(probability, words):
    assert odds_words(probability) == words


@pytest.mark.parametrize(
    ("log_e", "words"),
    [
        (0.0, "1"),
        (-math.inf, "0"),
        (math.log(41.23), "41.2"),
        (100.0, "10^43.4"),
        (math.log(0.5), ".5"),
        (math.log(3761.4), "3,761"),
    ],
)
def test_stakes(log_e, words):
    assert stake_words(log_e) == words


def test_levels():
    assert (level_words(1 / 20), level_words(1 / 200)) == ("1/20", "1/200")
