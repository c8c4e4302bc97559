"""Which decisions may be carried out: what each needs, and what none may do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.verdict import VerdictName

__all__ = ["MAX_WAIVER_DAYS", "Effect", "Elsewhere", "objections_to"]

MAX_WAIVER_DAYS = 90
"""The longest that a waiver may be given for, where the policy does not say."""

_FINDINGS = frozenset({VerdictName.FAILING, VerdictName.INVALID})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Verdicts beside those that were looked at.

    Attributes:
        where: Model version and target.
        before: By assertion id: by the rules as they stand.
        after: By the rules as decided; what is retired is not there.
    """

    where: str
    before: Mapping[str, VerdictName]
    after: Mapping[str, VerdictName]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the decisions on one suite would do.

    Attributes:
        known: Ids of the assertions in use before.
        before: By assertion id: the new version's verdict by the rules as they stand.
        after: The same by the rules as decided; what is retired is not there.
        rules: By assertion id: what changes of its rule.
        elsewhere: What an edit does to the verdicts on the newest version of each target.
        asked_anew: Assertions whose requests an edit changes: their replies must be had again before anything is said.
    """

    known: Collection[str]
    before: Mapping[str, VerdictName]
    after: Mapping[str, VerdictName]
    rules: Mapping[str, Sequence[RuleChange]]
    elsewhere: Sequence[Elsewhere] = ()
    asked_anew: Collection[str] = ()


def objections_to(
    decisions: Sequence[Decision], effect: Effect, *, today: date, max_waiver_days: int
) -> tuple[str, ...]:
    """Return why decisions on one suite may not be carried out, each with what to do; empty where they may.

    Args:
        decisions: Decisions on one suite.
        effect: What they would do.
        today: The day.
        max_waiver_days: The longest that a waiver may be given for.
    """
    found: list[str] = []
    named: set[str] = set()
    for decision in decisions:
        if decision.name in named:
            found.append(f"{decision.name}: two decisions; give one")
        named.add(decision.name)
        if decision.assertion not in effect.known:
            found.append(f"{decision.name}: there is no such assertion in use; see `rebaseline lint`")
        else:
            found.extend(f"{decision.name}: {words}" for words in _of_one(decision, effect, today, max_waiver_days))
    found.extend(_of_all(decisions, effect))
    found.extend(words for place in effect.elsewhere for words in _of_elsewhere(decisions, place, effect))
    return tuple(found)


def _still_open(name: str, effect: Effect) -> frozenset[VerdictName]:
    """Return what a failing assertion may be after an edit: failing, or asked anew, which blocks as well."""
    asked = {VerdictName.UNMEASURED} if name in effect.asked_anew else set()
    return frozenset({VerdictName.FAILING, *asked})


def _of_elsewhere(decisions: Sequence[Decision], place: Elsewhere, effect: Effect) -> Iterator[str]:
    """What fails where nobody looked is neither taken out of use nor repaired away."""
    suite = decisions[0].suite if decisions else ""
    for name, before in place.before.items():
        if before is not VerdictName.FAILING or place.after.get(name) in _still_open(name, effect):
            continue
        becomes = "take it out of use" if name not in place.after else f"make it {place.after[name]}"
        yield (
            f"{suite}/{name}: it is failing for {place.where}, and the edit would {becomes}: it can be neither "
            "retired nor edited away while it fails there, waived or not"
        )


def _of_one(decision: Decision, effect: Effect, today: date, max_waiver_days: int) -> Iterator[str]:
    before = effect.before[decision.assertion]
    match decision.action:
        case Action.REBASELINE:
            yield from _of_rebaseline(decision, before, effect)
        case Action.REPAIR:
            yield from _of_repair(decision)
        case Action.WAIVE:
            yield from _of_waiver(decision, before, today, max_waiver_days)
        case Action.RETIRE:
            yield from _of_retirement(decision, before)
        case Action.REJECT:
            yield from _of_rejection(decision, before)


def _of_repair(decision: Decision) -> Iterator[str]:
    if not decision.verified and not decision.reason.strip():
        yield "a repair that is not verified needs a reason: --reason"
    if not decision.edits and not decision.project_edits:
        yield "a repair without an edit repairs nothing; re-baseline it, or reject it"


def _of_retirement(decision: Decision, before: VerdictName) -> Iterator[str]:
    if before is VerdictName.FAILING:
        yield (
            "it is failing, and what fails is not taken out of use: waive it, with --owner, --until and --reason, or "
            "reject it"
        )
    if not decision.reason.strip():
        yield "retiring needs a reason: --reason"


def _of_rejection(decision: Decision, before: VerdictName) -> Iterator[str]:
    if not decision.reason.strip():
        yield "rejecting needs a reason: --reason"
    if before not in _FINDINGS:
        yield f"{before.said}: there is no finding to record"


def _of_rebaseline(decision: Decision, before: VerdictName, effect: Effect) -> Iterator[str]:
    verdicts = {before, effect.after.get(decision.assertion, before)}
    if VerdictName.FAILING in verdicts:
        yield (
            "it is failing, and what fails cannot be accepted away: waive it, with --owner, --until and --reason, "
            "or reject it"
        )
    if VerdictName.UNMEASURED in verdicts:
        yield "it is unmeasured: there is nothing to accept; ask with `rebaseline run`"


def _of_waiver(decision: Decision, before: VerdictName, today: date, max_waiver_days: int) -> Iterator[str]:
    for value, what in ((decision.owner, "an owner: --owner"), (decision.reason, "a reason: --reason")):
        if not value.strip():
            yield f"a waiver needs {what}"
    if before not in _FINDINGS:
        yield f"{before.said}: there is nothing to waive"
    last = today + timedelta(days=max_waiver_days)
    if decision.expires_on is None:
        yield "a waiver needs its last day: --until DATE"
    elif decision.expires_on < today:
        yield f"a waiver until {decision.expires_on} would be over already"
    elif decision.expires_on > last:
        yield (
            f"a waiver until {decision.expires_on} is longer than the {max_waiver_days} days that the policy allows; "
            f"the latest day is {last}"
        )


def _of_all(decisions: Sequence[Decision], effect: Effect) -> Iterator[str]:
    """Look at every assertion, also at those that an edit touches by the way, such as by a default of the suite."""
    reasons = {it.assertion: it.reason.strip() for it in decisions if it.action is Action.REPAIR}
    retired = {it.assertion for it in decisions if it.action is Action.RETIRE}
    all_reasoned = bool(reasons) and all(reasons.values())
    suite = decisions[0].suite if decisions else ""
    for name in effect.known:
        if name in retired:
            continue
        if name not in effect.after:
            yield f"{suite}/{name}: an edit takes it out; retire it, which keeps it in the file with the reason"
            continue
        after = effect.after[name]
        if effect.before[name] is VerdictName.FAILING and after not in _still_open(name, effect):
            yield (
                f"{suite}/{name}: it is failing, and the edit would make it {after}: what fails is not "
                "repaired away; waive it, or reject it"
            )
        looser = [change.what for change in effect.rules.get(name, ()) if change.direction == "looser"]
        if looser and not (reasons.get(name) or (name not in reasons and all_reasoned)):
            yield f"{suite}/{name}: a looser rule ({', '.join(looser)}) needs a reason: --reason"
