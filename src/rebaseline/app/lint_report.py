"""What lint found, and how many seeded faults the checks of each suite kill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from rebaseline.assess.seeding import MutationScore
from rebaseline.errors import Problem

__all__ = ["LintReport", "SuiteScore"]


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """How many seeded faults the checks of one suite kill.

    Attributes:
        suite: Suite id.
        assertions: By assertion id; one in which no fault could be put is among them.
        replies: Stored replies that faults were put in, beside the controls.
    """

    suite: str
    assertions: Mapping[str, MutationScore]
    replies: int = 0

    @property
    def total(self) -> MutationScore:
        """The score of the suite: over all faults of all assertions."""
        return reduce(MutationScore.__add__, self.assertions.values(), MutationScore())


@dataclass(frozen=True, slots=True)
class LintReport:
    """What lint found.

    Attributes:
        problems: Findings by file and line; errors stop a suite from being used.
        suites: Suites that loaded.
        probes: Their probes.
        assertions: Their assertions.
        controls: Static controls that were read.
        controls_right: Of these, read as they must be.
        scores: Mutation scores, one a suite.
    """

    problems: tuple[Problem, ...]
    suites: int
    probes: int
    assertions: int
    controls: int
    controls_right: int
    scores: tuple[SuiteScore, ...]

    @property
    def failed(self) -> bool:
        """Some finding stops a suite from being used."""
        return any(problem.level == "error" for problem in self.problems)

    @property
    def total(self) -> MutationScore:
        """The score over all faults of all suites."""
        return reduce(MutationScore.__add__, (score.total for score in self.scores), MutationScore())
