import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.batch_provider import NOON, BatchProvider, Clock, Killed, Tripwire, answered

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.model import Price, Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind
from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.errors import ProviderError, StoreError
from rebaseline.run.batch_cells import is_one_call
from rebaseline.run.batches import MOST_ROUNDS, BatchEngine
from rebaseline.run.conversation import Conversation
from rebaseline.run.counts import Bound
from rebaseline.run.frame import frame_of, manner_of
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.store import open_store
from rebaseline.targets.base import Asked
from rebaseline.targets.batching import BatchState, Setback, Undone

TARGET = Target("app", "openai", TargetKind.MODEL, "alias")
EXPIRED = Undone("expired")
BUSY = Setback(Faulted("rate_limit", 429), retry_after_seconds=20.0)


def probe(name, samples=1, **more):
    fields = {"turns": (Turn(Role.USER, name),), "fingerprint": f"f-{name}"} | more
    return Probe(name, samples=samples, **fields)


class Bench:
    """One project: its store outlives the runs, as does the provider."""

    def __init__(self, store, **provider):
        self.store = store
        self.clock = Clock()
        self.provider = BatchProvider(self.clock, **provider)
        self.told, self.standings = [], []
        self.runs = 0

    @property
    def ledger(self):
        return self.store.batches("s", "app", TARGET.fingerprint)

    def run(self, *probes, wire=None, limits=None, wait=True, served=None, target=TARGET):
        self.runs += 1
        session = f"run-{self.runs}"
        header = SessionHeader(session, SessionKind.RUN, "s", 1, "fp", target, Provenance(), self.clock.now)
        self.store.begin_session(header)
        done = {(name, n) for name, _, n in self.store.done_cells("s", "app", target.fingerprint, "alias")}
        plan = Plan(probes, target, session, frozenset(done))
        self.provider.wire = wire = wire or Tripwire()
        return asyncio.run(self._run(plan, wire, limits, wait, served))

    async def _run(self, plan, wire, limits, wait, served):
        keys = (f"k{self.runs}x{n}" for n in range(100))
        engine = BatchEngine(
            self.provider,
            self.clock.surroundings(self.told.append),
            limits,
            new_key=lambda: next(keys),
            standing=self.standings.append,
        )
        record = wire.around("record", self.store.record)
        return await engine.run(plan, record, Wired(self.ledger, wire), wait=wait, served=served)

    @property
    def stored(self):
        held = self.store.attempts("s", "app", "model-1")
        return {(r.probe, r.sample): r.attempt for r in held}

    @property
    def texts(self):
        return {cell: attempt.reply.text for cell, attempt in self.stored.items() if isinstance(attempt, Answered)}


class Wired:
    """A ledger, with a step before and after whatever it writes."""

    def __init__(self, ledger, wire):
        self._ledger, self._wire = ledger, wire

    def __getattr__(self, name):
        act = getattr(self._ledger, name)
        return act if name in {"open", "known"} else self._wire.around(name, act)


@pytest.fixture
def store(tmp_path):
    with open_store("sqlite:///results.db", root=tmp_path) as opened:
        yield opened


@pytest.fixture
def bench(store):
    return Bench(store)


