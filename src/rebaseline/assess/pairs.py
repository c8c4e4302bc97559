"""Old and new samples of the same probes, pair by pair: the change, and the evidence of a `no_worse` bar."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import sub
from typing import cast

from rebaseline.assess.table import ReadingTable, count_late, count_readings, limits_of
from rebaseline.assess.weigh import theta_of
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.evidence import Evidence, LimitEvidence, Method, Outlook
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Reading, Valued, Void
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Change
from rebaseline.stats import pairs
from rebaseline.stats.eprocess import log_threshold
from rebaseline.stats.tally import Tally

__all__ = ["Pairing", "change_of", "outlook_of_pairs", "pair_tables", "tallies_of", "weigh_pairs"]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Rounds in which every probe that both sides share has an old and a new reading.

    Attributes:
        probes: Probes that were paired.
        rounds: Complete rounds of (old, new).
        new_unread: New readings without a partner or in an incomplete round.
        missing: Probes of the new side that the old side lacks or was asked otherwise.
        planned_rounds: Rounds after which no more pairs come: what is planned, as far as the old side has samples.
        samples: The sample index of each round.
    """

    probes: tuple[str, ...]
    rounds: tuple[tuple[tuple[Reading, Reading], ...], ...]
    new_unread: int
    missing: int
    planned_rounds: int
    samples: tuple[int, ...]


def pair_tables(old: ReadingTable, new: ReadingTable) -> Pairing:
    """Pair sample r of each probe with the baseline's stored sample r of the same probe."""
    places = {probe: place for place, probe in enumerate(old.probes)}
    shared = [(place, places[probe]) for place, probe in enumerate(new.probes) if probe in places]
    width = min(old.width, new.width) if shared else 0
    complete = dict(_complete(old, new, shared, width))
    rounds = tuple(complete.values())
    everything = sum(1 for _ in new.all_readings())
    return Pairing(
        probes=tuple(new.probes[place] for place, _ in shared),
        rounds=rounds,
        new_unread=everything - sum(len(row) for row in rounds),
        missing=len(new.probes) - len(shared),
        planned_rounds=max(1, min(new.planned_rounds, old.width)),
        samples=tuple(complete),
    )


def _complete(
    old: ReadingTable, new: ReadingTable, shared: list[tuple[int, int]], width: int
) -> Iterator[tuple[int, tuple[tuple[Reading, Reading], ...]]]:
    for sample in range(width):
        before, after = old.column(sample), new.column(sample)
        if old.probes != new.probes:
            before, after = tuple(before[place] for _, place in shared), tuple(after[place] for place, _ in shared)
        if None not in before and None not in after:
            yield sample, cast("tuple[tuple[Reading, Reading], ...]", tuple(zip(before, after, strict=True)))


def tallies_of(pairing: Pairing) -> tuple[Tally, Tally]:
    """Return the tallies of the differences on the harshest and on the kindest reading of the voids.

    The harshest takes a new void as 0 and an old one as 1, the kindest the other way round.
    """
    low: list[list[float]] = []
    high: list[list[float]] = []
    for row in pairing.rounds:
        before, after = limits_of([[old for old, _ in row]]), limits_of([[new for _, new in row]])
        low.append(list(map(sub, after.low[0], before.high[0])))
        high.append(list(map(sub, after.high[0], before.low[0])))
    return pairs.pair_tally(low), pairs.pair_tally(high)


def _read_pair(old: Reading, new: Reading) -> Reading:
    """Count a pair by its new reply, or as void where only the old one is: neither can then be compared."""
    return old if isinstance(old, Void) and isinstance(new, Valued) else new


def change_of(pairing: Pairing) -> ChangeEvidence:
    """Return what the pairs show of a change in either direction, at the level of an alarm."""
    if not pairing.rounds:
        return ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0)
    low, high = tallies_of(pairing)
    worse, better = pairs.shown_drop(high), pairs.shown_gain(low)
    threshold = log_threshold(ALARM_ALPHA)
    change = Change.NONE_SHOWN
    if worse.log_e_sup >= threshold:
        change = Change.WORSE
    elif better.log_e_sup >= threshold:
        change = Change.BETTER
    return ChangeEvidence(
        change=change,
        pairs=low.n,
        lowest=pairs.mean_difference(low),
        highest=pairs.mean_difference(high),
        log_e_worse=worse.log_e_sup,
        log_e_better=better.log_e_sup,
    )


def weigh_pairs(
    pairing: Pairing, new: ReadingTable, bar: NoWorse, *, steady: bool, with_bounds: bool = True
) -> Evidence:
    """Return the evidence of a `no_worse` bar.

    One reply a probe is read as one round: no exact test of a mean difference is valid for unequal probes, so the
    e-value of that round is used there too.

    Args:
        pairing: The pairs.
        new: The candidate's readings, for the counts.
        bar: The bar.
        steady: Both sides are known to be steady: the verdict is arithmetic about these replies.
        with_bounds: Compute the bounds too; no verdict rests on them.
    """
    theta = theta_of(bar)
    low, high = tallies_of(pairing)
    rounds = [[_read_pair(before, after) for before, after in row] for row in pairing.rounds]
    read = [reading for row in rounds for reading in row]
    everything = list(new.all_readings())
    counts = count_readings(read or everything)
    late_replies, late_unreadable = count_late(rounds, pairing.planned_rounds)
    method = Method.NONE if not pairing.rounds else Method.STEADY if steady else Method.E_PROCESS
    drop = pairs.shown_drop(high) if high.n else None
    return Evidence(
        method=method,
        theta=theta,
        probes=len(pairing.probes),
        rounds=len(pairing.rounds),
        planned_rounds=pairing.planned_rounds,
        passes=counts.passes,
        fails=counts.fails,
        partial=counts.partial,
        voids=counts.voids,
        void_forms=counts.void_forms,
        unread=pairing.new_unread,
        low=_limit(low, bar.margin),
        high=_limit(high, bar.margin),
        bounds=_bounds(low, high) if with_bounds else (-1.0, 1.0),
        leading_voids=counts.leading_voids,
        violations=counts.fails + counts.partial,
        paired=True,
        log_e_drop=None if drop is None else drop.log_e_sup,
        last_drop=None if drop is None else drop.log_e_last,
        pairs_missing=pairing.missing,
        late_replies=late_replies,
        late_unreadable=late_unreadable,
    )


def _limit(tally: Tally, margin: float) -> LimitEvidence:
    if tally.n == 0:
        return LimitEvidence(None, 0.0, 0.0)
    refuted, over = pairs.drop_refuted(tally, margin), pairs.drop_over(tally, margin)
    return LimitEvidence(
        mean=tally.mean,
        log_e_above=refuted.log_e_sup,
        log_e_below=over.log_e_sup,
        last_above=refuted.log_e_last,
        last_below=over.log_e_last,
    )


def _bounds(low: Tally, high: Tally) -> tuple[float, float]:
    """Return the shown bounds of the mean difference, in [-1, 1]."""
    if low.n == 0:
        return -1.0, 1.0
    return pairs.difference_bounds(low, HOLDS_ALPHA)[0], pairs.difference_bounds(high, HOLDS_ALPHA)[1]


def outlook_of_pairs(evidence: Evidence) -> Outlook:
    """Return about how many more pairs would refute the drop, if the log stake goes on growing as it has."""
    grown, threshold = evidence.low.last_above, log_threshold(HOLDS_ALPHA)
    if evidence.method is not Method.E_PROCESS or grown <= 0.0 or evidence.replies == 0:
        return Outlook()
    return Outlook(needed=max(0, math.ceil(evidence.replies * (threshold / grown - 1.0))))
