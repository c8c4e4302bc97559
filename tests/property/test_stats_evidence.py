"""Invariants of evidence that safety rests on: monotone in every reply, blind to order, symmetric, never unshown."""

from __future__ import annotations

import math
import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rebaseline.stats import pairs
from rebaseline.stats.bounds import lower_bound, upper_bound
from rebaseline.stats.eprocess import log_e_path, weigh, weigh_above, weigh_below
from rebaseline.stats.exact import p_above, p_below
from rebaseline.stats.mixture import default_mixture, hedged_mixture, never_mixture, pair_mixture
from rebaseline.stats.multiplicity import e_bh
from rebaseline.stats.separation import separation_below, separation_reached
from rebaseline.stats.tally import Tally

SLACK = 1e-9

readings = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 64).map(lambda k: k / 64))
unit = st.floats(0.0, 1.0)
bars = st.one_of(st.sampled_from([1e-6, 0.05, 0.5, 0.8, 0.95, 1 - 1e-6]), st.floats(1e-9, 1 - 1e-9))
priors = st.one_of(st.none(), unit)
rounds_of = st.lists(st.lists(readings, min_size=1, max_size=8), min_size=1, max_size=5)
raw_rounds = st.lists(st.lists(unit, min_size=1, max_size=6), min_size=1, max_size=4)
mixtures = st.one_of(
    st.builds(default_mixture, bars, priors),
    st.builds(never_mixture, bars),
    st.builds(pair_mixture, bars),
    st.builds(hedged_mixture, bars),
)


def at_least(left, right):
    return left >= right - SLACK * max(1.0, abs(right)) or left == right


@given(rounds_of, mixtures, st.data())
def test_raising_a_reply_never_lowers_the_evidence(rounds, mixture, data):
    row = data.draw(st.integers(0, len(rounds) - 1))
    place = data.draw(st.integers(0, len(rounds[row]) - 1))
    raised = [list(values) for values in rounds]
    raised[row][place] = data.draw(st.floats(rounds[row][place], 1.0))
    before, after = log_e_path(Tally.of(rounds), mixture), log_e_path(Tally.of(raised), mixture)
    assert all(at_least(new, old) for new, old in zip(after, before, strict=True))


@given(rounds_of, bars, priors, st.data())
def test_voids_read_low_never_help_above_and_read_high_never_help_below(rounds, theta, prior_rate, data):
    void = [[data.draw(st.booleans()) for _ in values] for values in rounds]
    low = [[0.0 if v else x for x, v in zip(*pair, strict=True)] for pair in zip(rounds, void, strict=True)]
    high = [[1.0 if v else x for x, v in zip(*pair, strict=True)] for pair in zip(rounds, void, strict=True)]
    truth = Tally.of(rounds)
    assert at_least(
        weigh_above(truth, theta, prior_rate).log_e_sup, weigh_above(Tally.of(low), theta, prior_rate).log_e_sup
    )
    assert at_least(
        weigh_below(truth, theta, prior_rate).log_e_sup, weigh_below(Tally.of(high), theta, prior_rate).log_e_sup
    )


@given(raw_rounds, mixtures, st.randoms(use_true_random=False))
def test_order_within_a_round_is_forgotten(rounds, mixture, shuffler):
    shuffled = [shuffler.sample(values, len(values)) for values in rounds]
    assert Tally.of(shuffled) == Tally.of(rounds)
    assert log_e_path(Tally.of(shuffled), mixture) == log_e_path(Tally.of(rounds), mixture)


@given(raw_rounds, bars, priors)
@example([[1e-20, 2e-20, 0.0, 1.0]], 0.3, None)
def test_below_is_exactly_above_in_the_mirror(rounds, theta, prior_rate):
    flipped = Tally.of([[1.0 - x for x in values] for values in rounds])
    mirrored_prior = None if prior_rate is None else 1.0 - prior_rate
    assert weigh_below(Tally.of(rounds), theta, prior_rate) == weigh_above(flipped, 1.0 - theta, mirrored_prior)
    assert Tally.of(rounds).mirrored() == flipped


@given(rounds_of)
def test_mirroring_twice_changes_nothing(rounds):
    assert Tally.of(rounds).mirrored().mirrored() == Tally.of(rounds)


@given(rounds_of, rounds_of, mixtures)
def test_more_rounds_never_take_back_what_was_shown(first, later, mixture):
    before, after = weigh(Tally.of(first), mixture), weigh(Tally.of(first + later), mixture)
    assert at_least(after.log_e_sup, before.log_e_sup)
    assert after.log_e_sup >= after.log_e_last
    assert after.log_e_sup >= 0.0


