"""What a decision was about, as the ledger keeps it, and whether what stands now is still that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebaseline.domain.comparison import Side
from rebaseline.domain.decision import Finding
from rebaseline.domain.evidence import Evidence
from rebaseline.domain.suite import Assertion
from rebaseline.domain.verdict import Invalid, VerdictName

__all__ = ["finding_in", "finding_of", "plain_finding", "what_differs"]

_DIGITS = 6


def finding_of(assertion: Assertion, side: Side) -> Finding:
    """Return what there is to decide of one assertion."""
    verdict = side.verdict
    broken = dict.fromkeys(str(reason.broken) for reason in verdict.reasons) if isinstance(verdict, Invalid) else {}
    kindest = _kindest(side.evidence)
    return Finding(
        str(VerdictName.of(verdict)),
        assertion.fingerprint,
        tuple(broken),
        None if kindest is None else round(kindest, _DIGITS),
    )


def _kindest(evidence: Evidence) -> float | None:
    mean = evidence.high.mean
    if mean is None or not evidence.paired:
        return mean
    return 2.0 * mean - 1.0


def what_differs(then: Finding, assertion: Assertion, side: Side) -> str:
    """Return why what stands now is not what was decided of, in words; empty where it still is.

    It is worse if its rate, with every doubt in its favour, is shown at 1/20 to lie under what was seen then.
    """
    now = finding_of(assertion, side)
    if now.verdict != then.verdict:
        return f"{VerdictName(now.verdict).said} now, and was {then.verdict}"
    if now.rule != then.rule:
        return "its rule is another one now"
    if now.broken and now.broken[0] not in then.broken:
        return f"it is invalid by `{now.broken[0]}` now, and was by `{', '.join(then.broken) or 'none'}`"
    if then.kindest is not None and side.evidence.bounds[1] < then.kindest:
        return f"it is worse: at most {side.evidence.bounds[1]:.3g}, and it was {then.kindest:.3g}"
    return ""


def plain_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values, for an item of an entry."""
    return {"rule": finding.rule, "broken": list(finding.broken), "kindest": finding.kindest}


def finding_in(item: Mapping[str, Any], verdict: str) -> Finding | None:
    """Return the finding that an item of an entry keeps; None where it keeps none, or one that is none.

    Args:
        item: The item.
        verdict: Name of the verdict that was decided of.
    """
    kept = item.get("finding")
    if not isinstance(kept, dict):
        return None
    rule, broken, kindest = kept.get("rule"), kept.get("broken"), kept.get("kindest")
    if not isinstance(rule, str) or not isinstance(broken, list):
        return None
    if kindest is not None and not isinstance(kindest, int | float):
        return None
    return Finding(verdict, rule, tuple(str(name) for name in broken), kindest)
