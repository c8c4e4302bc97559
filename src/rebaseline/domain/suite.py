"""Suites, probes and assertions, as the rest of the program sees them once they are loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.judge import Judge
from rebaseline.domain.location import NOWHERE, Location
from rebaseline.domain.probe import Probe, Role, Tool, Turn, conversation_of

__all__ = [
    "AliveIf",
    "Assertion",
    "AtLeast",
    "Bar",
    "CheckSpec",
    "Control",
    "Expectation",
    "Kind",
    "LiveArm",
    "Location",
    "Never",
    "NoWorse",
    "OnRefusal",
    "Probe",
    "ReferenceFrom",
    "Retirement",
    "Role",
    "Suite",
    "Tool",
    "Turn",
    "conversation_of",
]


class Kind(StrEnum):
    """What an assertion is for."""

    GOVERNANCE = "governance"
    FUNCTIONAL = "functional"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The share of passing replies must reach `rate`, strictly between 0 and 1."""

    rate: float


@dataclass(frozen=True, slots=True)
class Never:
    """No violation may be seen, and the rate must be shown under `ceiling`, strictly between 0 and 1."""

    ceiling: float = 0.05


@dataclass(frozen=True, slots=True)
class NoWorse:
    """The mean of the pairs may not drop by `margin` or more, strictly between 0 and 1."""

    margin: float = 0.1


