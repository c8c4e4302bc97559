"""What a proposal is made from: plain values, gathered by whoever has the files and the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rebaseline.domain.comparison import Comparison
from rebaseline.domain.edit import Place
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Reading, Void
from rebaseline.domain.suite import Assertion, Control, Expectation, Suite
from rebaseline.domain.verdict import Invalid, Reason

__all__ = ["Facts", "ReplyFact", "is_open_to_repair"]


@dataclass(frozen=True, slots=True)
class ReplyFact:
    """One stored reply. Its text is untrusted.

    Attributes:
        is_new: It is the new version's.
        probe: Probe id.
        text: What was said.
        reading: What the check makes of it; None where it was not read.
        refuses: It declines, as the built-in reading has it; None where that cannot be told.
        is_cut: The output limit ended it.
        output_tokens: How long it is; None where the provider did not count.
    """

    is_new: bool
    probe: str
    text: str
    reading: Reading | None
    refuses: bool | None = None
    is_cut: bool = False
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One assertion whose instrument is out, with what is known of it.

    Attributes:
        suite: Its suite, as it stands.
        comparison: What the diff says of it.
        written: The suite's file as plain values.
        controls: Its static controls, and what the check makes of them.
        tolerates: Forms that its tolerant reading undoes, where it is one check alone.
        reads_more: By form that it does not undo: how many of the replies that it cannot read it then can.
        replies: Stored replies of both versions; empty where no proposal asks for them.
        culprits: Parameters that were shown to be why its requests were rejected, with counts.
        target: Name of the target.
        provider: Its type, such as `openai`.
        other_targets: Names of the project's other targets that are tested.
        target_parameters: Parameters that the target's settings send.
    """

    suite: Suite
    comparison: Comparison
    written: Mapping[str, Any]
    controls: tuple[tuple[Control, Reading], ...] = ()
    tolerates: tuple[Form, ...] | None = None
    reads_more: Mapping[Form, int] = field(default_factory=dict)
    replies: tuple[ReplyFact, ...] = ()
    culprits: Mapping[str, int] = field(default_factory=dict)
    target: str = ""
    provider: str = ""
    other_targets: tuple[str, ...] = ()
    target_parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def assertion(self) -> Assertion:
        """The assertion as it stands."""
        return self.comparison.assertion

    @property
    def entry(self) -> Mapping[str, Any]:
        """The assertion as it is written; empty where it is not found."""
        entries = self.written.get("assertions")
        found = (
            entry
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and entry.get("id") == self.assertion.id
        )
        return next(found, {})

    @property
    def check(self) -> Mapping[str, Any]:
        """Its check as it is written, in full."""
        check = self.entry.get("check")
        return check if isinstance(check, dict) else {check: True} if isinstance(check, str) else {}

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is invalid, on the new version first and then on the old one; each assumption once."""
        found: dict[Assumption, Reason] = {}
        for side in (self.comparison.new, self.comparison.old):
            if side is not None and isinstance(side.verdict, Invalid):
                for reason in side.verdict.reasons:
                    found.setdefault(reason.broken, reason)
        return tuple(found.values())

    def place(self, *rest: str | int) -> Place:
        """Return the way to something in the assertion's entry."""
        return ("assertions", self.assertion.id, *rest)

    def voids_of(self, broken: frozenset[Assumption], forms: frozenset[Form] | None = None) -> tuple[int, ...]:
        """Return the positions of the static controls that must be void, and are so for one of these assumptions.

        Args:
            broken: The assumptions.
            forms: For `form`: only where nothing but these stands in the way.
        """
        voids = [reading for control, reading in self.controls if control.expected is Expectation.VOIDS]
        return tuple(
            index
            for index, reading in enumerate(voids)
            if isinstance(reading, Void)
            and reading.broken in broken
            and (forms is None or (bool(reading.forms) and forms.issuperset(reading.forms)))
        )


def is_open_to_repair(comparison: Comparison) -> bool:
    """Return whether an assertion is invalid on either version."""
    sides = (comparison.new, comparison.old)
    return any(side is not None and isinstance(side.verdict, Invalid) for side in sides)
