"""From tables to evidence: which method, which replies, which limit."""

from __future__ import annotations

import math

import pytest
from tests.support.readings import table_of

from rebaseline.assess.weigh import outlook_of, theta_of, weigh_table
from rebaseline.domain.evidence import Method
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.stats import exact
from rebaseline.stats.eprocess import weigh_above, weigh_below
from rebaseline.stats.tally import Tally

BAR = AtLeast(0.8)


def weigh(table, bar=BAR, prior=None, steady=None):
    return weigh_table(table, bar, prior_rate=prior, steady_probes=steady)


def test_the_bar_on_the_scale_of_its_values():
    assert [theta_of(bar) for bar in (BAR, Never(0.05), NoWorse(0.1))] == [0.8, 0.95, 0.45]


@pytest.mark.parametrize(
    ("table", "steady", "method"),
    [
        (table_of("11", "11"), None, Method.E_PROCESS),
        (table_of("11", planned=3), None, Method.E_PROCESS),
        (table_of("11"), None, Method.ONE_LOOK),
        (table_of("11", "11", planned=1), None, Method.E_PROCESS),
        (table_of("11", "11"), 20, Method.STEADY),
        (table_of("1."), None, Method.NONE),
        (table_of("1.", planned=1), 20, Method.NONE),
        (table_of(), None, Method.NONE),
    ],
)
def test_the_method_is_what_the_layout_allows(table, steady, method):
    assert weigh(table, steady=steady).method is method


@pytest.mark.parametrize(
    ("planned", "late"),
    [(1, (8, 3)), (2, (8, 3)), (3, (4, 1)), (4, (0, 0)), (9, (0, 0))],
)
def test_what_lies_beyond_the_plan_is_counted_apart_and_a_second_round_was_planned_where_it_was_asked(planned, late):
    table = table_of("vv11", "1111", "vv1x", "v1x1", planned=planned)
    found = weigh(table)
    assert (found.late_replies, found.late_unreadable) == late
    assert found.replies == 16


def test_low_takes_voids_against_the_claim_and_high_in_its_favour():
    found = weigh(table_of("11v0", "1vx1"), prior=0.9)
    low, high = Tally.of([[1, 1, 0, 0], [1, 0, 0, 1]]), Tally.of([[1, 1, 1, 0], [1, 1, 1, 1]])
    for limit, tally in ((found.low, low), (found.high, high)):
        above, below = weigh_above(tally, 0.8, 0.9), weigh_below(tally, 0.8, 0.9)
        assert limit.mean == tally.mean
        assert (limit.log_e_above, limit.last_above) == (above.log_e_sup, above.log_e_last)
        assert (limit.log_e_below, limit.last_below) == (below.log_e_sup, below.log_e_last)
        assert limit.p_above is limit.p_below is None


def test_one_look_is_exact():
    found = weigh(table_of("1" * 14))
    assert found.low.p_above == pytest.approx(0.8**14)
    assert found.low.p_below == 1.0
    assert found.bounds == (exact.lower_bound(Tally.of([[1] * 14]), 0.05), 1.0)
    assert weigh(table_of("0" * 14)).high.p_below == pytest.approx(0.2**14)


def test_scores_at_one_look_are_weighed_by_the_e_value_of_the_round():
    found = weigh(table_of("1" * 14 + "h"))
    assert found.method is Method.ONE_LOOK
    assert found.low.p_above == pytest.approx(math.exp(-found.low.log_e_above))


def test_an_incomplete_round_is_unread_but_a_violation_in_it_is_seen():
    found = weigh(table_of("1111", "10.."), Never(0.05))
    assert (found.rounds, found.passes, found.fails, found.unread, found.violations) == (1, 4, 0, 2, 1)


def test_without_a_complete_round_nothing_is_weighed_and_replies_are_counted():
    found = weigh(table_of("1v.", planned=2))
    assert found.low.mean is found.high.mean is None
    assert (found.low.log_e_above, found.high.log_e_below, found.bounds) == (0.0, 0.0, (0.0, 1.0))
    assert (found.replies, found.passes, found.unread, found.void_count) == (2, 1, 2, 1)


