"""Accepted evidence of one suite version on one target and model version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rebaseline.domain.judge import Judge
from rebaseline.domain.model import ModelVersion, Provenance
from rebaseline.domain.reading import Reading
from rebaseline.domain.suite import Bar

__all__ = ["AcceptedAssertion", "Baseline", "same_judges"]


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


def same_judges(accepted: AcceptedAssertion, judges: Mapping[str, Judge]) -> bool:
    """Return whether the judges of today are those that made the accepted readings, asked in the same way."""
    return all(name in judges and judges[name].mark == mark for name, mark in accepted.judges.items())
