"""The account of one verdict: which replies it rests on, what would change it, and the bets behind its figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Reading
from rebaseline.domain.verdict import VerdictName

__all__ = ["Account", "Cited", "CitedGroup", "GroupKind", "ReadAs", "Stake", "Stakes", "TurningPoint", "VoidSplit"]


class ReadAs(StrEnum):
    """How replies would have to be read."""

    PASS = "pass"  # noqa: S105 - a reading, not a password
    FAIL = "fail"


class GroupKind(StrEnum):
    """What the replies of one group have in common."""

    FAILS = "fails"
    PARTIAL = "scores between"
    WORSE = "worse than their partner"
    BETTER = "better than their partner"
    VOIDS = "voids"
    ARM = "arm"
    """Replies of the arm that must show engagement, which do not pass its check."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One reply that an auditor may want to look up.

    Attributes:
        probe: Probe id.
        sample: Sample index, from 0.
        reading: What the check made of it.
        old_reading: What it made of the baseline's sample of the same probe; None where there is none.
        text: The reply, untrusted; None where it was not fetched or is not at hand.
    """

    probe: str
    sample: int
    reading: Reading
    old_reading: Reading | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CitedGroup:
    """Replies that count alike.

    Attributes:
        kind: How they count.
        replies: In the order of the rounds.
        broken: The assumption that made them void; None for others.
        forms: The forms, where form is what broke.
    """

    kind: GroupKind
    replies: tuple[Cited, ...]
    broken: Assumption | None = None
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The fewest replies that would have to be read otherwise for another verdict, its check's own tests left alone.

    Attributes:
        read_as: How they would have to be read.
        number: How many, at least 1.
        of: How many there are that are not read so.
        verdict: The verdict with so many read so.
        exact: No smaller number does, whichever replies are chosen; else one may, and this many do.
        whole_probes: It is probes that are counted, each with all its samples: the target is known to be steady.
    """

    read_as: ReadAs
    number: int
    of: int
    verdict: VerdictName
    exact: bool = True
    whole_probes: bool = False


@dataclass(frozen=True, slots=True)
class VoidSplit:
    """What the verdict would be, could every void reply be read.

    Attributes:
        voids: Replies that the check could not read; requests without a reply are left out.
        holds_from: Fewest passes among them with which the claim holds, whichever they are; None where none would do.
        fails_to: Most passes among them with which it fails, whichever they are; None where it never does.
        all_pass: The verdict if every one passed.
        all_fail: The verdict if every one failed.
        exact: Both numbers are true whichever replies pass; else of the replies that count most against them.
    """

    voids: int
    holds_from: int | None
    fails_to: int | None
    all_pass: VerdictName
    all_fail: VerdictName
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Stake:
    """What became of a share of the first stake, laid on one bet or on several of a grid.

    Attributes:
        lowest: Smallest lambda among the bets, 0 or more.
        highest: Largest lambda among them.
        bets: How many.
        share: Their share of the first stake, in (0, 1].
        log_stake: Natural log of what they are worth now; minus infinity where all is lost.
    """

    lowest: float
    highest: float
    bets: int
    share: float
    log_stake: float


@dataclass(frozen=True, slots=True)
class Stakes:
    """The bets of one e-value, at the end of the round in which they were worth most.

    Attributes:
        theta: The level that they are laid against, on the scale of the values.
        round: That round, from 1; 0 where they were never worth more than at the start.
        parts: The grid first, then the bets of their own.
    """

    theta: float
    round: int
    parts: tuple[Stake, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What an auditor needs beside the evidence.

    Attributes:
        groups: The replies that decide, the weightiest group first; passes are not listed.
        turning: What would change the verdict, the nearest first in each direction.
        void_split: How the verdict falls if the voids are read; None where it does not hang on them.
        in_order: The verdict if the tests of the check had come out right; None where they do not stand in the way.
        above: The bets on "above the bar" on the harshest and on the kindest reading; None where none were laid.
        below: The bets on "under the bar" on the harshest and on the kindest reading; None where none were laid.
        drop: The bets on a drop, on the kindest reading; None without pairs.
    """

    groups: tuple[CitedGroup, ...] = ()
    turning: tuple[TurningPoint, ...] = ()
    void_split: VoidSplit | None = None
    in_order: VerdictName | None = None
    above: tuple[Stakes, Stakes] | None = None
    below: tuple[Stakes, Stakes] | None = None
    drop: Stakes | None = None
