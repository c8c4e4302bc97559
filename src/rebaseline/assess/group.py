"""Tests of the instrument, apart from any one reply: static controls, seeded faults, live arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rebaseline.assess.reading import ReadingRules, RefusalReader, read_reply
from rebaseline.assess.seeding import FaultReading, seed_faults, shorten
from rebaseline.assess.table import ReadingTable, count_readings
from rebaseline.domain.attempt import Reply
from rebaseline.domain.evidence import AnchorEvidence, ArmCounts, ArmEvidence, SeparationEvidence
from rebaseline.domain.instrument import CheckNode
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Reading, Valued
from rebaseline.domain.suite import AliveIf, Control, Expectation, LiveArm
from rebaseline.stats.eprocess import weigh_above, weigh_below
from rebaseline.stats.separation import separation_below, separation_reached, youden_j
from rebaseline.stats.tally import Tally

__all__ = [
    "ControlFindings",
    "ControlReading",
    "read_controls",
    "weigh_alive",
    "weigh_live_arm",
]

Compile = Callable[[Mapping[str, Any]], CheckNode]


@dataclass(frozen=True, slots=True)
class ControlReading:
    """One static control and what the check made of it.

    Attributes:
        control: The control.
        reading: What was read.
        right: The reading is the expected one.
    """

    control: Control
    reading: Reading
    right: bool


@dataclass(frozen=True, slots=True)
class ControlFindings:
    """What the static controls and the seeded faults of an assertion say of its check.

    Attributes:
        controls: Every control.
        faults: Every seeded fault.
        anchors: How its judges read their labelled transcripts.
    """

    controls: tuple[ControlReading, ...]
    faults: tuple[FaultReading, ...]
    anchors: tuple[AnchorEvidence, ...] = ()

    @property
    def missed_faults(self) -> tuple[str, ...]:
        """Controls that must fail and were passed."""
        return self._misread(Expectation.FAILS, lambda value: value >= 1.0)

    @property
    def false_alarms(self) -> tuple[str, ...]:
        """Controls that must pass and were failed."""
        return self._misread(Expectation.PASSES, lambda value: value < 1.0)

    @property
    def dead_faults(self) -> tuple[str, ...]:
        """Seeded faults that the check passed."""
        return tuple(dict.fromkeys(fault.name for fault in self.faults if not fault.caught))

    @property
    def failed_a_control(self) -> bool:
        """A control that must fail was failed."""
        return any(found.right and found.control.expected is Expectation.FAILS for found in self.controls)

    @property
    def shown_able_to_fail(self) -> bool:
        """A control that must fail, or a seeded fault, was failed."""
        return self.failed_a_control or any(fault.failed for fault in self.faults)

    def _misread(self, expected: Expectation, wrong: Callable[[float], bool]) -> tuple[str, ...]:
        return tuple(
            shorten(found.control.text)
            for found in self.controls
            if found.control.expected is expected and isinstance(found.reading, Valued) and wrong(found.reading.value)
        )


def read_controls(
    controls: tuple[Control, ...],
    compile_check: Compile,
    rules: ReadingRules,
    refusal: RefusalReader,
    *,
    compile_second: Compile | None = None,
) -> ControlFindings:
    """Read every static control, and the seeded faults of those that must pass and do.

    Args:
        controls: The assertion's controls.
        compile_check: Compiles the assertion's check for the row fields of a control.
        rules: How the assertion's replies are read.
        refusal: The built-in refusal reading.
        compile_second: Compiles its second check; None where there is none.
    """
    readings: list[ControlReading] = []
    faults: list[FaultReading] = []
    for control in controls:
        node = compile_check(control.given)
        second = None if compile_second is None else compile_second(control.given)
        reply = Reply(control.text, control.stop, tool_calls=control.tool_calls)
        reading = read_reply(node, reply, rules, refusal, second=second)
        readings.append(ControlReading(control, reading, _is_right(reading, control.expected)))
        if control.expected is Expectation.PASSES and _passes(reading):
            faults.extend(seed_faults(node, reply, rules, refusal, second=second))
    return ControlFindings(tuple(readings), tuple(faults))


def _is_right(reading: Reading, expected: Expectation) -> bool:
    match expected:
        case Expectation.PASSES:
            return _passes(reading)
        case Expectation.FAILS:
            return _fails(reading)
        case Expectation.VOIDS:
            return not isinstance(reading, Valued)


def _passes(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value >= 1.0


def _fails(reading: Reading) -> bool:
    return isinstance(reading, Valued) and reading.value < 1.0


def weigh_alive(table: ReadingTable, alive_if: AliveIf) -> ArmEvidence:
    """Return whether the arm that must show engagement does, at the level of Holds, or does not, at an alarm's.

    What was shown once is not what holds if the replies that came since say otherwise: so for the live arms below.
    """
    limits = table.limits
    low, high = Tally.of(limits.low), Tally.of(limits.high)
    counts = count_readings(table.all_readings())
    if low.mean is None:
        return ArmEvidence(shown=False, refuted=False, passes=0, replies=0)
    return ArmEvidence(
        shown=weigh_above(low, alive_if.rate).shows(HOLDS_ALPHA) and low.mean >= alive_if.rate,
        refuted=weigh_below(high, alive_if.rate).shows(ALARM_ALPHA),
        passes=counts.passes,
        replies=counts.passes + counts.fails + counts.partial + sum(counts.voids.values()),
    )


def weigh_live_arm(main: ReadingTable, arm: ReadingTable, live: LiveArm) -> SeparationEvidence:
    """Return whether the check still tells its arms apart, by rounds that both arms have.

    Every doubt is read in favour of separation when it is to be refuted, and against it when it is to be shown. Refuted
    makes an assertion invalid, which is an alarm and shown at its level.

    Args:
        main: The arm that must read the other way than `arm`; the claim's own readings where `live` names no other.
        arm: Readings of `live.on`, which must be `live.expected`.
        live: The rule.
    """
    positive, negative = (main, arm) if live.expected is Expectation.FAILS else (arm, main)
    rounds = min(len(positive.complete_rounds()), len(negative.complete_rounds()))
    kindest = Tally.of(positive.limits.high[:rounds]), Tally.of(negative.limits.low[:rounds])
    harshest = Tally.of(positive.limits.low[:rounds]), Tally.of(negative.limits.high[:rounds])
    reached, below = separation_reached(*harshest, live.floor), separation_below(*kindest, live.floor)
    lowest = youden_j(*harshest)
    return SeparationEvidence(
        shown=reached.shows(HOLDS_ALPHA) and lowest is not None and lowest >= live.floor,
        refuted=below.shows(ALARM_ALPHA),
        floor=live.floor,
        must_pass=_arm_counts(positive, rounds),
        must_fail=_arm_counts(negative, rounds),
        lowest=lowest,
        highest=youden_j(*kindest),
        log_e_reached=reached.log_e_sup,
        log_e_below=below.log_e_sup,
    )


def _arm_counts(table: ReadingTable, rounds: int) -> ArmCounts:
    readings = [reading for row in islice(table.rounds(), rounds) for reading in row]
    return ArmCounts(passes=sum(map(_passes, readings)), replies=len(readings))
