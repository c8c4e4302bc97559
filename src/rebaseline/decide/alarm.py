"""What an assertion stakes on deserving an alarm, for e-BH over a whole diff."""

from __future__ import annotations

import math

from rebaseline.domain.evidence import Evidence, Method
from rebaseline.domain.suite import Bar, NoWorse

__all__ = ["alarm_log_e"]


def alarm_log_e(evidence: Evidence, bar: Bar) -> float:
    """Return the log e-value on "this assertion deserves an alarm", for e-BH over a whole diff.

    Half the stake is on Failing, half on Invalid. The lesser of two e-values is one for the union of their null
    hypotheses, and the mean of two is one for the intersection (Vovk and Wang 2021, Annals of Statistics 49). What is
    read by arithmetic has none.
    """
    if evidence.method in {Method.STEADY, Method.NONE}:
        return -math.inf
    failing = evidence.high.last_below
    if isinstance(bar, NoWorse):
        failing = -math.inf if evidence.last_drop is None else evidence.last_drop
    invalid = min(evidence.low.last_below, evidence.high.last_above)
    top = max(failing, invalid)
    if top == -math.inf:
        return -math.inf
    return top + math.log((math.exp(failing - top) + math.exp(invalid - top)) / 2.0)
