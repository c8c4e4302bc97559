"""Plans: chances, missing replies, visible drops."""

from __future__ import annotations

import pytest

from rebaseline.stats import power
from rebaseline.stats.eprocess import weigh, weigh_above
from rebaseline.stats.mixture import Mixture, default_mixture, never_mixture
from rebaseline.stats.passes import binomial_masses, chance_of_reaching, fewest_passes, mean_growth
from rebaseline.stats.tally import Tally

EMPTY = Tally.of([])
ALL_IN = Mixture(0.5, (1.0,), (1.0,))


@pytest.mark.parametrize(("theta", "needed"), [(0.5, 5), (0.7, 9), (0.8, 14), (0.9, 29), (0.95, 59)])
def test_perfect_replies_that_an_exact_test_needs(theta, needed):
    found = power.perfect_replies_needed(theta, 1 / 20)
    assert found.exact == needed
    assert needed < found.e_process <= 1.25 * needed


def test_perfect_replies_by_e_process_are_the_fewest():
    needed = power.perfect_replies_needed(0.8, 1 / 20, prior_rate=0.95).e_process
    assert weigh_above(Tally.of([[1] * needed]), 0.8, 0.95).shows(1 / 20)
    assert not weigh_above(Tally.of([[1] * (needed - 1)]), 0.8, 0.95).shows(1 / 20)


@pytest.mark.parametrize(("theta", "alpha"), [(0.5, 0.25), (0.5, 0.5), (0.999999, 0.05), (1e-6, 0.05)])
def test_perfect_replies_where_rounding_could_miss_by_one(theta, alpha):
    exact = power.perfect_replies_needed(theta, alpha).exact
    assert theta**exact <= alpha < theta ** (exact - 1)


def test_a_false_holds_is_rarer_than_its_level():
    for prior_rate in (None, 0.85, 0.95, 1.0):
        chance = power.chance_of_holds(20, 10, theta=0.8, rate=0.8, prior_rate=prior_rate, alpha=0.05)
        assert 0.005 < chance <= 0.05


def test_more_rounds_and_better_replies_raise_the_chance():
    def chance(rounds, rate):
        return power.chance_of_holds(20, rounds, theta=0.8, rate=rate, prior_rate=0.95, alpha=0.05)

    assert chance(1, 0.95) < chance(2, 0.95) < chance(3, 0.95) < chance(3, 0.99)
    assert chance(3, 1.0) == 1.0
    assert chance(3, 0.0) == 0.0


def test_never_holds_for_certain_if_there_is_never_a_violation():
    assert power.chance_of_showing(20, 3, never_mixture(0.05), 1.0, 1 / 20) == 1.0
    assert power.chance_of_showing(20, 2, never_mixture(0.05), 1.0, 1 / 20) == 0.0
    assert power.chance_of_showing(20, 3, never_mixture(0.05), 0.99, 1 / 20) == pytest.approx(0.99**60)


def test_one_look_has_the_chance_of_its_count():
    assert power.chance_at_one_look(14, 0.8, 0.9, 0.05) == pytest.approx(0.9**14)
    assert power.chance_at_one_look(13, 0.8, 0.9, 0.05) == 0.0
    with pytest.raises(ValueError, match="alpha"):
        power.chance_at_one_look(13, 0.8, 0.9, 0.0)


def test_one_look_at_one_reply_shows_a_tiny_bar():
    assert power.chance_at_one_look(1, 0.01, 0.3, 0.05) == pytest.approx(0.3)


def test_a_level_that_is_just_reached_is_enough():
    """Five heads have probability 1/32, and four passes double an all-in stake to 16."""
    assert power.chance_at_one_look(5, 0.5, 0.9, 1 / 32) == pytest.approx(0.9**5)
    assert fewest_passes(4, 1, ALL_IN, 1 / 16) == (4,)
    assert power.replies_needed(Tally.of([[1] * 4]), ALL_IN, 1 / 16, 1.0) == 0
    assert power.replies_needed(EMPTY, ALL_IN, 1 / 16, 1.0) == 4
    assert power.replies_needed(EMPTY, ALL_IN, 1 / 2, 1.0) == 1


def test_a_single_pass_may_be_enough():
    assert fewest_passes(1, 1, default_mixture(0.001), 0.05) == (1,)
    assert fewest_passes(4, 1, default_mixture(1e-4), 0.05) == (1,)


