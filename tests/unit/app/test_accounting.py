"""The account of a verdict is of that verdict: deciding again what it says must turn it does turn it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.support.readings import SIGNS, assertion, compile_says, probe, refuses, suite, table_of, tables

from rebaseline.app.accounting import Wanted
from rebaseline.app.assessing import Instruments
from rebaseline.app.comparing import SuiteSide, compare_suite
from rebaseline.domain.account import GroupKind, ReadAs
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import Provider
from rebaseline.domain.evidence import Method
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.reading import Valued
from rebaseline.domain.suite import AliveIf, AtLeast, Control, Expectation, Never, NoWorse
from rebaseline.domain.verdict import VerdictName

INSTRUMENTS = Instruments(compile_says, refuses)
H, F, I_ = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID


def side(*rounds, model="new", sessions=None, fetch=None, alive=None):
    found = table_of(*rounds, sessions=sessions or [model] * len(rounds))
    arms = {} if alive is None else {"alive": {"a": alive}}
    return SuiteSide(
        ModelVersion("h", model, model),
        tables({"a": found}, **arms),
        fetch or (lambda *_: None),
        None,
        Provider(),
        None,
        found.sessions,
    )


def compare(old, new, bar, wanted=None, **more):
    probes = [probe(f"p{number}", samples=3) for number in range(20)]
    claim = assertion(bar, **more)
    (found,) = compare_suite(suite(probes, claim), old, new, INSTRUMENTS, TargetKind.MODEL, wanted=wanted)
    return found


def turned(new, read_as, number):
    """Read the earliest replies that are not read so otherwise."""
    table = new.tables.claims["a"]
    rows, value = [list(row) for row in table.readings], 1.0 if read_as is ReadAs.PASS else 0.0
    left = number
    for sample in range(table.width):
        for row in rows:
            if left and isinstance(row[sample], Valued) and row[sample].value != value:
                row[sample], left = Valued(value), left - 1
    return replace(new, tables=tables({"a": replace(table, readings=tuple(map(tuple, rows)))}))


GOOD = ("1" * 20,) * 3
BARS = [AtLeast(0.8), Never(0.05), NoWorse(0.1)]
ROUNDS = [
    GOOD,
    ("1" * 15 + "0" * 5,) * 3,
    ("0" * 12 + "1" * 8,) * 3,
    ("1" * 17 + "000",),
    ("1" * 20, "1" * 18 + "v0", "0" + "1" * 19),
]


@pytest.mark.parametrize("bar", BARS, ids=str)
@pytest.mark.parametrize("rounds", ROUNDS, ids=lambda rounds: "/".join(rounds)[:24])
def test_the_number_turns_the_verdict_of_the_whole_comparison_and_one_fewer_does_not(bar, rounds):
    old = side(*GOOD[: len(rounds)], model="old")
    new = side(*rounds)
    found = compare(old, new, bar, Wanted())
    assert found.account is not None
    for point in found.account.turning:
        assert VerdictName.of(compare(old, turned(new, point.read_as, point.number), bar).new.verdict) is point.verdict
        fewer = compare(old, turned(new, point.read_as, point.number - 1), bar)
        assert VerdictName.of(fewer.new.verdict) is not point.verdict


def test_the_bets_are_those_of_the_evidence():
    found = compare(side(*GOOD, model="old"), side(*ROUNDS[2]), AtLeast(0.8), Wanted())
    assert found.new.evidence.method is Method.E_PROCESS
    (harsh, kind), below = found.account.below, found.new.evidence
    assert (harsh.theta, kind.theta) == pytest.approx((0.8, 0.8))
    for stakes, log_e in ((harsh, below.low.log_e_below), (kind, below.high.log_e_below)):
        assert math.fsum(math.exp(part.log_stake) for part in stakes.parts) == pytest.approx(math.exp(log_e))
    values = [reading.value for row in table_of(*ROUNDS[2]).rounds() for reading in row]
    all_in = kind.parts[-1]
    assert all_in.highest == pytest.approx(1 / (1 - 0.8))
    by_hand = all_in.share * math.prod(1 + all_in.highest * (0.8 - x) for x in values)
    assert by_hand == 0.0 == math.exp(all_in.log_stake)
    assert compare(None, side(*GOOD[:1]), NoWorse(0.1), Wanted()).account.above is None


def test_nobody_is_accounted_for_unasked_and_what_holds_only_where_wanted():
    old, new = side(*GOOD, model="old"), side(*GOOD)
    assert compare(old, new, BARS[0]).account is None
    assert compare(old, new, BARS[0], Wanted(holding=False)).account is None
    assert compare(old, new, BARS[0], Wanted("other")).account is None
    for name in ("a", "s/a"):
        assert compare(old, new, BARS[0], Wanted(name)).account is not None


@pytest.mark.parametrize(("texts", "fetched"), [(0, 0), (2, 2), (None, 9)])
def test_no_more_words_are_fetched_than_wanted(texts, fetched):
    asked = []

    def fetch(key, sample):
        asked.append((key, sample))
        return Reply(f"{key} said no")

    found = compare(None, side("1" * 11 + "0" * 9, fetch=fetch), AtLeast(0.8))
    asked.clear()
    found = compare(None, side("1" * 11 + "0" * 9, fetch=fetch), AtLeast(0.8), Wanted(texts=texts))
    (group,) = found.account.groups
    assert [cited.text for cited in group.replies if cited.text] == [
        f"p{number} said no" for number in range(11, 11 + fetched)
    ]


def test_a_control_in_the_way_says_what_the_replies_alone_would_give():
    wrong = (Control("yes", Expectation.FAILS),)
    found = compare(None, side(*GOOD), AtLeast(0.8), Wanted(), controls=wrong)
    assert (VerdictName.of(found.new.verdict), found.account.in_order) == (I_, H)
    assert compare(None, side(*GOOD), AtLeast(0.8), Wanted()).account.in_order is None


def test_a_silent_arm_is_named():
    arm = table_of(*["0" * 20] * 3)
    alive = AliveIf("arm", assertion().check)
    found = compare(None, side(*GOOD, alive=arm), AtLeast(0.8), Wanted(), alive_if=alive)
    assert found.account.groups[0].kind is GroupKind.ARM
    assert found.account.groups[0].replies[0].reading == SIGNS["0"]
    assert found.account.in_order is H


def test_voids_are_settled_in_the_same_comparison():
    old = side(*GOOD, model="old")
    found = compare(old, side(*["1" * 10 + "v" * 10] * 3), AtLeast(0.8), Wanted())
    split = found.account.void_split
    assert VerdictName.of(found.new.verdict) is I_
    assert (split.voids, split.all_pass, split.all_fail) == (30, H, F)
    assert 0 < split.fails_to < split.holds_from <= 30
