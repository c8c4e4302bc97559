"""The repository is a project of its own tool: its baselines belong to its suites as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rebaseline.app.linting import lint_suites
from rebaseline.app.workspace import open_workspace
from rebaseline.store.baselines import find_baselines, load_baseline

ROOT = Path(__file__).resolve().parents[2]
WORKSPACE = open_workspace(ROOT, {})


def test_its_suites_lint_without_an_error():
    assert not lint_suites(WORKSPACE).failed


@pytest.mark.parametrize("suite", WORKSPACE.suites(), ids=lambda suite: suite.id)
def test_every_suite_has_a_baseline_that_was_accepted_for_it(suite):
    (path,) = find_baselines(WORKSPACE.project.paths.baselines, suite.id, "assistant")
    baseline = load_baseline(path)
    assert baseline.suite_fingerprint == suite.fingerprint, "accept it anew: the suite changed since"
    assert {key: kept.fingerprint for key, kept in baseline.assertions.items()} == {
        assertion.id: assertion.fingerprint for assertion in suite.assertions
    }