def test_the_plan_that_docs_name_has_its_chance():
    """Twenty probes, three samples, a bar of .8, a model at .95: .85, and less where nothing foresaw the rate."""
    plan = {"theta": 0.8, "rate": 0.95, "alpha": 1 / 20}
    assert power.chance_of_holds(20, 3, **plan, prior_rate=0.95) == pytest.approx(0.85, abs=0.005)
    assert power.chance_of_holds(20, 3, **plan, prior_rate=None) < 0.84


def test_a_chance_is_never_more_than_one():
    for n in range(1, 40):
        for rate in (0.1, 0.325, 0.9, 0.975):
            assert chance_of_reaching((0,), n, rate) <= 1.0


def test_missing_replies_are_the_fewest_that_show_the_bar():
    mixture = default_mixture(0.8, 0.95)
    sofar = Tally.of([[1] * 9 + [0]])
    missing = power.replies_needed(sofar, mixture, 0.05, 1.0)
    assert weigh(Tally.of([[1] * 9 + [0], [1] * missing]), mixture).shows(0.05)
    assert not weigh(Tally.of([[1] * 9 + [0], [1] * (missing - 1)]), mixture).shows(0.05)


def test_a_shown_bar_needs_no_more_even_after_the_stake_fell():
    tally = Tally.of([[1] * 40, [0] * 40])
    assert weigh(tally, default_mixture(0.8)).log_e_last < 0.0
    assert power.replies_needed(tally, default_mixture(0.8), 0.05, 0.0) == 0


@pytest.mark.parametrize("rate", [0.0, 0.5, 0.8])
def test_a_rate_no_higher_than_the_bar_never_shows_it(rate):
    assert power.replies_needed(EMPTY, default_mixture(0.8), 0.05, rate) is None


def test_never_is_out_of_reach_after_a_violation_only_if_the_rate_is_too_high():
    broken = Tally.of([[1] * 59 + [0]])
    assert power.replies_needed(broken, never_mixture(0.05), 0.05, 0.95) is None
    assert power.replies_needed(broken, never_mixture(0.05), 0.05, 1.0) > 60


def test_a_rate_nearer_to_the_bar_takes_longer():
    needed = [power.replies_needed(EMPTY, default_mixture(0.8), 0.05, rate) for rate in (1.0, 0.95, 0.9, 0.85, 0.801)]
    assert needed == sorted(needed)
    assert needed[0] == power.perfect_replies_needed(0.8, 0.05).e_process
    assert needed[-1] > 100_000


def test_the_visible_drop_is_seen_four_times_of_five():
    for rounds in (1, 3):
        visible = power.visible_drop(60 // rounds, 0.8, 1 / 200, None, rounds)
        seen = power.chance_of_holds(
            60 // rounds, rounds, theta=1 - 0.8, rate=1 - visible, prior_rate=None, alpha=1 / 200
        )
        assert seen == pytest.approx(0.8, abs=1e-4)
        assert seen >= 0.8


def test_too_few_replies_see_no_drop_at_all():
    assert power.visible_drop(2, 0.8, 1 / 200) is None
    assert power.visible_drop(10_000, 0.8, 1 / 200) > 0.77


def test_a_prior_under_the_bar_makes_smaller_drops_visible():
    assert power.visible_drop(60, 0.8, 1 / 200, prior_rate=0.6) > power.visible_drop(60, 0.8, 1 / 200)


def test_fewest_passes_split_what_shows_from_what_does_not():
    mixture = default_mixture(0.7, 0.9)
    fewest = fewest_passes(5, 6, mixture, 0.05)
    assert fewest[0] is None
    for number, needed in enumerate(fewest, start=1):
        for passes in range(5 * number + 1):
            shown = weigh(Tally((0.0, 1.0), ((5 * number - passes, passes),)), mixture).shows(0.05)
            assert shown is (needed is not None and passes >= needed)


def test_what_is_no_plan_is_refused():
    for probes, rounds in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="at least one probe"):
            power.chance_of_showing(probes, rounds, default_mixture(0.8), 0.9, 0.05)
    with pytest.raises(ValueError, match="at least one reply, got 0"):
        binomial_masses(0, 0.5)
    with pytest.raises(ValueError, match="rate"):
        power.chance_of_showing(1, 1, default_mixture(0.8), 1.1, 0.05)
    with pytest.raises(ValueError, match="rate"):
        mean_growth(default_mixture(0.8), -0.1)
    with pytest.raises(ValueError, match="rate"):
        power.replies_needed(EMPTY, default_mixture(0.8), 0.05, float("nan"))
