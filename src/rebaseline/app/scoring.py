"""The stored replies of one model version, read again; nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rebaseline.app.assessing import Tables, assess_assertion, find_controls
from rebaseline.app.benches import instruments_of
from rebaseline.app.sides import nothing_stored, read_stored
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import Provider, Side
from rebaseline.domain.suite import Assertion
from rebaseline.errors import NoBaselineError

__all__ = ["Score", "SuiteScore", "score_model"]


@dataclass(frozen=True, slots=True)
class Score:
    """One assertion on one model version."""

    assertion: Assertion
    side: Side


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """One suite on one model version.

    Attributes:
        suite: Suite id.
        scores: One an assertion.
        provider: What came of the attempts.
        stale: Attempts left out since their probe is worded otherwise now.
    """

    suite: str
    scores: tuple[Score, ...]
    provider: Provider
    stale: int


def score_model(
    workspace: Workspace, model_name: str, *, suite_ids: tuple[str, ...] = (), target_name: str | None = None
) -> tuple[SuiteScore, ...]:
    """Return the verdicts on one model version, without a comparison.

    Raises:
        NoBaselineError: Nothing is stored of it.
        UsageError: There is no such suite or target.
    """
    suites = workspace.suites(suite_ids)
    target = workspace.target(target_name)
    found: list[SuiteScore] = []
    with workspace.open_store() as store:
        for suite in suites:
            readings, stale = read_stored(workspace, store, suite, target, model_name)
            if not readings.attempts and not readings.purged:
                continue
            tables = Tables.of(readings)
            findings = find_controls(suite, instruments_of(workspace, store, suite), target.kind)
            steady = (tables.steady_probes(), None)
            scores = tuple(
                Score(
                    assertion,
                    assess_assertion(assertion, tables, findings[assertion.id], prior=None, anchor=None, steady=steady),
                )
                for assertion in suite.assertions
            )
            found.append(SuiteScore(suite.id, scores, readings.provider, stale))
        if not found:
            problem, remedy = nothing_stored(store, suites, target, model_name)
            raise NoBaselineError(problem, remedy=remedy)
    return tuple(found)
