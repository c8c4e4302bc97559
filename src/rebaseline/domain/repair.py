"""Repairs of assertions: what is proposed, and what became of it when it was tried on stored replies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rebaseline.domain.edit import Edit
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Verdict

__all__ = ["Counts", "Proposal", "RepairKind", "Repairs", "Trial"]


class RepairKind(StrEnum):
    """What a repair does."""

    DECLARE_UNDONE = "declare undone"
    """The consumer undoes a form."""
    DECLARE_BREAKS = "declare breaks"
    """The consumer breaks on a form."""
    UNDO_FORM = "undo form"
    """The tolerant reading undoes one form more."""
    ON_REFUSAL = "on refusal"
    """What a refusal means for the claim is said."""
    DROP_PARAMETER = "drop parameter"
    RENAME_PARAMETER = "rename parameter"
    MOVE_PARAMETER = "move parameter"
    RAISE_LIMIT = "raise limit"
    """The output limit is raised by the lengths of the replies."""
    EXTEND_PHRASES = "extend phrases"
    """A list of phrases learns from the new replies."""
    SWITCH_CHECK = "switch check"
    """The claim is read by its tolerant, second or `means` check."""
    REPIN_JUDGE = "re-pin judge"
    ADD_ARM = "add arm"
    """Probes whose right reading is known are set against the claim's own, or become an assertion of their own."""
    RENEW_REFERENCE = "renew reference"
    MOVE_BAR = "move bar"
    """Never verified: a bar is a decision."""
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that may mend an assertion.

    Attributes:
        kind: What it does.
        suite: Suite id.
        assertion: Assertion id.
        mends: The broken assumption that it is for.
        words: What it does, in the imperative, for people: "undo a fence before reading".
        edits: Edits of the suite's file, the raised version left out.
        project_edits: Edits of the project file.
        question: The question whose answer it is; empty where none is open.
        answer: That answer.
        group: Equal for items that share the repair: they can be taken together.
        asks: What must be asked anew before it can be tried, for people; empty where stored replies are enough.
        adds: Ids of the assertions that it adds to the suite.
        learned_from: Probes whose replies it was learned from; it is verified on the others.
    """

    kind: RepairKind
    suite: str
    assertion: str
    mends: Assumption
    words: str
    edits: tuple[Edit, ...] = ()
    project_edits: tuple[Edit, ...] = ()
    question: str = ""
    answer: str = ""
    group: str = ""
    asks: str = ""
    adds: tuple[str, ...] = ()
    learned_from: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """How replies are read.

    Attributes:
        passes: Replies that pass.
        voids: Replies that cannot be read.
        replies: Replies of complete rounds.
    """

    passes: int
    voids: int
    replies: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A proposal, tried on stored replies of both versions. Nothing was asked.

    Attributes:
        proposal: What was tried.
        id: Names it among the trials of the assertion, from 1: `1`, `2`, ….
        old: Verdict on the old version with it; None where its replies are not at hand.
        new: Verdict on the new version with it; None where it cannot be tried on stored replies.
        old_counts: How the old replies are then read.
        new_counts: How the new ones are.
        verified: All controls and seeded faults read right, the old version keeps its verdict, the new one is settled.
        objections: Why it is not verified, for people; empty where it is.
        unopposed: No static control and no seeded fault was there that could object: there are no controls, and no
            passing reply or control to seed a fault in.
    """

    proposal: Proposal
    id: str
    old: Verdict | None
    new: Verdict | None
    old_counts: Counts | None
    new_counts: Counts | None
    verified: bool
    objections: tuple[str, ...] = ()
    unopposed: bool = False

    @property
    def doubt(self) -> str:
        """Why it shows less than other verified ones, for people; empty where nothing is to be said."""
        return "no control and no seeded fault could object" if self.verified and self.unopposed else ""


@dataclass(frozen=True, slots=True)
class Repairs:
    """All that was tried for one assertion, the best first.

    Attributes:
        name: `suite/assertion`.
        trials: Verified ones first; moving the bar and retiring come last.
    """

    name: str
    trials: tuple[Trial, ...]

    @property
    def tried(self) -> int:
        """How many proposals were tried. Who tries many finds one that fits by chance, so this is always printed."""
        return len(self.trials)

    @property
    def best(self) -> Trial | None:
        """The first verified one; None where there is none."""
        return next((trial for trial in self.trials if trial.verified), None)
