"""How many calls `--until-settled` takes to a verdict, beside designs of a fixed number of replies of equal error.

    python benchmarks/verdicts/calls.py [--quick]

Suites of 30 assertions, 20 probes each. Two thirds hold and are unchanged; a third fails or became unreadable, badly or
less so. Each is asked round by round and judged after each by the code that judges real replies, up to the cap. Fixed
designs use exact tests at the same levels (1/20, 1/200) and as many replies as make them right as often:

* `one n`: one number of replies for all assertions of a bar, right as often on average over the suite;
* `one n for each`: one number for all of a bar, right as often on each kind of assertion, the hardest included;
* `clairvoyant`: a number for each kind, by somebody who knows beforehand how each will come out.

Only the first two can be carried out. "As often" is the share of right verdicts that early stopping reached, .99 at the
most: no design is asked for more. The last column is `one n` for somebody who is content with .95 where early
stopping reached more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from asked import Plan, ask, assertion_on, baseline_of, decisions_alone
from counting import markdown
from fixed_designs import Stratum, fewest_replies
from simulated_models import plain

from rebaseline.domain.suite import AtLeast
from rebaseline.domain.verdict import VerdictName

__all__ = ["SUITES", "Told", "compare_calls"]

SEED = 20261126
PROBES, PLANNED, CAP = 20, 3, 300
ASSERTIONS, BAD = 30, 10
SHARED = 3
AIM = 0.4
MOST_RIGHT, CONTENT = 0.99, 0.95
HOLDS, FAILING, INVALID = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID


def _strata(theta: float, held: Sequence[float], failing: Sequence[float], void: Sequence[float]) -> list[Stratum]:
    """Return kinds of assertions: those that hold as on the baseline, and those that came from the best of them."""
    return [
        *(Stratum(theta, rate, rate, 0.0, HOLDS) for rate in held),
        *(Stratum(theta, held[-1], rate, 0.0, FAILING) for rate in failing),
        *(Stratum(theta, held[-1], held[-1], share, INVALID) for share in void),
    ]


_HELD = {0.8: (0.92, 0.95, 0.98), 0.9: (0.97, 0.98, 1.0)}
SUITES: Mapping[str, list[Stratum]] = {
    "bar .8, a third is badly out": _strata(0.8, _HELD[0.8], (0.1, 0.3), (0.8, 1.0)),
    "bar .8, clearly out": _strata(0.8, _HELD[0.8], (0.4, 0.5), (0.5, 0.6)),
    "bar .8, somewhat out": _strata(0.8, _HELD[0.8], (0.6, 0.65), (0.3, 0.4)),
    "bar .8, of all kinds": _strata(0.8, _HELD[0.8], (0.1, 0.5, 0.65), (0.3, 0.5, 1.0)),
    "bar .8, perfect where they hold": _strata(0.8, (1.0,), (0.1, 0.5, 0.65), (0.3, 0.5, 1.0)),
    "bar .9, a third is badly out": _strata(0.9, _HELD[0.9], (0.1, 0.3), (0.8, 1.0)),
    "bar .9, of all kinds": _strata(0.9, _HELD[0.9], (0.1, 0.5, 0.75), (0.3, 0.5, 1.0)),
    "bars .8 and .9, of all kinds": [
        *_strata(0.8, _HELD[0.8], (0.1, 0.5, 0.65), (0.3, 0.5, 1.0)),
        *_strata(0.9, _HELD[0.9], (0.1, 0.5, 0.75), (0.3, 0.5, 1.0)),
    ],
}
"""By name: kinds of assertions; each is equally frequent among those that hold, and among those that are out."""


@dataclass(frozen=True, slots=True)
class Design:
    """A fixed design beside early stopping.

    Attributes:
        replies: Mean replies an assertion.
        saved: Share of them that early stopping saves, over all suites.
    """

    replies: float
    saved: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a suite took.

    Attributes:
        name: The suite.
        cap: Replies after which an assertion is given up.
        calls: Mean calls an assertion, early stopping.
        right: Share of right verdicts.
        one_n: The design of one number of replies.
        spread: The share saved against it in single suites: 5 % and 95 % quantiles.
        error: Standard error of the share saved against it.
        for_each: One number, right as often on each kind of assertion.
        clairvoyant: A number for each kind.
        shared: One number, where each three assertions share their probes and stop together.
        content: One number for somebody who is content with .95.
    """

    name: str
    cap: int
    calls: float
    right: float
    one_n: Design
    spread: tuple[float, float]
    error: float
    for_each: Design
    clairvoyant: Design
    shared: Design
    content: Design


@dataclass(frozen=True, slots=True)
class _One:
    """One assertion of a simulated suite."""

    kind: int
    calls: int
    right: bool


