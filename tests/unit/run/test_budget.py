"""Bounds on calls and money: never passed, and used up as far as they go."""

import asyncio
from random import Random

import pytest
from tests.support.simulated_run import probes_of, simulate

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, Usage
from rebaseline.domain.model import Price
from rebaseline.domain.suite import Tool
from rebaseline.errors import UsageError
from rebaseline.run.cost import most_input_tokens, named_output_tokens
from rebaseline.run.counts import Bound, RunCounts, Spending
from rebaseline.run.limits import Limits
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolCall, UserTurn

PRICE = Price(1_000_000.0, 1_000_000.0)  # a dollar a token
CAPPED = {"parameters": {"max_tokens": 100}}


def replies(*usages, seconds=1.0):
    """Answer with each usage in turn, then with the last; None stands for a fault of the network."""
    left = list(usages)

    async def answer(request):
        await asyncio.sleep(seconds)
        usage = left.pop(0) if len(left) > 1 else left[0]
        return Faulted("timeout") if usage is None else Answered(Reply("x", Stop.COMPLETE), usage=usage)

    return answer


def bounded(max_usd, **more):
    return Limits(max_usd=max_usd, price=PRICE, **{"concurrency": 8, "tries": 1, **more})


def worst_usd(**more):
    parameters = more.get("parameters", {})
    return most_input_tokens(Request("m", (UserTurn("p0"),), parameters=parameters)) + 1 + 101


@pytest.mark.parametrize("seed", range(5))
def test_neither_bound_is_ever_passed_whatever_replies_cost(seed):
    random = Random(seed)
    spent = calls = 0
    most_usd, most_calls = random.uniform(500, 20_000), random.randrange(20, 300)

    async def answer(request):
        nonlocal spent, calls
        calls += 1
        await asyncio.sleep(random.random())
        usage = Usage(random.randrange(most_input_tokens(request)), random.randrange(100))
        spent += usage.input_tokens + usage.output_tokens  # the provider's bill, whatever we see of it
        return random.choice(
            [Answered(Reply("x", Stop.COMPLETE), usage=usage)] * 5
            + [Faulted("timeout"), Faulted("malformed", 200), Faulted("server", 502), Answered(Reply("x"))]
        )

    limits = bounded(most_usd, concurrency=16, tries=3, max_calls=most_calls)
    counts = simulate(answer, probes_of(200, samples=2, **CAPPED), limits, seed=seed).counts
    assert spent <= counts.spending.at_most_usd <= most_usd
    assert calls == counts.calls <= most_calls
    assert counts.unsent > 0
    assert counts.stopped_by in {Bound.USD, Bound.CALLS}


def test_calls_that_come_back_cheap_make_room_for_more():
    # Two fit at their worst; each then costs 5, so that the bound pays for many.
    bound = 2 * worst_usd(**CAPPED) + 100
    run = simulate(replies(Usage(3, 2)), probes_of(30, **CAPPED), bounded(bound))
    assert run.counts.answered > 20
    assert run.counts.spending.usd == 5 * run.counts.calls


def test_where_nothing_fits_nothing_is_asked():
    counts = simulate(replies(Usage(1, 1)), probes_of(30, **CAPPED), bounded(worst_usd(**CAPPED) - 1)).counts
    assert (counts.calls, counts.unsent, counts.stopped_by) == (0, 30, Bound.USD)
    assert counts.spending == Spending(usd=0.0)


def test_what_was_lost_on_the_way_counts_at_its_worst_apart_from_what_is_known():
    counts = simulate(replies(None, Usage(3, 2)), probes_of(2, **CAPPED), bounded(9_999.0, concurrency=1)).counts
    assert counts.spending.usd == 5.0
    assert counts.spending.unstated_usd == worst_usd(**CAPPED)


@pytest.mark.parametrize(
    ("attempt", "billed"),
    [
        (Faulted("rate_limit", 429), False),
        (Faulted("overloaded", 529), False),
        (Faulted("server", 500), False),
        (Faulted("server", 504), True),
        (Faulted("timeout", 408), True),
        (Faulted("malformed", 200), True),
        (Faulted("connection"), True),
        (Answered(Reply("x")), True),
    ],
)
def test_a_refusal_with_a_status_costs_nothing(attempt, billed):
    async def answer(request):
        return attempt

    assert (simulate(answer, probes_of(1), bounded(99_999.0)).counts.spending.unstated_usd > 0) is billed


