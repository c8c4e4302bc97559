"""`fresh`: the references are right, so that the models fail; or people renew them."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.edit import Drop
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts

__all__ = ["propose_references"]

_QUESTION = "Are the references right?"
_NAMED = 5


def propose_references(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Stand by the references, or write them anew where both versions give the same other answer."""
    if "reference_from" in facts.entry:
        drop = Drop(facts.place("reference_from"))
    elif "reference_from" in facts.written:
        drop = Drop(("reference_from",))
    else:
        return
    yield Proposal(
        kind=RepairKind.RENEW_REFERENCE,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words="the references are right: take out who wrote them, and what differs from them fails",
        edits=(drop,),
        question=_QUESTION,
        answer="yes",
        group=f"{facts.suite.id}: references are right",
    )
    fresh = facts.comparison.new.group.fresh
    probes = () if fresh is None else fresh.probes
    few = ", ".join(probes[:_NAMED]) + (f" and {len(probes) - _NAMED} more" if len(probes) > _NAMED else "")
    yield Proposal(
        kind=RepairKind.RENEW_REFERENCE,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=f"write the references of {len(probes)} probes anew: {few}",
        question=_QUESTION,
        answer="no",
        group=f"{facts.suite.id}: renew references",
        asks="people, for the right answers; no model needs to be asked",
    )