Bar = AtLeast | Never | NoWorse


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check as a suite writes it: `{name: argument, option: value, …}`.

    Attributes:
        name: Name of the check in the registry.
        argument: What follows the name; may hold templates.
        options: Everything beside it but `tolerant`; may hold templates.
        tolerant: Forms that the tolerant reading undoes; None for the check's own default.
        fingerprint: Digest of all of the above.
    """

    name: str
    argument: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    tolerant: tuple[Form, ...] | None = None
    fingerprint: str = ""

    def leaves(self) -> Iterator[CheckSpec]:
        """Yield the checks that combinators hold, however deep; of a single check, itself."""
        parts = self.argument if isinstance(self.argument, list | tuple) else (self.argument,)
        inner = [part for part in parts if isinstance(part, CheckSpec)]
        if not inner:
            yield self
        for part in inner:
            yield from part.leaves()

    @property
    def judges(self) -> frozenset[str]:
        """Ids of the judges that it asks."""
        return frozenset(leaf.argument for leaf in self.leaves() if leaf.name == "judge")


class OnRefusal(StrEnum):
    """What a refusal, an empty or a filtered reply means for a claim."""

    PASS = "pass"  # noqa: S105 - a reading, not a password
    FAIL = "fail"
    VOID = "void"


class Expectation(StrEnum):
    """The right reading of a control."""

    PASSES = "passes"
    FAILS = "fails"
    VOIDS = "voids"


@dataclass(frozen=True, slots=True)
class Control:
    """A transcript whose right reading is known. It tests the check, not the model.

    Attributes:
        text: The reply's text.
        expected: The right reading.
        given: Row fields that templates of the check see.
        stop: Why the reply stopped.
        tool_calls: Tool calls of the reply.
        where: Its place in a file.
    """

    text: str
    expected: Expectation
    given: Mapping[str, Any] = field(default_factory=dict)
    stop: Stop = Stop.COMPLETE
    tool_calls: tuple[ToolCall, ...] = ()
    where: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class LiveArm:
    """Probes on which the check must read the other way, so that a constant answer is noticed.

    Attributes:
        on: Tag of the arm.
        expected: The right reading of the arm's replies: `passes` or `fails`.
        floor: Least separation (Youden's J) of the two arms, in (0, 1).
        against: Tag of the arm that must read the other way; None for the claim's own probes.
    """

    on: str
    expected: Expectation
    floor: float = 0.5
    against: str | None = None


@dataclass(frozen=True, slots=True)
class AliveIf:
    """An arm that shows that the model still engages; without it an absence proves nothing.

    Attributes:
        on: Tag of the arm.
        check: What its replies must pass.
        rate: Least share of passing replies, in (0, 1).
    """

    on: str
    check: CheckSpec
    rate: float = 0.5


@dataclass(frozen=True, slots=True)
class ReferenceFrom:
    """Where reference answers come from.

    Attributes:
        model: The model, or whoever else, that wrote them.
        at: When, in the suite's own words; may be empty.
    """

    model: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Retirement:
    """Why an assertion is out of use.

    Attributes:
        reason: Why.
        on: Since when.
        by: Who took it out of use; may be empty.
    """

    reason: str
    on: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim about replies.

    Attributes:
        id: Unique in the suite.
        claim: The claim in words.
        check: The instrument.
        bar: The level that the claim must reach.
        kind: Governance or functional.
        on: Tag of the probes it speaks about; None for all.
        layers: Layers of the system that it guards.
        owner: Who answers for it.
        form_claimed: Forms that are part of the claim: finding one is a fail.
        consumer: What the reader downstream does with a form; a form it does not name is undeclared.
        on_refusal: What a refusal means; None for the default of the check's polarity.
        means: A second, independent reading: `refusal` or `compliance` for the built-in one, or a check; None for none.
        reference_from: Where its reference answers come from; None where the suite does not say.
        alive_if: Arm that must show engagement.
        controls: Static controls.
        live: Live control arm.
        where: Its place in a file.
        fingerprint: Digest of everything that can change its verdict, claim text left out.
        retired: It is out of use; None for one that is in use.
    """

    id: str
    claim: str
    check: CheckSpec
    bar: Bar
    kind: Kind
    on: str | None = None
    layers: tuple[str, ...] = ()
    owner: str = ""
    form_claimed: frozenset[Form] = frozenset()
    consumer: Mapping[Form, FormEffect] = field(default_factory=dict)
    on_refusal: OnRefusal | None = None
    means: str | CheckSpec | None = None
    reference_from: ReferenceFrom | None = None
    alive_if: AliveIf | None = None
    controls: tuple[Control, ...] = ()
    live: LiveArm | None = None
    where: Location = NOWHERE
    fingerprint: str = ""
    retired: Retirement | None = None

    @property
    def judges(self) -> frozenset[str]:
        """Ids of the judges that its readings rest on."""
        specs = [self.check, None if self.alive_if is None else self.alive_if.check, self.second]
        return frozenset().union(*(spec.judges for spec in specs if spec is not None))

    @property
    def second(self) -> CheckSpec | None:
        """The check that reads a second time; None where there is none, or the built-in reading does."""
        return self.means if isinstance(self.means, CheckSpec) else None


@dataclass(frozen=True, slots=True)
class Suite:
    """A versioned folder of probes and assertions.

    Attributes:
        id: Its id, unique in the project.
        version: Raised with every change of meaning, from 1.
        kind: Default kind of its assertions.
        owner: Who answers for it.
        layers: Layers of the system that it guards.
        probes: In the order of the files.
        assertions: Those in use, in the order of the file.
        where: Its file.
        fingerprint: Digest of all probes and assertions in use.
        judges: By id.
        retired: Assertions out of use, in the order of the file. Nothing is read for them.
    """

    id: str
    version: int
    kind: Kind
    owner: str
    layers: tuple[str, ...]
    probes: tuple[Probe, ...]
    assertions: tuple[Assertion, ...]
    where: Location = NOWHERE
    fingerprint: str = ""
    judges: Mapping[str, Judge] = field(default_factory=dict)
    retired: tuple[Assertion, ...] = ()

    @property
    def asks_judges(self) -> bool:
        """Whether some assertion is read by a judge."""
        return any(assertion.judges for assertion in self.assertions)

    def probes_on(self, tag: str | None) -> tuple[Probe, ...]:
        """Return the probes that carry `tag`, or all of them for None."""
        if tag is None:
            return self.probes
        return tuple(probe for probe in self.probes if tag in probe.tags)
