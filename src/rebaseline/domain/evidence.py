"""What the replies of one model version say about one assertion, and how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rebaseline.domain.form import Form
from rebaseline.domain.reading import OUTSTANDING, Assumption

__all__ = [
    "MIDDLE_CASES",
    "AnchorEvidence",
    "ArmCounts",
    "ArmEvidence",
    "Evidence",
    "FreshEvidence",
    "GroupFacts",
    "LabelEvidence",
    "LimitEvidence",
    "Method",
    "Outlook",
    "SeparationEvidence",
]

MIDDLE_CASES = 2
"""Fewest labelled transcripts in the middle of a scale that show a judge gone binary."""


class Method(StrEnum):
    """How evidence was weighed."""

    E_PROCESS = "e-process"
    """Replies came in rounds; evidence may be looked at after each complete one."""
    ONE_LOOK = "one look"
    """One reply a probe, looked at once: exact binomial."""
    STEADY = "steady"
    """Two sessions agreed in every reading: arithmetic about these replies, no error level."""
    NONE = "none"
    """No complete round was read."""


@dataclass(frozen=True, slots=True)
class LimitEvidence:
    """Evidence from one of the two limits: `low` takes void as 0, `high` takes void as 1.

    Attributes:
        mean: Mean of the values; None when nothing was read.
        log_e_above: Highest log stake on "the mean exceeds the bar" at any round end; what is shown stays shown.
        log_e_below: The same for "lies under the bar".
        last_above: Log e-value on "exceeds" at the last round end; this one may enter e-BH.
        last_below: The same for "lies under the bar".
        p_above: Exact p-value of one look; None for the other methods.
        p_below: The same for "lies under the bar".
    """

    mean: float | None
    log_e_above: float
    log_e_below: float
    last_above: float = 0.0
    last_below: float = 0.0
    p_above: float | None = None
    p_below: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts, bounds, e-values, method, and what they were computed from.

    Attributes:
        method: How it was weighed.
        theta: The bar on the scale of the values, in (0, 1). For pairs, on the scale y = (1 + d) / 2.
        probes: Number of probes.
        rounds: Complete rounds that were read.
        planned_rounds: Rounds that the suite plans.
        passes: Readings with value 1.
        fails: Readings with value 0.
        partial: Readings strictly between.
        voids: Voids by broken assumption.
        void_forms: Forms that made replies void, the most frequent first.
        unread: Attempts of an incomplete round, not read.
        low: Evidence with every void against the claim.
        high: Evidence with every void in its favour.
        bounds: Shown bounds of the passing rate: the lower one from `low`, the upper one from `high`.
        flip_bound: For a steady target, most of the probes that may still flip, upper 95 % bound; else None.
        leading_voids: How many replies, from the first on, were all void.
        violations: Readings with a value under 1, attempts of an incomplete round included.
        possible_violations: Voids, attempts of an incomplete round included.
        paired: The values are differences from the baseline's stored samples.
        log_e_drop: For pairs, highest log stake on "there is a drop" on the kindest reading; None otherwise.
        last_drop: The same at the last round end; this one may enter e-BH.
        pairs_missing: Replies without a partner in the baseline; they were not read.
        late_replies: Replies of rounds beyond the plan. Of these it is not asked whether too many are void: that test
            is made once, on what was planned, and would err the oftener the longer a run goes on.
        late_unreadable: How many of them the check could not read; faults are not counted.
    """

    method: Method
    theta: float
    probes: int
    rounds: int
    planned_rounds: int
    passes: int
    fails: int
    partial: int
    voids: Mapping[Assumption, int]
    unread: int
    low: LimitEvidence
    high: LimitEvidence
    bounds: tuple[float, float] = (0.0, 1.0)
    void_forms: tuple[Form, ...] = ()
    flip_bound: float | None = None
    leading_voids: int = 0
    violations: int = 0
    possible_violations: int = 0
    paired: bool = False
    log_e_drop: float | None = None
    last_drop: float | None = None
    pairs_missing: int = 0
    late_replies: int = 0
    late_unreadable: int = 0

    @property
    def replies(self) -> int:
        """Replies that were read, voids included."""
        return self.passes + self.fails + self.partial + self.void_count

    @property
    def void_count(self) -> int:
        """Replies that the check could not read."""
        return sum(self.voids.values())

    @property
    def outstanding(self) -> int:
        """Of the voids, those that asking again may bring: no reply came, or no judge has read it."""
        return sum(count for broken, count in self.voids.items() if broken in OUTSTANDING)

    @property
    def planned_replies(self) -> int:
        """Replies of the planned rounds, as far as these were read."""
        return self.replies - self.late_replies

    @property
    def planned_unreadable(self) -> int:
        """How many of them the check could not read."""
        return self.void_count - self.outstanding - self.late_unreadable


