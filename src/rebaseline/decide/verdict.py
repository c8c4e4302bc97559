"""Evidence and bar to verdict (docs/verdicts.md).

Bounds instead of guesses: `low` takes every void as a fail, `high` as a pass. Uncertainty that more replies remove is
inconclusive; uncertainty that only a new check removes is invalid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from rebaseline.domain.evidence import (
    AnchorEvidence,
    Evidence,
    FreshEvidence,
    GroupFacts,
    LimitEvidence,
    Method,
    Outlook,
    SeparationEvidence,
)
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA, LEADING_VOIDS, VOID_TOLERANCE
from rebaseline.domain.reading import OUTSTANDING, Assumption
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.domain.verdict import (
    Failing,
    Holds,
    Inconclusive,
    Invalid,
    Reason,
    Unmeasured,
    Unsettled,
    Verdict,
)
from rebaseline.stats.exact import binomial_tail_at_least

__all__ = [
    "decide_verdict",
    "is_failing",
    "shown_above",
    "shown_below",
]

_NAMED = 5
"""Probes that a reason names; `--why` shows replies."""
_LOST = (Assumption.DELIVERED, Assumption.JUDGED, Assumption.KEPT)
_PURGED = ("{} of its replies was purged", "{} of its replies were purged")


def shown_above(limit: LimitEvidence, evidence: Evidence, alpha: float) -> bool:
    """Return whether the mean of `limit` is shown to exceed the bar at level `alpha`, by the evidence's method."""
    match evidence.method:
        case Method.E_PROCESS:
            return limit.log_e_above >= -math.log(alpha)
        case Method.ONE_LOOK:
            return limit.p_above is not None and limit.p_above <= alpha
        case Method.STEADY if evidence.paired:
            return limit.mean is not None and limit.mean > evidence.theta  # a drop of exactly the margin is too much
        case Method.STEADY:
            return limit.mean is not None and limit.mean >= evidence.theta
        case Method.NONE:
            return False


def shown_below(limit: LimitEvidence, evidence: Evidence, alpha: float) -> bool:
    """Return whether the mean of `limit` is shown to lie under the bar at level `alpha`."""
    match evidence.method:
        case Method.E_PROCESS:
            return limit.log_e_below >= -math.log(alpha)
        case Method.ONE_LOOK:
            return limit.p_below is not None and limit.p_below <= alpha
        case Method.STEADY if evidence.paired:
            return limit.mean is not None and limit.mean <= evidence.theta
        case Method.STEADY:
            return limit.mean is not None and limit.mean < evidence.theta
        case Method.NONE:
            return False


def decide_verdict(evidence: Evidence, bar: Bar, group: GroupFacts, outlook: Outlook) -> Verdict:
    """Return the verdict on one assertion and one model version.

    Args:
        evidence: From complete rounds; for a `no_worse` bar, from the pairs.
        bar: The bar; `evidence.theta` is its level on the scale of the values.
        group: Tests of the instrument; they may block Holds, Failing or both.
        outlook: What more replies would bring, for an inconclusive verdict.

    Returns:
        One of the five verdicts. A void is never a reason for Holds or for Failing. Where replies were purged, nothing
        is only unsettled: what they showed may have been a failure, and asking on would not bring it back.
    """
    found = _decide(evidence, bar, group, outlook)
    if group.purged and (isinstance(found, Inconclusive) or (isinstance(found, Holds) and group.labels_purged)):
        return Unmeasured(_PURGED[group.purged != 1].format(group.purged))
    return found


def _decide(evidence: Evidence, bar: Bar, group: GroupFacts, outlook: Outlook) -> Verdict:
    if evidence.replies == evidence.outstanding and not evidence.violations:
        return _not_measured(evidence, outlook)
    if is_failing(evidence, bar):
        return _unless_blocked_failing(evidence, bar, group)
    if shown_above(evidence.low, evidence, HOLDS_ALPHA) and _still_above(evidence):
        if isinstance(bar, Never) and evidence.possible_violations:
            doubt = Inconclusive(Unsettled.POSSIBLE)
            return _invalid_by_voids(evidence) if _is_contradicted(evidence, bar) else doubt
        return _unless_blocked_holds(evidence, group)
    if _hangs_on_voids(evidence, bar):
        return _invalid_by_voids(evidence)
    return _unsettled(evidence, bar, group, outlook)


