"""Notes on manner of unchanged models, and of changed ones, against their level; the benchmark has the full size."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from scipy.stats import binom

from rebaseline.domain.levels import FALSE_DISCOVERY_RATE

pytestmark = pytest.mark.slow


def _simulation():
    path = Path(__file__).parents[2] / "benchmarks" / "behaviour_notes.py"
    spec = importlib.util.spec_from_file_location("behaviour_notes", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


simulation = _simulation()


@pytest.mark.parametrize("scenario", simulation.UNCHANGED, ids=lambda scenario: scenario.name)
def test_an_unchanged_model_is_rarely_noted(scenario):
    outcome = simulation.run(scenario, 60, 11)
    assert outcome.diffs == 60
    assert outcome.any_note <= binom.ppf(1 - 1e-4, 60, FALSE_DISCOVERY_RATE)


@pytest.mark.parametrize("scenario", simulation.CHANGED, ids=lambda scenario: scenario.name)
def test_of_what_is_noted_little_is_false_and_few_intervals_miss(scenario):
    outcome = simulation.run(scenario, 40, 12)
    assert outcome.false_share / outcome.diffs <= FALSE_DISCOVERY_RATE
    assert outcome.missed_share / outcome.diffs <= FALSE_DISCOVERY_RATE
    assert outcome.found["length"] >= 10  # it does note what changed