def test_rejections_cost_nothing():
    async def answer(request):
        return Rejected(400) if request.messages[-1].text != "Say yes." else Answered(Reply("x"), usage=Usage(1, 1))

    counts = simulate(answer, probes_of(1), bounded(99_999.0)).counts
    assert (counts.calls, counts.spending.at_most_usd) == (3, 2.0)


def test_without_a_named_limit_four_times_the_longest_reply_is_set_aside():
    usages = replies(Usage(1, 5_000), Usage(1, 1))
    run = simulate(usages, probes_of(9), bounded(5_001 + 20_000, concurrency=1))
    assert run.counts.calls == 1
    assert simulate(replies(Usage(1, 1)), probes_of(9), bounded(5_001 + 20_000, concurrency=1)).counts.calls == 9


def test_what_an_application_adds_unseen_is_learned():
    """A prompt of 10,000 tokens on the other side: the first reply shows it, and the next call no longer fits."""
    run = simulate(replies(Usage(10_000, 1)), probes_of(9, **CAPPED), bounded(25_000.0, concurrency=1))
    assert run.counts.spending.usd <= 25_000


def test_the_price_alone_bounds_nothing_and_tells_what_is_spent():
    run = simulate(replies(Usage(30, 20)), probes_of(4), Limits(price=PRICE, concurrency=1))
    assert run.counts.spending == Spending(120, 80, 200.0)
    half = next(told for told in run.told if told.done == 2)
    assert (half.total_usd, half.left_seconds) == (200.0, 2.0)
    assert (half.spending.input_tokens, half.spending.output_tokens) == (60, 40)


def test_without_a_price_costs_are_unknown_and_not_0():
    run = simulate(replies(Usage(30, 20)), probes_of(2), Limits())
    assert run.counts.spending == Spending(60, 40, None)
    assert run.counts.spending.at_most_usd is None
    assert run.told[-1].total_usd is None


@pytest.mark.parametrize("limits", [{"max_usd": 1.0}, {"max_usd": -1.0}, {"max_usd": float("nan"), "price": PRICE}])
def test_a_bound_in_dollars_needs_a_price_and_a_number(limits):
    with pytest.raises(UsageError, match="max_usd"):
        Limits(**limits)


def test_which_bound_stopped_the_run_is_said():
    assert simulate(replies(Usage()), probes_of(5), Limits(max_calls=3)).counts.stopped_by is Bound.CALLS
    assert simulate(replies(Usage()), probes_of(3), Limits(max_calls=3)).counts.stopped_by is None


def test_counts_of_two_runs_add_up():
    one = RunCounts(1, 2, 3, 4, 5, 6, {"a": 1}, 1, Spending(1, 2, 3.0, 4.0), None, {"timeout": 3}, {"": 2}, {"n": 1})
    two = RunCounts(1, 0, 0, 0, 0, 1, {"a": 1, "b": 2}, 0, Spending(1, 1, 1.0), Bound.USD)
    both = one + two
    assert (both.answered, both.calls, both.served, both.stopped_by) == (2, 7, {"a": 2, "b": 2}, Bound.USD)
    assert both.spending == Spending(2, 3, 4.0, 4.0)
    assert (both.faults, both.culprits, both.novelty) == ({"timeout": 3}, {"": 2}, {"n": 1})
    assert (two + RunCounts(0, 0, 0, 0, 0, 0, {})).spending.usd is None


@pytest.mark.parametrize(
    ("parameters", "tokens"),
    [
        ({}, None),
        ({"max_tokens": 5}, 5),
        ({"max_tokens": 5, "max_completion_tokens": 9}, 9),
        ({"generation": {"config": [{"max_output_tokens": 7}]}}, 7),
        ({"max_tokens": 5, "n": 3}, 15),
        ({"max_tokens": None, "n": 3}, None),
        ({"max_tokens": True}, None),
        ({"schema": {"max_tokens": {"type": "integer"}}}, None),
    ],
)
def test_the_output_limit_is_found_where_a_provider_would_read_it(parameters, tokens):
    assert named_output_tokens(parameters) == tokens


def test_all_text_of_a_request_counts_by_its_bytes():
    text = "ä" * 1000
    call = ModelTurn("", (IssuedCall("i", ToolCall("t", text)),))
    for request in (
        Request("m", (UserTurn(text),)),
        Request("m", (call,)),
        Request("m", (), system=text),
        Request("m", (), tools=(Tool("t", text),)),
        Request("m", (), tools=(Tool("t", "", {"properties": {text: {}}}),)),
        Request("m", (), parameters={"response_format": {"schema": [text]}}),
    ):
        assert most_input_tokens(request) >= 2000
