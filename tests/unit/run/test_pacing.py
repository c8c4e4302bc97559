"""How a run keeps within a provider's limits, in virtual time."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.support.limited import LimitedProvider
from tests.support.simulated_run import probes_of, simulate

from rebaseline.domain.attempt import Faulted
from rebaseline.run.limits import Backoff, Limits
from rebaseline.targets.base import Allowance, Asked
from rebaseline.targets.scripted import says

EIGHT = Limits(concurrency=8)
PLAIN = Backoff(base_seconds=0.0)


class Timeline:
    """Answers by a function of the call's number, and notes when each call came and went."""

    def __init__(self, outcome, seconds=1.0):
        self.came, self.at_a_time, self._now = [], [], 0
        self._outcome, self._seconds = outcome, seconds

    async def __call__(self, request):
        number = len(self.came)
        self.came.append(asyncio.get_running_loop().time())
        self._now += 1
        self.at_a_time.append(self._now)
        await asyncio.sleep(self._seconds)
        self._now -= 1
        return self._outcome(number)


def busy(retry_after=None):
    return Asked(Faulted("rate_limit", 429), retry_after_seconds=retry_after)


@pytest.mark.parametrize("names_rest", [False, True])
@pytest.mark.parametrize("names_wait", [False, True])
@pytest.mark.parametrize(
    ("per_second", "capacity", "latency_seconds", "concurrency"),
    [(1, 5, 1.0, 8), (1, 5, 8.0, 64), (10, 10, 1.0, 64), (10, 60, 1.0, 64), (50, 100, 8.0, 64), (2, 120, 1.0, 8)],
)
def test_a_run_takes_little_longer_than_the_limit_makes_it(
    per_second, capacity, latency_seconds, concurrency, names_wait, names_rest
):
    for seed in range(2):
        provider = LimitedProvider(per_second, capacity, latency_seconds, names_wait, names_rest, seed)
        run = simulate(provider, probes_of(60, samples=10), Limits(concurrency=concurrency), seed=seed)
        least_seconds = max(provider.least_seconds(600), 600 / concurrency * latency_seconds * 0.75)
        assert run.counts.answered == 600
        assert run.seconds <= 1.5 * least_seconds
        assert provider.most_at_a_time <= concurrency
        assert run.counts.calls == provider.calls == 600 + provider.refused


def test_even_where_every_burst_is_refused_no_attempt_is_lost_and_most_calls_are_answered():
    provider = LimitedProvider(10, 1, 1.0)
    run = simulate(provider, probes_of(60, samples=10), Limits(concurrency=64))
    assert run.counts.answered == 600
    assert provider.refused < 200


def test_no_attempt_waits_while_later_rounds_are_asked():
    run = simulate(LimitedProvider(5, 5, 2.0, seed=3), probes_of(20, samples=20), Limits(concurrency=16))
    order = [record.sample for record in run.records]
    # In flight and in line are 16 at most: none is overtaken by more than two rounds.
    assert all(later - sample <= 2 for n, sample in enumerate(order) for later in order[:n])


def test_all_hold_until_the_wait_that_one_was_told_is_over():
    line = Timeline(lambda number: busy(30.0) if number == 3 else says("x"))
    simulate(line, probes_of(40), replace(EIGHT, backoff=PLAIN))
    assert not [came for came in line.came if 1.0 < came < 31.0]


def test_the_window_halves_once_for_what_was_out_together_and_grows_by_one_a_window():
    line = Timeline(lambda number: busy(10.0) if number < 8 else says("x"))
    simulate(line, probes_of(200), replace(EIGHT, backoff=PLAIN))
    assert max(line.at_a_time[:8]) == 8
    first_windows = line.at_a_time[8:20]
    assert 3 <= max(first_windows) <= 5
    assert max(line.at_a_time[20:]) >= 7


