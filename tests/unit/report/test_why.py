"""The chain of a verdict names the rule that was applied, not another one that reads alike."""

from __future__ import annotations

import pytest

from rebaseline.domain.evidence import Evidence, LimitEvidence, Method
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Invalid, Reason
from rebaseline.report.why import _why_invalid

LIMIT = LimitEvidence(mean=0.5, log_e_above=0.0, log_e_below=0.0)


def evidence(passes: int, leading: int, voids: dict[Assumption, int]) -> Evidence:
    return Evidence(
        method=Method.E_PROCESS,
        theta=0.8,
        probes=20,
        rounds=1,
        planned_rounds=1,
        passes=passes,
        fails=0,
        partial=0,
        voids=voids,
        unread=0,
        low=LIMIT,
        high=LIMIT,
        leading_voids=leading,
    )


@pytest.mark.parametrize(
    ("passes", "leading", "voids", "words"),
    [
        (0, 12, {Assumption.READABLE: 12}, "every reply so far is void, 10 at least"),
        (0, 12, {Assumption.READABLE: 12, Assumption.DELIVERED: 5}, "every reply so far is void"),
        (8, 12, {Assumption.READABLE: 12}, "all planned replies are in"),  # the first twelve, which is no finding
        (0, 7, {Assumption.READABLE: 7}, "voids are shown to exceed 10 % (error level 1/200)"),
    ],
)
def test_the_rule_of_an_unproven_invalid(passes, leading, voids, words):
    verdict = Invalid((Reason(Assumption.READABLE, voids[Assumption.READABLE]),))
    assert words in _why_invalid(verdict, evidence(passes, leading, voids))


def test_a_proof_comes_before_the_other_rules():
    verdict = Invalid((Reason(Assumption.READABLE, 12),), proven=True)
    assert "is shown below the bar" in _why_invalid(verdict, evidence(0, 12, {Assumption.READABLE: 12}))
