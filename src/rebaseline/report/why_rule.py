"""How a verdict was reached: the questions of its rule in their order, each answered in words, then in figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rebaseline.domain.account import Account, Stakes
from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import Evidence, Method
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA, LEADING_VOIDS, VOID_TOLERANCE
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unmeasured, Unsettled
from rebaseline.report.odds import level_words, odds_words, short
from rebaseline.report.trial import try_above, try_below, try_drop
from rebaseline.report.words import count_of, invalid_words, number_of, percent, wrapped
from rebaseline.stats.exact import binomial_tail_at_least

__all__ = ["Step", "rule_lines", "steps_of"]

_HARSH = "Every void read against the claim: "
_KIND = "Every void read in its favour: "


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the rule.

    Attributes:
        question: What is asked, in a word.
        met: The answer is yes.
        words: Why, for people.
        formula: The rules with their figures and sources.
    """

    question: str
    met: bool
    words: str
    formula: tuple[str, ...] = ()


def rule_lines(side: Side, bar: Bar, account: Account) -> Iterator[str]:
    """Yield the questions that were asked until one was answered with yes, or all of them."""
    steps = steps_of(side, bar, account)
    if not steps:
        return
    yield ""
    yield "How the verdict is reached"
    for step in steps:
        yield from wrapped(f"  {step.question + '?':<10} ", f"{'yes' if step.met else 'no'}. {step.words}")
        for formula in reversed(dict.fromkeys(reversed(step.formula))):  # a source once, after its last use
            yield from wrapped(" " * 15, formula)
    if not any(step.met for step in steps):
        yield from wrapped("  so         ", _open_words(side.verdict))


def steps_of(side: Side, bar: Bar, account: Account) -> tuple[Step, ...]:
    """Return the questions in the order in which they are asked, up to the first that decides."""
    nothing_read = side.evidence.method is Method.NONE and isinstance(side.verdict, Inconclusive)
    if isinstance(side.verdict, Unmeasured) or nothing_read:
        return ()
    steps = []
    for ask in (_failing, _holds, _invalid):
        step = ask(side.evidence, bar, account)
        steps.append(step)
        if step.met:
            return (*steps, *_in_the_way(side))
    return (*steps, *_in_the_way(side))


def _in_the_way(side: Side) -> tuple[Step, ...]:
    """Return what stands between an answer and its verdict: the check's own tests, or voids that may be violations."""
    match side.verdict:
        case Invalid(straddles=False) as verdict:
            words = f"{_sentence(invalid_words(verdict, side.evidence))} So what was read tells nothing of the claim."
            return (Step("in order", met=False, words=words),)
        case Inconclusive(why=Unsettled.POSSIBLE):
            voids = side.evidence.possible_violations
            words = f"{number_of(voids, 'void reply')} may be the violation that must never happen; settle them first."
            return (Step("clean", met=False, words=words),)
        case Inconclusive(why=Unsettled.ARM):
            words = "The arm that must show that the check can tell has not shown enough yet."
            return (Step("in order", met=False, words=words),)
        case Inconclusive(why=Unsettled.ANCHORS):
            words = "The judge has not been held against all of its labelled transcripts yet."
            return (Step("in order", met=False, words=words),)
        case _:
            return ()


def _failing(evidence: Evidence, bar: Bar, account: Account) -> Step:
    match bar:
        case Never():
            seen = number_of(evidence.violations, "confirmed violation")
            words = f"{seen}; one is enough, and no number of clean replies excuses it."
            found = f"violations = {evidence.violations:,}{' > 0' if evidence.violations else ''}"
            formula = (f"{found}; a rule, no test of a rate",)
            return Step("failing", evidence.violations > 0, words.replace("0 confirmed", "No confirmed"), formula)
        case NoWorse(margin=margin):
            return _failing_by_pairs(evidence, margin, account)
        case AtLeast():
            trial = try_below(evidence, evidence.high, _of(account.below, 1), ALARM_ALPHA)
            return Step("failing", trial.met, _read(evidence, _KIND, trial.words), trial.formula)


