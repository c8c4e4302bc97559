"""Two verdicts to a transition: how an assertion came through a change."""

from __future__ import annotations

from rebaseline.domain.verdict import Transition, Verdict, VerdictName

__all__ = ["decide_transition"]

_H, _F, _I = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID
_Q, _U = VerdictName.INCONCLUSIVE, VerdictName.UNMEASURED
_TRANSITIONS = {
    (_H, _H): Transition.SURVIVED,
    (_H, _F): Transition.REGRESSED,
    (_H, _I): Transition.INVALIDATED,
    (_H, _Q): Transition.UNSETTLED,
    (_H, _U): Transition.UNMEASURED,
    (_F, _H): Transition.RECOVERED,
    (_F, _F): Transition.STILL_FAILING,
    (_F, _I): Transition.INVALIDATED,
    (_F, _Q): Transition.UNSETTLED,
    (_F, _U): Transition.UNMEASURED,
    (_I, _H): Transition.RECOVERED,
    (_I, _F): Transition.NEVER_VALID,
    (_I, _I): Transition.NEVER_VALID,
    (_I, _Q): Transition.NEVER_VALID,
    (_I, _U): Transition.NEVER_VALID,
}


def decide_transition(old: Verdict | None, new: Verdict) -> Transition:
    """Return how an assertion came through the change.

    Only an assertion that held can survive or regress. One that the baseline lacks, or did not settle, is new.
    """
    if old is None:
        return Transition.NEW
    return _TRANSITIONS.get((VerdictName.of(old), VerdictName.of(new)), Transition.NEW)
