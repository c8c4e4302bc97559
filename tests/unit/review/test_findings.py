"""What a decision was about, and when it is about that no longer."""

from __future__ import annotations

import random

from tests.support.readings import FAIL, PASS

from rebaseline.assess.table import ReadingTable
from rebaseline.assess.weigh import weigh_table
from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import GroupFacts
from rebaseline.domain.suite import AtLeast
from rebaseline.domain.verdict import Failing
from rebaseline.review.findings import finding_of, what_differs

BAR = AtLeast(0.9)


class Rule:
    fingerprint = "r"


def side(rounds):
    rows = tuple(zip(*rounds, strict=True))
    table = ReadingTable(tuple(f"p{n}" for n in range(len(rows))), rows, planned_rounds=1)
    return Side(Failing(), weigh_table(table, BAR, prior_rate=None, steady_probes=None), GroupFacts())


def test_a_rate_that_stays_as_it_is_hardly_ever_lapses_a_waiver_however_many_replies_come():
    lapsed, tries = 0, 60
    for seed in range(tries):
        draw = random.Random(seed)
        rounds = [[PASS if draw.random() < 0.5 else FAIL for _ in range(60)] for _ in range(12)]
        then = finding_of(Rule, side(rounds[:1]))
        lapsed += bool(what_differs(then, Rule, side(rounds)))
    assert lapsed <= tries * 0.05


def test_a_rate_that_falls_lapses_it():
    half = [[PASS if n % 2 else FAIL for n in range(60)]]
    then = finding_of(Rule, side(half))
    assert "it is worse: at most" in what_differs(then, Rule, side([*half, *[[FAIL] * 60] * 4]))
    assert what_differs(then, Rule, side(half * 3)) == ""
