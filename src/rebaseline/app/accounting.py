"""The account of one verdict: decides it again on changed readings, and finds the replies that it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rebaseline.app.assessing import is_arithmetic, prior_rate_of
from rebaseline.assess.citing import cite
from rebaseline.assess.layout import Layout
from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.staking import Bets, stakes_of_pairs, stakes_of_table
from rebaseline.assess.table import ReadingTable
from rebaseline.assess.turning import split_voids, turning_points
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.account import Account, CitedGroup
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import Comparison, Side
from rebaseline.domain.evidence import Evidence, GroupFacts, Method, Outlook
from rebaseline.domain.suite import Assertion, NoWorse
from rebaseline.domain.verdict import Holds, Inconclusive, Invalid, Unsettled, Verdict, VerdictName

__all__ = ["Standpoint", "Wanted", "account_for"]

_NOTHING_KNOWN = Outlook()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assertions are to be accounted for.

    Attributes:
        name: `suite/assertion`, or an assertion id; None for every assertion.
        texts: Replies of each group whose words are wanted; None for all.
        holding: Where no name is given, also those that hold: an account costs some times what its verdict did.
    """

    name: str | None = None
    texts: int | None = 0
    holding: bool = True

    def names(self, comparison: Comparison) -> bool:
        """Return whether this one is meant."""
        if self.name is None:
            return self.holding or not isinstance(comparison.new.verdict, Holds)
        return self.name in {comparison.name, comparison.assertion.id}


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a verdict was decided from.

    Attributes:
        assertion: The assertion.
        side: The verdict with its evidence.
        table: The readings.
        old: The baseline's readings, which weighed the bets; None where there are none.
        anchor: What a `no_worse` bar compares with; None where there is nothing.
        arm: Readings of the arm that must show engagement; None where there is none.
        steady: Probes on which two sessions agreed, of this side and of the anchor's.
        same_replies: Some replies of `old` and `anchor` are these very replies.
        fetch: Finds the reply of a cell.
    """

    assertion: Assertion
    side: Side
    table: ReadingTable
    old: ReadingTable | None
    anchor: ReadingTable | None
    arm: ReadingTable | None
    steady: tuple[int | None, int | None]
    same_replies: bool
    fetch: Callable[[str, int], Reply | None]

    @property
    def has_partners(self) -> bool:
        """Whether a `no_worse` bar has anything to compare with."""
        return self.anchor is not None and not set(self.anchor.probes).isdisjoint(self.table.probes)


def account_for(standpoint: Standpoint, wanted: Wanted) -> Account:
    """Return the account of a verdict."""
    assertion, side = standpoint.assertion, standpoint.side
    if isinstance(assertion.bar, NoWorse) and not standpoint.has_partners:
        return Account()
    prior_rate = prior_rate_of(standpoint.old, standpoint.same_replies)
    anchor = standpoint.anchor if isinstance(assertion.bar, NoWorse) else None
    layout = Layout(standpoint.table, assertion.bar, side.evidence.method, anchor)

    def decide(table: ReadingTable, group: GroupFacts = side.group) -> Verdict:
        evidence = _weigh(standpoint, table, prior_rate)
        return decide_verdict(evidence, assertion.bar, group, _NOTHING_KNOWN)

    above = below = drop = None
    if side.evidence.method in {Method.E_PROCESS, Method.ONE_LOOK}:
        above, below, drop = _bets(standpoint, prior_rate)
    arm = standpoint.arm if side.group.alive is not None and side.group.alive.refuted else None
    return Account(
        groups=_with_texts(cite(side.verdict, layout, old=standpoint.old, arm=arm), standpoint, wanted.texts),
        turning=turning_points(side.verdict, layout, decide),
        void_split=split_voids(side.verdict, layout, decide),
        in_order=_in_order(side.verdict, decide(standpoint.table, GroupFacts())),
        above=above,
        below=below,
        drop=drop,
    )


def _weigh(standpoint: Standpoint, table: ReadingTable, prior_rate: float | None) -> Evidence:
    bar, anchor, steady = standpoint.assertion.bar, standpoint.anchor, standpoint.steady
    if not isinstance(bar, NoWorse):
        return weigh_table(table, bar, prior_rate=prior_rate, steady_probes=steady[0], with_bounds=False)
    assert anchor is not None  # noqa: S101 - without an anchor there is no account
    counted = is_arithmetic(steady, standpoint.same_replies)
    return weigh_pairs(pair_tables(anchor, table), table, bar, steady=counted, with_bounds=False)


def _bets(standpoint: Standpoint, prior_rate: float | None) -> Bets:
    bar, anchor = standpoint.assertion.bar, standpoint.anchor
    if not isinstance(bar, NoWorse):
        return stakes_of_table(standpoint.table, bar, prior_rate=prior_rate)
    assert anchor is not None  # noqa: S101 - without an anchor there is no account
    return stakes_of_pairs(anchor, standpoint.table, bar)


def _in_order(verdict: Verdict, otherwise: Verdict) -> VerdictName | None:
    """Return the verdict of the replies alone, where tests of the check stand in its way."""
    match verdict:
        case Invalid(straddles=False) | Inconclusive(why=Unsettled.ARM | Unsettled.ANCHORS):
            return VerdictName.of(otherwise)
        case _:
            return None


def _with_texts(groups: tuple[CitedGroup, ...], standpoint: Standpoint, most: int | None) -> tuple[CitedGroup, ...]:
    """Fetch the words of the first replies of each group."""
    return tuple(
        replace(
            group,
            replies=tuple(
                replace(cited, text=_text(standpoint, cited.probe, cited.sample))
                if most is None or place < most
                else cited
                for place, cited in enumerate(group.replies)
            ),
        )
        for group in groups
    )


def _text(standpoint: Standpoint, probe: str, sample: int) -> str | None:
    reply = standpoint.fetch(probe, sample)
    return None if reply is None else reply.text
