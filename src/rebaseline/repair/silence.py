"""`engaged` and `readable`: say what a reply means that gives no answer.

The bar hangs on such replies until somebody says whether silence counts against the claim. Taken as a fail nothing is
laundered; taken as a pass a model that declines everything would pass, unless an arm shows that it engages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rebaseline.domain.edit import Edit, Put
from rebaseline.domain.reading import Assumption
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import Expectation, OnRefusal, Probe
from rebaseline.domain.verdict import Reason
from rebaseline.repair.controls import moved_controls
from rebaseline.repair.facts import Facts
from rebaseline.repair.places import new_check

__all__ = ["propose_silence"]

_SILENT = frozenset({Assumption.ENGAGED, Assumption.READABLE})
_ENGAGED = frozenset({Assumption.ENGAGED})
_PRESENT = frozenset(
    {
        "choice",
        "contains",
        "equals",
        "json",
        "json_path",
        "json_schema",
        "matches",
        "number",
        "one_of",
        "parses",
        "starts_with",
        "yes_no",
    }
)
"""Checks that claim a presence: a reply that declines gives none of it."""
_QUESTION = "Does a reply that gives no answer count against the claim?"


def propose_silence(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Say that a reply without an answer fails; of a claim about conduct or absence, also that it passes."""
    answer = _answer_given(facts)
    fails_refusal: list[Edit] = []
    if reason.broken is Assumption.ENGAGED or "on_refusal" in facts.entry:
        fails_refusal.append(Put(facts.place("on_refusal"), OnRefusal.FAIL.value))
    if answer is not None:
        edits = (new_check(facts, {"all_of": [answer, dict(facts.check)]}), *fails_refusal)
        moved = moved_controls(facts, facts.voids_of(_SILENT), Expectation.FAILS)
        yield _said(facts, reason, "a reply that gives no answer fails", (*edits, *moved), "yes")
    elif reason.broken is Assumption.ENGAGED:
        moved = moved_controls(facts, facts.voids_of(_ENGAGED), Expectation.FAILS)
        yield _said(facts, reason, "a reply that declines, or says nothing, fails", (*fails_refusal, *moved), "yes")
    if reason.broken is Assumption.ENGAGED and facts.assertion.check.name not in _PRESENT:
        yield from _passes(facts, reason)


def _passes(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """A refusal passes; with an arm of benign probes, where there is one, that shows that the model engages."""
    moved = moved_controls(facts, facts.voids_of(_ENGAGED), Expectation.PASSES)
    allowed = (Put(facts.place("on_refusal"), OnRefusal.PASS.value), *moved)
    if facts.assertion.alive_if is None:
        for tag in _benign_arms(facts):
            arm = Put(facts.place("alive_if"), {"on": tag, "check": {"answers": True}})
            words = f"a reply that declines passes, and the probes `{tag}` show that the model engages"
            yield _said(facts, reason, words, (*allowed, arm), "no", kind=RepairKind.ADD_ARM)
    yield _said(facts, reason, "a reply that declines passes", allowed, "no")


def _benign_arms(facts: Facts) -> tuple[str, ...]:
    """Return the tags of probes that deserve an answer and that the claim does not speak about."""
    claimed = {probe.id for probe in facts.suite.probes_on(facts.assertion.on)}
    arms: dict[str, list[Probe]] = {}
    for probe in facts.suite.probes:
        for tag in probe.tags:
            arms.setdefault(tag, []).append(probe)
    fit = (tag for tag, probes in arms.items() if not any(probe.adversarial or probe.id in claimed for probe in probes))
    return tuple(sorted(fit, key=lambda tag: (-len(arms[tag]), tag))[:1])


def _answer_given(facts: Facts) -> dict[str, Any] | None:
    """Return a check that fails where the check at hand finds nothing to read; None where we know of none."""
    check, name = facts.check, facts.assertion.check.name
    if name == "choice" and "equals" in check:
        return {"choice": check["choice"]}
    if name == "yes_no":
        return {"matches": r"\[(?i:yes|no)\]" if check.get("brackets") else r"(?i)\b(yes|no)\b"}
    if name != "number":
        return None
    if isinstance(check.get("within"), str):
        return {"contains": check["within"]}
    return {"matches": check["pattern"] if isinstance(check.get("pattern"), str) else "[0-9]"}


def _said(
    facts: Facts,
    reason: Reason,
    words: str,
    edits: tuple[Edit, ...],
    answer: str,
    *,
    kind: RepairKind = RepairKind.ON_REFUSAL,
) -> Proposal:
    return Proposal(
        kind=kind,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=words,
        edits=edits,
        question=_QUESTION,
        answer=answer,
        group=words,
    )
