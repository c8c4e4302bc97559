"""Tables of readings to evidence, by the method that the layout of the replies allows."""

from __future__ import annotations

from collections.abc import Sequence

from rebaseline.assess.table import ReadingTable, count_late, count_readings
from rebaseline.domain.evidence import Evidence, LimitEvidence, Method, Outlook
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA
from rebaseline.domain.reading import Reading, Valued, Void
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.stats import bounds, exact, power
from rebaseline.stats.eprocess import EValue, Mixture, weigh
from rebaseline.stats.mixture import default_mixture, never_mixture
from rebaseline.stats.steady import flip_bound
from rebaseline.stats.tally import Tally

__all__ = ["mixtures_of", "outlook_of", "theta_of", "weigh_table"]


def theta_of(bar: Bar) -> float:
    """Return the bar on the scale of its values, in (0, 1); pairs are mapped to y = (1 + d) / 2."""
    match bar:
        case AtLeast(rate=rate):
            return rate
        case Never(ceiling=ceiling):
            return 1.0 - ceiling
        case NoWorse(margin=margin):
            return (1.0 - margin) / 2.0


def weigh_table(
    table: ReadingTable,
    bar: AtLeast | Never,
    *,
    prior_rate: float | None,
    steady_probes: int | None,
    with_bounds: bool = True,
) -> Evidence:
    """Return the evidence of one assertion on one model version.

    Args:
        table: Readings by probe and sample; only complete rounds are read.
        bar: The bar. Pairs have a function of their own.
        prior_rate: The accepted baseline's mean, in [0, 1], or None. It must predate these replies.
        steady_probes: Probes that two sessions agreed on, where the target is known to be steady; else None. For a
            `never` bar steadiness is no arithmetic: that two sessions are clean is what chance gives a rare violation,
            so it is one look at one reply a probe.
        with_bounds: Compute the bounds too; they cost most, and no verdict rests on them.
    """
    theta = theta_of(bar)
    one_look = isinstance(bar, Never) and steady_probes is not None
    rounds = tuple(table.rounds())[: 1 if one_look else None]
    read = tuple(reading for row in rounds for reading in row)
    everything = tuple(table.all_readings())
    counts = count_readings(read or everything)
    late_replies, late_unreadable = count_late(rounds, table.planned_rounds)
    low, high = (Tally.of(limit[: len(rounds)]) for limit in (table.limits.low, table.limits.high))
    method = Method.ONE_LOOK if one_look else _method(table, len(rounds), steady_probes)
    return Evidence(
        method=method,
        theta=theta,
        probes=len(table.probes),
        rounds=len(rounds),
        planned_rounds=1 if one_look else table.planned_rounds,
        passes=counts.passes,
        fails=counts.fails,
        partial=counts.partial,
        voids=counts.voids,
        void_forms=counts.void_forms,
        unread=len(everything) - len(read),
        low=_limit(low, bar, prior_rate, method),
        high=_limit(high, bar, prior_rate, method),
        bounds=_bounds(low, high, bar, prior_rate, method) if with_bounds else (0.0, 1.0),
        flip_bound=flip_bound(steady_probes) if method is Method.STEADY and steady_probes else None,
        leading_voids=counts.leading_voids,
        violations=_violations(everything),
        possible_violations=sum(isinstance(reading, Void) for reading in everything),
        late_replies=late_replies,
        late_unreadable=late_unreadable,
    )


def _method(table: ReadingTable, rounds: int, steady_probes: int | None) -> Method:
    if rounds == 0:
        return Method.NONE
    if steady_probes is not None:
        return Method.STEADY
    return Method.ONE_LOOK if rounds == 1 and table.planned_rounds == 1 else Method.E_PROCESS


def _violations(readings: Sequence[Reading]) -> int:
    """Count confirmed violations; one seen in an unfinished round is seen."""
    return sum(isinstance(reading, Valued) and reading.value < 1.0 for reading in readings)


