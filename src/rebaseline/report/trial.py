"""One test of a verdict: what was asked, the answer, what it means in words, and the formula with its figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rebaseline.domain.account import Stake, Stakes
from rebaseline.domain.evidence import Evidence, LimitEvidence, Method
from rebaseline.domain.levels import HOLDS_ALPHA
from rebaseline.report.odds import level_words, odds_words, short, stake_words
from rebaseline.report.words import count_of, percent

__all__ = ["Trial", "try_above", "try_below", "try_drop"]

_BETTING = "Ville 1939; Waudby-Smith and Ramdas 2024"
_HOEFFDING = "Hoeffding 1956, theorem 5"
_COUNTED = "The target is steady: its replies are counted, and nothing is inferred from them."
_COUNTED_PAIRS = (
    "Replies compared with themselves, or steady on both sides, are counted; nothing is inferred from them."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One test.

    Attributes:
        met: What it asks for is shown.
        words: What was found, for people.
        formula: The rule with its figures, and its source.
    """

    met: bool
    words: str
    formula: tuple[str, ...]


def try_above(evidence: Evidence, limit: LimitEvidence, stakes: Stakes | None, alpha: float) -> Trial:
    """Return the test that the mean of one reading of the voids exceeds the bar."""
    if evidence.method is Method.ONE_LOOK and limit.p_above is not None:
        return _one_look(evidence, limit, limit.p_above, alpha, stakes, above=True)
    if evidence.method is Method.STEADY:
        return _counted(evidence, limit, above=True)
    return _betting(
        limit.log_e_above,
        stakes,
        alpha,
        evidence,
        what="above the bar",
        unless="the mean were no higher than the bar",
        sign=+1,
    )


def try_below(evidence: Evidence, limit: LimitEvidence, stakes: Stakes | None, alpha: float) -> Trial:
    """Return the test that the mean of one reading of the voids lies under the bar."""
    if evidence.method is Method.ONE_LOOK and limit.p_below is not None:
        return _one_look(evidence, limit, limit.p_below, alpha, stakes, above=False)
    if evidence.method is Method.STEADY:
        return _counted(evidence, limit, above=False)
    return _betting(
        limit.log_e_below, stakes, alpha, evidence, what="under the bar", unless="the bar were met", sign=-1
    )


def try_drop(evidence: Evidence, stakes: Stakes | None, alpha: float) -> Trial:
    """Return the test that there is any drop from the partners, with every void in the candidate's favour."""
    if evidence.method is Method.STEADY:
        mean = evidence.high.mean
        met = mean is not None and mean < 0.5  # noqa: PLR2004 - y of a pair that agrees
        compared = "" if mean is None else f"mean of y = {short(mean)} {'<' if met else '>='} .5"
        return Trial(met, _COUNTED_PAIRS, (compared,))
    log_e = 0.0 if evidence.log_e_drop is None else evidence.log_e_drop
    return _betting(log_e, stakes, alpha, evidence, what="on a drop of any size", unless="there were no drop", sign=-1)


def _counted(evidence: Evidence, limit: LimitEvidence, *, above: bool) -> Trial:
    mean = 0.0 if limit.mean is None else limit.mean
    at_bar = not evidence.paired  # a share that just reaches its bar is enough; a drop of just the margin is too much
    is_above = mean >= evidence.theta if at_bar else mean > evidence.theta
    sign = (">=" if at_bar else ">") if is_above else ("<" if at_bar else "<=")
    name = "y" if evidence.paired else "x"
    words = _COUNTED_PAIRS if evidence.paired else _COUNTED
    formula = f"mean of {name} = {short(mean)} {sign} {short(evidence.theta)} = theta"
    return Trial(is_above is above, words, (f"{formula}; arithmetic, no error level",))


