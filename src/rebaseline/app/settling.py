"""Which assertions more replies would still settle, so that a run stops where they would change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rebaseline.app.comparing import judge_suite
from rebaseline.app.diffing import accepted_side
from rebaseline.app.sides import stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Probe, Suite
from rebaseline.domain.verdict import Inconclusive, Unsettled, Verdict
from rebaseline.store.store import Store

__all__ = ["Settling", "most_rounds"]

_FOR_A_PERSON = frozenset({Unsettled.POSSIBLE})
"""Doubts that no further reply removes: somebody must look at the void ones."""


def most_rounds(suite: Suite, assertion: Assertion, most_replies: int) -> int:
    """Return how many rounds an assertion may take: what the suite plans, or so many that `most_replies` are read."""
    probes = suite.probes_on(assertion.on)
    planned = min((probe.samples for probe in probes), default=1)
    return max(planned, -(-most_replies // max(1, len(probes))))


@dataclass(frozen=True, slots=True)
class Settling:
    """Judges the replies of one suite at the end of each round.

    Attributes:
        workspace: The project.
        store: The replies.
        suite: The suite.
        target: The target.
        most_replies: An assertion that has so many is given up, unless the suite plans more.
    """

    workspace: Workspace
    store: Store
    suite: Suite
    target: Target
    most_replies: int

    def open_assertions(self, model_name: str, rounds: int) -> tuple[Assertion, ...]:
        """Return the assertions that a further round may settle.

        They are judged by the evidence that may be looked at any time: with the exact test of a single round, looking
        and then going on would spend its error twice.

        Args:
            model_name: The served id.
            rounds: Rounds asked so far.
        """
        left = tuple(
            assertion
            for assertion in self.suite.assertions
            if most_rounds(self.suite, assertion, self.most_replies) > rounds
        )
        side, _ = stored_side(self.workspace, self.store, self.suite, self.target, model_name)
        if side is None or not left:
            return left
        old = accepted_side(self.workspace, self.store, self.suite, self.target, side)
        tables = replace(side.tables, claims=_open_ended(side.tables.claims))
        verdicts = judge_suite(
            self.suite, old, replace(side, tables=tables), self.workspace.instruments, self.target.kind
        )
        return tuple(assertion for assertion in left if _may_settle(verdicts[assertion.id]))

    def probes_of(self, assertions: tuple[Assertion, ...]) -> tuple[Probe, ...]:
        """Return the probes that these assertions rest on, their arms included, in the order of the suite."""
        tags = {tag for assertion in assertions for tag in _arms(assertion)}
        return tuple(probe for probe in self.suite.probes if None in tags or not probe.tags.isdisjoint(tags - {None}))


def _arms(assertion: Assertion) -> tuple[str | None, ...]:
    alive = () if assertion.alive_if is None else (assertion.alive_if.on,)
    live = () if assertion.live is None else (assertion.live.on,)
    return (assertion.on, *alive, *live)


def _open_ended(tables: Mapping[str, ReadingTable]) -> dict[str, ReadingTable]:
    return {name: replace(table, planned_rounds=max(2, table.planned_rounds)) for name, table in tables.items()}


def _may_settle(verdict: Verdict) -> bool:
    return isinstance(verdict, Inconclusive) and verdict.why not in _FOR_A_PERSON
