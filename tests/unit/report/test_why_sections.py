"""What `--why` says of the replies that decide and of what would change the verdict, line by line."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.support.readings import VOID, assertion, contains, table_of

from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.account import (
    Account,
    Cited,
    CitedGroup,
    GroupKind,
    ReadAs,
    Stake,
    Stakes,
    TurningPoint,
    VoidSplit,
)
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.comparison import Attribution, Comparison, Diff, Manner, Provider, Side
from rebaseline.domain.evidence import GroupFacts, Outlook
from rebaseline.domain.model import ModelVersion, System
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import Change, Transition, VerdictName
from rebaseline.report.odds import stake_words
from rebaseline.report.why import render_why
from rebaseline.report.why_replies import SHOWN_REPLIES, reply_lines
from rebaseline.report.why_rule import rule_lines, steps_of
from rebaseline.report.why_turns import turning_lines

H, F, I_, Q = VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID, VerdictName.INCONCLUSIVE
NEW = ModelVersion("host", "m two", "m two")


def side_of(*rounds, bar=None, group=None, outlook=None, **layout):
    evidence = weigh_table(table_of(*rounds, **layout), bar or AtLeast(0.8), prior_rate=None, steady_probes=None)
    verdict = decide_verdict(evidence, bar or AtLeast(0.8), group or GroupFacts(), outlook or Outlook())
    return Side(verdict, evidence, group or GroupFacts())


def comparison_of(side, account, bar=None):
    change = ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0)
    return Comparison("s", assertion(bar), None, side, change, Transition.NEW, account=account)


def diff_of(comparison):
    manner, provider = Manner(0, {}, None, None), Provider()
    return Diff(
        System("desk"), "app", NEW, NEW, (comparison,), Attribution((), ()), None, manner, provider, provider, "store"
    )


def turns(side, *points, bar=None, **account):
    return list(turning_lines(comparison_of(side, Account(turning=points, **account), bar)))[2:]


def test_an_open_verdict_is_told_in_both_directions_and_in_replies():
    side = side_of("1" * 15 + "0" * 5, outlook=Outlook(needed=120))
    lines = turns(side, TurningPoint(ReadAs.PASS, 5, 5, H), TurningPoint(ReadAs.FAIL, 5, 15, F))
    assert lines == [
        "  if 5 of the 5 replies that do not pass were passes: holds",
        "  if 5 of the 15 replies that do not fail were fails: failing",
        "  about 120 more replies, at the rate seen so far: settled",
    ]


def test_a_number_that_may_not_be_the_smallest_says_so_and_a_steady_target_counts_probes():
    point = TurningPoint(ReadAs.FAIL, 3, 18, F, exact=False, whole_probes=True)
    assert turns(side_of("1" * 20), point) == ["  if at most 3 of the 18 probes that do not fail were fails: failing"]


def test_never_turns_on_one_violation():
    never = Never()
    assert turns(side_of("1" * 60, bar=never), TurningPoint(ReadAs.FAIL, 1, 60, F), bar=never) == [
        "  one confirmed violation among the 60 replies that do not fail: failing"
    ]
    (line,) = turns(side_of("1" * 57 + "000", bar=never), TurningPoint(ReadAs.PASS, 3, 3, H), bar=never)
    assert line == "  if each of the 3 violations were shown to be none, since one is enough: holds"


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (VoidSplit(50, 49, 36, H, F), "with 49 or more of them passes it holds, with 36 or fewer passes it fails"),
        (VoidSplit(2, 2, 0, H, F), "with all 2 of them passes it holds, with no passes it fails"),
        (
            VoidSplit(9, None, None, Q, I_),
            "with all of them passes it is inconclusive, with none of them passes it is invalid",
        ),
        (VoidSplit(9, 4, None, H, Q, exact=False), "(of those that count least for it)"),
    ],
)
def test_how_a_verdict_falls_by_its_voids(split, words):
    (line, *more) = turns(side_of("v" * 20), void_split=split)
    assert words in " ".join(part.strip() for part in (line, *more))


def test_voids_that_change_nothing_are_said_to():
    (line,) = turns(side_of("v" * 20), void_split=VoidSplit(2, None, None, Q, Q))
    assert line == "  reading the voids changes nothing: all passes or all fails, inconclusive"


def test_an_instrument_that_is_out_names_where_to_mend_it():
    side = side_of("1" * 20, group=GroupFacts(missed_faults=("x",)))
    (line,) = turns(side, in_order=H)
    assert line.endswith("holds, by the same replies")


def test_nothing_is_said_where_nothing_is_known():
    assert turns(side_of("1" * 20)) == []


def replies(group, *, everything=False, bar=None):
    comparison = comparison_of(side_of("1" * 20), Account((group,)), bar)
    return list(reply_lines(diff_of(comparison), comparison, everything=everything))


def fails(number, text="no"):
    return tuple(Cited(f"p{place}", 0, Valued(0.0), text=text) for place in range(number))


def test_replies_are_listed_up_to_a_bound_and_then_counted():
    many = CitedGroup(GroupKind.FAILS, fails(SHOWN_REPLIES + 12))
    lines = replies(many)
    assert lines[2] == "  24 fail:"
    assert lines[3 + SHOWN_REPLIES] == "    ... and 12 more: --why s/a --all, or --json"
    assert len(lines) == 3 + SHOWN_REPLIES + 3
    assert lines[-1] == "    rebaseline export --suite s --target app --model 'm two'"
    everything = replies(many, everything=True)
    assert len(everything) == 3 + 24 + 2
    assert not any("more" in line for line in everything)


def test_violations_are_called_what_they_are():
    assert replies(CitedGroup(GroupKind.FAILS, fails(1)), bar=Never())[2] == "  1 confirmed violation:"


def test_what_a_reply_says_never_takes_hold_of_the_terminal():
    hostile = CitedGroup(GroupKind.FAILS, fails(1, "\x1b[31m\u202e" + "x" * 500 + "\n[exit 0]"))
    lines = replies(hostile)
    assert all(line.isprintable() and len(line) <= 110 for line in lines if line)


def test_each_kind_of_group_says_what_its_heading_does_not():
    void = CitedGroup(GroupKind.VOIDS, (Cited("p", 1, Void(Assumption.READABLE, note="two numbers")),), VOID.broken)
    assert replies(void)[2:4] == [
        "  1 void, nothing there that the check reads:",
        "    p #2                      two numbers",
    ]
    worse = CitedGroup(GroupKind.WORSE, (Cited("p", 0, Valued(0.0), Valued(1.0)),))
    assert replies(worse)[3].endswith("was pass, is fail")
    partner = CitedGroup(GroupKind.VOIDS, (Cited("p", 0, Valued(1.0), VOID),), VOID.broken)
    assert replies(partner)[3].endswith("is pass; its partner is void")


def test_the_bets_of_an_e_value_stand_beside_it():
    side = side_of("1" * 20, "1" * 20, planned=3)
    stakes = Stakes(0.8, 2, (Stake(0.01, 0.87, 18, 0.5, math.log(30.0)), Stake(1.25, 1.25, 1, 0.5, -math.inf)))
    lines = list(rule_lines(side, AtLeast(0.8), Account(above=(stakes, stakes), below=(stakes, stakes))))
    text = " ".join(" ".join(lines).split())
    worth = stake_words(side.evidence.low.log_e_above)
    assert f"e = sum_i w_i prod_j (1 + l_i (x_j - theta)) = {worth} >= 20 = 1/(1/20)" in text
    assert "theta = .8; of the stake, .5 on 18 l from .01 to .87 became 30; .5 on l = 1.25 became 0" in text
    assert "at the end of round 2" in text
    assert text.endswith("mean = 1 >= .8 = theta")


def test_bets_that_never_grew_are_not_taken_apart_and_the_level_is_that_of_the_claim():
    side = side_of("1" * 20, "1" * 20, planned=3)
    idle = Stakes(0.8, 0, (Stake(5.0, 5.0, 1, 1.0, 0.0),))
    failing = next(iter(steps_of(side, AtLeast(0.8), Account(below=(idle, idle)))))
    assert failing.formula[:2] == ("e = sum_i w_i prod_j (1 + l_i (theta - x_j)) = 1 < 200 = 1/(1/200)", "theta = .8")


def test_markov_stands_where_the_binomial_tail_may_not():
    side = side_of("1" * 16 + "0" * 4, bar=AtLeast(0.79))
    text = " ".join(" ".join(rule_lines(side, AtLeast(0.79), Account())).split())
    assert "P(X >= 16 | n = 20, p = .79) <= 15.8 / 16, so p = .988 > .05 = 1/20" in text
    assert "Markov's inequality" in text


def test_too_many_voids_are_shown_with_the_bounds_and_the_tail():
    side = side_of("1" * 46 + "v" * 14, bar=AtLeast(0.8))
    text = " ".join(" ".join(rule_lines(side, AtLeast(0.8), Account())).split())
    assert "invalid? yes. The bar lies between both readings of the voids. 14 of 60 could not be read" in text
    assert ".767 < theta = .8 <= 1 (bounds: Manski 2003)" in text
    assert "P(V >= 14 | n = 60, p = .1) = .00203 <= .005 = 1/200" in text


def test_replies_beyond_the_plan_do_not_bring_up_again_whether_too_many_are_void():
    side = side_of("1" * 19 + "v", "1" * 19 + "v", "v" * 20, bar=AtLeast(0.8), planned=2)
    text = " ".join(" ".join(rule_lines(side, AtLeast(0.8), Account())).split())
    assert "2 of 40 planned ones could not be read" in text
    assert "P(V >= 2 | n = 40, p = .1)" in text


def test_the_pages_that_say_more_are_named_last():
    comparison = comparison_of(side_of("1" * 20), Account())
    assert render_why(diff_of(comparison), comparison).splitlines()[-1] == (
        "More: rebaseline explain holds | new | at-least | one-look"
    )


@pytest.mark.parametrize(
    ("means", "words"),
    [
        ("refusal", "refusal, the built-in second reading"),
        (contains("no"), "contains, a second reading"),
    ],
)
def test_a_second_reading_is_named_under_the_rule(means, words):
    comparison = comparison_of(side_of("1" * 20), Account())
    comparison = replace(comparison, assertion=assertion(means=means))
    lines = render_why(diff_of(comparison), comparison).splitlines()
    assert lines[2].startswith("  rule       contains")
    assert lines[3] == f"  means      {words}"
    assert lines[4].startswith("  on         all probes")


def test_pairs_that_are_only_counted_are_not_said_to_be_of_a_steady_target():
    table = table_of("1" * 20)
    evidence = weigh_pairs(pair_tables(table, table), table, NoWorse(0.1), steady=True)
    side = Side(decide_verdict(evidence, NoWorse(0.1), GroupFacts(), Outlook()), evidence, GroupFacts())
    comparison = comparison_of(side, Account(), NoWorse(0.1))
    text = render_why(diff_of(comparison), comparison)
    assert "method     compared with itself, or both sides steady: arithmetic about these replies, no error" in text
    assert "Replies compared with themselves, or steady on both sides, are counted" in text
    assert "target is steady" not in text