@dataclass(frozen=True, slots=True)
class ArmEvidence:
    """What the arm that must show engagement showed.

    Attributes:
        shown: The arm does what it must.
        refuted: The arm is shown not to.
        passes: Replies of the arm that pass its check.
        replies: Replies of the arm, voids included.
    """

    shown: bool
    refuted: bool
    passes: int
    replies: int


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """What a check made of the replies of one live arm, in the rounds that both arms have.

    Attributes:
        passes: Replies that it passes.
        replies: Replies, voids included.
    """

    passes: int
    replies: int


@dataclass(frozen=True, slots=True)
class SeparationEvidence:
    """Whether a check tells replies that must pass from replies that must fail, by Youden's J.

    J is the mean value where replies must pass, less the mean value where they must fail: 1 for a check that is always
    right, 0 for one that reads nothing.

    Attributes:
        shown: J is shown to reach its floor, at the level of Holds, and `lowest` still does.
        refuted: J is shown to lie under it, at an alarm's level.
        floor: Least J, in (0, 1).
        must_pass: The arm whose replies must pass.
        must_fail: The arm whose replies must fail.
        lowest: Estimate of J with every void against the check, in [-1, 1]; None without a round of both arms.
        highest: The same with every void in its favour.
        log_e_reached: Highest log stake on "J reaches its floor", on the harshest reading.
        log_e_below: Highest log stake on "J lies under its floor", on the kindest reading.
    """

    shown: bool
    refuted: bool
    floor: float
    must_pass: ArmCounts
    must_fail: ArmCounts
    lowest: float | None = None
    highest: float | None = None
    log_e_reached: float = 0.0
    log_e_below: float = 0.0


@dataclass(frozen=True, slots=True)
class AnchorEvidence:
    """How a judge reads the transcripts that people labelled. They are a fixed set, so this is a fact about them.

    Attributes:
        judge: Judge id.
        version: Who judged.
        anchors: Labelled transcripts.
        read: Of these, those that the judge read.
        unread: Of these, those whose judgement could not be read; the rest is not judged yet.
        matrix: Rows by what people say, columns by what the judge says, from the lowest category to the highest.
        categories: What rows and columns stand for.
        agreed: Transcripts on which both say the same.
        kappa: Agreement beyond chance; weighted where the judge gives points; None where it is not defined.
        floor: Least kappa.
        middle: Transcripts that people place between the ends of the scale, and that the judge read.
        middle_kept: Of these, those that the judge places between them too.
        moved_from: Who judged the baseline's readings, where these were not read again by this judge; else empty.
        decides: What it says may be why the claim fails. A judge that reads only a second time, or an arm that must
            show engagement, can take a pass away and cause no fail; nor does one where the rest of the check fails.
    """

    judge: str
    version: str
    anchors: int
    read: int
    unread: int
    matrix: tuple[tuple[int, ...], ...]
    categories: tuple[str, ...]
    agreed: int
    kappa: float | None
    floor: float
    middle: int = 0
    middle_kept: int = 0
    moved_from: str = ""
    decides: bool = True

    @property
    def pending(self) -> bool:
        """Whether some transcript is not judged yet."""
        return self.read + self.unread < self.anchors

    @property
    def misreads(self) -> bool:
        """Whether it does not read as people do: one that could not be read counts as read wrongly."""
        return not self.pending and (self.kappa is None or self.kappa < self.floor)

    @property
    def gone_binary(self) -> bool:
        """Whether it places at an end of its scale everything that people place in the middle."""
        return not self.pending and self.middle >= MIDDLE_CASES and self.middle_kept == 0


