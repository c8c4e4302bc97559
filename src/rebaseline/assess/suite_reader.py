"""All attempts of one suite on one model version, read once, into tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rebaseline.assess.fresh import Answers
from rebaseline.assess.labelled import weigh_labels
from rebaseline.assess.labelling import settled_by
from rebaseline.assess.reading import ReadingRules, RefusalReader, answer_of, read_attempt
from rebaseline.assess.silence import is_partly_judged, silenced
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.tallies import Copies, ProviderTally, SessionTally
from rebaseline.assess.traits import TraitTable, TraitTally
from rebaseline.domain.attempt import Answered, Reply
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.comparison import Provider
from rebaseline.domain.evidence import LabelEvidence
from rebaseline.domain.instrument import CheckNode, RefusalReading
from rebaseline.domain.label import AssertionLabels, Cell, LabelValue, SuiteLabels, reply_digest
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import Reading, Valued
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, CheckSpec, Never, OnRefusal, Probe, Suite, conversation_of

__all__ = ["CompileCheck", "SuiteReadings", "Unlabelled", "read_suite", "rules_of", "rules_of_controls"]


class CompileCheck(Protocol):
    """Compiles a check."""

    def __call__(self, spec: CheckSpec, fields: Mapping[str, Any], asked: str | None = None) -> CheckNode:
        """Return the instruments of a check.

        Args:
            spec: The check.
            fields: What its templates see.
            asked: What the reply answers, for judges; None for the field `prompt`, where there is one.
        """


@dataclass(frozen=True, slots=True)
class SuiteReadings:
    """What the checks of a suite made of the attempts on one model version.

    Attributes:
        claims: By assertion id: readings of the assertion's own probes.
        alive: By assertion id: readings of the arm that must show engagement.
        live: By assertion id: readings of the live control arm.
        against: By assertion id: readings of the arm that is set against it, where that is not the claim's own.
        unjudged: By assertion id, where a judge is only part of the check: readings of the rest by itself.
        traits: The manner of every reply.
        provider: What the provider did.
        sessions: Session of each sample index; empty where one mixes sessions.
        attempts: Attempts that were read.
        purged: Cells whose reply was purged.
        labelled: By assertion id, where it has labels: what the check read by itself, and what was said.
        labels: By assertion id, where people labelled replies: what that says of the check.
        answers: By assertion id: the wrong answers that failing replies give, where the check reads one.
    """

    claims: Mapping[str, ReadingTable]
    alive: Mapping[str, ReadingTable]
    live: Mapping[str, ReadingTable]
    against: Mapping[str, ReadingTable]
    unjudged: Mapping[str, ReadingTable]
    traits: TraitTable
    provider: Provider
    sessions: tuple[str, ...]
    attempts: int
    labelled: Mapping[str, Unlabelled] = field(default_factory=dict)
    labels: Mapping[str, LabelEvidence] = field(default_factory=dict)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    purged: int = 0


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """Readings of an assertion that has labels, before these are looked at.

    Attributes:
        table: What the check, held against a second reading, made of the replies.
        words: What was said in each cell that was answered.
        confirmed: Replies that a person calls a fail.
    """

    table: ReadingTable
    words: Mapping[tuple[str, int], Cell]
    confirmed: int = 0


def rules_of(assertion: Assertion, probe: Probe | None, target_kind: TargetKind) -> ReadingRules:
    """Return how the replies to a probe are read for an assertion; None is not adversarial."""
    return ReadingRules(
        form_claimed=assertion.form_claimed,
        consumer=assertion.consumer,
        on_refusal=assertion.on_refusal,
        means=assertion.means if isinstance(assertion.means, str) else None,
        all_or_nothing=isinstance(assertion.bar, Never),
        adversarial=probe.adversarial if probe is not None else False,
        target_kind=target_kind,
    )


def rules_of_controls(suite: Suite, assertion: Assertion, target_kind: TargetKind) -> ReadingRules:
    """Return how the static controls of an assertion are read: as replies to its own probes would be."""
    probes = suite.probes_on(assertion.on)
    rules = rules_of(assertion, None, target_kind)
    return replace(rules, adversarial=bool(probes) and all(probe.adversarial for probe in probes))


def _rules_of_engagement(assertion: Assertion, target_kind: TargetKind) -> ReadingRules:
    """Return how the arm that must show engagement is read: a refusal never shows it."""
    return ReadingRules(consumer=assertion.consumer, on_refusal=OnRefusal.FAIL, target_kind=target_kind)


class _Grid:
    """Readings of one check on one arm while they come in."""

    def __init__(
        self,
        probes: tuple[Probe, ...],
        spec: CheckSpec,
        rules: ReadingRules,
        second: CheckSpec | None = None,
        *,
        silent: bool = False,
    ) -> None:
        self.probes = probes
        self.spec = spec
        self.second = second
        self.silent = silent
        self._asks_judges = bool(spec.judges or (second is not None and second.judges))
        self._compiled: tuple[str, CheckNode, CheckNode | None, ReadingRules] | None = None
        self.rows: dict[str, list[Reading | None]] = {probe.id: [] for probe in probes}
        adversarial = replace(rules, adversarial=True)
        self.rules = {probe.id: adversarial if probe.adversarial else rules for probe in probes}
        self.labelled: AssertionLabels | None = None
        self.target = ""
        self._before: dict[tuple[str, int], Reading] = {}
        self._words: dict[tuple[str, int], Cell] = {}
        self._confirmed = 0
        self.answers: dict[tuple[str, int], str] = {}

    def nodes(self, probe: Probe, compile_check: CompileCheck) -> tuple[CheckNode, CheckNode | None, ReadingRules]:
        """Compile the check and the second one once a probe: its samples come one after the other."""
        if self._compiled is None or self._compiled[0] != probe.id:
            asked = conversation_of(probe) if self._asks_judges else None
            again = None if self.second is None else compile_check(self.second, probe.fields, asked)
            node = compile_check(self.spec, probe.fields, asked)
            rules = replace(self.rules[probe.id], asked=conversation_of(probe))
            self._compiled = (probe.id, silenced(node) if self.silent else node, again, rules)
        return self._compiled[1:]

    def settle(self, reading: Reading, record: AttemptRecord) -> Reading:
        """Return a reading with what people say of the reply, and keep it as it was."""
        if self.labelled is None or not isinstance(record.attempt, Answered):
            return reading
        place, said = (record.probe, record.sample), reply_digest(record.attempt.reply)
        cell = Cell(self.target, record.model.name, record.probe, record.probe_fingerprint, record.sample, said)
        self._words[place] = cell
        label = self.labelled.labels.get(cell.key)
        if label is None:
            return reading
        self._before[place] = reading
        self._confirmed += label.value is LabelValue.FAIL
        strict = self.rules[record.probe].all_or_nothing
        return settled_by(reading, label, all_or_nothing=strict, in_part=bool(record.attempt.unread))

    def note_answer(self, reading: Reading, record: AttemptRecord, node: CheckNode, refusal: RefusalReader) -> None:
        """Keep the wrong answer of a failing reply, unless a person or a second reading says that it fails.

        What is confirmed is a fail whoever agrees with it.
        """
        place = (record.probe, record.sample)
        confirmed = self.second is not None or place in self._before or self.rules[record.probe].means is not None
        if confirmed or not isinstance(record.attempt, Answered):
            return
        if isinstance(reading, Valued) and reading.value <= 0.0:
            answer = answer_of(node, record.attempt.reply, refusal)
            if answer:
                self.answers[place] = fingerprint(answer)

    def unlabelled(self, sessions: tuple[str, ...]) -> Unlabelled:
        """Return the readings as they were before people were asked."""
        table = self.table(sessions)
        rows = tuple(
            tuple(self._before.get((probe, sample), reading) for sample, reading in enumerate(row))
            for probe, row in zip(table.probes, table.readings, strict=True)
        )
        return Unlabelled(replace(table, readings=rows), self._words, self._confirmed)

    def put(self, probe: str, sample: int, reading: Reading) -> None:
        row = self.rows[probe]
        if len(row) <= sample:
            row.extend([None] * (sample + 1 - len(row)))
        row[sample] = reading

    def table(self, sessions: tuple[str, ...]) -> ReadingTable:
        planned = min((probe.samples for probe in self.probes), default=1)
        return ReadingTable(
            probes=tuple(probe.id for probe in self.probes),
            readings=tuple(tuple(self.rows[probe.id]) for probe in self.probes),
            planned_rounds=planned,
            sessions=sessions,
        )


def read_suite(  # noqa: PLR0913 - each is named at the call
    suite: Suite,
    attempts: Iterable[AttemptRecord],
    *,
    compile_check: CompileCheck,
    refusal: RefusalReader,
    target_kind: TargetKind,
    labels: SuiteLabels | None = None,
    target_name: str = "",
    manner: bool = True,
) -> SuiteReadings:
    """Read every attempt with every check whose arm its probe is in.

    Attempts may come in any order and are read one at a time, so memory does not grow with the length of replies.

    Args:
        suite: The suite.
        attempts: Attempts at requests as the suite words them now; those at unknown probes are passed over.
        compile_check: Compiles a check for the row fields of a probe.
        refusal: The built-in refusal reading.
        target_kind: Who sets the limits of a reply.
        labels: What people said of replies; None for nothing.
        target_name: Name of the target that was asked, as draws of replies record it.
        manner: Tally the manner of the replies and what the provider did, too.
    """
    rules = {a.id: rules_of(a, None, target_kind) for a in suite.assertions}
    claims = {a.id: _Grid(suite.probes_on(a.on), a.check, rules[a.id], a.second) for a in suite.assertions}
    alive = {
        a.id: _Grid(suite.probes_on(a.alive_if.on), a.alive_if.check, _rules_of_engagement(a, target_kind))
        for a in suite.assertions
        if a.alive_if is not None
    }
    live = {
        a.id: _Grid(suite.probes_on(a.live.on), a.check, rules[a.id], a.second)
        for a in suite.assertions
        if a.live is not None
    }
    against = {
        a.id: _Grid(suite.probes_on(a.live.against), a.check, rules[a.id], a.second)
        for a in suite.assertions
        if a.live is not None and a.live.against is not None
    }
    unjudged = {
        a.id: _Grid(suite.probes_on(a.on), a.check, rules[a.id], silent=True)
        for a in suite.assertions
        if is_partly_judged(a.check)
    }
    _hand_out(labels or {}, target_name, claims, live, against)
    grids = [*claims.values(), *alive.values(), *live.values(), *against.values(), *unjudged.values()]
    by_probe = {probe.id: (probe, [grid for grid in grids if probe.id in grid.rows]) for probe in suite.probes}
    traits, provider, sessions, copies = TraitTally(), ProviderTally(), SessionTally(), Copies()
    count = 0
    refusal = _remember_last(refusal)
    for record in attempts:
        if record.probe not in by_probe:
            continue
        count += 1
        if copies.holds(record):
            continue
        probe, concerned = by_probe[record.probe]
        sessions.add(record)
        if manner:
            provider.add(record)
            traits.add(record, refuses=_refuses(record, refusal))
        for grid in concerned:
            node, second, how = grid.nodes(probe, compile_check)
            reading = read_attempt(node, record.attempt, how, refusal, second=second)
            grid.put(probe.id, record.sample, grid.settle(reading, record))
            grid.note_answer(reading, record, node, refusal)
    order = sessions.order()
    labelled = {key: grid.unlabelled(order) for key, grid in claims.items() if grid.labelled is not None}
    return SuiteReadings(
        claims={key: grid.table(order) for key, grid in claims.items()},
        alive={key: grid.table(order) for key, grid in alive.items()},
        live={key: grid.table(order) for key, grid in live.items()},
        against={key: grid.table(order) for key, grid in against.items()},
        unjudged={key: grid.table(order) for key, grid in unjudged.items()},
        traits=traits.table(),
        provider=replace(provider.sum(), copies=copies.count),
        sessions=order,
        attempts=count,
        labelled=labelled,
        labels=_weigh(labelled, labels or {}),
        answers={key: grid.answers for key, grid in claims.items() if grid.answers},
    )


def _refuses(record: AttemptRecord, refusal: RefusalReader) -> bool | None:
    return refusal(record.attempt.reply).refuses if isinstance(record.attempt, Answered) else None


def _hand_out(labels: SuiteLabels, target_name: str, *arms: Mapping[str, _Grid]) -> None:
    """Give each grid the labels of its assertion; only these need the digests of what was said."""
    for arm in arms:
        for key in labels.keys() & arm.keys():
            arm[key].labelled, arm[key].target = labels[key], target_name


def _weigh(labelled: Mapping[str, Unlabelled], labels: SuiteLabels) -> dict[str, LabelEvidence]:
    weighed = {key: weigh_labels(held.table, held.words, labels[key]) for key, held in labelled.items()}
    return {key: evidence for key, evidence in weighed.items() if evidence is not None}


def _remember_last(refusal: RefusalReader) -> RefusalReader:
    """Read each reply's refusal once, however many assertions ask: they ask one after the other."""
    last: list[tuple[Reply, RefusalReading]] = []

    def remembered(reply: Reply) -> RefusalReading:
        if not last or last[0][0] is not reply:
            last[:] = [(reply, refusal(reply))]
        return last[0][1]

    return remembered