def _one_look(
    evidence: Evidence, limit: LimitEvidence, p: float, alpha: float, stakes: Stakes | None, *, above: bool
) -> Trial:
    met = p <= alpha
    if evidence.partial:
        log_e = limit.log_e_above if above else limit.log_e_below
        what, unless = ("above", "the mean were no higher than the bar") if above else ("under", "the bar were met")
        sign = 1 if above else -1
        return _betting(log_e, stakes, alpha, evidence, what=f"{what} the bar", unless=unless, sign=sign)
    n, theta, mean = evidence.replies, evidence.theta, 0.0 if limit.mean is None else limit.mean
    if mean <= theta if above else mean >= theta:
        side = "not over" if above else "not under"
        words = f"{count_of(round(mean * n), n)} pass, which is {side} the bar of {percent(theta)}."
        return Trial(met, words, (f"mean = {short(mean)} {'<=' if above else '>='} {short(theta)} = theta",))
    passes = round(mean * n)
    many = f"{passes:,} or {'more' if above else 'fewer'} of {n:,}"
    need = f"{'an alarm' if alpha < HOLDS_ALPHA else 'to hold it'} needs 1 time in {round(1 / alpha):,} or less"
    words = (
        f"{count_of(passes, n)} pass. Were {percent(theta)} of all replies passes, just at the bar, {many} would pass "
        f"{odds_words(p)}; {need}."
    )
    return Trial(met, words, _tail(passes, n, theta, p, alpha, above=above))


def _tail(passes: int, n: int, theta: float, p: float, alpha: float, *, above: bool) -> tuple[str, ...]:
    """Return the tail with its figures; where Hoeffding's theorem does not reach, Markov's inequality bounds it."""
    compared = f"{short(p)} {'<=' if p <= alpha else '>'} {short(alpha)} = {level_words(alpha)}"
    count, mean = (passes, n * theta) if above else (n - passes, n * (1.0 - theta))
    event = f"P(X {'>=' if above else '<='} {passes:,} | n = {n:,}, p = {short(theta)})"
    if count == 0 or count - 1 >= mean:
        return (f"{event} = {compared}", f"exact binomial tail, valid for unequal probes: {_HOEFFDING}")
    bound = f"{short(mean)} / {count:,}"
    return (f"{event} <= {bound}, so p = {compared}", f"Markov's inequality, since {_HOEFFDING} does not reach so far")


def _betting(
    log_e: float, stakes: Stakes | None, alpha: float, evidence: Evidence, *, what: str, unless: str, sign: int
) -> Trial:
    if evidence.method is Method.NONE:
        return Trial(met=False, words="No round is complete, so nothing is tested yet.", formula=())
    met = log_e >= -math.log(alpha)
    needed = f"{1 / alpha:,.0f}"
    best = "" if stakes is None or not stakes.round else f" at the end of round {stakes.round}"
    worth = (
        f"A stake of 1, laid in fair bets {what}, was worth {stake_words(log_e)} at best{best}; {needed} are needed. "
        f"If {unless}, it would ever be worth so much {odds_words(min(1.0, math.exp(-log_e)))}."
        if log_e > 0
        else f"A stake of 1, laid in fair bets {what}, was never worth more than 1; {needed} are needed."
    )
    name = "y" if evidence.paired else "x"
    difference = f"{name}_j - theta" if sign > 0 else f"theta - {name}_j"
    compared = f"{stake_words(log_e)} {'>=' if met else '<'} {needed} = 1/({level_words(alpha)})"
    formula = f"e = sum_i w_i prod_j (1 + l_i ({difference})) = {compared}"
    parts = _parts(stakes) if stakes is not None and stakes.round else (f"theta = {short(evidence.theta)}",)
    return Trial(met, worth, (formula, *parts, _BETTING))


def _parts(stakes: Stakes) -> tuple[str, ...]:
    theta = f"theta = {short(stakes.theta)}"
    return (f"{theta}; of the stake, {'; '.join(_part(part) for part in stakes.parts)}",)


def _part(part: Stake) -> str:
    several = f"{part.bets} l from {short(part.lowest)} to {short(part.highest)}"
    bets = f"l = {short(part.highest)}" if part.bets == 1 else several
    return f"{short(part.share)} on {bets} became {stake_words(part.log_stake)}"