def _settle(rng: np.random.Generator, kind: int, stratum: Stratum, cap: int) -> _One:
    plan = Plan(PROBES, PLANNED, most=max(PLANNED, -(-cap // PROBES)))
    baseline = baseline_of(rng, plain(stratum.old, PROBES), PLANNED)
    model = plain(stratum.rate, PROBES, (stratum.void, stratum.void))
    end = ask(rng, model, assertion_on(AtLeast(stratum.theta)), plan, baseline)
    return _One(kind, end.calls, end.name is stratum.right)


def _suite(number: int, seed: int, strata: Sequence[Stratum], cap: int) -> list[_One]:
    """Return the assertions of one suite, in random order; over some suites each kind has its share."""
    rng = np.random.default_rng((SEED, seed, number))
    held = [kind for kind, stratum in enumerate(strata) if stratum.right is HOLDS]
    out = [kind for kind, stratum in enumerate(strata) if stratum.right is not HOLDS]
    good = ASSERTIONS - BAD
    kinds = [
        *(held[(good * number + i) % len(held)] for i in range(good)),
        *(out[(BAD * number + i) % len(out)] for i in range(BAD)),
    ]
    return [_settle(rng, kind, strata[kind], cap) for kind in rng.permutation(kinds).tolist()]


def compare_calls(name: str, seed: int, suites: int, cap: int = CAP) -> Told:
    """Simulate suites, and find the fixed designs that are right as often.

    Args:
        name: Key of `SUITES`.
        seed: Seed.
        suites: How many.
        cap: Replies after which an assertion is given up.
    """
    strata = SUITES[name]
    every = [_suite(number, seed, strata, cap) for number in range(suites)]
    pool = [one for suite in every for one in suite]
    one_n, for_each, clairvoyant = _designs(strata, pool, MOST_RIGHT)
    by_suite = np.array(
        [1.0 - sum(one.calls for one in suite) / sum(one_n[one.kind] for one in suite) for suite in every]
    )
    return Told(
        name,
        cap,
        sum(one.calls for one in pool) / len(pool),
        sum(one.right for one in pool) / len(pool),
        _beside(every, one_n),
        (float(np.quantile(by_suite, 0.05)), float(np.quantile(by_suite, 0.95))),
        float(by_suite.std(ddof=1) / np.sqrt(suites)),
        _beside(every, for_each),
        _beside(every, clairvoyant),
        _beside(every, one_n, SHARED),
        _beside(every, _designs(strata, pool, CONTENT)[0]),
    )


def _beside(every: Sequence[Sequence[_One]], design: Mapping[int, int], together: int = 1) -> Design:
    """Set a design beside early stopping; assertions that share probes are asked until the last of them is settled."""
    groups = [suite[i : i + together] for suite in every for i in range(0, ASSERTIONS, together)]
    asked = sum(max(one.calls for one in group) for group in groups)
    fixed = sum(max(design[one.kind] for one in group) for group in groups)
    return Design(fixed / len(groups), 1.0 - asked / fixed)


def _designs(strata: Sequence[Stratum], pool: Sequence[_One], most: float) -> tuple[dict[int, int], ...]:
    """Return replies by kind of assertion, of each of the three designs; a bar is known beforehand, a kind is not."""
    seen = {kind: [one.right for one in pool if one.kind == kind] for kind in range(len(strata))}
    clairvoyant = {kind: fewest_replies([strata[kind]], [1.0], _share(found, most)) for kind, found in seen.items()}
    one_n: dict[int, int] = {}
    for_each: dict[int, int] = {}
    for theta in {stratum.theta for stratum in strata}:
        kinds = [kind for kind, stratum in enumerate(strata) if stratum.theta == theta]
        everything = [right for kind in kinds for right in seen[kind]]
        weights = [len(seen[kind]) / len(everything) for kind in kinds]
        n = fewest_replies([strata[kind] for kind in kinds], weights, _share(everything, most))
        one_n |= dict.fromkeys(kinds, n)
        for_each |= dict.fromkeys(kinds, max(clairvoyant[kind] for kind in kinds))
    return one_n, for_each, clairvoyant


def _share(found: Sequence[bool], most: float) -> float:
    return min(most, sum(found) / len(found))


HEAD = (
    "suite",
    "cap",
    "right",
    "calls",
    "`one n`: saved",
    "in 90 % of suites",
    "`one n for each`: saved",
    "`clairvoyant`: saved",
    "three share probes: saved",
    "content with .95: saved",
)


def _row(told: Told) -> tuple[str, ...]:
    return (
        told.name,
        str(told.cap),
        f"{told.right:.3f}",
        f"{told.calls:.1f}",
        f"{told.one_n.replies:.0f}: {told.one_n.saved:.1%} ± {told.error:.1%}",
        f"{told.spread[0]:.0%} to {told.spread[1]:.0%}",
        *(
            f"{design.replies:.0f}: {design.saved:.1%}"
            for design in (told.for_each, told.clairvoyant, told.shared, told.content)
        ),
    )


def _cases(*, quick: bool) -> list[tuple[str, int]]:
    if quick:
        return [("bar .8, of all kinds", CAP)]
    mixed = ("bar .8, of all kinds", "bar .9, of all kinds")
    return [*((name, CAP) for name in SUITES), *((name, 60) for name in mixed)]


def main(argv: Sequence[str], tell: Callable[[str], None] = print) -> int:
    """Print the table; 1 where fewer than 40 % of the calls are saved over suites of all kinds."""
    quick = "--quick" in argv
    with decisions_alone():
        found = [
            compare_calls(name, seed, 10 if quick else 60, cap) for seed, (name, cap) in enumerate(_cases(quick=quick))
        ]
    for line in ("", "### Calls to a verdict, an assertion", "", *markdown(HEAD, map(_row, found))):
        tell(line)
    aimed = [told for told in found if "of all kinds" in told.name and told.cap == CAP]
    return int(any(told.one_n.saved < AIM for told in aimed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