AB = (probe("a", 2), probe("b", 2))
CELLS = [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
REPLIES = {cell: f"re {cell[0]} {cell[1]}" for cell in CELLS}


# the plain course


def test_what_is_planned_is_submitted_once_and_stored(bench):
    run = bench.run(*AB)
    assert bench.provider.asked == CELLS
    assert bench.texts == REPLIES
    assert (run.counts.answered, run.counts.calls, run.submitted, run.open) == (4, 4, 4, ())
    assert run.counts.served == {"model-1": 4}
    assert bench.ledger.open() == []


def test_a_second_run_submits_nothing(bench):
    bench.run(*AB)
    run = bench.run(*AB)
    assert len(bench.provider.held) == 1
    assert (run.counts.answered, run.counts.known, run.submitted) == (0, 4, 0)


def test_a_reply_of_a_batch_is_stored_as_a_live_one_is(bench):
    bench.run(probe("a"))
    frame = frame_of(probe("a"), manner_of(TARGET, 120))
    conversation = Conversation(probe("a"), frame)
    assert bench.stored["a", 0] == conversation.take(answered(conversation.request))


def test_results_in_any_order_find_their_cells(store):
    bench = Bench(store, shuffle=Random(4))
    bench.run(*AB)
    assert bench.texts == REPLIES


@pytest.mark.parametrize(("most", "sizes"), [({"most_requests": 3}, [3, 1]), ({"most_bytes": 90}, [2, 2])])
def test_requests_are_divided_among_batches_by_number_and_by_size(store, most, sizes):
    bench = Bench(store, **most)
    bench.run(*AB)
    assert [len(held.requests) for held in bench.provider.held.values()] == sizes
    assert bench.texts == REPLIES


def test_a_request_that_is_larger_than_a_batch_may_be_goes_alone(store):
    bench = Bench(store, most_bytes=100)
    bench.run(probe("a"), probe("b" * 200), probe("c"))
    assert [len(held.requests) for held in bench.provider.held.values()] == [1, 1, 1]


def test_names_of_requests_fit_every_provider(bench):
    bench.run(*AB)
    (held,) = bench.provider.held.values()
    names = [custom_id for custom_id, _ in held.requests]
    assert names == [f"k1x0-{n:05}" for n in range(4)]


def test_it_waits_longer_and_longer_and_tells_how_the_batch_stands(store):
    bench = Bench(store, polls=12)
    bench.run(probe("a"))
    assert bench.clock.slept[0] == 15
    assert bench.clock.slept == sorted(bench.clock.slept)
    assert bench.clock.slept[-1] == 300
    assert [standing.state.ended for standing in bench.standings] == [False] * 12 + [True]
    assert (bench.told[-1].done, bench.told[-1].total, bench.told[-1].waiting) == (1, 1, 0)


def test_many_replies_are_stored_in_small_transactions(store):
    bench = Bench(store, most_requests=1000, most_bytes=100_000)
    wire = Tripwire()
    bench.run(probe("a", 450), wire=wire)
    assert wire.steps.count("before record") == 3
    assert len(bench.texts) == 450


# what cannot go into a batch


def test_a_probe_that_needs_several_calls_is_left_to_a_live_run(bench):
    between = probe("talk", 2, turns=(Turn(Role.USER, "one"), Turn(Role.USER, "two")))
    run = bench.run(*AB, between)
    assert bench.provider.asked == CELLS
    assert (run.several_calls, run.counts.unsent) == (2, 0)


@pytest.mark.parametrize(
    ("turns", "tools", "alone"),
    [
        ("u", (), True),
        ("uau", (), True),
        ("uu", (), False),
        ("uauu", (), False),
        ("u", (Tool("t", "d", {}),), True),
        ("u", (Tool("t", "d", {}, "result"),), False),
    ],
)
def test_one_call_is_enough_where_the_model_never_answers_in_between(turns, tools, alone):
    roles = {"u": Role.USER, "a": Role.ASSISTANT}
    asked = probe("p", turns=tuple(Turn(roles[each], "x") for each in turns), tools=tools)
    assert is_one_call(asked, frame_of(asked, manner_of(TARGET, 1))) is alone


# without waiting


def test_without_waiting_it_submits_and_the_next_run_collects(bench):
    run = bench.run(*AB, wait=False)
    assert bench.clock.slept == []
    assert (run.submitted, run.counts.answered, run.counts.unsent) == (4, 0, 0)
    (batch,) = run.open
    assert (batch.provider_id, batch.submitted_at, len(batch.items)) == ("batch_0", NOON, 4)
    later = bench.run(*AB)
    assert (later.submitted, later.counts.answered, later.open) == (0, 4, ())
    assert bench.texts == REPLIES
    assert len(bench.provider.held) == 1


def test_without_waiting_what_has_ended_is_collected_and_what_is_new_is_submitted(store):
    bench = Bench(store, polls=0)
    bench.run(probe("a"), wait=False)
    run = bench.run(probe("a"), probe("b"), wait=False)
    assert (run.counts.answered, run.submitted, len(run.open)) == (1, 1, 1)
    assert bench.texts == {("a", 0): "re a 0"}


def test_attempts_of_a_batch_belong_to_the_session_that_submitted_it(bench):
    bench.run(probe("a"), wait=False)
    bench.run(probe("a"))
    (record,) = bench.store.attempts("s", "app", "model-1")
    assert record.session == "run-1"


def test_a_probe_that_was_reworded_meanwhile_is_asked_anew_and_the_old_reply_kept(bench):
    bench.run(probe("a"), wait=False)
    bench.run(probe("a", fingerprint="new"))
    assert len(bench.provider.held) == 2
    held = bench.store.attempts("s", "app", "model-1")
    assert {record.probe_fingerprint for record in held} == {"f-a", "new"}


def test_a_reply_of_an_older_version_does_not_stand_for_the_one_that_answers_now(store):
    served = iter(["old", "model-1"])
    bench = Bench(store, outcome=lambda request: answered(request, next(served)))
    bench.run(probe("a"), wait=False)
    run = bench.run(probe("a"), served="model-1")
    assert run.counts.served == {"old": 1, "model-1": 1}
    assert len(bench.provider.held) == 2


def test_a_reply_of_an_unforeseen_version_to_our_own_batch_is_not_asked_for_again(store):
    bench = Bench(store, outcome=lambda request: answered(request, "new"))
    run = bench.run(probe("a"), served="model-1")
    assert run.counts.served == {"new": 1}
    assert len(bench.provider.held) == 1


def twice(bench, *probes, **options):
    """Run one engine without waiting, and then again for the same plan."""

    async def both(plan, wire, limits, wait, served):
        keys = (f"k{n}" for n in range(100))
        engine = BatchEngine(bench.provider, bench.clock.surroundings(), limits, new_key=lambda: next(keys))
        first = await engine.run(plan, bench.store.record, bench.ledger, wait=False, served=served)
        return first, await engine.run(plan, bench.store.record, bench.ledger, served=served)

    bench._run = both
    return bench.run(*probes, **options)


def test_an_engine_that_is_asked_again_knows_its_own_batches(store):
    bench = Bench(store, outcome=lambda request: answered(request, "new"))
    first, then = twice(bench, *AB, limits=Limits(price=Price(1e6, 1e6)), served="model-1")
    assert len(bench.provider.held) == 1
    assert (first.submitted, then.submitted, then.counts.answered) == (4, 0, 4)
    assert then.counts.spending.usd == pytest.approx(4 * 15 * 0.5)


def test_three_batches_in_one_session_are_three_however_often_the_engine_is_asked(store):
    bench = Bench(store, outcome=lambda request: EXPIRED)
    _, then = twice(bench, probe("a"))
    assert (len(bench.provider.held), then.counts.unsent) == (MOST_ROUNDS, 1)


# what comes back undone


def test_what_expired_is_submitted_again_and_nothing_else(store):
    outcomes = Counter()

    def outcome(request):
        outcomes[request.probe] += 1
        return EXPIRED if request.probe == "b" and outcomes["b"] <= 2 else answered(request)

    bench = Bench(store, outcome=outcome)
    run = bench.run(*AB)
    assert bench.provider.asked == [*CELLS, ("b", 0), ("b", 1)]
    assert bench.texts == REPLIES
    assert (run.undone, run.counts.unsent, run.counts.answered) == ({"expired": 2}, 0, 4)


@pytest.mark.parametrize(
    "outcome",
    [EXPIRED, Undone("canceled"), Asked(Faulted("server", 500)), Asked(Faulted("malformed", 200)), None],
    ids=["expired", "canceled", "a fault of the server", "malformed", "no line at all"],
)
def test_what_never_comes_is_submitted_three_times_and_then_left(store, outcome):
    bench = Bench(store, outcome=lambda request: outcome if request.probe == "b" else answered(request))
    run = bench.run(*AB)
    assert Counter(bench.provider.asked)["b", 0] == MOST_ROUNDS
    assert (run.counts.answered, run.counts.unsent, sum(run.undone.values())) == (2, 2, 6)
    assert set(bench.stored) == {("a", 0), ("a", 1)}
    assert bench.ledger.open() == []


def test_a_rejection_is_stored_shown_and_not_submitted_again(store):
    no = Asked(Rejected(400, None, "no temperature"))
    bench = Bench(store, outcome=lambda request: no if request.probe == "b" else answered(request))
    run = bench.run(*AB)
    assert (run.counts.answered, run.counts.rejected, len(bench.provider.held)) == (2, 2, 1)
    assert bench.stored["b", 0] == no.attempt
    assert [(cell.probe.id, cell.sample) for cell in run.rejected] == [("b", 0)]


def test_a_refused_account_is_an_error_once_the_rest_is_stored(store):
    refused = Undone("account", ProviderError("the key is refused"))
    bench = Bench(store, outcome=lambda request: refused if request.probe == "a" else answered(request))
    with pytest.raises(ProviderError, match="the key is refused"):
        bench.run(*AB)
    assert set(bench.stored) == {("b", 0), ("b", 1)}
    assert bench.ledger.open() == []


# setbacks


def test_a_submission_that_was_put_off_is_made_again_after_the_wait_asked_for(bench):
    bench.provider.submitting = [BUSY, BUSY, None]
    run = bench.run(*AB)
    assert len(bench.provider.held) == 1
    assert all(wait >= 20 for wait in bench.clock.slept[:2])
    assert (run.submitted, run.counts.calls) == (4, 4)


def test_a_submission_that_is_always_put_off_ends_the_run_and_leaves_nothing_open(bench):
    bench.provider.submitting = [BUSY] * 3
    with pytest.raises(ProviderError, match="could not be made to take a batch"):
        bench.run(*AB, limits=Limits(tries=3))
    assert bench.ledger.open() == []


def test_a_submission_that_is_refused_ends_the_run_and_leaves_nothing_open(bench):
    bench.provider.submitting = [ProviderError("no such model")]
    with pytest.raises(ProviderError, match="no such model"):
        bench.run(*AB)
    assert bench.ledger.open() == []


@pytest.mark.parametrize("tells_names", [True, False])
def test_a_submission_whose_answer_was_lost_is_found_and_not_made_again(store, tells_names):
    bench = Bench(store, lose_answers=1, tells_names=tells_names)
    bench.run(*AB)
    assert len(bench.provider.held) == 1
    assert bench.texts == REPLIES


def test_a_submission_that_is_not_found_is_given_up_only_when_it_can_be_no_more_and_made_again(bench):
    bench.provider.submitting = [Setback(Faulted("timeout"), perhaps_done=True)]
    bench.run(*AB)
    (held,) = bench.provider.held.values()
    assert held.created_at >= NOON + timedelta(seconds=900)
    assert bench.texts == REPLIES


def test_setbacks_while_polling_are_waited_out(bench):
    bench.provider.polling = [BUSY] * 5
    bench.run(*AB)
    assert bench.texts == REPLIES


def test_a_provider_that_never_says_how_a_batch_stands_ends_the_run_and_leaves_the_batch_open(bench):
    bench.provider.polling = [Setback(Faulted("connection", hint="nobody"))] * 20
    with pytest.raises(ProviderError, match="say how batch 'batch_0' stands"):
        bench.run(*AB)
    assert len(bench.ledger.open()) == 1
    bench.run(*AB)
    assert bench.texts == REPLIES
    assert len(bench.provider.held) == 1


def test_results_that_never_come_whole_end_the_run_and_leave_the_batch_open(bench):
    bench.provider.breaks = [3] * 20
    with pytest.raises(ProviderError, match="give the results of batch 'batch_0'"):
        bench.run(*AB)
    assert set(bench.texts) == set(CELLS[:3])
    bench.run(*AB)
    assert bench.texts == REPLIES
    assert len(bench.provider.held) == 1


def test_a_batch_that_goes_on_does_not_hide_that_the_results_of_another_never_come(store):
    bench = Bench(store, most_requests=2, polls=100)
    bench.provider.breaks = [0] * 20
    bench.run(*AB, wait=False)
    bench.provider.held["batch_0"].polls_left = 0
    with pytest.raises(ProviderError, match="give the results of batch 'batch_0'"):
        bench.run(*AB)
    assert len(bench.ledger.open()) == 2


def test_a_collection_that_breaks_off_begins_again_and_counts_nothing_twice(bench):
    bench.provider.breaks = [0, 2, 3]
    price = Limits(price=Price(1e6, 1e6))
    run = bench.run(*AB, limits=price)
    assert bench.texts == REPLIES
    assert run.counts.answered == 4
    assert run.counts.spending.usd == pytest.approx(4 * 15 * 0.5)


# batches that do not begin, are not known, or never end


def test_a_batch_that_failed_as_a_whole_is_an_error_in_the_providers_words_and_closed(bench, monkeypatch):
    async def poll(batch_id):
        return BatchState(ended=True, word="failed", failure="line 1: no such model")

    monkeypatch.setattr(BatchProvider, "poll", lambda self, batch_id: poll(batch_id))
    with pytest.raises(ProviderError, match="line 1: no such model"):
        bench.run(*AB)
    assert bench.ledger.open() == []


def test_a_batch_that_the_provider_does_not_know_stays_open_and_is_named(bench):
    bench.run(*AB, wait=False)
    held, bench.provider.held = bench.provider.held, {}
    with pytest.raises(ProviderError, match="knows no batch 'batch_0'"):
        bench.run(*AB)
    bench.provider.held = held
    bench.run(*AB)
    assert bench.texts == REPLIES


def test_one_batch_in_trouble_does_not_keep_the_others_from_being_collected(store):
    bench = Bench(store, most_requests=1)
    bench.run(probe("a"), probe("b"), probe("c"), wait=False)
    bench.clock.now += timedelta(hours=1)
    del bench.provider.held["batch_1"]
    for held in bench.provider.held.values():
        held.polls_left = 0
    with pytest.raises(ProviderError, match="batch_1"):
        bench.run(probe("a"), probe("b"), probe("c"))
    assert set(bench.texts) == {("a", 0), ("c", 0)}


def test_a_batch_whose_results_are_kept_no_more_is_given_up_and_asked_again(bench):
    bench.run(*AB, wait=False)
    bench.clock.now += timedelta(days=31)
    run = bench.run(*AB)
    assert (run.lost, run.undone, run.submitted) == (1, {"lost": 4}, 4)
    assert bench.texts == REPLIES


def test_a_batch_that_is_long_overdue_is_an_error_and_stays_open(store):
    bench = Bench(store, polls=10_000)
    with pytest.raises(ProviderError, match="should have ended by 2026-11-23 12:00 UTC: it is busy"):
        bench.run(*AB)
    assert bench.clock.now < NOON + timedelta(hours=26)
    assert len(bench.ledger.open()) == 1


# bounds and cost


def test_no_more_is_submitted_than_the_bound_on_calls_allows(bench):
    run = bench.run(*AB, limits=Limits(max_calls=3))
    assert bench.provider.asked == CELLS[:3]
    assert (run.counts.stopped_by, run.counts.unsent, run.counts.answered) == (Bound.CALLS, 1, 3)


def test_what_came_back_undone_is_not_submitted_beyond_the_bound_on_calls(store):
    bench = Bench(store, outcome=lambda request: EXPIRED)
    run = bench.run(*AB, limits=Limits(max_calls=6))
    assert len(bench.provider.asked) == 6
    assert run.counts.stopped_by is Bound.CALLS


def test_what_was_put_off_takes_nothing_of_the_bounds(bench):
    bench.provider.submitting = [BUSY, None]
    assert bench.run(*AB, limits=Limits(max_calls=4)).counts.answered == 4


def test_the_bound_in_dollars_is_held_at_the_price_of_batches(bench):
    capped = replace(TARGET, settings={"parameters": {"max_tokens": 100}})
    price = Price(0.0, 1e4, batch=0.5)
    run = bench.run(*AB, limits=Limits(max_usd=1.6, price=price), target=capped)
    assert len(bench.provider.asked) == 3  # at most 101 tokens each, for 0.505 dollars
    assert run.counts.stopped_by is Bound.USD
    assert run.counts.spending.usd == pytest.approx(3 * 5 * 1e4 / 1e6 / 2)


def test_what_an_earlier_run_submitted_is_shown_as_cost_and_takes_nothing_of_the_bound(bench):
    limits = Limits(max_calls=0, price=Price(1e6, 1e6))
    bench.run(*AB, wait=False)
    run = bench.run(*AB, limits=limits)
    assert run.counts.answered == 4
    assert run.counts.spending.usd == pytest.approx(4 * 15 * 0.5)


def test_without_a_price_the_cost_is_unknown_and_not_nothing(bench):
    assert bench.run(*AB).counts.spending.usd is None


# two processes


def test_two_processes_do_not_submit_the_same(store):
    """The second one planned before the first one noted its batch."""
    bench, other = Bench(store), Bench(store)
    other.runs = 10
    ledger = Bench.ledger.fget(other)
    opened = ledger.open()
    bench.run(*AB, wait=False)

    class Late:
        def __getattr__(self, name):
            return (lambda: opened) if name == "open" else getattr(ledger, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bench, "ledger", Late())
        with pytest.raises(StoreError, match="4 of 4 requests are in a batch that is open already"):
            other.run(*AB)
    assert other.provider.held == {}
    assert [batch.key for batch in ledger.open()] == ["k1x0"]


# killed at any step


def steps_of(tmp_path, **provider):
    with open_store("sqlite:///dry.db", root=tmp_path) as store:
        wire = Tripwire()
        Bench(store, **provider).run(*AB, wire=wire)
    return wire.steps


@pytest.mark.parametrize("tells_names", [True, False], ids=["by name", "by results"])
def test_killed_at_any_step_and_run_again_it_submits_nothing_twice_and_loses_nothing(tmp_path, tells_names):
    options = {"most_requests": 3, "tells_names": tells_names}
    steps = steps_of(tmp_path, **options)
    assert {"before submit", "after submit", "before note", "after submitted", "result", "after close"} <= set(steps)
    for number, name in enumerate(steps):
        with open_store(f"sqlite:///{number}.db", root=tmp_path) as store:
            bench = Bench(store, **options)
            with pytest.raises(Killed):
                bench.run(*AB, wire=Tripwire(number))
            bench.run(*AB)
            assert sorted(bench.provider.asked) == sorted(CELLS), name
            assert bench.texts == REPLIES, name
            assert bench.ledger.open() == [], name


def test_killed_again_and_again_at_every_step_it_comes_to_the_same(tmp_path):
    with open_store("sqlite:///r.db", root=tmp_path) as store:
        bench = Bench(store, most_requests=2, polls=0)
        for at in range(200):
            try:
                bench.run(*AB, wire=Tripwire(at % 12))
            except Killed:
                continue
            break
        bench.run(*AB)
        assert sorted(bench.provider.asked) == sorted(CELLS)
        assert bench.texts == REPLIES


OUTCOMES = {
    "ok": answered,
    "expired": lambda request: EXPIRED,
    "server": lambda request: Asked(Faulted("server", 500)),
    "rejected": lambda request: Asked(Rejected(400)),
    "missing": lambda request: None,
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_order_expiry_error_and_kill_every_reply_is_stored_once_and_paid_once(data, tmp_path_factory):
    replied = Counter()

    def outcome(request):
        kind = data.draw(st.sampled_from(sorted(OUTCOMES)))
        replied[request.probe, request.sample] += kind in {"ok", "rejected"}
        return OUTCOMES[kind](request)

    with open_store("sqlite:///r.db", root=tmp_path_factory.mktemp("batches")) as store:
        bench = Bench(
            store,
            outcome=outcome,
            most_requests=data.draw(st.integers(1, 4)),
            polls=data.draw(st.integers(0, 2)),
            tells_names=data.draw(st.booleans()),
            lose_answers=data.draw(st.integers(0, 2)),
            shuffle=Random(data.draw(st.integers(0, 9))),
        )
        for _ in range(data.draw(st.integers(0, 3))):
            bench.provider.breaks = data.draw(st.lists(st.none() | st.integers(0, 3), max_size=2))
            try:
                bench.run(*AB, wire=Tripwire(data.draw(st.integers(0, 30))), wait=data.draw(st.booleans()))
            except Killed:
                continue
        run = bench.run(*AB)
        assert all(count <= 1 for count in replied.values())
        finished = {cell for cell, count in replied.items() if count}
        stored = {(name, n) for name, _, n in store.done_cells("s", "app", TARGET.fingerprint, "alias")}
        assert stored == finished
        assert run.counts.unsent == len(CELLS) - len(finished)
        assert bench.ledger.open() == []
