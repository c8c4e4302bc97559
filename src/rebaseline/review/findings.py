"""What a decision was about, as the ledger keeps it, and whether what stands now is still that. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rebaseline.domain.comparison import Side
from rebaseline.domain.decision import Finding
from rebaseline.domain.suite import Assertion
from rebaseline.domain.verdict import Invalid, Reason, VerdictName

__all__ = ["finding_in", "finding_of", "plain_finding", "what_differs"]

_DIGITS = 6


def finding_of(assertion: Assertion, side: Side) -> Finding:
    """Return what there is to decide of one assertion."""
    verdict, evidence = side.verdict, side.evidence
    broken = [name for reason in verdict.reasons for name in _names(reason)] if isinstance(verdict, Invalid) else []
    return Finding(
        str(VerdictName.of(verdict)),
        assertion.fingerprint,
        tuple(dict.fromkeys(broken)),
        round(evidence.bounds[0], _DIGITS) if evidence.rounds else None,
    )


def _names(reason: Reason) -> Sequence[str]:
    """Name what is broken; one form is not another."""
    return [f"{reason.broken}: {form}" for form in reason.forms] or [str(reason.broken)]


def what_differs(then: Finding, assertion: Assertion, side: Side) -> str:
    """Return why what stands now is not what was decided of, in words; empty where it still is.

    It is worse if its rate is shown to lie under what it was shown to be at least, each at 1/20: more replies of a rate
    that stays as it is hardly ever say so. What was seen in an unfinished round is another finding once one is whole.
    """
    now = finding_of(assertion, side)
    if now.verdict != then.verdict:
        return f"{VerdictName(now.verdict).said} now, and was {then.verdict}"
    if now.rule != then.rule:
        return "its rule is another one now"
    if now.broken and now.broken[0] not in then.broken:
        return f"it is invalid by `{now.broken[0]}` now, and was by `{', '.join(then.broken) or 'none'}`"
    if then.at_least is None and now.at_least is not None:
        return "no round was complete then"
    if then.at_least is not None and side.evidence.bounds[1] < then.at_least:
        return f"it is worse: at most {side.evidence.bounds[1]:.3g}, and it was at least {then.at_least:.3g}"
    return ""


def plain_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values, for an item of an entry."""
    return {"rule": finding.rule, "broken": list(finding.broken), "at_least": finding.at_least}


def finding_in(item: Mapping[str, Any], verdict: str) -> Finding | None:
    """Return the finding that an item of an entry keeps; None where it keeps none, or one that is none.

    Args:
        item: The item.
        verdict: Name of the verdict that was decided of.
    """
    kept = item.get("finding")
    if not isinstance(kept, dict):
        return None
    rule, broken, at_least = kept.get("rule"), kept.get("broken"), kept.get("at_least")
    if not isinstance(rule, str) or not isinstance(broken, list):
        return None
    if at_least is not None and not isinstance(at_least, int | float):
        return None
    return Finding(verdict, rule, tuple(str(name) for name in broken), at_least)
