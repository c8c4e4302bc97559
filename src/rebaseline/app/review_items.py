"""The items of a review: what of a diff needs a person, with the replies that show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rebaseline.app.workspace import Workspace
from rebaseline.domain.attempt import Answered
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.decision import Action
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import Holds, Invalid, VerdictName
from rebaseline.report.rows import failing_lines, invalid_lines, unmeasured_lines, unsettled_lines
from rebaseline.report.words import reading_words
from rebaseline.review.counting import Counted
from rebaseline.review.findings import finding_in, what_differs
from rebaseline.review.ledger import ledger_folder, read_ledger
from rebaseline.review.queue import Item, ReplyPair
from rebaseline.store.baseline_path import baseline_path
from rebaseline.store.manifest import sha256_of
from rebaseline.store.store import Store

__all__ = ["NEEDING", "count_of", "decided_before", "item_of", "needs_person", "state_of"]

NEEDING = (VerdictName.FAILING, VerdictName.INVALID)
"""Verdicts that a person must answer; an unsettled assertion needs replies, and is shown where it is asked for."""

_DECIDING = frozenset(str(action) for action in Action)
_PAIRS = 8
_LINES = {
    VerdictName.FAILING: failing_lines,
    VerdictName.INVALID: invalid_lines,
    VerdictName.INCONCLUSIVE: unsettled_lines,
    VerdictName.UNMEASURED: unmeasured_lines,
}
_CLAIM = "     claim: "


@dataclass(frozen=True, slots=True)
class _Replies:
    """Finds replies of both versions."""

    store: Store
    suite: Suite
    target: str
    models: tuple[str, str]

    def text(self, model: str, probe: str, sample: int) -> str | None:
        wording = {each.id: each.fingerprint for each in self.suite.probes}.get(probe)
        record = self.store.attempt(self.suite.id, self.target, model, probe, sample, probe_fingerprint=wording)
        return record.attempt.reply.text if record is not None and isinstance(record.attempt, Answered) else None

    def pair(self, probe: str, sample: int, old: Reading | None, new: Reading | None) -> ReplyPair:
        return ReplyPair(
            probe,
            sample,
            self.text(self.models[0], probe, sample),
            self.text(self.models[1], probe, sample),
            reading_words(old),
            reading_words(new),
        )


def needs_person(comparison: Comparison, *, unsettled: bool) -> bool:
    """Return whether an assertion belongs into the queue."""
    if comparison.assertion.retired is not None:  # it is put back into use first
        return False
    verdict = VerdictName.of(comparison.new.verdict)
    return verdict in NEEDING or (unsettled and verdict is VerdictName.INCONCLUSIVE)


def decided_before(workspace: Workspace, diff: Diff) -> frozenset[str]:
    """Return names of what the ledger says was decided for this target and new version, and is still what it was about.

    Where the verdict is another one now, the rule was changed, or it is shown to be worse, the item comes back.
    """
    shown = {comparison.name: comparison for comparison in diff.comparisons}
    ledger = read_ledger(ledger_folder(workspace.project.paths.baselines))
    return frozenset(
        name
        for record in ledger.records.values()
        if (record.entry.target, record.entry.model) == (diff.target, diff.new.name)
        for assertion, item in record.entry.items.items()
        if (name := f"{record.entry.suite}/{assertion}") in shown and _still_decided(item, shown[name])
    )


def count_of(diff: Diff, queued: Collection[str], chosen: Collection[str], decided: Collection[str]) -> Counted:
    """Return what of a diff needs someone, by where it is.

    Args:
        diff: The diff.
        queued: Names of what belongs into the queue.
        chosen: Names of those that fit the filter.
        decided: Names of what was decided before.
    """
    open_ = [it for it in diff.comparisons if not isinstance(it.new.verdict, Holds)]
    rest = [it for it in open_ if it.name not in queued]
    waiting = [VerdictName.of(it.new.verdict) for it in rest if it.name not in decided]
    accepted = diff.comparisons if diff.old_source == "baseline" else ()
    never = [it for it in accepted if it.old is not None and isinstance(it.old.verdict, Invalid)]
    return Counted(
        here=len(chosen),
        decided=len(rest) - len(waiting),
        unfit=len(queued) - len(chosen),
        unsettled=waiting.count(VerdictName.INCONCLUSIVE),
        unmeasured=waiting.count(VerdictName.UNMEASURED),
        never_valid=len(never),
        never_valid_here=sum(it.name in chosen for it in never),
        never_valid_holding=sum(isinstance(it.new.verdict, Holds) for it in never),
    )


def _still_decided(item: Mapping[str, Any], comparison: Comparison) -> bool:
    if item.get("action") not in _DECIDING:
        return False
    if item.get("action") == Action.WAIVE:  # one that is over, or was taken back, decides nothing any more
        return comparison.is_waived
    finding = finding_in(item, str(item.get("verdict_after") or item.get("verdict") or ""))
    return finding is not None and not what_differs(finding, comparison.assertion, comparison.new)


def item_of(workspace: Workspace, store: Store, diff: Diff, comparison: Comparison) -> Item:
    """Return the item of one comparison."""
    suite = workspace.suites([comparison.suite])[0]
    replies = _Replies(store, suite, diff.target, (diff.old.name, diff.new.name))
    verdict = VerdictName.of(comparison.new.verdict)
    return Item(
        name=comparison.name,
        claim=comparison.assertion.claim,
        kind=comparison.assertion.kind,
        owner=comparison.assertion.owner,
        layers=comparison.assertion.layers,
        verdict=verdict,
        why=tuple(_why(comparison, verdict)),
        pairs=tuple(_pairs(comparison, replies)),
        repairs=comparison.repairs,
        state=state_of(diff, comparison),
        files=tuple(_files(workspace, suite, diff)),
        cited=tuple(_cited(comparison)),
    )


def state_of(diff: Diff, comparison: Comparison) -> str:
    """Return the digest of what a decision is about: both versions, the rule, and all that was read with it."""
    side = comparison.new
    return fingerprint(
        [
            diff.old.name,
            diff.new.name,
            comparison.name,
            comparison.assertion.fingerprint,
            repr(side.verdict),
            repr(side.evidence),
        ]
    )


def _why(comparison: Comparison, verdict: VerdictName) -> Iterator[str]:
    """Yield the rows that the screen of a diff has for it, its name and what is shown apart left out."""
    describe = _LINES.get(verdict)
    if describe is None:
        return
    bare = replace(comparison, example=None, preview=None, repairs=None)  # all this is shown apart
    for row in describe(bare):
        for line in row.split("\n"):
            if line.startswith(_CLAIM):
                continue
            text = line.strip()
            if text[:1] in {"x", "!", "~", "?"} and comparison.name in text:
                text = text.split(comparison.name, 1)[1].replace("(governance)", "", 1).strip()
            if text:
                yield text


def _pairs(comparison: Comparison, replies: _Replies) -> Iterator[ReplyPair]:
    """Yield the example first, then further replies that decide."""
    seen: set[tuple[str, int]] = set()
    example = comparison.example
    if example is not None:
        seen.add((example.probe, example.sample))
        yield replies.pair(example.probe, example.sample, example.old_reading, example.new_reading)
    account = comparison.account
    for group in () if account is None else account.groups:
        for cited in group.replies:
            if len(seen) >= _PAIRS:
                return
            if (cited.probe, cited.sample) not in seen:
                seen.add((cited.probe, cited.sample))
                yield replies.pair(cited.probe, cited.sample, cited.old_reading, cited.reading)


def _cited(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield what `--why` shows: the example, and every reply that decides."""
    example, account = comparison.example, comparison.account
    if example is not None:
        yield from ((example.probe, text) for text in (example.old_text, example.new_text) if text is not None)
    for group in () if account is None else account.groups:
        yield from ((cited.probe, cited.text) for cited in group.replies if cited.text is not None)


def _files(workspace: Workspace, suite: Suite, diff: Diff) -> Iterator[tuple[str, str]]:
    root = workspace.project.root
    for path in (
        root / suite.where.path,
        baseline_path(workspace.project.paths.baselines, suite.id, diff.target, diff.new.name),
    ):
        yield path.relative_to(root).as_posix(), sha256_of(_bytes(path))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
