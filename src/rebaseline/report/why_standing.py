"""Whether an alarm stands when all assertions of a diff are looked at together."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.decide.alarm import alarm_log_e
from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.levels import FALSE_DISCOVERY_RATE
from rebaseline.report.odds import short, stake_words
from rebaseline.report.words import percent, wrapped
from rebaseline.stats.multiplicity import e_bh

__all__ = ["standing_lines"]


def standing_lines(diff: Diff, comparison: Comparison) -> Iterator[str]:
    """Yield how the alarm fares among all of the diff; nothing where it is none, or rests on a fact."""
    if comparison.stands is None:
        return
    values = [alarm_log_e(each.new.evidence, each.assertion.bar) for each in diff.comparisons]
    own = alarm_log_e(comparison.new.evidence, comparison.assertion.bar)
    many, standing = len(values), len(e_bh(values, FALSE_DISCOVERY_RATE))
    rank = 1 + sum(value > own for value in values)
    rate = percent(FALSE_DISCOVERY_RATE)
    verb = "stands" if comparison.stands else "does not stand"
    words = f"{verb}: of the alarms that stand over the whole diff, at most {rate} are expected to be false"
    yield from wrapped("  the alarm  ", words)
    formula = (
        f"e = {stake_words(own)} after the last round, number {rank} of {many}; the k largest stand for the largest k "
        f"with k e(k) >= {many} / {short(FALSE_DISCOVERY_RATE)} = {many / FALSE_DISCOVERY_RATE:,.0f}: k = {standing}"
    )
    yield from wrapped(" " * 15, f"{formula} (e-BH: Wang and Ramdas 2022)")
