"""What `no_worse` bars stay on: the readings that were accepted first, so that small steps do not add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rebaseline.app.baseline_sides import accepted_table
from rebaseline.app.comparing import SuiteSide
from rebaseline.assess.canonical_rule import canonical_rule
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.baseline import Baseline, acceptances, reads_by
from rebaseline.domain.suite import Assertion, NoWorse, Suite

__all__ = ["Anchor", "anchor_tables", "anchor_words", "find_anchors", "first_baseline", "used_anchors"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the `no_worse` bar of one assertion compares with.

    Attributes:
        model: The model version.
        since: When its readings with this check were accepted first; accepting it again moves nothing.
        table: The readings.
        stands: They stand in the file as its own; else they are what it keeps of a file that it replaced.
    """

    model: str
    since: datetime
    table: ReadingTable
    stands: bool


def first_baseline(baselines: Sequence[Baseline]) -> Baseline | None:
    """Return the baseline of the version that was accepted first, however often it was accepted again."""
    return min(
        baselines,
        key=lambda each: min((it.accepted_at for it in acceptances(each)), default=each.accepted_at),
        default=None,
    )


def find_anchors(baselines: Sequence[Baseline], suite: Suite) -> dict[str, Anchor]:
    """Return by id the anchor of each assertion with a `no_worse` bar: the first baseline that holds it with its check.

    An assertion that no baseline holds with the check as it is now has none.
    """
    found = {}
    for assertion in suite.assertions:
        if isinstance(assertion.bar, NoWorse):
            anchors = [anchor for each in baselines if (anchor := _anchor(suite, assertion, each)) is not None]
            if anchors:
                found[assertion.id] = min(anchors, key=lambda anchor: anchor.since)
    return found


def _anchor(suite: Suite, assertion: Assertion, baseline: Baseline) -> Anchor | None:
    """Return what a version has as an anchor: what was accepted first, if it can be, of what was read as it is now."""
    check = assertion.check.fingerprint
    held = [
        each
        for each in acceptances(baseline)
        if each.assertion.id == assertion.id and each.assertion.check_fingerprint == check
    ]
    if not held:
        return None
    now = reads_by(check, canonical_rule(assertion))
    alike = [each for each in held if reads_by(check, each.assertion.rule) == now]
    chosen = (alike or held)[0].assertion
    stands = chosen == baseline.assertions.get(assertion.id)
    table = accepted_table(suite, assertion, chosen, baseline.sessions if stands else ())
    return Anchor(baseline.model.name, held[0].accepted_at, table, stands)


def anchor_tables(baselines: Sequence[Baseline], suite: Suite) -> dict[str, ReadingTable]:
    """Return the accepted readings that `no_worse` bars compare with, by assertion id."""
    return {name: anchor.table for name, anchor in find_anchors(baselines, suite).items()}


def used_anchors(baselines: Sequence[Baseline], suite: Suite, old: SuiteSide, new: SuiteSide) -> dict[str, Anchor]:
    """Return the anchors that a diff compares with in place of its old side."""
    return {
        name: anchor
        for name, anchor in find_anchors(baselines, suite).items()
        if not (anchor.model == old.model.name and anchor.stands)
        and (anchor.model != new.model.name or old.model.name == new.model.name)
    }


def anchor_words(baselines: Sequence[Baseline], suite: Suite, used: dict[str, Anchor]) -> list[str]:
    """Say what `no_worse` bars compare with, where that is not the old side, and which of them have no anchor."""
    bars = [assertion.id for assertion in suite.assertions if isinstance(assertion.bar, NoWorse)]
    found = find_anchors(baselines, suite)
    by_source: dict[str, list[str]] = {}
    for name, anchor in used.items():
        by_source.setdefault(_source(anchor), []).append(name)
    every = len(by_source) == 1 and len(used) == len(bars)
    words = [
        f"{suite.id}: `no_worse` {'' if every else f'of {_names(names)} '}compares with {source}"
        for source, names in by_source.items()
    ]
    lacking = [name for name in bars if name not in found]
    if lacking:
        words.append(f"{suite.id}: `no_worse` of {_names(lacking)} has no anchor: no baseline holds it with this check")
    return words


def _source(anchor: Anchor) -> str:
    if anchor.stands:
        return f"the first accepted baseline, {anchor.model}"
    return f"what was accepted first of {anchor.model}, on {anchor.since:%d %b %Y}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)