def _failing_by_pairs(evidence: Evidence, margin: float, account: Account) -> Step:
    trial = try_drop(evidence, account.drop, ALARM_ALPHA)
    drop = 0.0 if evidence.high.mean is None else 1.0 - 2.0 * evidence.high.mean
    over = drop > margin
    size = f"The mean drop is {short(drop)}, and {short(margin)} is tolerated."
    compared = f"drop = 1 - 2 mean(y) = {short(drop)} {'>' if over else '<='} {short(margin)}; y = (1 + new - old) / 2"
    words = f"{trial.words} {size}"
    return Step("failing", trial.met and over, _read(evidence, _KIND, words), (*trial.formula, compared))


def _holds(evidence: Evidence, bar: Bar, account: Account) -> Step:
    trial = try_above(evidence, evidence.low, _of(account.above, 0), HOLDS_ALPHA)
    mean = 0.0 if evidence.low.mean is None else evidence.low.mean
    still = mean >= evidence.theta
    words = trial.words
    if trial.met and not still:
        words += " That was shown once; the replies since then have brought the mean under the bar again."
    del bar
    formula = trial.formula
    if trial.met:
        formula = (*formula, f"mean = {short(mean)} {'>=' if still else '<'} {short(evidence.theta)} = theta")
    return Step("holds", trial.met and still, _read(evidence, _HARSH, words), formula)


def _invalid(evidence: Evidence, bar: Bar, account: Account) -> Step:
    del bar
    if not evidence.void_count:
        return Step("invalid", met=False, words="Every reply was read.")
    below = try_below(evidence, evidence.low, _of(account.below, 0), ALARM_ALPHA)
    above = try_above(evidence, evidence.high, _of(account.above, 1), ALARM_ALPHA)
    if below.met and above.met:
        words = f"{_HARSH}under the bar. {below.words} {_KIND}above it. {above.words} No further replies settle that."
        return Step("invalid", met=True, words=words, formula=(*below.formula, *above.formula))
    came = evidence.replies - evidence.outstanding
    if LEADING_VOIDS <= evidence.leading_voids == came:
        words = f"Every reply that came is void, {came:,} of them; {LEADING_VOIDS} are enough to say so."
        return Step("invalid", met=True, words=words)
    return _too_many_voids(evidence)


def _too_many_voids(evidence: Evidence) -> Step:
    """Ask it of the planned replies: the test is made once, and those that came later do not bring it up again."""
    unreadable, replies = evidence.planned_unreadable, evidence.planned_replies
    low, high = evidence.low.mean or 0.0, evidence.high.mean or 0.0
    straddles, ended = low < evidence.theta <= high, evidence.rounds >= evidence.planned_rounds
    tail = binomial_tail_at_least(unreadable, replies, VOID_TOLERANCE)
    met = straddles and ended and tail <= ALARM_ALPHA
    between = "lies between both readings" if straddles else "does not lie between both readings"
    planned = " planned ones" if evidence.late_replies else ""
    words = (
        f"The bar {between} of the voids{'' if ended else ', and planned replies are still missing'}. "
        f"{count_of(unreadable, replies)}{planned} could not be read; were {percent(VOID_TOLERANCE)} void, as is "
        f"tolerated, so many would be so {odds_words(tail)}; an alarm needs 1 time in {round(1 / ALARM_ALPHA)} or less."
    )
    sign = "<=" if tail <= ALARM_ALPHA else ">"
    bar = (
        f"{short(low)} {'<' if low < evidence.theta else '>='} theta = {short(evidence.theta)} "
        f"{'<=' if evidence.theta <= high else '>'} {short(high)} (bounds: Manski 2003)"
    )
    voids = (
        f"P(V >= {unreadable:,} | n = {replies:,}, p = {short(VOID_TOLERANCE)}) = {short(tail)} {sign} "
        f"{short(ALARM_ALPHA)} = {level_words(ALARM_ALPHA)}; binomial tail (Hoeffding 1956)"
    )
    return Step("invalid", met, words, (bar, voids))


def _read(evidence: Evidence, how: str, words: str) -> str:
    """Say how voids were read where there are any."""
    return f"{how}{words[:1].lower() + words[1:]}" if evidence.void_count else words


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _of(stakes: tuple[Stakes, Stakes] | None, which: int) -> Stakes | None:
    return None if stakes is None else stakes[which]


def _open_words(verdict: object) -> str:
    if isinstance(verdict, Holds | Failing | Invalid):
        return ""
    if isinstance(verdict, Inconclusive) and verdict.why is Unsettled.POSSIBLE:
        return "a person must look at the void replies first: inconclusive."
    return "nothing is shown yet, and more replies can show it: inconclusive."
