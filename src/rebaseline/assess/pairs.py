"""Old and new samples of the same probes, pair by pair: the change, and the evidence of a `no_worse` bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rebaseline.assess.table import ReadingTable, count_readings
from rebaseline.assess.weigh import theta_of
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.evidence import Evidence, LimitEvidence, Method
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Reading, Valued
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Change
from rebaseline.stats import bounds
from rebaseline.stats.eprocess import EValue, log_threshold, weigh
from rebaseline.stats.mixture import pair_mixture
from rebaseline.stats.tally import Tally

__all__ = ["Pairing", "change_of", "pair_tables", "weigh_pairs"]

_NO_DROP = 0.5


@dataclass(frozen=True, slots=True)
class Pairing:
    """Rounds in which every probe that both sides share has an old and a new reading.

    Attributes:
        probes: Probes that were paired.
        rounds: Complete rounds of (old, new).
        new_unread: New readings without a partner or in an incomplete round.
        missing: Probes of the new side that the old side lacks or was asked otherwise.
    """

    probes: tuple[str, ...]
    rounds: tuple[tuple[tuple[Reading, Reading], ...], ...]
    new_unread: int
    missing: int


def pair_tables(old: ReadingTable, new: ReadingTable) -> Pairing:
    """Pair sample r of each probe with the baseline's stored sample r of the same probe."""
    old_rows = dict(zip(old.probes, old.readings, strict=True))
    shared = [(probe, old_rows[probe], row) for probe, row in zip(new.probes, new.readings, strict=True) if probe in old_rows]
    width = min(old.width, new.width) if shared else 0
    rounds = tuple(_complete(shared, width))
    everything = sum(1 for _ in new.all_readings())
    return Pairing(
        probes=tuple(probe for probe, _, _ in shared),
        rounds=rounds,
        new_unread=everything - sum(len(row) for row in rounds),
        missing=len(new.probes) - len(shared),
    )


_Row = tuple[str, tuple[Reading | None, ...], tuple[Reading | None, ...]]


def _complete(shared: list[_Row], width: int) -> Iterator[tuple[tuple[Reading, Reading], ...]]:
    for sample in range(width):
        pairs: list[tuple[Reading, Reading]] = []
        for _, old_row, new_row in shared:
            before = old_row[sample] if sample < len(old_row) else None
            after = new_row[sample] if sample < len(new_row) else None
            if before is None or after is None:
                break
            pairs.append((before, after))
        else:
            yield tuple(pairs)


def _tallies(pairing: Pairing) -> tuple[Tally, Tally]:
    """Return the tallies of y = (1 + d) / 2 on the harshest and on the kindest reading of the voids."""
    low = Tally.of([[_position(old, new, harsh=True) for old, new in row] for row in pairing.rounds])
    high = Tally.of([[_position(old, new, harsh=False) for old, new in row] for row in pairing.rounds])
    return low, high


def _position(old: Reading, new: Reading, *, harsh: bool) -> float:
    after = new.value if isinstance(new, Valued) else (0.0 if harsh else 1.0)
    before = old.value if isinstance(old, Valued) else (1.0 if harsh else 0.0)
    return (1.0 + after - before) / 2.0


def change_of(pairing: Pairing) -> ChangeEvidence:
    """Return what the pairs show of a change in either direction, at the level of an alarm."""
    if not pairing.rounds:
        return ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0)
    low, high = _tallies(pairing)
    bet = pair_mixture(_NO_DROP)
    worse, better = weigh(high.mirrored(), bet), weigh(low, bet)
    threshold = log_threshold(ALARM_ALPHA)
    change = Change.NONE_SHOWN
    if worse.log_e_sup >= threshold:
        change = Change.WORSE
    elif better.log_e_sup >= threshold:
        change = Change.BETTER
    return ChangeEvidence(
        change=change,
        pairs=low.n,
        lowest=_difference(low),
        highest=_difference(high),
        log_e_worse=worse.log_e_sup,
        log_e_better=better.log_e_sup,
    )


def _difference(tally: Tally) -> float | None:
    return None if tally.mean is None else 2.0 * tally.mean - 1.0


def weigh_pairs(pairing: Pairing, new: ReadingTable, bar: NoWorse, *, steady: bool) -> Evidence:
    """Return the evidence of a `no_worse` bar.

    One reply a probe is read as one round: no exact test of a mean difference is valid for unequal probes, so the
    e-value of that round is used there too.

    Args:
        pairing: The pairs.
        new: The candidate's readings, for the counts.
        bar: The bar.
        steady: Both sides are known to be steady: the verdict is arithmetic about these replies.
    """
    theta = theta_of(bar)
    low, high = _tallies(pairing)
    read = [after for row in pairing.rounds for _, after in row]
    everything = list(new.all_readings())
    counts = count_readings(read or everything)
    method = Method.NONE if not pairing.rounds else Method.STEADY if steady else Method.E_PROCESS
    drop = weigh(high.mirrored(), pair_mixture(_NO_DROP)) if high.n else None
    return Evidence(
        method=method,
        theta=theta,
        probes=len(pairing.probes),
        rounds=len(pairing.rounds),
        planned_rounds=new.planned_rounds,
        passes=counts.passes,
        fails=counts.fails,
        partial=counts.partial,
        voids=counts.voids,
        unread=pairing.new_unread,
        low=_limit(low, theta),
        high=_limit(high, theta),
        bounds=_bounds(low, high),
        leading_voids=counts.leading_voids,
        violations=counts.fails + counts.partial,
        paired=True,
        log_e_drop=None if drop is None else drop.log_e_sup,
        pairs_missing=pairing.missing,
    )


def _limit(tally: Tally, theta: float) -> LimitEvidence:
    if tally.n == 0:
        return LimitEvidence(None, 0.0, 0.0)
    above: EValue = weigh(tally, pair_mixture(theta))
    below: EValue = weigh(tally.mirrored(), pair_mixture(1.0 - theta))
    return LimitEvidence(
        mean=tally.mean,
        log_e_above=above.log_e_sup,
        log_e_below=below.log_e_sup,
        last_above=above.log_e_last,
        last_below=below.log_e_last,
    )


def _bounds(low: Tally, high: Tally) -> tuple[float, float]:
    """Return the shown bounds of the mean difference, in [-1, 1]."""
    if low.n == 0:
        return -1.0, 1.0
    return 2.0 * bounds.lower_bound(low, HOLDS_ALPHA) - 1.0, 2.0 * bounds.upper_bound(high, HOLDS_ALPHA) - 1.0