@given(rounds_of, mixtures)
def test_the_peak_is_where_it_says(rounds, mixture):
    evidence = weigh(Tally.of(rounds), mixture)
    path = (0.0, *log_e_path(Tally.of(rounds), mixture))
    assert path[evidence.round_of_sup] == evidence.log_e_sup == max(path)
    assert evidence.log_e_last == path[-1]
    assert not any(math.isnan(log_e) for log_e in path)


@given(rounds_of, bars, st.sampled_from([0.05, 0.005]), priors)
def test_nothing_is_both_above_and_below(rounds, theta, alpha, prior_rate):
    tally = Tally.of([[x for values in rounds for x in values]])
    shown = [weigh(tally, default_mixture(theta, prior_rate)).shows(alpha), weigh_below(tally, theta).shows(alpha)]
    assert shown != [True, True]


@settings(max_examples=25)
@given(rounds_of, priors, st.sampled_from([0.05, 0.005]))
def test_bounds_agree_with_the_verdict_on_every_bar(rounds, prior_rate, alpha):
    tally = Tally.of(rounds)
    low, high = lower_bound(tally, alpha, prior_rate), upper_bound(tally, alpha, prior_rate)
    assert 0.0 <= low <= 1.0
    assert 0.0 <= high <= 1.0
    if low > 0.0:
        assert weigh_above(tally, low * random.Random(len(rounds)).random() or low, prior_rate).shows(alpha)
    if high < 1.0:
        assert weigh_below(tally, high + (1.0 - high) / 2, prior_rate).shows(alpha)


@given(st.integers(0, 40), st.integers(0, 40), bars)
def test_one_look_is_monotone_and_mirrors(passes, fails, theta):
    n = passes + fails + 1
    fewer, more = (Tally.of([[1] * k + [0] * (n - k)]) for k in (passes, passes + 1))
    assert p_above(more, theta) <= p_above(fewer, theta) + SLACK
    assert p_below(more, theta) == p_above(more.mirrored(), 1.0 - theta)
    assert 0.0 <= p_above(more, theta) <= 1.0


@given(st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=10), min_size=1, max_size=4))
def test_pairs_mirror_and_a_margin_is_harder_to_exceed_than_zero(rounds):
    tally = pairs.pair_tally(rounds)
    swapped = pairs.pair_tally([[-d for d in values] for values in rounds])
    assert pairs.shown_drop(tally) == pairs.shown_gain(swapped)
    assert at_least(pairs.shown_drop(tally).log_e_sup, pairs.drop_over(tally, 0.1).log_e_sup)
    assert at_least(pairs.drop_refuted(tally, 0.1).log_e_sup, pairs.shown_gain(tally).log_e_sup)


@settings(max_examples=40)
@given(rounds_of, rounds_of, st.sampled_from([0.2, 0.5, 0.8]))
def test_better_arms_never_look_worse(positive, negative, floor):
    best, worst = [[1.0] * len(v) for v in positive], [[0.0] * len(v) for v in negative]
    arms = Tally.of(positive), Tally.of(negative)
    ideal = Tally.of(best), Tally.of(worst)
    assert at_least(separation_reached(*ideal, floor).log_e_sup, separation_reached(*arms, floor).log_e_sup)
    assert at_least(separation_below(*arms, floor).log_e_sup, separation_below(*ideal, floor).log_e_sup)


@settings(max_examples=60)
@given(rounds_of, rounds_of, st.sampled_from([0.2, 0.5, 0.8]))
@example([[1.0] * 20], [[1.0] * 4 + [0.0] * 16], 0.5)
@example([[1.0] * 60], [[0.5] * 8 + [0.0] * 52], 0.2)
def test_arms_that_change_places_in_the_mirror_separate_alike(positive, negative, floor):
    """J is (1 - mean of the negative arm) less (1 - mean of the positive one), too."""
    arms = Tally.of(positive), Tally.of(negative)
    turned = arms[1].mirrored(), arms[0].mirrored()
    for ask in (separation_reached, separation_below):
        straight, mirrored = ask(*arms, floor), ask(*turned, floor)
        assert at_least(straight.log_e_last, mirrored.log_e_last)
        assert at_least(mirrored.log_e_last, straight.log_e_last)
        assert at_least(straight.log_e_sup, mirrored.log_e_sup)
        assert at_least(mirrored.log_e_sup, straight.log_e_sup)


@given(st.lists(st.floats(-50, 50), max_size=20), st.data())
def test_a_stronger_alarm_never_topples_another(log_e_values, data):
    stand = set(e_bh(log_e_values, 0.05))
    if log_e_values:
        place = data.draw(st.integers(0, len(log_e_values) - 1))
        raised = [*log_e_values]
        raised[place] += data.draw(st.floats(0, 50))
        assert stand <= set(e_bh(raised, 0.05))
