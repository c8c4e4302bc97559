"""All attempts of one suite on one model version, read once, into tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rebaseline.assess.reading import ReadingRules, RefusalReader, read_attempt
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.traits import TraitTable, TraitTally
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply
from rebaseline.domain.comparison import Provider
from rebaseline.domain.instrument import CheckNode, RefusalReading
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import Reading
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, CheckSpec, Never, OnRefusal, Probe, Suite, conversation_of

__all__ = ["CompileCheck", "SuiteReadings", "read_suite", "rules_of", "rules_of_controls"]


class CompileCheck(Protocol):
    """Compiles a check."""

    def __call__(self, spec: CheckSpec, fields: Mapping[str, Any], asked: str | None = None) -> CheckNode:
        """Return the instruments of a check.

        Args:
            spec: The check.
            fields: What its templates see.
            asked: What the reply answers, for judges; None for the field `prompt`, where there is one.
        """


_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class SuiteReadings:
    """What the checks of a suite made of the attempts on one model version.

    Attributes:
        claims: By assertion id: readings of the assertion's own probes.
        alive: By assertion id: readings of the arm that must show engagement.
        live: By assertion id: readings of the live control arm.
        against: By assertion id: readings of the arm that is set against it, where that is not the claim's own.
        traits: The manner of every reply.
        provider: What the provider did.
        sessions: Session of each sample index; empty where one mixes sessions.
        attempts: Attempts that were read.
    """

    claims: Mapping[str, ReadingTable]
    alive: Mapping[str, ReadingTable]
    live: Mapping[str, ReadingTable]
    against: Mapping[str, ReadingTable]
    traits: TraitTable
    provider: Provider
    sessions: tuple[str, ...]
    attempts: int


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
        self, probes: tuple[Probe, ...], spec: CheckSpec, rules: ReadingRules, second: CheckSpec | None = None
    ) -> None:
        self.probes = probes
        self.spec = spec
        self.second = second
        self._asks_judges = bool(spec.judges or (second is not None and second.judges))
        self._compiled: tuple[str, CheckNode, CheckNode | None] | None = None
        self.rows: dict[str, list[Reading | None]] = {probe.id: [] for probe in probes}
        adversarial = replace(rules, adversarial=True)
        self.rules = {probe.id: adversarial if probe.adversarial else rules for probe in probes}

    def nodes(self, probe: Probe, compile_check: CompileCheck) -> tuple[CheckNode, CheckNode | None]:
        """Compile the check and the second one once a probe: its samples come one after the other."""
        if self._compiled is None or self._compiled[0] != probe.id:
            asked = conversation_of(probe) if self._asks_judges else None
            again = None if self.second is None else compile_check(self.second, probe.fields, asked)
            self._compiled = (probe.id, compile_check(self.spec, probe.fields, asked), again)
        return self._compiled[1:]

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


def read_suite(
    suite: Suite,
    attempts: Iterable[AttemptRecord],
    *,
    compile_check: CompileCheck,
    refusal: RefusalReader,
    target_kind: TargetKind,
) -> SuiteReadings:
    """Read every attempt with every check whose arm its probe is in.

    Attempts may come in any order and are read one at a time, so memory does not grow with the length of replies.

    Args:
        suite: The suite.
        attempts: Attempts at requests as the suite words them now; those at unknown probes are passed over.
        compile_check: Compiles a check for the row fields of a probe.
        refusal: The built-in refusal reading.
        target_kind: Who sets the limits of a reply.
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
    grids = [*claims.values(), *alive.values(), *live.values(), *against.values()]
    by_probe = {probe.id: (probe, [grid for grid in grids if probe.id in grid.rows]) for probe in suite.probes}
    traits, provider, sessions, copies = TraitTally(), _ProviderTally(), _SessionTally(), _Copies()
    count = 0
    refusal = _remember_last(refusal)
    for record in attempts:
        if record.probe not in by_probe:
            continue
        count += 1
        if copies.holds(record):
            continue
        probe, concerned = by_probe[record.probe]
        provider.add(record)
        sessions.add(record)
        traits.add(record, refuses=_refuses(record, refusal))
        for grid in concerned:
            node, second = grid.nodes(probe, compile_check)
            reading = read_attempt(node, record.attempt, grid.rules[probe.id], refusal, second=second)
            grid.put(probe.id, record.sample, reading)
    order = sessions.order()
    return SuiteReadings(
        claims={key: grid.table(order) for key, grid in claims.items()},
        alive={key: grid.table(order) for key, grid in alive.items()},
        live={key: grid.table(order) for key, grid in live.items()},
        against={key: grid.table(order) for key, grid in against.items()},
        traits=traits.table(),
        provider=replace(provider.sum(), copies=copies.count),
        sessions=order,
        attempts=count,
    )


def _refuses(record: AttemptRecord, refusal: RefusalReader) -> bool | None:
    return refusal(record.attempt.reply).refuses if isinstance(record.attempt, Answered) else None


def _remember_last(refusal: RefusalReader) -> RefusalReader:
    """Read each reply's refusal once, however many assertions ask: they ask one after the other."""
    last: list[tuple[Reply, RefusalReading]] = []

    def remembered(reply: Reply) -> RefusalReading:
        if not last or last[0][0] is not reply:
            last[:] = [(reply, refusal(reply))]
        return last[0][1]

    return remembered


class _Copies:
    """Replies that a cache gave again, known by their request id."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: set[int] = set()

    def holds(self, record: AttemptRecord) -> bool:
        """Say whether the probe was answered under the same request id before."""
        request = record.attempt.request_id if isinstance(record.attempt, Answered) else None
        if request is None:
            return False
        key = hash((record.probe, request))
        known = key in self._seen
        self._seen.add(key)
        self.count += known
        return known


class _SessionTally:
    """Which session each round came from; a round of two sessions cannot show that a target is steady."""

    def __init__(self) -> None:
        self._seen: dict[int, set[str]] = {}

    def add(self, record: AttemptRecord) -> None:
        self._seen.setdefault(record.sample, set()).add(record.session)

    def order(self) -> tuple[str, ...]:
        last = max(self._seen, default=-1)
        rounds = (self._seen.get(sample, set()) for sample in range(last + 1))
        return tuple(next(iter(keys)) if len(keys) == 1 else "" for keys in rounds)


class _ProviderTally:
    """Counts of what came of the attempts."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._culprits: Counter[str] = Counter()
        self._novelty: Counter[str] = Counter()

    def add(self, record: AttemptRecord) -> None:
        match record.attempt:
            case Answered(served_model=served, novelty=novelty, unread=unread, usage=usage):
                self._counts["answered"] += 1
                self._novelty.update((*novelty, *unread))
                self._counts["input_tokens"] += usage.input_tokens or 0
                self._counts["output_tokens"] += usage.output_tokens or 0
                self._counts["uncounted"] += usage.input_tokens is None or usage.output_tokens is None
                self._counts["confirmed"] += served is not None and served == record.model.served
            case Rejected(status=status, culprit=culprit):
                self._counts["unknown_model" if status == _NOT_FOUND else "rejected"] += 1
                if culprit:
                    self._culprits[culprit] += 1
            case Faulted():
                self._counts["faulted"] += 1

    def sum(self) -> Provider:
        return Provider(**self._counts, culprits=dict(self._culprits), novelty=dict(self._novelty))
