"""Samples of one probe that disagree."""

from __future__ import annotations

import pytest
from tests.support.readings import table_of

from rebaseline.assess.flicker import flicker_of
from rebaseline.domain.behaviour import Flicker


def test_agreeing_samples_do_not_flicker():
    assert flicker_of(table_of("110", "110")) == Flicker(3, 0, 0.0, 0.0)


def test_one_reading_a_probe_shows_nothing():
    assert flicker_of(table_of("10")) == Flicker(0, 0, None, None)
    assert flicker_of(table_of("1x", "x1")) == Flicker(0, 0, None, None)  # a reply that never came is no reading


def test_the_figures_are_unbiased_ones_over_probes():
    # p0: 1, 0, 1: two of three pairs differ. p1: 1, 1, 1. p2: 1, void, 1: two of three. p3: 0, never came, 0.
    found = flicker_of(table_of("1110", "01vx", "1110"))
    assert found.names == {"p0", "p2"}
    assert (found.probes, found.flickering) == (4, 2)
    assert found.disagreement == pytest.approx((2 / 3 + 2 / 3) / 4)
    assert found.variance == pytest.approx(1 / 3 / 4)  # 1, 0, 1 has the unbiased variance 1/3; a void has no value


def test_scores_that_differ_disagree():
    found = flicker_of(table_of("h", "1"))
    assert (found.flickering, found.disagreement, found.variance) == (1, 1.0, 0.125)


def test_samples_of_incomplete_rounds_count():
    assert flicker_of(table_of("11", "0.")).names == {"p0"}
