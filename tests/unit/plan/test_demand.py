"""What askings take: known, scaled or rough; expected and at most; and unknown is never 0."""

from __future__ import annotations

import pytest

from rebaseline.domain.model import Price
from rebaseline.domain.suite import Kind, Probe, Suite
from rebaseline.plan.blocks import Remaining
from rebaseline.plan.demand import Asking, Demand, Grade, Measured, add_demands, demand_of, estimate_askings
from rebaseline.plan.forecast import Forecast, SuiteForecast, demand_of_suite

PRICE = Price(2.0, 10.0)


def asking(probe="a", *, calls=1, most_calls=None, size=400, most_input=500, limit=50) -> Asking:
    return Asking(probe, calls, most_calls or calls, size, most_input, limit)


def estimate(found=None, **more):
    one = asking(**more)
    return estimate_askings([one], {} if found is None else {one.probe: found})[one.probe]


def test_tokens_that_the_provider_counted_are_taken_as_they_are():
    found = estimate(Measured(90.0, 20.0, 1.5))
    assert (found.grade, found.input_tokens, found.output_tokens, found.seconds) == (Grade.MEASURED, 90.0, 20.0, 1.5)


def test_tokens_of_a_probe_without_replies_are_scaled_from_the_others():
    askings = [asking("a", size=400), asking("b", size=200), asking("c", size=100, calls=3)]
    found = estimate_askings(askings, {"a": Measured(100.0, 10.0, 1.0), "b": Measured(80.0, 30.0, 3.0)})["c"]
    assert found.grade is Grade.SCALED
    assert found.input_tokens == pytest.approx(100 * 180 / 600)
    assert found.output_tokens == pytest.approx(3 * 20)  # by calls
    assert found.seconds == pytest.approx(3 * 2)


def test_without_any_reply_tokens_are_rough_and_those_of_replies_unknown():
    found = estimate()
    assert (found.grade, found.input_tokens, found.output_tokens, found.seconds) == (Grade.ROUGH, 100.0, None, None)


def test_what_was_not_counted_is_taken_from_the_rest():
    found = estimate(Measured(None, None, 2.0))
    assert (found.grade, found.output_tokens, found.seconds) == (Grade.ROUGH, None, 2.0)


def test_a_cost_is_expected_and_bounded():
    found = demand_of(estimate(Measured(100.0, 20.0, 1.5)), 10, PRICE)
    assert found.usd == pytest.approx((1000 * 2 + 200 * 10) / 1e6)
    assert found.most_usd == pytest.approx((5000 * 2 + 500 * 10) / 1e6)
    assert (found.calls, found.seconds, found.longest_seconds) == (10, 15.0, 1.5)


def test_a_batch_costs_its_price_and_nobody_waits_for_it():
    live, batch = (demand_of(estimate(Measured(100.0, 20.0, 1.5)), 10, PRICE, batch=each) for each in (False, True))
    assert batch.usd == pytest.approx(live.usd / 2)
    assert batch.most_usd == pytest.approx(live.most_usd / 2)
    assert (batch.batched, batch.seconds, live.batched) == (10, 0.0, 0)


@pytest.mark.parametrize(
    ("more", "price", "usd", "most"),
    [
        ({}, None, None, None),
        ({"limit": None}, PRICE, 4e-4, None),
        ({"most_input": None}, PRICE, 4e-4, None),
    ],
    ids=["no price", "no limit", "no bound on what tools return"],
)
def test_what_is_unknown_is_not_nothing(more, price, usd, most):
    found = demand_of(estimate(Measured(100.0, 20.0), **more), 1, price)
    assert found.usd == (None if usd is None else pytest.approx(usd))
    assert found.most_usd == most
    both = add_demands([found, demand_of(estimate(Measured(1.0, 1.0, 1.0)), 1, PRICE)])
    assert both.most_usd is None
    assert both.calls == 2


def test_the_most_output_counts_every_round_of_tools():
    assert demand_of(estimate(calls=2, most_calls=10), 3, None).most_output_tokens == 3 * 10 * 50


def test_no_asking_takes_nothing():
    assert demand_of(estimate(), 0, None) == Demand() == add_demands([])


def suite(*probes: Probe) -> Suite:
    return Suite("s", 1, Kind.FUNCTIONAL, "me", (), probes, ())


def test_the_first_asking_is_one_of_those_left_or_one_more():
    probes = (Probe("a", (), samples=2), Probe("b", (), samples=2))
    estimates = estimate_askings([asking("a"), asking("b")], {})
    fresh = demand_of_suite(suite(*probes), Remaining(probes, frozenset()), estimates, None, batch=False)
    stored = frozenset({("a", 0), ("a", 1), ("b", 0)})
    later = demand_of_suite(suite(*probes), Remaining(probes, stored), estimates, None, batch=False)
    assert (fresh.askings, later.askings) == (4, 2)


def test_what_takes_several_calls_goes_through_no_batch():
    probes = (Probe("a", (), samples=2), Probe("b", (), samples=2), Probe("c", (), samples=2))
    askings = [asking("a"), asking("b", calls=2), asking("c", most_calls=9)]
    found = demand_of_suite(
        suite(*probes), Remaining(probes, frozenset()), estimate_askings(askings, {}), None, batch=True
    )
    assert (found.askings, found.batched) == (6, 1)


def forecast(*demands: Demand, concurrency: int) -> Forecast:
    suites = tuple(SuiteForecast("s", 1, 1, 0, None, demand, ()) for demand in demands)
    return Forecast("sys", "app", True, suites, concurrency, None, None, True, False, 0.0)  # noqa: FBT003 - a record


def test_the_time_is_shared_among_calls_but_no_shorter_than_the_longest():
    demand = demand_of(estimate(Measured(1.0, 1.0, 6.0)), 10, None)
    assert forecast(demand, concurrency=4).seconds == 15.0
    assert forecast(demand, concurrency=100).seconds == 6.0
    assert forecast(demand, demand_of(estimate(), 1, None), concurrency=4).seconds is None