def _is_contradicted(evidence: Evidence, bar: Bar) -> bool:
    """Return whether two readings exclude each other on what may never happen: no reply to come takes that back."""
    return isinstance(bar, Never) and evidence.voids.get(Assumption.AGREEMENT, 0) > 0


def _is_confirmed(evidence: Evidence, bar: Bar, group: GroupFacts) -> bool:
    """Return whether a person saw what must never happen: then it does not matter whether the check is in order."""
    return isinstance(bar, Never) and group.confirmed > 0 and evidence.violations > 0


def _unsettled(evidence: Evidence, bar: Bar, group: GroupFacts, outlook: Outlook) -> Verdict:
    """Return what is neither shown nor hangs on voids: more replies tell, unless people showed the check wrong.

    Where the check itself reads under the bar, people who see the same do not contradict it.
    """
    if evidence.high.mean is not None and evidence.high.mean >= evidence.theta:
        refuted = _refuted_by_labels(evidence, group)
        if refuted:
            return Invalid(tuple(refuted), straddles=False)
    if isinstance(bar, Never) and evidence.possible_violations and _at_planned_end(evidence):
        return Inconclusive(Unsettled.POSSIBLE)
    return Inconclusive(_why_unsettled(evidence), outlook.needed, outlook.would_have_seen)


def _refuted_by_labels(evidence: Evidence, group: GroupFacts) -> list[Reason]:
    """Return that people's labels show the rate under the bar; they bound the rate of passes, not a drop of pairs."""
    if evidence.paired or group.labels is None or group.labels.alarm_bounds[1] >= evidence.theta:
        return []
    at_most = f"at most {group.labels.alarm_bounds[1]:.3g} of these replies pass"
    return [Reason(Assumption.AGREEMENT, detail=f"by people's labels of a random sample, {at_most}")]


def _still_above(evidence: Evidence) -> bool:
    """What was shown once is not what holds if the replies that came since say otherwise: a pinned id may move."""
    return evidence.low.mean is not None and evidence.low.mean >= evidence.theta


def _not_measured(evidence: Evidence, outlook: Outlook) -> Verdict:
    if evidence.outstanding:
        return Unmeasured(_missing(evidence))
    if evidence.unread:
        return Inconclusive(Unsettled.TOO_FEW, outlook.needed, outlook.would_have_seen)
    return Unmeasured("not asked yet")


def is_failing(evidence: Evidence, bar: Bar) -> bool:
    """Return whether the claim is shown not to be met, whatever the instrument's own tests say."""
    match bar:
        case Never():
            return evidence.violations > 0
        case NoWorse(margin=margin):
            return _drop_shown(evidence) and _kindest_drop(evidence) > margin
        case _:
            return shown_below(evidence.high, evidence, ALARM_ALPHA)


def _kindest_drop(evidence: Evidence) -> float:
    """Return the estimated drop with every doubt in the candidate's favour, on the scale of the values."""
    return 0.0 if evidence.high.mean is None else 1.0 - 2.0 * evidence.high.mean


def _drop_shown(evidence: Evidence) -> bool:
    """Return whether some drop is shown; what is read by arithmetic is shown, and only its size is asked for."""
    if evidence.method is Method.STEADY:
        return True
    return evidence.log_e_drop is not None and evidence.log_e_drop >= -math.log(ALARM_ALPHA)


def _hangs_on_voids(evidence: Evidence, bar: Bar) -> bool:
    """Return whether more sampling would not settle it, by proof, at the planned end, or from the first replies."""
    if evidence.void_count == 0:
        return False
    if _is_contradicted(evidence, bar) or _proven_unreadable(evidence):
        return True
    if _nothing_readable(evidence) and evidence.leading_voids >= LEADING_VOIDS:
        return True
    return _at_planned_end(evidence) and _straddles(evidence) and _voids_over_tolerance(evidence)


