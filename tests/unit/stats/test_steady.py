"""How far a steady target's arithmetic carries."""

from __future__ import annotations

import pytest

from rebaseline.stats.steady import flip_bound


@pytest.mark.parametrize("probes", [1, 2, 20, 60, 1000])
def test_at_the_bound_seeing_no_flip_has_probability_alpha(probes):
    assert (1 - flip_bound(probes)) ** probes == pytest.approx(0.05)
    assert flip_bound(probes) <= 3 / probes


def test_no_probe_compared_bounds_nothing():
    assert flip_bound(0) == 1.0


def test_what_is_no_count_or_level_is_refused():
    with pytest.raises(ValueError, match="probes"):
        flip_bound(-1)
    for alpha in (0.0, 1.0):
        with pytest.raises(ValueError, match="alpha"):
            flip_bound(1, alpha)
