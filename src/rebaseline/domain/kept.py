"""What was read of replies before they were purged: no word of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rebaseline.domain.reading import Reading

__all__ = ["ARMS", "KeptRow"]

ARMS = ("claims", "alive", "live", "against", "unjudged")
"""The arms that readings are of, by their names in `SuiteReadings`."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One assertion's readings of one arm.

    Attributes:
        arm: Which arm; one of `ARMS`.
        assertion: Assertion id.
        rule: Fingerprint of the rule that they were read by.
        judges: By judge id: who judged (`Judge.mark`).
        keys: By probe id: digest of what its readings depend on apart from the rule.
        readings: By probe id: one reading a sample, None where none was purged.
    """

    arm: str
    assertion: str
    rule: str
    keys: Mapping[str, str]
    readings: Mapping[str, tuple[Reading | None, ...]]
    judges: Mapping[str, str] = field(default_factory=dict)
