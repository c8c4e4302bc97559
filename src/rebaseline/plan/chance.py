"""What chance a bar has of being shown by the replies that are planned, if the model did not change.

Each chance takes its rate as if it were the true one, and the probes as alike. Probes that differ around the same mean
scatter less, and scores scatter less than passes and fails of the same mean. Arms and controls are left out: they can
only keep a verdict from holding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import count, islice

from rebaseline.domain.levels import HOLDS_ALPHA
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.stats.exact import p_above
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.more_rounds import chances_of_showing, first_round_at
from rebaseline.stats.pair_power import chance_at_the_end, chances_of_no_drop, most_disagreement
from rebaseline.stats.passes import fewest_passes
from rebaseline.stats.power import chance_at_one_look
from rebaseline.stats.tally import Tally

__all__ = [
    "ASSUMED_RATES",
    "LIKELY",
    "MOST_REPLIES",
    "BarChance",
    "Basis",
    "Remedy",
    "RemedyKind",
    "Seen",
    "chance_of_bar",
]

LIKELY = 0.8
"""A chance under this is said to be weak."""
MOST_REPLIES = 1000
"""More replies an assertion than this are not searched for."""
ASSUMED_RATES = (0.95, 1.0)
"""Rates of passes where no reply has been seen."""

_FEW_PROBES = 20


class Basis(StrEnum):
    """Where the rate comes from."""

    BASELINE = "baseline"
    """The accepted baseline's readings."""
    STORED = "stored"
    """Stored replies of the newest version, read with the check as it is now."""
    ASSUMED = "assumed"
    """Nobody has answered yet."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of how a model reads on one assertion.

    Attributes:
        basis: Where it comes from.
        model: The model version.
        rate: Mean of its values over complete rounds with every void as 0, in [0, 1].
        replies: Readings that this is the mean of.
        rounds: Complete rounds that there are; pairs beyond them have no partner.
        probes: Probes that were read.
        disagreement: Variance of the values within a probe, in [0, 1/4]; None where every probe was asked once.
        steady: Two sessions agreed in every reading: each probe then always reads alike.
    """

    basis: Basis
    model: str
    rate: float
    replies: int
    rounds: int
    probes: int
    disagreement: float | None = None
    steady: bool = False


class RemedyKind(StrEnum):
    """What would help a weak bar."""

    NONE = "none"
    """It is not weak."""
    SAMPLES = "samples"
    """More samples of each probe."""
    SAMPLES_AND_BASELINE = "samples and baseline"
    """More samples, and a baseline with as many: pairs need a partner each."""
    TOO_MANY = "too many"
    """More replies than are searched for."""
    NO_NUMBER = "no number"
    """No number of replies shows it at this rate."""
    PROBES = "probes"
    """The suite has no probe for it."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would bring the chance to `LIKELY`.

    Attributes:
        kind: What.
        samples: Samples of each probe, where more of them help.
        replies: Replies an assertion that this makes.
    """

    kind: RemedyKind
    samples: int = 0
    replies: int = 0


@dataclass(frozen=True, slots=True)
class BarChance:
    """The chance of one bar.

    Attributes:
        basis: Where the rate comes from.
        at: Rate and chance of Holds, in [0, 1]; one where a rate was seen, one for each of `ASSUMED_RATES` else.
        judged: The chance that decides whether it is weak; of assumed rates the first that lies above the bar.
        remedy: What would help.
    """

    basis: Basis
    at: tuple[tuple[float, float], ...]
    judged: float
    remedy: Remedy

    @property
    def weak(self) -> bool:
        """Whether an unchanged model would too often not be shown to hold."""
        return self.judged < LIKELY


