"""The outcome of a diff: every assertion on the old and on the new model version, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rebaseline.domain.account import Account
from rebaseline.domain.behaviour import Behaviour, Flicker, Manner, Placebo
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.decision import Waiver
from rebaseline.domain.evidence import Evidence, GroupFacts
from rebaseline.domain.form import Form
from rebaseline.domain.judge_shift import JudgeShift
from rebaseline.domain.model import ModelVersion, System
from rebaseline.domain.reading import Reading
from rebaseline.domain.repair import Repairs
from rebaseline.domain.suite import Assertion
from rebaseline.domain.verdict import Transition, Verdict

__all__ = [
    "Attribution",
    "Comparison",
    "Concessions",
    "Diff",
    "Difference",
    "Example",
    "Preview",
    "Provider",
    "RuleChange",
    "ShownBy",
    "Side",
]


@dataclass(frozen=True, slots=True)
class Side:
    """One assertion on one model version.

    Attributes:
        verdict: The verdict.
        evidence: What it rests on.
        group: Tests of the instrument.
    """

    verdict: Verdict
    evidence: Evidence
    group: GroupFacts


@dataclass(frozen=True, slots=True)
class Example:
    """One probe's old and new reply that show what happened. Texts are untrusted.

    Attributes:
        probe: Probe id.
        sample: Sample index.
        old_text: The baseline's reply; None where it is not at hand.
        new_text: The candidate's reply; None where there is none.
        old_reading: How the old one was read.
        new_reading: How the new one was read.
        old_purged: The baseline's reply is not at hand since it was purged.
    """

    probe: str
    sample: int
    old_text: str | None
    new_text: str | None
    old_reading: Reading | None
    new_reading: Reading | None
    old_purged: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What the verdicts would be, should the one open question be answered this way. Nothing was asked again.

    Attributes:
        forms: The forms that the question is about.
        undone: Verdict on the candidate if what reads the reply undoes them.
        undone_passes: Replies that then pass.
        breaks: Verdict on the candidate if it breaks on them.
        breaks_passes: Replies that then pass.
        replies: Replies read.
        old_undone: Verdict on the old model version if undone; None where it is not at hand.
        old_undone_passes: Its replies that then pass.
        old_replies: Its replies read.
    """

    forms: tuple[Form, ...]
    undone: Verdict
    undone_passes: int
    breaks: Verdict
    breaks_passes: int
    replies: int
    old_undone: Verdict | None = None
    old_undone_passes: int = 0
    old_replies: int = 0


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is not the accepted one any more.

    Attributes:
        what: `bar`, `check`, `claimed forms`, ….
        old: Its old state, for people.
        new: Its new state.
        direction: `looser`, `tighter` or empty where neither can be said.
    """

    what: str
    old: str
    new: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Concessions:
    """How much was conceded, as the ledger has it.

    Attributes:
        since: Day of the first entry; None where there is none.
        loosened: Rules that were made looser.
        waived: Waivers that were given, whatever became of them.
    """

    since: date | None = None
    loosened: int = 0
    waived: int = 0


class ShownBy(StrEnum):
    """What shows that an assertion is able to fail."""

    CONTROL = "control"
    """A transcript that must fail, and does."""
    FAILURE = "real failure"
    """A reply of either side that fails."""
    FAULT = "seeded fault"
    """A passing reply with a known fault put in, which fails."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One assertion across the change.

    Attributes:
        suite: Suite id.
        assertion: The assertion as it stands now.
        old: The baseline's side; None for a new assertion.
        new: The candidate's side.
        change: What the pairs show.
        transition: From the old verdict to the new.
        stands: The alarm stands at the false discovery rate over the whole diff; None where it is no alarm by e-value.
        shown_by: What showed that the assertion is able to fail; None where nothing did.
        example: A pair of replies that shows what happened; None where nothing needs showing.
        preview: The one open question and its consequences; None where there is none.
        rule_changes: What is not as it was accepted.
        judge_shifts: What earlier versions of its judges say of the same replies.
        account: Which replies decide and what would change the verdict; None where nobody asked.
        repairs: What was tried to mend it; None where nobody asked, or nothing is to be mended.
        old_flicker: How much the old version's samples of one probe disagree; None without an old side.
        new_flicker: The same of the new version.
        waiver: The waiver of this finding, expired or not; None where there is none.
        waiver_over_days: Days since its last day; 0 while it stands.
    """

    suite: str
    assertion: Assertion
    old: Side | None
    new: Side
    change: ChangeEvidence
    transition: Transition
    stands: bool | None = None
    shown_by: ShownBy | None = None
    example: Example | None = None
    preview: Preview | None = None
    rule_changes: tuple[RuleChange, ...] = ()
    judge_shifts: tuple[JudgeShift, ...] = ()
    account: Account | None = None
    repairs: Repairs | None = None
    old_flicker: Flicker | None = None
    new_flicker: Flicker | None = None
    waiver: Waiver | None = None
    waiver_over_days: int = 0

    @property
    def name(self) -> str:
        """Suite and assertion, as people name it."""
        return f"{self.suite}/{self.assertion.id}"

    @property
    def is_waived(self) -> bool:
        """A waiver that is not over covers the finding: it does not block."""
        return self.waiver is not None and not self.waiver_over_days

    @property
    def able_to_fail(self) -> bool:
        """The assertion was shown able to fail."""
        return self.shown_by is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between the two sides apart from the replies.

    Attributes:
        what: `model`, `parameters`, `build`, `sdk`, `suite`, ….
        old: As it was.
        new: As it is.
    """

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """What differs between baseline and candidate. It never enters a verdict.

    Attributes:
        differences: What differs.
        equal: What was compared and is equal.
        unknown: What could not be compared.
    """

    differences: tuple[Difference, ...]
    equal: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """What the candidate's provider did, over all attempts of the diff.

    Attributes:
        answered: Replies.
        confirmed: Replies that name the served model of the diff.
        rejected: Requests that the provider did not take.
        faulted: Requests that ended in a fault.
        unknown_model: Requests answered with "no such model".
        copies: Replies with the request id of an earlier one (a cache answered): not read, since copies count once.
        culprits: Parameters that were shown to be why requests were rejected, with counts.
        novelty: What replies held that we have not seen before, content that was not read included, with counts.
        input_tokens: Tokens of the requests that were answered, as far as they were counted.
        output_tokens: Tokens of the replies, as far as they were counted.
        uncounted: Replies whose tokens were not counted.
    """

    answered: int = 0
    confirmed: int = 0
    rejected: int = 0
    faulted: int = 0
    unknown_model: int = 0
    copies: int = 0
    culprits: Mapping[str, int] | None = None
    novelty: Mapping[str, int] | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class Diff:
    """All assertions of the suites that were compared.

    Attributes:
        system: The system, where the project names one.
        target: Target name.
        old: The old model version.
        new: The new model version.
        comparisons: One an assertion, in the order of the suites.
        attribution: What differs apart from the replies.
        old_manner: Plain manner of the old replies, or what a baseline kept of it; None where neither is at hand.
        new_manner: Plain manner of the new replies.
        old_provider: What the old side's provider did.
        new_provider: What the new side's provider did.
        old_source: `baseline` or `store`.
        accepted: Who accepted the baseline, when and why; empty for a comparison of two stored versions.
        notes: What the reader must know, such as replies to probes that have changed since.
        redactions: How many rules take something out of replies before they are stored; 0 where nothing is.
        probes: Probes compared.
        recorded: The target's replies are imported: nobody can be asked.
        usd: What the new side's replies cost, asked one by one; None where a price or a count of tokens is not known.
        behaviour: What changed in the manner of the replies; None where the old replies are not at hand.
        placebo: The old version against itself; None without an old side.
        ledger_head: Digest of the ledger's head; empty where there is no entry, or not all can be relied upon.
        concessions: How often rules were loosened and waivers given.
    """

    system: System
    target: str
    old: ModelVersion
    new: ModelVersion
    comparisons: tuple[Comparison, ...]
    attribution: Attribution
    old_manner: Manner | None
    new_manner: Manner
    old_provider: Provider
    new_provider: Provider
    old_source: str
    accepted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    redactions: int = 0
    probes: int = 0
    recorded: bool = False
    usd: float | None = None
    behaviour: Behaviour | None = None
    placebo: Placebo | None = None
    ledger_head: str = ""
    concessions: Concessions = Concessions()
