"""`anchors`: pin the judge to a version that reads as people do, or anchor it anew. Judges must be asked for either."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.edit import Drop, Edit, Put
from rebaseline.domain.evidence import AnchorEvidence
from rebaseline.domain.judge import Judge, JudgeVersion
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts

__all__ = ["propose_judge"]


def propose_judge(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Propose, of each judge of the assertion that is out, who could judge and what people could label."""
    found = {each.judge: each for side in _sides(facts) for each in side if _is_out(each)}
    for name, anchors in sorted(found.items()):
        judge = facts.suite.judges.get(name)
        if judge is None:
            continue
        if anchors.moved_from:
            words = f"have {judge.version} judge the old version's replies, too"
            yield _proposal(facts, reason, words, (), f"`rebaseline judge {facts.suite.id}`: {_calls(facts, judge)}")
        before = judge.previous
        if before is not None:
            yield _repinned(facts, reason, judge, before)
        words = f"anchor judge {name} anew: label more transcripts, or write a rule that is easier to keep to"
        asks = f"new labels (`rebaseline label draw`), then `rebaseline judge {facts.suite.id}`"
        yield _proposal(facts, reason, words, (), asks)


def _sides(facts: Facts) -> Iterator[tuple[AnchorEvidence, ...]]:
    for side in (facts.comparison.old, facts.comparison.new):
        if side is not None:
            yield side.group.anchors


def _is_out(anchors: AnchorEvidence) -> bool:
    return bool(anchors.moved_from or anchors.misreads or anchors.gone_binary)


def _repinned(facts: Facts, reason: Reason, judge: Judge, before: JudgeVersion) -> Proposal:
    edits: tuple[Edit, ...] = (
        Put(("judges", judge.id, "target"), before.target),
        Put(("judges", judge.id, "version"), before.served),
        Drop(("judges", judge.id, "previous")),
    )
    asks = f"`rebaseline judge {facts.suite.id}`: {_calls(facts, judge)}"
    return _proposal(facts, reason, f"pin judge {judge.id} to {before}, which judged before", edits, asks)


def _calls(facts: Facts, judge: Judge) -> str:
    replies = sum(probe.samples for probe in facts.suite.probes_on(facts.assertion.on))
    calls = (2 * replies + len(judge.anchors)) * judge.samples
    return f"about {calls:,} calls of the judge, less what it judged already"


def _proposal(facts: Facts, reason: Reason, words: str, edits: tuple[Edit, ...], asks: str) -> Proposal:
    return Proposal(
        kind=RepairKind.REPIN_JUDGE,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=words,
        edits=edits,
        group=f"{facts.suite.id}: {words}",
        asks=asks,
    )
