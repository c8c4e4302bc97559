"""What is known before a run: what stored replies took, how they read, and what a conversation would send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rebaseline.app.accepted_rules import baselines_of
from rebaseline.app.anchoring import find_anchors
from rebaseline.app.assessing import Tables
from rebaseline.app.baseline_sides import baseline_side
from rebaseline.app.benches import instruments_of, judges_as_asked
from rebaseline.app.sides import stored_side
from rebaseline.app.workspace import Workspace
from rebaseline.assess.suite_reader import read_suite
from rebaseline.assess.table import ReadingTable, mean_low
from rebaseline.domain.attempt import Answered, Reply, Stop
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.model import Target
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Assertion, NoWorse, Probe, Suite
from rebaseline.plan.chance import Basis, Seen
from rebaseline.plan.demand import Asking, Measured
from rebaseline.run.conversation import MOST_TOOL_ROUNDS, Conversation
from rebaseline.run.cost import most_input_tokens, named_output_tokens
from rebaseline.run.frame import Manner, frame_of
from rebaseline.stats.pair_power import within_probes
from rebaseline.store.store import Store
from rebaseline.targets.base import Asked, Request

__all__ = ["Known", "asking_of", "known_of", "seen_of"]

_SOMETHING = Asked(Answered(Reply("x", Stop.COMPLETE)))


@dataclass(frozen=True, slots=True)
class _Source:
    """Readings of one assertion on an earlier model version, and where they come from."""

    basis: Basis
    model: str
    table: ReadingTable
    steady: bool


@dataclass(frozen=True)
class Known:
    """What is known of one suite on one target.

    Attributes:
        newest: Model version that answered last, whatever was asked for; None where none ever did.
        measured: By probe id, what its stored replies took.
        sources: By assertion id, how an earlier model version reads.
        imported_rounds: By assertion id, complete rounds that the newest version has.
    """

    newest: str | None
    measured: Mapping[str, Measured] = field(default_factory=dict)
    sources: Mapping[str, _Source] = field(default_factory=dict)
    imported_rounds: Mapping[str, int] = field(default_factory=dict)


def asking_of(probe: Probe, manner: Manner) -> Asking:
    """Return what one asking of a probe sends, found by leading the conversation as a run would."""
    frame = frame_of(probe, manner)
    requests = list(_requests(Conversation(probe, frame)))
    limit = named_output_tokens(frame.parameters)
    tools_answer = bool(frame.results)
    return Asking(
        probe=probe.id,
        calls=len(requests),
        most_calls=len(requests) + (MOST_TOOL_ROUNDS if tools_answer else 0),
        request_bytes=sum(map(_text_bytes, requests)),
        most_input_tokens=None if tools_answer else _most_input(requests, limit),
        output_limit=limit,
    )


def _requests(conversation: Conversation) -> Iterator[Request]:
    while True:
        yield conversation.request
        if conversation.take(_SOMETHING) is not None:
            return


def _most_input(requests: list[Request], output_limit: int | None) -> int | None:
    """Return a bound on the tokens of all requests; each later one holds the replies to those before it."""
    replies = len(requests) * (len(requests) - 1) // 2
    if replies and output_limit is None:
        return None
    return sum(map(most_input_tokens, requests)) + replies * (output_limit or 0)


def _text_bytes(request: Request) -> int:
    tools = (f"{tool.name}{tool.description}{dict(tool.parameters)}" for tool in request.tools)
    texts = [request.system or "", *(message.text for message in request.messages), *tools]
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def known_of(workspace: Workspace, store: Store, suite: Suite, target: Target) -> Known:
    """Return what the store and the accepted baselines tell of a suite on a target."""
    held = [each for each in store.holdings(suite=suite.id, target=target.name) if each.answered]
    last = max(held, key=lambda holding: (holding.last_received_at, holding.model.name), default=None)
    newest = None if last is None else last.model.served
    usage = _Usage()
    accepted = _accepted(workspace, store, suite, target)
    stored: dict[str, _Source] = {}
    if newest is not None:
        wording = {probe.id: probe.fingerprint for probe in suite.probes}
        instruments = instruments_of(workspace, store, suite)
        readings = read_suite(
            suite,
            usage.listening(store.attempts(suite.id, target.name, newest, probe_fingerprints=wording)),
            compile_check=instruments.compile_check,
            refusal=instruments.refusal,
            target_kind=target.kind,
        )
        stored = _sources(Basis.STORED, newest, Tables.of(readings))
    return Known(
        newest=newest,
        measured=usage.means(),
        sources={**stored, **accepted},
        imported_rounds={key: len(source.table.complete_rounds()) for key, source in stored.items()},
    )


def _accepted(workspace: Workspace, store: Store, suite: Suite, target: Target) -> dict[str, _Source]:
    """Return the readings that the next version will be compared with, as far as they were accepted."""
    baselines = baselines_of(workspace, suite, target)
    last = max(baselines, key=lambda each: each.accepted_at, default=None)
    if last is None:
        return {}
    stored = stored_side(workspace, store, suite, target, last.model.name)[0] if _changed(suite, last) else None
    found = _sources(
        Basis.BASELINE, last.model.name, baseline_side(suite, last, stored, judges_as_asked(workspace, suite)).tables
    )
    anchors: dict[str, dict[str, ReadingTable]] = defaultdict(dict)
    for name, anchor in find_anchors(baselines, suite).items():
        if anchor.model != last.model.name or not anchor.stands:
            anchors[anchor.model][name] = anchor.table
    for model, tables in anchors.items():
        found |= _sources(Basis.BASELINE, model, Tables(tables, {}, {}))
    return found


def _changed(suite: Suite, accepted: Baseline) -> bool:
    """Say whether some rule changed since, so that stored replies must be read again with the check as it is now."""
    known = accepted.assertions
    return any(each.id not in known or known[each.id].fingerprint != each.fingerprint for each in suite.assertions)


def _sources(basis: Basis, model: str, tables: Tables) -> dict[str, _Source]:
    steady = tables.steady_probes() is not None
    return {
        key: _Source(basis, model, table, steady) for key, table in tables.claims.items() if table.complete_rounds()
    }


def seen_of(assertion: Assertion, known: Known) -> Seen | None:
    """Return how an earlier model version reads on an assertion; None where no complete round of it is known."""
    source = known.sources.get(assertion.id)
    rate = None if source is None else mean_low(source.table)
    if source is None or rate is None:
        return None
    rounds = source.table.limits.low
    return Seen(
        basis=source.basis,
        model=source.model,
        rate=rate,
        replies=len(rounds) * len(source.table.probes),
        rounds=len(rounds),
        probes=len(source.table.probes),
        disagreement=within_probes(list(zip(*rounds, strict=True))) if isinstance(assertion.bar, NoWorse) else None,
        steady=source.steady,
    )


class _Usage:
    """What replies took, while they are read for something else."""

    def __init__(self) -> None:
        self._told: dict[str, list[tuple[int | None, int | None, float | None]]] = defaultdict(list)

    def listening(self, records: Iterable[AttemptRecord]) -> Iterator[AttemptRecord]:
        """Pass the records on."""
        for record in records:
            if isinstance(record.attempt, Answered):
                usage = record.attempt.usage
                self._told[record.probe].append(
                    (usage.input_tokens, usage.output_tokens, record.attempt.latency_seconds)
                )
            yield record

    def means(self) -> dict[str, Measured]:
        """Return the means by probe, each over the replies that tell it."""
        return {probe: Measured(*map(_mean, zip(*told, strict=True))) for probe, told in self._told.items()}


def _mean(told: Iterable[float | None]) -> float | None:
    known = [each for each in told if each is not None]
    return sum(known) / len(known) if known else None
