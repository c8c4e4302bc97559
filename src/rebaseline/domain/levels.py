"""The error levels and tolerances of the verdict theory (docs/verdicts.md)."""

from __future__ import annotations

__all__ = [
    "ALARM_ALPHA",
    "CHANGE_MARGIN",
    "FALSE_DISCOVERY_RATE",
    "HOLDS_ALPHA",
    "LEADING_VOIDS",
    "REPLY_CAP",
    "STEADY_PROBES",
    "VOID_TOLERANCE",
]

HOLDS_ALPHA = 1 / 20
"""Error level of Holds: how often a claim that is not met would be called met."""
ALARM_ALPHA = 1 / 200
"""Error level of an alarm: 30 assertions exactly on their bars raise a false one in at most 15 % of runs."""
FALSE_DISCOVERY_RATE = 0.05
"""Expected share of false alarms among those that e-BH lets stand over a whole diff."""
VOID_TOLERANCE = 0.10
"""Share of void replies that a check may leave at the planned end before the verdict may hang on them."""
LEADING_VOIDS = 10
"""If every one of the first so many replies is void, the check does not read this model."""
CHANGE_MARGIN = 0.1
"""Default margin of `no_worse`, on the scale of the values."""
REPLY_CAP = 60
"""Replies that an assertion gets unless its suite plans otherwise."""
STEADY_PROBES = 20
"""Fewest probes on which two sessions must agree in every reading before a target is called steady."""
