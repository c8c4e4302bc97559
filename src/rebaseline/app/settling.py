"""Which assertions more replies would still settle, so that a run stops where they would change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rebaseline.app.benches import instruments_of
from rebaseline.app.comparing import judge_suite
from rebaseline.app.diffing import accepted_side
from rebaseline.app.sides import stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Assertion, Probe, Suite
from rebaseline.domain.verdict import Inconclusive, Unmeasured, Unsettled, Verdict
from rebaseline.store.store import Store

__all__ = ["Open", "Settling"]

_FOR_A_PERSON = frozenset({Unsettled.POSSIBLE})
"""Doubts that no further reply removes: somebody must look at the void ones."""


@dataclass(frozen=True, slots=True)
class Open:
    """An assertion that further replies may settle.

    Attributes:
        assertion: The assertion.
        most_rounds: Rounds after which it is given up.
    """

    assertion: Assertion
    most_rounds: int


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

    def open_assertions(self, model_name: str) -> tuple[Open, ...]:
        """Return the assertions that further replies may settle.

        They are judged by the evidence that may be looked at any time: with the exact test of a single round, looking
        and then going on would spend its error twice.

        Args:
            model_name: The served id.
        """
        side, _ = stored_side(self.workspace, self.store, self.suite, self.target, model_name)
        if side is None:
            return tuple(Open(assertion, self._planned_rounds(assertion)) for assertion in self.suite.assertions)
        old = accepted_side(self.workspace, self.store, self.suite, self.target, side)
        tables = replace(side.tables, claims=_open_ended(side.tables.claims))
        instruments = instruments_of(self.workspace, self.store, self.suite)
        verdicts = judge_suite(self.suite, old, replace(side, tables=tables), instruments, self.target.kind)
        return tuple(
            found for assertion in self.suite.assertions if (found := self._open(assertion, verdicts[assertion.id]))
        )

    def _open(self, assertion: Assertion, verdict: Verdict) -> Open | None:
        """Return an assertion whose verdict is open; what the suite plans is asked of one that nothing is known of."""
        planned = self._planned_rounds(assertion)
        match verdict:
            case Inconclusive(why=why) if why not in _FOR_A_PERSON:
                probes = max(1, len(self.suite.probes_on(assertion.on)))
                return Open(assertion, max(planned, -(-self.most_replies // probes)))
            case Unmeasured():
                return Open(assertion, planned)
            case _:
                return None

    def _planned_rounds(self, assertion: Assertion) -> int:
        return min((probe.samples for probe in self.suite.probes_on(assertion.on)), default=1)

    def probes_of(self, found: tuple[Open, ...]) -> tuple[Probe, ...]:
        """Return the probes that these assertions rest on, their arms included, in the order of the suite."""
        tags = {tag for each in found for tag in _arms(each.assertion)}
        return tuple(probe for probe in self.suite.probes if None in tags or not probe.tags.isdisjoint(tags - {None}))


def _arms(assertion: Assertion) -> tuple[str | None, ...]:
    alive = () if assertion.alive_if is None else (assertion.alive_if.on,)
    live = () if assertion.live is None else (assertion.live.on,)
    against = () if assertion.live is None or assertion.live.against is None else (assertion.live.against,)
    return (assertion.on, *alive, *live, *against)


def _open_ended(tables: Mapping[str, ReadingTable]) -> dict[str, ReadingTable]:
    return {name: replace(table, planned_rounds=max(2, table.planned_rounds)) for name, table in tables.items()}
