"""What changed in the manner of replies, how much samples disagree, and what an unchanged model looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Behaviour", "Flicker", "Manner", "Note", "NoteKind", "Placebo", "Split"]


@dataclass(frozen=True, slots=True)
class Manner:
    """Plain measures of one model version's replies: shares of replies, without uncertainty and without a claim.

    Attributes:
        replies: Replies measured.
        shares: Share of replies with a fence, emphasis, a list, a cut, …, in [0, 1].
        mean_characters: Mean length; None without replies.
        mean_output_tokens: Mean of what the provider counted; None where it did not.
    """

    replies: int
    shares: Mapping[str, float]
    mean_characters: float | None
    mean_output_tokens: float | None


class NoteKind(StrEnum):
    """What a note compares."""

    SHARE = "share"
    """The share of replies that bear a mark, averaged over probes."""
    OPENING = "opening"
    """The share of replies that open with certain words."""
    RATIO = "ratio"
    """A length, a time or a cost: the typical ratio of the new one to the old one at the same probe."""


@dataclass(frozen=True, slots=True)
class Note:
    """One change in the manner of the replies that stands at the false discovery rate.

    Attributes:
        measure: Its name, such as `fences`; of an opening the words themselves, which quote replies and are untrusted.
        kind: What is compared.
        old: Mean over probes on the old side: a share in [0, 1], or an amount in the measure's own unit.
        new: The same on the new side.
        estimate: Difference of the shares in [-1, 1], or the median ratio new / old over probes.
        low: Lower end of its interval.
        high: Upper end. The intervals of all notes together miss the truth for a share of at most the level.
        effect: Standardised effect in [-1, 1]: how much more often than not the new reply to a probe has more of it.
            For a mark this is the difference of the shares.
        log_e: Natural log of the e-value against "unchanged".
        probes: Probes that were compared.
    """

    measure: str
    kind: NoteKind
    old: float
    new: float
    estimate: float
    low: float
    high: float
    effect: float
    log_e: float
    probes: int


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What changed in the manner of the replies over the whole diff.

    Attributes:
        notes: What stands, the largest effect first.
        measures: Measures that were looked at, openings apart.
        openings: Openings that were looked at.
        probes: Probes with a reply on both sides.
        level: False discovery rate that is held, and the share of intervals that may miss.
    """

    notes: tuple[Note, ...]
    measures: int
    openings: int
    probes: int
    level: float


@dataclass(frozen=True, slots=True)
class Flicker:
    """How much the samples of one probe disagree with each other on one model version.

    Replies that never came are left out: they say nothing of the model.

    Attributes:
        probes: Probes that have two readings or more; of others it cannot be seen.
        flickering: Of these, probes whose readings do not all agree.
        disagreement: Probability that two samples of a probe are read differently, on average over these probes, in
            [0, 1]: the unbiased estimate. A void differs from every value. None where there is no such probe.
        variance: Mean over probes of the unbiased variance of their values, p (1 - p) for 0/1, in [0, 1/4]; None where
            no probe has two values.
        names: The probes that flicker.
    """

    probes: int
    flickering: int
    disagreement: float | None
    variance: float | None
    names: frozenset[str] = frozenset()


class Split(StrEnum):
    """How the old version's samples were put into two halves."""

    SESSIONS = "sessions"
    """Every other session: a drift between sessions would be seen."""
    ROUNDS = "rounds"
    """Every other round of the same session."""
    BOTH = "sessions, or rounds where there is one session"
    """Suites differ in it."""


@dataclass(frozen=True, slots=True)
class Placebo:
    """The old version against itself, by the rules of the diff: what unchanged looks like.

    Attributes:
        compared: Assertions whose old samples made two halves.
        left_out: Assertions with one round of old samples, or none.
        changed: Names of those with another settled verdict on the second half, or with a change shown.
        unsettled: Of those compared, how many are unsettled on a half: halves hold fewer replies than the diff.
        split: How the halves were made; None where nothing was compared.
        notes: Notes that stand between the halves; None where the old replies are not at hand.
    """

    compared: int
    left_out: int
    changed: tuple[str, ...]
    unsettled: int
    split: Split | None
    notes: int | None
