"""What repairs are proposed from: the suite's file, its controls, and stored replies, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rebaseline.app.assessing import Instruments
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.workspace import Workspace
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.attempt import Answered, Rejected, Stop
from rebaseline.domain.comparison import Comparison
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Leaf, Polarity
from rebaseline.domain.model import Target
from rebaseline.domain.reading import Assumption, Reading, Void
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Suite, conversation_of
from rebaseline.load.source import SUITE_BYTES, load_text
from rebaseline.load.yaml_tree import parse_yaml
from rebaseline.repair.facts import Facts, ReplyFact
from rebaseline.store.store import Store

__all__ = ["Ground", "gather_facts", "suite_text"]

_MOST_REPLIES = 4_000
"""Replies of one side that are looked through to learn from: a list of phrases needs no more."""
_MOST_UNREADABLE = 60
_TEXT_BROKEN = frozenset({Assumption.AGREEMENT, Assumption.COMPLETE, Assumption.ACCEPTED})
"""Assumptions whose proposals are made from replies."""


def suite_text(workspace: Workspace, suite: Suite) -> str:
    """Return the text of a suite's file as it stands.

    Raises:
        ConfigurationError: It cannot be read any more.
    """
    path = workspace.project.root / suite.where.path
    return load_text(path, shown=suite.where.path, limit_bytes=SUITE_BYTES)


@dataclass(frozen=True, slots=True)
class Ground:
    """One suite on two model versions: what repairs are made from, and where they are tried.

    Attributes:
        workspace: The project.
        store: Its store.
        target: What was asked.
        suite: The suite.
        sides: The old side, where there is one, and the new one.
        instruments: What reads replies.
    """

    workspace: Workspace
    store: Store
    target: Target
    suite: Suite
    sides: tuple[SuiteSide | None, SuiteSide]
    instruments: Instruments


def gather_facts(
    ground: Ground, comparisons: Sequence[Comparison], findings: Mapping[str, ControlFindings]
) -> tuple[Facts, ...]:
    """Return the facts of each comparison.

    Args:
        ground: The suite and its replies.
        comparisons: Assertions of the suite that are invalid.
        findings: Static controls, by assertion id.
    """
    suite, target = ground.suite, ground.target
    written = parse_yaml(suite_text(ground.workspace, suite), shown=suite.where.path).value
    parameters = target.settings.get("parameters")
    found = []
    for comparison in comparisons:
        controls = findings[comparison.assertion.id].controls
        bare = Facts(
            suite=suite,
            comparison=comparison,
            written=written,
            controls=tuple((each.control, each.reading) for each in controls),
            target=target.name,
            provider=target.type,
            other_targets=tuple(each.name for each in ground.workspace.tested if each.name != target.name),
            target_parameters=parameters if isinstance(parameters, Mapping) else {},
        )
        found.append(_with_replies(bare, ground.store, ground.sides, ground.instruments))
    return tuple(found)


def _with_replies(
    facts: Facts, store: Store, sides: tuple[SuiteSide | None, SuiteSide], instruments: Instruments
) -> Facts:
    broken = {reason.broken for reason in facts.reasons}
    known: dict[str, Any] = {}
    if Assumption.READABLE in broken:
        known["tolerates"], known["reads_more"] = _readable_by(facts, sides[1], instruments)
    if broken & _TEXT_BROKEN:
        replies: list[ReplyFact] = []
        culprits: Counter[str] = Counter()
        for side in sides:
            if side is not None and (side is sides[1] or side.traits is not None):
                records = _records(facts, store, side)
                replies += _read(facts, side, records, culprits, instruments, is_new=side is sides[1])
        known |= {"replies": tuple(replies), "culprits": dict(culprits)}
    return replace(facts, **known)


def _records(facts: Facts, store: Store, side: SuiteSide) -> Iterator[AttemptRecord]:
    wording = {probe.id: probe.fingerprint for probe in facts.suite.probes_on(facts.assertion.on)}
    for record in store.attempts(facts.suite.id, facts.target, side.model.name):
        if wording.get(record.probe) == record.probe_fingerprint:
            yield record


def _read(
    facts: Facts,
    side: SuiteSide,
    records: Iterator[AttemptRecord],
    culprits: Counter[str],
    instruments: Instruments,
    *,
    is_new: bool,
) -> Iterator[ReplyFact]:
    table = side.tables.claims.get(facts.assertion.id)
    rows: dict[str, tuple[Reading | None, ...]] = (
        {} if table is None else dict(zip(table.probes, table.readings, strict=True))
    )
    for record in islice(records, _MOST_REPLIES):
        attempt = record.attempt
        if isinstance(attempt, Rejected) and attempt.culprit and is_new:
            culprits[attempt.culprit] += 1
        if not isinstance(attempt, Answered):
            continue
        row = rows.get(record.probe, ())
        yield ReplyFact(
            is_new=is_new,
            probe=record.probe,
            text=attempt.reply.text,
            reading=row[record.sample] if record.sample < len(row) else None,
            refuses=instruments.refusal(attempt.reply).refuses,
            is_cut=attempt.reply.stop is Stop.CUT,
            output_tokens=attempt.usage.output_tokens,
        )


def _readable_by(
    facts: Facts, side: SuiteSide, instruments: Instruments
) -> tuple[tuple[Form, ...] | None, dict[Form, int]]:
    """Return what the check undoes, and by form that it does not undo, how many unreadable replies it would read."""
    probes = {probe.id: probe for probe in facts.suite.probes}
    counts: Counter[Form] = Counter()
    undone: tuple[Form, ...] | None = None
    for name, sample in islice(_unreadable(side.tables.claims[facts.assertion.id]), _MOST_UNREADABLE):
        reply, probe = side.fetch(name, sample), probes[name]
        node = instruments.compile_check(facts.assertion.check, probe.fields, conversation_of(probe))
        if reply is None or not isinstance(node, Leaf) or node.polarity is not Polarity.PRESENCE or node.negated:
            continue
        undone = tuple(node.tolerant)
        for form in Form:
            undo = frozenset({*undone, form})
            if form not in undone and node.instrument.look(reply, undo).value is not None:
                counts[form] += 1
    return undone, dict(counts)


def _unreadable(table: ReadingTable) -> Iterator[tuple[str, int]]:
    for probe, row in zip(table.probes, table.readings, strict=True):
        for sample, reading in enumerate(row):
            if isinstance(reading, Void) and reading.broken is Assumption.READABLE:
                yield probe, sample