def _proven_unreadable(evidence: Evidence) -> bool:
    return shown_below(evidence.low, evidence, ALARM_ALPHA) and shown_above(evidence.high, evidence, ALARM_ALPHA)


def _nothing_readable(evidence: Evidence) -> bool:
    """Return whether every reply so far is void. Which ten of many stand first is the suite's order, and no finding."""
    return 0 < evidence.leading_voids == evidence.replies - evidence.outstanding


def _at_planned_end(evidence: Evidence) -> bool:
    return evidence.rounds >= evidence.planned_rounds


def _straddles(evidence: Evidence) -> bool:
    low, high = evidence.low.mean, evidence.high.mean
    return low is not None and high is not None and low < evidence.theta <= high


def _voids_over_tolerance(evidence: Evidence) -> bool:
    """Return whether the share of voids is shown to exceed its tolerance, at the level of an alarm.

    Not whether it does in these replies: of models whose check leaves 5 % unread, 5 % would then raise an alarm. The
    exact binomial tail holds for probes that differ (Hoeffding 1956), looked at once: so it is of the planned replies,
    and those that came beyond the plan do not bring it up again. Faults are no voids here: another check would not have
    read them either.
    """
    tail = binomial_tail_at_least(evidence.planned_unreadable, evidence.planned_replies, VOID_TOLERANCE)
    return tail <= ALARM_ALPHA


def _missing(evidence: Evidence) -> str:
    """Say what asking again may bring."""
    undelivered, unjudged, purged = (evidence.voids.get(kind, 0) for kind in _LOST)
    of = "" if evidence.replies == evidence.outstanding else f" of {evidence.replies}"
    parts = [f"no reply to {undelivered}{of} request{'s' * (undelivered != 1)}"] if undelivered else []
    parts += [f"{unjudged}{of} repl{'y' if unjudged == 1 else 'ies'} not judged yet"] if unjudged else []
    parts += [_PURGED[purged != 1].format(purged)] if purged else []
    return ", ".join(parts)


def _invalid_by_voids(evidence: Evidence) -> Verdict:
    if evidence.outstanding * 2 > evidence.void_count:
        return Unmeasured(_missing(evidence))
    broken = sorted(
        (item for item in evidence.voids.items() if item[0] not in OUTSTANDING),
        key=lambda item: (-item[1], item[0]),
    )
    reasons = tuple(
        Reason(assumption, count, evidence.void_forms if assumption is Assumption.FORM else ())
        for assumption, count in broken
    )
    return Invalid(reasons, proven=_proven_unreadable(evidence))


def _unless_blocked_failing(evidence: Evidence, bar: Bar, group: GroupFacts) -> Verdict:
    """A check that calls known passes fails, tells nothing apart, or is overruled by people, shows no failure.

    Unless a person saw what must never happen.
    """
    if _is_confirmed(evidence, bar, group):
        return Failing()
    reasons = [_control_reason("reads as fail what must pass", group.false_alarms)] if group.false_alarms else []
    deciding = tuple(anchors for anchors in group.anchors if anchors.decides)
    reasons += [*_separation_reasons(group), *_anchor_reasons(deciding)]
    if isinstance(bar, AtLeast) and group.labels is not None and group.labels.alarm_bounds[0] > evidence.theta:
        at_least = f"at least {group.labels.alarm_bounds[0]:.3g} of these replies pass"
        reasons.append(Reason(Assumption.AGREEMENT, detail=f"by people's labels of a random sample, {at_least}"))
    if group.fresh is not None and group.fresh.blocks:
        reasons.append(_fresh_reason(group.fresh))
    if reasons:
        return Invalid(tuple(reasons), straddles=False)
    return Inconclusive(Unsettled.ANCHORS) if _anchors_pending(deciding) else Failing()