@dataclass(frozen=True, slots=True)
class LabelEvidence:
    """What people's labels of replies drawn at random say of the check, over all replies of complete rounds.

    Rates are means over these replies of what a person would say of each. A pair is the harshest and the kindest
    reading: of voids, of replies that never came, and of labels `unclear`.

    Attributes:
        replies: Replies of complete rounds.
        drawn: Of these, labelled after a draw at random: all that the rates rest on.
        chosen: Replies of complete rounds with a label, that no draw chose.
        unclear: Of those drawn, labelled `unclear`, or only by somebody who chose the reply.
        read: Mean of the check's own readings, labels left out.
        corrected: The check's mean plus the mean of what it gets wrong; None where nothing was drawn.
        bounds: Shown bounds of the rate, each at 1/20.
        alarm_bounds: The same at the level of an alarm, 1/200.
        false_passes: Drawn replies that the check passed and a person fails.
        passes_checked: Drawn replies that the check passed and a person could judge.
        false_fails: Drawn replies that the check did not pass and a person passes.
        fails_checked: Drawn replies that the check did not pass and a person could judge.
        false_pass_bound: Upper bound of the share of false passes among passes, at 1/20.
        false_fail_bound: Upper bound of the share of false fails among fails, at 1/20.
        foreign_draws: Draws that were made from other replies than are read here, and so say nothing of these.
    """

    replies: int
    drawn: int
    chosen: int
    unclear: int
    read: tuple[float, float]
    corrected: tuple[float, float] | None
    bounds: tuple[float, float]
    alarm_bounds: tuple[float, float]
    false_passes: int = 0
    passes_checked: int = 0
    false_fails: int = 0
    fails_checked: int = 0
    false_pass_bound: float = 1.0
    false_fail_bound: float = 1.0
    foreign_draws: int = 0


@dataclass(frozen=True, slots=True)
class FreshEvidence:
    """Replies in which both model versions give the same other answer than the reference: is the reference right?

    Attributes:
        probes: Probes on which the old version never passes and gave the very answer that the new one now fails with.
        replies: Replies of the new version that give it.
        source: Who wrote the references, as the suite says; empty where it does not.
        blocks: The suite says so, and without these replies no failure is shown.
    """

    probes: tuple[str, ...]
    replies: int
    source: str = ""
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """Tests of the instrument, apart from any one reply.

    Attributes:
        missed_faults: Controls that must fail and were read as a pass: they block Holds.
        false_alarms: Controls that must pass and were read as a fail: they block Failing.
        alive: The arm that must show engagement; None where the assertion names none.
        separation: The live control arms; None where the assertion names none.
        shown_able_to_fail: The check was seen to catch a known fault or a real one (sensitivity).
        dead_faults: Names of seeded faults that the check missed.
        anchors: How the judges that it asks read their labelled transcripts.
        labels: What people's labels of a random sample say of the check; None where there are none.
        fresh: Answers on which both versions agree against the reference; None where there are none.
        confirmed: Replies that a person calls a fail, those of incomplete rounds included.
        purged: Replies that it rests on, those of its arms and of incomplete rounds included, that were purged.
        labels_purged: Some of them may have borne a person's label.
    """

    missed_faults: tuple[str, ...] = ()
    false_alarms: tuple[str, ...] = ()
    alive: ArmEvidence | None = None
    separation: SeparationEvidence | None = None
    shown_able_to_fail: bool = False
    dead_faults: tuple[str, ...] = field(default_factory=tuple)
    anchors: tuple[AnchorEvidence, ...] = ()
    labels: LabelEvidence | None = None
    fresh: FreshEvidence | None = None
    confirmed: int = 0
    purged: int = 0
    labels_purged: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What more replies would bring, computed by whoever holds the tallies.

    Attributes:
        needed: About how many more replies settle it at the rate seen so far; None where none would.
        would_have_seen: Largest rate under the bar that these replies would have shown; None where none.
    """

    needed: int | None = None
    would_have_seen: float | None = None
