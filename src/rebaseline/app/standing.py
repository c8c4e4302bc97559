"""Which alarms of a whole diff stand at its false discovery rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rebaseline.decide.alarm import alarm_log_e
from rebaseline.domain.comparison import Comparison
from rebaseline.domain.evidence import Method
from rebaseline.domain.levels import FALSE_DISCOVERY_RATE
from rebaseline.domain.suite import Never
from rebaseline.domain.verdict import Failing, Invalid
from rebaseline.stats.multiplicity import e_bh

__all__ = ["mark_standing"]


def mark_standing(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Mark which alarms stand at the false discovery rate over the whole diff (e-BH).

    An alarm that rests on a fact (a confirmed violation, a misread control, the planned end, the arithmetic of a steady
    target) has no e-value: it stands or falls by itself and is left unmarked.
    """
    values = [alarm_log_e(comparison.new.evidence, comparison.assertion.bar) for comparison in comparisons]
    standing = set(e_bh(values, FALSE_DISCOVERY_RATE)) if values else set()
    return tuple(
        replace(comparison, stands=index in standing) if _by_e_value(comparison) else comparison
        for index, comparison in enumerate(comparisons)
    )


def _by_e_value(comparison: Comparison) -> bool:
    if comparison.new.evidence.method is Method.STEADY:
        return False
    match comparison.new.verdict:
        case Failing():
            return not isinstance(comparison.assertion.bar, Never)
        case Invalid(proven=proven):
            return proven
        case _:
            return False