def _fresh_reason(fresh: FreshEvidence) -> Reason:
    few = ", ".join(fresh.probes[:_NAMED]) + (", …" if len(fresh.probes) > _NAMED else "")
    which = f"{len(fresh.probes)} of its probes ({few})"
    return Reason(
        Assumption.FRESH, detail=f"both versions give the same other answer than {fresh.source} wrote to {which}"
    )


def _unless_blocked_holds(evidence: Evidence, group: GroupFacts) -> Verdict:
    """A check that misses known faults, or a model that no longer engages, cannot show that a claim holds."""
    reasons = [_control_reason("passes what must fail", group.missed_faults)] if group.missed_faults else []
    if group.dead_faults:
        reasons.append(Reason(Assumption.ALIVE, detail="passes seeded faults: " + ", ".join(group.dead_faults)))
    reasons += [*_separation_reasons(group), *_anchor_reasons(group.anchors)]
    if group.alive is not None and group.alive.refuted:
        arm = f"only {group.alive.passes} of {group.alive.replies} replies of the arm pass"
        reasons.append(Reason(Assumption.ALIVE, detail=arm))
    reasons += _refuted_by_labels(evidence, group)
    if reasons:
        return Invalid(tuple(reasons), straddles=False)
    if _anchors_pending(group.anchors):
        return Inconclusive(Unsettled.ANCHORS)
    unsettled = [arm for arm in (group.alive, group.separation) if arm is not None and not arm.shown]
    if unsettled and evidence.method is not Method.NONE:
        return Inconclusive(Unsettled.ARM)
    return Holds()


def _control_reason(what: str, controls: tuple[str, ...]) -> Reason:
    return Reason(Assumption.CONTROLS, detail=f"{what}: {'; '.join(controls)}")


def _separation_reasons(group: GroupFacts) -> list[Reason]:
    if group.separation is None or not group.separation.refuted:
        return []
    return [Reason(Assumption.CONTROLS, detail=_separation_detail(group.separation))]


def _separation_detail(found: SeparationEvidence) -> str:
    """Return the counts of both arms; J lies between its estimates with every void read either way."""
    right, wrong = found.must_pass, found.must_fail
    estimates = dict.fromkeys(f"{j:.2f}" for j in (found.lowest, found.highest) if j is not None)
    return (
        f"passes {right.passes} of {right.replies} where it must pass, {wrong.passes} of {wrong.replies} where it must "
        f"fail: J = {' to '.join(estimates)}, floor {found.floor:g}"
    )


def _anchor_reasons(judges: tuple[AnchorEvidence, ...]) -> list[Reason]:
    """A judge that does not read as people do shows nothing, in either direction; nor do two judges, side by side."""
    return [
        Reason(Assumption.ANCHORS, detail=f"its judge {anchors.judge} {'; '.join(words)}")
        for anchors in judges
        if (words := list(_faults_of(anchors)))
    ]


def _faults_of(anchors: AnchorEvidence) -> Iterator[str]:
    if anchors.moved_from:
        yield f"moved from {anchors.moved_from} to {anchors.version}, and the old replies were not judged again"
    if anchors.misreads:
        kappa = "undefined" if anchors.kappa is None else f"{anchors.kappa:.2f}"
        read = f"reads {anchors.agreed} of {anchors.anchors} anchors as people do"
        yield f"{read} (kappa {kappa}, floor {anchors.floor:.2f})"
    if anchors.gone_binary:
        yield f"has gone binary: none of {anchors.middle} anchors in the middle of the scale is read there"


def _anchors_pending(judges: tuple[AnchorEvidence, ...]) -> bool:
    return any(anchors.pending for anchors in judges)


def _why_unsettled(evidence: Evidence) -> Unsettled:
    if evidence.high.mean is not None and evidence.high.mean < evidence.theta:
        return Unsettled.SUSPECTED
    unreadable = evidence.void_count - evidence.outstanding
    if _at_planned_end(evidence) and _straddles(evidence) and unreadable > VOID_TOLERANCE * evidence.replies:
        return Unsettled.VOIDS
    return Unsettled.NO_ALARM if _at_planned_end(evidence) else Unsettled.TOO_FEW
