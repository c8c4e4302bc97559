"""Accepted evidence of one suite version on one target and model version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.judge import Judge
from rebaseline.domain.model import ModelVersion, Provenance
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Bar

__all__ = ["AcceptedAssertion", "Baseline", "Earlier", "acceptances", "earlier_of", "reads_by", "same_judges"]

_READ_BY = ("check", "form_claimed", "consumer", "on_refusal", "means")


@dataclass(frozen=True, slots=True)
class AcceptedAssertion:
    """What was accepted of one assertion.

    Attributes:
        id: Assertion id.
        verdict: Name of the verdict at acceptance.
        bar: The bar at acceptance.
        check_fingerprint: Fingerprint of the check.
        fingerprint: Fingerprint of the whole rule.
        readings: By probe id: one reading a sample, None where the sample is missing.
        probe_keys: By probe id: digest of what its readings depend on apart from the rule (request, row fields).
        judges: By judge id: who judged (`Judge.mark`).
        rule: How replies were read, written out as plain values; None where the file does not keep it (format 1).
    """

    id: str
    verdict: str
    bar: Bar
    check_fingerprint: str
    fingerprint: str
    readings: Mapping[str, tuple[Reading | None, ...]]
    probe_keys: Mapping[str, str]
    judges: Mapping[str, str] = field(default_factory=dict)
    rule: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was accepted of one assertion by a file that another one replaced.

    Attributes:
        accepted_at: When, with time zone.
        assertion: What was accepted.
    """

    accepted_at: datetime
    assertion: AcceptedAssertion


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted evidence, as it stands in git.

    Attributes:
        suite: Suite id.
        suite_version: Its version.
        suite_fingerprint: Its fingerprint.
        target: Target name.
        target_fingerprint: Fingerprint of the way to ask.
        target_identity: What the application said of itself.
        model: The model version.
        sessions: Keys of the sessions that the readings come from, by sample index where known.
        provenance: With what it was asked.
        assertions: By assertion id.
        forms: Form profile: share of replies in which each form was met, over all replies.
        manner: Measures of the manner of the replies, over all replies.
        accepted_at: When it was accepted, with time zone.
        accepted_by: By whom.
        reason: Why.
        earlier: What earlier files of this model version had accepted, as far as it still counts (`earlier_of`).
    """

    suite: str
    suite_version: int
    suite_fingerprint: str
    target: str
    target_fingerprint: str
    target_identity: Mapping[str, str]
    model: ModelVersion
    sessions: tuple[str, ...]
    provenance: Provenance
    assertions: Mapping[str, AcceptedAssertion]
    forms: Mapping[str, float]
    manner: Mapping[str, Any]
    accepted_at: datetime
    accepted_by: str
    reason: str
    earlier: tuple[Earlier, ...] = ()


def acceptances(baseline: Baseline) -> Iterator[Earlier]:
    """Return everything that a file knows to have been accepted of its model version, its own assertions last."""
    yield from sorted(baseline.earlier, key=lambda each: each.accepted_at)
    for assertion in baseline.assertions.values():
        yield Earlier(baseline.accepted_at, assertion)


def earlier_of(replaced: Baseline, now: Mapping[str, AcceptedAssertion]) -> tuple[Earlier, ...]:
    """Return what a file must keep of the one that it replaces.

    That is what was accepted first of each assertion, by each way to read it: `no_worse` stays on it, and accepting
    again moves nothing. And it is what was accepted last of an assertion that is left out now: its rule stays accepted.

    Args:
        replaced: The file that stood there.
        now: What the new one accepts.
    """
    first: dict[tuple[str, str], Earlier] = {}
    last: dict[str, Earlier] = {}
    for each in acceptances(replaced):
        name = each.assertion.id
        first.setdefault((name, reads_by(each.assertion.check_fingerprint, each.assertion.rule)), each)
        if name not in now:
            last[name] = each
    kept = {(each.accepted_at, each.assertion.id): each for each in (*first.values(), *last.values())}
    return tuple(kept[key] for key in sorted(kept))


def reads_by(check_fingerprint: str, rule: Mapping[str, Any] | None) -> str:
    """Return what tells one way to read replies from another: what a rule has beside it makes no other readings."""
    return canonical_json([check_fingerprint, {key: (rule or {})[key] for key in _READ_BY if key in (rule or {})}])


def same_judges(accepted: AcceptedAssertion, judges: Mapping[str, Judge]) -> bool:
    """Return whether the judges of today are those that made the accepted readings, asked in the same way."""
    return all(name in judges and judges[name].mark == mark for name, mark in accepted.judges.items())
