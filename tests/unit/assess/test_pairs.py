"""Old and new samples, pair by pair."""

from __future__ import annotations

import math

import pytest
from tests.support.readings import FAIL, PASS, VOID, table_of

from rebaseline.assess.pairs import change_of, outlook_of_pairs, pair_tables, weigh_pairs
from rebaseline.domain.evidence import Method
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Change
from rebaseline.stats import pairs

BAR = NoWorse(0.1)


def weigh(old, new, *, steady=False):
    return weigh_pairs(pair_tables(old, new), new, BAR, steady=steady)


def test_sample_r_of_probe_j_meets_the_baselines_sample_r_of_probe_j():
    pairing = pair_tables(table_of("10", "1v"), table_of("11", "0v"))
    assert pairing.rounds == (((PASS, PASS), (FAIL, PASS)), ((PASS, FAIL), (VOID, VOID)))
    assert pairing.probes == ("p0", "p1")
    assert (pairing.new_unread, pairing.missing, pairing.planned_rounds) == (0, 0, 2)


def test_order_of_probes_does_not_matter_to_who_meets_whom():
    old = table_of("10")
    turned = type(old)(old.probes[::-1], old.readings[::-1], 1)
    assert pair_tables(turned, table_of("10")).rounds == (((PASS, PASS), (FAIL, FAIL)),)


def test_probes_without_a_partner_are_counted_and_not_read():
    pairing = pair_tables(table_of("11"), table_of("111"))
    assert (pairing.missing, pairing.new_unread, len(pairing.rounds[0])) == (1, 1, 2)
    nothing = pair_tables(table_of("11", start="q"), table_of("11"))
    assert (nothing.missing, nothing.rounds, nothing.probes) == (2, (), ())


def test_a_round_that_either_side_lacks_in_part_is_not_read():
    pairing = pair_tables(table_of("11", "1.", "11"), table_of("11", "11", ".1"))
    assert len(pairing.rounds) == 1
    assert pairing.new_unread == 3


def test_no_more_pairs_come_than_the_baseline_has_samples():
    assert pair_tables(table_of("11"), table_of("11", planned=3)).planned_rounds == 1
    assert pair_tables(table_of("11", "11", "11"), table_of("11", planned=2)).planned_rounds == 2
    assert pair_tables(table_of(), table_of("11")).planned_rounds == 1


def test_voids_are_read_against_the_candidate_and_in_its_favour():
    found = weigh(table_of("11v0"), table_of("1v01"))
    assert found.low.mean == pytest.approx((1 + (0 - 1 - 1 + 1) / 4) / 2)  # pass, new void, old void, gain
    assert found.high.mean == pytest.approx((1 + (0 + 0 + 0 + 1) / 4) / 2)


def test_a_pair_is_void_if_either_side_is():
    found = weigh(table_of("11v0vv"), table_of("1r01vf"))
    assert found.voids == {Assumption.ACCEPTED: 1, Assumption.READABLE: 2, Assumption.FORM: 1}
    assert (found.passes, found.fails, found.replies) == (2, 0, 6)


def test_evidence_of_pairs_is_of_the_difference():
    old, new = table_of("1" * 20, "1" * 20), table_of("1" * 20, "1" * 19 + "0")
    found = weigh(old, new)
    tally = pairs.pair_tally([[0] * 20, [0] * 19 + [-1]])
    assert found.paired
    assert found.method is Method.E_PROCESS
    assert found.theta == 0.45
    assert found.low == found.high
    assert found.low.log_e_above == pairs.drop_refuted(tally, 0.1).log_e_sup
    assert found.low.last_below == pairs.drop_over(tally, 0.1).log_e_last
    assert (found.log_e_drop, found.last_drop) == (
        pairs.shown_drop(tally).log_e_sup,
        pairs.shown_drop(tally).log_e_last,
    )
    low, high = found.bounds
    assert -0.2 < low < -1 / 40 < high


def test_one_reply_a_pair_is_one_round_of_the_e_process_and_known_steady_is_arithmetic():
    one = table_of("1" * 20)
    assert weigh(one, one).method is Method.E_PROCESS
    assert weigh(one, one, steady=True).method is Method.STEADY


def test_without_pairs_nothing_is_weighed():
    found = weigh(table_of(), table_of("11"))
    assert found.method is Method.NONE
    assert found.low.mean is None
    assert found.log_e_drop is None
    assert found.bounds == (-1.0, 1.0)
    assert (found.unread, found.pairs_missing, found.replies) == (2, 2, 2)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("1" * 20, "0" * 20, Change.WORSE),
        ("0" * 20, "1" * 20, Change.BETTER),
        ("1" * 20, "1" * 20, Change.NONE_SHOWN),
        ("1" * 20, "v" * 20, Change.NONE_SHOWN),
        ("v" * 20, "0" * 20, Change.NONE_SHOWN),
        ("v" * 20, "1" * 20, Change.NONE_SHOWN),
        ("", "1", Change.UNKNOWN),
        ("1.", "11", Change.UNKNOWN),
    ],
)
def test_a_change_is_said_only_where_every_doubt_is_against_it(old, new, change):
    found = change_of(pair_tables(table_of(old), table_of(new)))
    assert found.change is change
    assert (found.lowest is None) is (change is Change.UNKNOWN)


def test_limits_of_the_change():
    found = change_of(pair_tables(table_of("11v0"), table_of("1v01")))
    assert (found.pairs, found.lowest, found.highest) == (4, -0.25, 0.25)


def test_the_outlook_of_pairs_goes_on_as_it_went():
    half = table_of("1" * 20)
    found = outlook_of_pairs(weigh(half, half))
    grown = weigh(half, half).low.last_above
    assert found.needed == math.ceil(20 * (math.log(20) / grown - 1))
    assert outlook_of_pairs(weigh(table_of("1" * 20), table_of("0" * 20))).needed is None
    assert outlook_of_pairs(weigh(half, half, steady=True)).needed is None
    settled = table_of("1" * 60)
    assert outlook_of_pairs(weigh(settled, settled)).needed == 0
