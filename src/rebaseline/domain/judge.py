"""Judges: a model as an instrument, pinned to a version and held against transcripts that people labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rebaseline.domain.instrument import Look
from rebaseline.domain.location import NOWHERE, Location

__all__ = [
    "EMPTY_BENCH",
    "JUDGE",
    "KAPPA_FLOOR",
    "LEAST_ANCHORS",
    "Anchor",
    "Bench",
    "Judge",
    "JudgeKind",
    "JudgeVersion",
    "judging_suite",
]

JUDGE = "judge"
"""The name of the check that asks a judge."""
KAPPA_FLOOR = 0.6
"""Least agreement with people, as Cohen's kappa: "substantial" begins there (Landis and Koch 1977)."""
LEAST_ANCHORS = 20
"""Anchors below which kappa says little: at a true .8 its standard error is then about .13."""


class JudgeKind(StrEnum):
    """What a judge is shown beside the reply."""

    RUBRIC = "rubric"
    """What must be true of the reply, in words."""
    REFERENCE = "reference"
    """An answer that is right; the reply must say the same."""
    PAIRWISE = "pairwise"
    """Another reply; both orders are asked, since judges favour a place."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A transcript that people labelled. It tests the judge, not the model.

    Attributes:
        reply: The reply.
        label: What people say, on the scale of the judge's values, in [0, 1].
        asked: What the reply answers; empty where that is not shown.
        given: Row fields that the judge's templates see.
        where: Its place in a file.
    """

    reply: str
    label: float
    asked: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    where: Location = NOWHERE


@dataclass(frozen=True, slots=True, order=True)
class JudgeVersion:
    """Who judges: a target of the project, and the served id that must answer.

    Attributes:
        target: Target name.
        served: The id that its replies must name. An alias that stands for another id is refused.
    """

    target: str
    served: str

    def __str__(self) -> str:
        return self.served


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge of a suite.

    Attributes:
        id: Unique in the suite; checks name it.
        version: Who judges.
        kind: What it is shown beside the reply.
        rubric: What it judges by, in words; may hold templates.
        reference: Template of the right answer, or of the other reply; not used by a rubric.
        scale: Highest number of points, from 2; None for pass or fail.
        passes_from: Points that are a pass, so that its value is 0 or 1; None for a value between.
        samples: How often each reply is judged, at least 1. Of passes and fails the majority counts, of points the
            mean.
        parameters: Request parameters, sent as written.
        anchors: Labelled transcripts.
        floor: Least kappa on the anchors, in (0, 1).
        previous: Who judged before, so that both can be told apart when they change together with the model; None
            for whoever the store holds.
        where: Its place in a file.
        fingerprint: Digest of everything that can change what it says, its version included; anchors are left out.
        settings: Fingerprint of how its target is asked, which the suite does not know; empty until somebody looked.
    """

    id: str
    version: JudgeVersion
    kind: JudgeKind = JudgeKind.RUBRIC
    rubric: str = ""
    reference: str = "{{ reference }}"
    scale: int | None = None
    passes_from: int | None = None
    samples: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
    floor: float = KAPPA_FLOOR
    previous: JudgeVersion | None = None
    where: Location = NOWHERE
    fingerprint: str = ""
    settings: str = ""

    @property
    def mark(self) -> str:
        """What a baseline keeps of who judged: the version, and the settings that it was asked with."""
        return f"{self.version.served} / {self.settings}" if self.settings else self.version.served

    @property
    def graded(self) -> bool:
        """Whether its values may lie between 0 and 1."""
        return self.kind is JudgeKind.PAIRWISE or (self.scale is not None and self.passes_from is None)


@dataclass(frozen=True, slots=True)
class Bench:
    """The judges of a suite with what they said. What one has not been asked yet is missing.

    Attributes:
        judges: By id.
        votes: By judge id and fingerprint of a request: what was read of each answer, by sample. A vote without a value
            is an answer that could not be read.
    """

    judges: Mapping[str, Judge] = field(default_factory=dict)
    votes: Mapping[str, Mapping[str, tuple[Look | None, ...]]] = field(default_factory=dict)

    def votes_of(self, judge: Judge, request: str) -> tuple[Look, ...] | None:
        """Return the votes on a request, those of the last time that it was asked in full; None while it never was."""
        found = self.votes.get(judge.id, {}).get(request, ())
        for start in reversed(range(0, len(found), judge.samples)):
            cast = tuple(vote for vote in found[start : start + judge.samples] if vote is not None)
            if len(cast) == judge.samples:
                return cast
        return None


EMPTY_BENCH = Bench()
"""The bench of a suite without judges."""


def judging_suite(suite: str, judge: str) -> str:
    """Return the name under which a judge's answers are stored. No suite can have it: ids hold no slash."""
    return f"{suite}/judge/{judge}"