def mixtures_of(bar: AtLeast | Never, prior_rate: float | None) -> tuple[Mixture, Mixture]:
    """Return the bets on "above" and, for mirrored values, on "below"."""
    theta = theta_of(bar)
    above = never_mixture(bar.ceiling) if isinstance(bar, Never) else default_mixture(theta, prior_rate)
    return above, default_mixture(1.0 - theta, None if prior_rate is None else 1.0 - prior_rate)


def _limit(tally: Tally, bar: AtLeast | Never, prior_rate: float | None, method: Method) -> LimitEvidence:
    if tally.n == 0:
        return LimitEvidence(None, 0.0, 0.0)
    bet_above, bet_below = mixtures_of(bar, prior_rate)
    above, below = weigh(tally, bet_above), weigh(tally.mirrored(), bet_below)
    p_above = p_below = None
    if method is Method.ONE_LOOK:
        p_above, p_below = _one_look(tally, bar, above, below)
    return LimitEvidence(
        mean=tally.mean,
        log_e_above=above.log_e_sup,
        log_e_below=below.log_e_sup,
        last_above=above.log_e_last,
        last_below=below.log_e_last,
        p_above=p_above,
        p_below=p_below,
    )


def _one_look(tally: Tally, bar: AtLeast | Never, above: EValue, below: EValue) -> tuple[float, float]:
    """Exact tests for 0/1 replies; the one round's e-values for scores, for which no exact test is to be had."""
    if not tally.is_binary:
        return above.p_value, below.p_value
    theta = theta_of(bar)
    return exact.p_above(tally, theta), exact.p_below(tally, theta)


def _bounds(
    low: Tally, high: Tally, bar: AtLeast | Never, prior_rate: float | None, method: Method
) -> tuple[float, float]:
    """Return the shown bounds of the passing rate, by the bets of the verdict: lower from `low`, upper from `high`."""
    if low.n == 0:
        return 0.0, 1.0
    if method is Method.ONE_LOOK and low.is_binary and high.is_binary:
        return exact.lower_bound(low, HOLDS_ALPHA), exact.upper_bound(high, HOLDS_ALPHA)
    if method is Method.STEADY:
        assert low.mean is not None and high.mean is not None  # noqa: S101, PT018 - n > 0
        return low.mean, high.mean
    if isinstance(bar, Never):
        return 1.0 - bounds.violation_bound(low, HOLDS_ALPHA), bounds.upper_bound(high, HOLDS_ALPHA, prior_rate)
    return bounds.lower_bound(low, HOLDS_ALPHA, prior_rate), bounds.upper_bound(high, HOLDS_ALPHA, prior_rate)


def outlook_of(table: ReadingTable, bar: AtLeast | Never, evidence: Evidence, *, prior_rate: float | None) -> Outlook:
    """Return what more replies would bring: how many settle it at the rate seen, and the drop these would have shown.

    Args:
        table: The readings that `evidence` was weighed from.
        bar: The bar.
        evidence: The evidence.
        prior_rate: The same as it was weighed with.
    """
    if evidence.method in {Method.NONE, Method.STEADY} or evidence.low.mean is None:
        missing = max(0, table.planned_rounds * len(table.probes) - evidence.unread)
        return Outlook(needed=missing or None)
    limits = table.limits
    bet_above, bet_below = mixtures_of(bar, prior_rate)
    low, high = Tally.of(limits.low), Tally.of(limits.high)
    wanted = [power.replies_needed(low, bet_above, HOLDS_ALPHA, evidence.low.mean)]
    if evidence.high.mean is not None and not isinstance(bar, Never):
        wanted.append(power.replies_needed(high.mirrored(), bet_below, ALARM_ALPHA, 1.0 - evidence.high.mean))
    reachable = [replies for replies in wanted if replies is not None]
    return Outlook(
        needed=min(reachable) if reachable else None,
        would_have_seen=power.visible_drop(
            evidence.probes, evidence.theta, ALARM_ALPHA, prior_rate, rounds=evidence.rounds
        ),
    )
