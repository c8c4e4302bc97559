"""Recorded replies of real models as a project; `benchmarks/verdicts/recorded.py` says where they come from."""

from collections.abc import Callable
from functools import cache

import pytest
import recorded as recordings

from rebaseline.app.diffing import DiffRequest, diff_models


@pytest.fixture(scope="session")
def recorded() -> Callable:
    """Return a function from data set and model version to its lines by probe."""
    why = recordings.absent()
    if why is not None:
        pytest.skip(why)
    return recordings.recorded_lines


@pytest.fixture(scope="session")
def workspace(recorded, tmp_path_factory):
    """Return a project with every suite, and every model version's replies imported."""
    return recordings.build_workspace(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="session")
def compare(workspace):
    """Return a function from suite, old and new model version to their diff; each is made once."""

    @cache
    def diff(suite, old, new):
        return diff_models(workspace, DiffRequest(suites=(suite,), old=old, new=new))

    return diff


@pytest.fixture
def compared(compare):
    """Return a function from `suite/assertion`, old and new model version to their comparison."""

    def one(name, old, new):
        comparisons = compare(name.split("/")[0], old, new).comparisons
        return next(comparison for comparison in comparisons if comparison.name == name)

    return one