def chance_of_bar(bar: Bar, n_probes: int, rounds: int, seen: Seen | None) -> BarChance:
    """Return the chance that a model that reads as seen, or as assumed, is shown to hold.

    Args:
        bar: The bar.
        n_probes: Probes of the assertion; for `no_worse`, those that the baseline has too where there is one.
        rounds: Rounds planned, at least 1.
        seen: What is known; None where nothing is.
    """
    if n_probes < 1:
        return BarChance(Basis.ASSUMED if seen is None else seen.basis, (), 0.0, Remedy(RemedyKind.PROBES))
    cases = (
        [_Case(bar, n_probes, rate) for rate in ASSUMED_RATES]
        if seen is None
        else [_Case(bar, n_probes, seen.rate, seen.rate, seen.disagreement, seen.rounds, seen.steady)]
    )
    judged = next((case for case in cases if case.above), cases[-1])
    return BarChance(
        basis=Basis.ASSUMED if seen is None else seen.basis,
        at=tuple((case.rate, _chance(case, rounds)) for case in cases),
        judged=_chance(judged, rounds),
        remedy=_remedy(judged, rounds),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """All that a chance depends on, apart from the rounds: equal cases are computed once."""

    bar: Bar
    n_probes: int
    rate: float
    prior_rate: float | None = None
    disagreement: float | None = None
    baseline_rounds: int | None = None
    steady: bool = False

    @property
    def above(self) -> bool:
        """Whether replies at this rate can be expected to show the bar."""
        match self.bar:
            case AtLeast(rate=bar):
                return self.rate > bar
            case Never():
                return self.rate >= 1.0
            case NoWorse():
                return True


@lru_cache(maxsize=4096)
def _chance(case: _Case, rounds: int) -> float:
    if isinstance(case.bar, NoWorse) and case.baseline_rounds is not None:
        rounds = min(rounds, case.baseline_rounds)
    if rounds == 1 and not isinstance(case.bar, NoWorse):
        return _at_one_look(case)
    return next(islice(_by_rounds(case), rounds - 1, None)) if rounds else 0.0


def _at_one_look(case: _Case) -> float:
    """One reply a probe, one planned: the exact test."""
    match case.bar:
        case AtLeast(rate=theta) if case.steady:
            passes = int(case.rate * case.n_probes + 0.5)
            tally = Tally.of([[1.0] * passes + [0.0] * (case.n_probes - passes)])
            return float(p_above(tally, theta) <= HOLDS_ALPHA)
        case AtLeast(rate=theta):
            return chance_at_one_look(case.n_probes, theta, case.rate, HOLDS_ALPHA)
        case Never(ceiling=ceiling):
            return _clean(case, 1) * chance_at_one_look(case.n_probes, 1.0 - ceiling, 1.0, HOLDS_ALPHA)
        case NoWorse():
            return next(_by_rounds(case))


def _by_rounds(case: _Case) -> Iterator[float]:
    """Yield the chance that the bar is shown by the end of one round, of two, and so on."""
    match case.bar:
        case AtLeast(rate=theta):
            mixture = default_mixture(theta, case.prior_rate)
            if case.steady:
                return _for_certain(case, mixture)
            return chances_of_showing(case.n_probes, mixture, case.rate, HOLDS_ALPHA)
        case Never(ceiling=ceiling):
            shown = chances_of_showing(case.n_probes, never_mixture(ceiling), 1.0, HOLDS_ALPHA)
            return (chance * _clean(case, number) for number, chance in enumerate(shown, start=1))
        case NoWorse(margin=margin):
            return chances_of_no_drop(case.n_probes, margin, _disagreement(case), HOLDS_ALPHA)


def _disagreement(case: _Case) -> float:
    if case.steady:
        return 0.0
    return most_disagreement(case.rate) if case.disagreement is None else case.disagreement


def _clean(case: _Case, rounds: int) -> float:
    """Return the chance that no reply of all rounds violates the claim: the first that does is Failing."""
    return float(case.rate >= 1.0) if case.steady else case.rate ** (case.n_probes * rounds)


def _for_certain(case: _Case, mixture: Mixture) -> Iterator[float]:
    """Every round of a steady target brings the same passes, so that there is no chance in it."""
    passes = int(case.rate * case.n_probes + 0.5)
    for rounds in count(1):
        needed = fewest_passes(case.n_probes * rounds, 1, mixture, HOLDS_ALPHA)[0]
        yield float(needed is not None and passes * rounds >= needed)


@lru_cache(maxsize=4096)
def _remedy(case: _Case, rounds: int) -> Remedy:
    if _chance(case, rounds) >= LIKELY:
        return Remedy(RemedyKind.NONE)
    if not case.above:
        return Remedy(RemedyKind.NO_NUMBER)
    if _out_of_reach(case):
        return Remedy(RemedyKind.TOO_MANY, replies=max(MOST_REPLIES, rounds * case.n_probes))
    # From two rounds on evidence is read after each, which takes some more replies than one look.
    found = _first_round(case, max(rounds, MOST_REPLIES // case.n_probes))
    if found is None:
        return Remedy(RemedyKind.TOO_MANY, replies=max(MOST_REPLIES, rounds * case.n_probes))
    samples = max(2, found) if rounds == 1 else found
    paired = case.baseline_rounds is not None and isinstance(case.bar, NoWorse) and samples > case.baseline_rounds
    kind = RemedyKind.SAMPLES_AND_BASELINE if paired else RemedyKind.SAMPLES
    return Remedy(kind, samples, samples * case.n_probes)


def _first_round(case: _Case, most_rounds: int) -> int | None:
    """Return the first round by whose end the bar is likely to be shown.

    Pairs of a few probes would be looked at hundreds of times; for them it is the first round at whose end the bar is
    likely to stand shown, which is some rounds more at most.
    """
    if not isinstance(case.bar, NoWorse) or case.n_probes >= _FEW_PROBES:
        return first_round_at(_by_rounds(case), LIKELY, most_rounds)
    low, high = 0, most_rounds + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _at_the_end(case, middle * case.n_probes) >= LIKELY else (middle, high)
    return None if high > most_rounds else high


def _out_of_reach(case: _Case) -> bool:
    """Say quickly that pairs would take far more than `MOST_REPLIES`, so that a search for how many is spared."""
    return isinstance(case.bar, NoWorse) and _at_the_end(case, MOST_REPLIES * 5 // 4) < LIKELY


def _at_the_end(case: _Case, pairs: int) -> float:
    if not isinstance(case.bar, NoWorse):
        raise TypeError(f"{case.bar!r} is not shown by pairs")
    return chance_at_the_end(pairs, margin=case.bar.margin, disagreement=_disagreement(case), alpha=HOLDS_ALPHA)