def test_an_unasked_assertion_has_no_reply():
    found = weigh(table_of(planned=3))
    assert (found.replies, found.rounds, found.planned_rounds, found.probes) == (0, 0, 3, 0)


def test_a_prior_costs_power_and_reads_no_reply():
    table = table_of("1" * 20, "1" * 19 + "0", "1" * 20)
    right, wrong, none = (weigh(table, prior=p).low.log_e_above for p in (59 / 60, 0.81, None))
    assert right > none > wrong
    assert wrong >= right - math.log(50)


def test_a_steady_target_says_how_many_of_its_probes_may_flip():
    found = weigh(table_of("1" * 18 + "v0", "1" * 18 + "v0"), steady=20)
    assert found.flip_bound == pytest.approx(1 - 0.05 ** (1 / 20))
    assert found.bounds == (0.9, 0.95)
    assert weigh(table_of("1" * 20, "1" * 20)).flip_bound is None


def test_never_bets_on_clean_replies_and_its_bounds_use_the_same_bets():
    sixty = weigh(table_of("1" * 20, "1" * 20, "1" * 20), Never(0.05))
    assert sixty.low.log_e_above >= math.log(20)
    assert 0.95 <= sixty.bounds[0] < 0.96
    assert weigh(table_of("1" * 59, planned=2), Never(0.05)).low.log_e_above < math.log(20)


def test_a_void_counts_as_a_possible_violation():
    clean, void = (weigh(table_of(*["1" * 20] * 2, last), Never(0.05)) for last in ("1" * 20, "1" * 19 + "v"))
    assert void.violations == 0
    assert void.low.last_above < 0.0 < void.low.log_e_above < math.log(20) <= clean.low.log_e_above
    assert void.high.log_e_above == clean.high.log_e_above


def test_scores_under_one_are_violations():
    assert weigh(table_of("1h0v"), Never(0.05)).violations == 2


def outlook(table, bar=BAR, prior=None, steady=None):
    return outlook_of(table, bar, weigh(table, bar, prior, steady), prior_rate=prior)


def test_the_outlook_says_how_many_more_replies_settle_it():
    assert outlook(table_of("1" * 10, planned=3)).needed == 6
    assert outlook(table_of("1" * 20, planned=3)).needed == 0
    assert outlook(table_of("1" * 59, planned=3), Never(0.05)).needed == 1


def test_the_outlook_is_none_where_no_number_of_replies_would_settle_it():
    assert outlook(table_of("11110", planned=3), AtLeast(0.8)).needed is None


def test_the_outlook_says_which_drop_would_have_been_seen():
    seen = outlook(table_of("1" * 20, "1" * 20, "1" * 20)).would_have_seen
    assert 0.4 < seen < 0.6
    assert outlook(table_of("11")).would_have_seen is None


def test_what_was_not_read_has_the_missing_replies_for_an_outlook():
    assert outlook(table_of("1.1", planned=2)).needed == 4
    assert outlook(table_of("11.", "1..", planned=1)).needed is None


def test_voids_are_named_and_counted_apart():
    found = weigh(table_of("1vfrx"))
    assert found.voids == dict.fromkeys(
        [Assumption.ACCEPTED, Assumption.DELIVERED, Assumption.FORM, Assumption.READABLE], 1
    )


def test_two_clean_sessions_are_one_look_for_what_must_never_happen():
    """That both are clean is what chance gives a rare violation: 20 replies bound it by 14 %, not by nothing."""
    found = weigh(table_of("1" * 20, "1" * 20, planned=2), Never(0.05), steady=20)
    assert (found.method, found.rounds, found.planned_rounds, found.replies) == (Method.ONE_LOOK, 1, 1, 20)
    assert found.low.p_above == pytest.approx(0.95**20)
    assert 1 - found.bounds[0] == pytest.approx(1 - 0.05 ** (1 / 20))


def test_a_void_in_an_unfinished_round_may_be_the_violation_too():
    found = weigh(table_of("11", "v.", planned=2), Never(0.5))
    assert (found.void_count, found.possible_violations, found.unread) == (0, 1, 1)