def test_only_limits_make_the_window_smaller():
    def outcome(number):
        return Faulted("server", 500) if number < 8 else says("x")

    line = Timeline(outcome)
    simulate(line, probes_of(32), replace(EIGHT, backoff=PLAIN))
    assert max(line.at_a_time) == 8
    assert line.came[8:16] == [1.0] * 8


def test_after_the_first_setback_calls_do_not_come_in_bursts():
    line = Timeline(lambda number: busy(5.0) if number == 0 else says("x"))
    simulate(line, probes_of(80), replace(EIGHT, backoff=PLAIN))
    after = [came for came in line.came if came > 1.0]
    assert min(later - sooner for sooner, later in pairwise(after)) > 0.05


def test_a_wait_beyond_the_bound_is_cut_and_tried_no_more_often_than_tries_say():
    line = Timeline(lambda number: busy(86_400.0))
    run = simulate(line, probes_of(1), Limits(tries=3, backoff=PLAIN))
    assert line.came == [0.0, 121.0, 242.0]
    assert run.counts.faults == {"rate_limit": 1}


def test_a_provider_that_refuses_everything_is_given_up():
    line = Timeline(lambda number: busy(1.0))
    run = simulate(line, probes_of(20), Limits(concurrency=8, tries=3))
    assert run.counts.faulted == 20
    assert run.counts.calls <= 20 * 3 + 2 * 8


def test_a_call_that_is_put_off_while_others_are_answered_is_not_given_up():
    provider = LimitedProvider(per_second=0.5, capacity=1, latency_seconds=3.0, names_wait=False)
    run = simulate(provider, probes_of(60), Limits(concurrency=16, tries=2))
    assert run.counts.answered == 60
    assert provider.refused > 16


def test_nothing_left_holds_new_calls_until_the_reset():
    def outcome(number):
        left = Allowance(requests=0, requests_reset_seconds=60.0) if number == 0 else None
        return Asked(says("x"), allowance=left)

    line = Timeline(outcome)
    simulate(line, probes_of(3), Limits(concurrency=1))
    assert line.came == [0.0, 61.0, 62.0]


def test_tokens_that_will_not_do_for_the_calls_that_are_out_hold_new_ones():
    def outcome(number):
        return Asked(says("x"), allowance=Allowance(tokens=0, tokens_reset_seconds=20.0) if number == 1 else None)

    line = Timeline(outcome)
    simulate(line, probes_of(4), Limits(concurrency=1))
    assert line.came == [0.0, 1.0, 22.0, 23.0]


def test_less_left_than_calls_that_began_later_holds():
    def outcome(number):
        return Asked(says("x"), allowance=Allowance(2, 9.0) if number == 0 else None)

    line = Timeline(outcome)
    simulate(line, probes_of(8), Limits(concurrency=4))
    assert line.came[:4] == [0.0] * 4
    assert min(line.came[4:]) == 10.0


@pytest.mark.parametrize(
    "left",
    [Allowance(requests=0), Allowance(tokens=0), Allowance(50, 60.0, 10_000, 60.0)],
    ids=["no-reset", "no-token-reset", "enough"],
)
def test_what_says_nothing_or_leaves_enough_holds_nobody(left):
    line = Timeline(lambda number: Asked(says("x"), allowance=left))
    assert simulate(line, probes_of(16), EIGHT).seconds == 2.0


def test_a_final_fault_is_not_tried_again():
    line = Timeline(lambda number: Asked(Faulted("server", 500), final=True))
    run = simulate(line, probes_of(2), Limits(concurrency=1))
    assert (run.counts.calls, run.counts.faulted) == (2, 2)


def test_progress_tells_what_the_limits_hold_apart_from_what_retries():
    line = Timeline(lambda number: busy(30.0) if number == 0 else says("x"))
    run = simulate(line, probes_of(20), replace(EIGHT, backoff=PLAIN))
    assert max(told.held for told in run.told) == 8
    assert {told.retrying for told in run.told} == {0}
    last = run.told[-1]
    assert (last.done, last.waiting, last.held) == (20, 0, 0)
    assert all(told.waiting + told.held <= 8 for told in run.told)
