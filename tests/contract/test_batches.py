"""What every adapter to a batch API must do, over the wire and through the vendor's own SDK."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.batch_provider import Clock
from tests.support.dialect import SECRET
from tests.support.wire import WireReply, WireServer
from tests.support.wire_anthropic import MESSAGES
from tests.support.wire_batches import NOON, AnthropicBatchServer, OpenAIBatchServer, found
from tests.support.wire_openai import CHAT
from tests.support.wire_responses import RESPONSES

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop
from rebaseline.domain.model import Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind
from rebaseline.domain.suite import Probe, Role, Turn
from rebaseline.errors import ConfigurationError, ProviderError, UsageError
from rebaseline.run.batches import BatchEngine
from rebaseline.run.rounds import Plan
from rebaseline.store import open_store
from rebaseline.targets.base import Asked, Request, UserTurn
from rebaseline.targets.batch_registry import BATCH_TYPES, open_batch
from rebaseline.targets.batching import BatchState, Gone, Search, Setback, Unclear, Undone
from rebaseline.targets.registry import TARGET_TYPES, open_target

SERVERS = {
    "chat": (CHAT, OpenAIBatchServer),
    "responses": (RESPONSES, OpenAIBatchServer),
    "messages": (MESSAGES, AnthropicBatchServer),
}


def target_of(dialect, root_url, **settings):
    return Target("t", dialect.type, TargetKind.MODEL, "alias", dialect.settings(root_url) | settings)


def request(text="hello", **more):
    return Request("alias", (UserTurn(text),), parameters={"max_tokens": 64}, **more)


def named(*texts, key="k1"):
    return [(f"{key}-{number:05}", request(text)) for number, text in enumerate(texts)]


class Wire:
    """One vendor's server and the adapter that asks it."""

    def __init__(self, name):
        self.name = name
        self.dialect, make = SERVERS[name]
        self.api = make(self.dialect)
        self.server = WireServer(self.api)

    def __call__(self, act, **settings):
        async def go():
            target = target_of(self.dialect, self.server.root_url, **settings)
            adapter = open_batch(target, self.dialect.environment(), monotonic=lambda: 0.0)
            try:
                return await act(adapter)
            finally:
                await adapter.aclose()

        return asyncio.run(go())

    def submit(self, *texts, key="k1"):
        return self(lambda adapter: adapter.submit(key, named(*texts, key=key)))

    def poll(self, batch_id="batch_0"):
        return self(lambda adapter: adapter.poll(batch_id))

    def find(self, key="k1", size=1, since=NOON, known=frozenset()):
        return self(lambda adapter: adapter.find(Search(key, size, since, known)))

    def collect(self, batch_id="batch_0"):
        async def all_of(adapter):
            return [each async for each in adapter.collect(batch_id)]

        return self(all_of)

    def end(self, batch_id="batch_0"):
        self.api.batches[batch_id].ended = "ended"


@pytest.fixture(params=sorted(SERVERS))
def wire(request):
    made = Wire(request.param)
    with made.server:
        yield made


# in


def test_requests_go_in_as_they_do_live(wire):
    assert wire.submit("one", "two") == "batch_0"
    (held,) = wire.api.batches.values()
    assert list(held.requests) == ["k1-00000", "k1-00001"]
    seen = [wire.api.seen(body) for body in held.requests.values()]
    assert [(each.model, each.turns) for each in seen] == [
        ("alias", (UserTurn("one"),)),
        ("alias", (UserTurn("two"),)),
    ]
    live = WireServer(lambda received: wire.dialect.answer("x"))
    with live:
        target = target_of(wire.dialect, live.root_url)
        adapter = open_target(target, wire.dialect.environment(), monotonic=lambda: 0.0)

        async def ask():
            await adapter.ask(request("one"))
            await adapter.aclose()

        asyncio.run(ask())
    assert held.requests["k1-00000"] == live.received[0].body


def test_parameters_that_no_sdk_knows_go_in_as_written(wire):
    asked = replace(request(), parameters={"max_tokens": 5, "temperature": 0, "brand_new": {"a": None}})
    wire(lambda adapter: adapter.submit("k1", [("k1-00000", asked)]))
    body = wire.api.batches["batch_0"].requests["k1-00000"]
    assert {name: body[name] for name in asked.parameters} == asked.parameters


def test_the_size_of_a_request_is_about_what_it_takes_on_the_wire(wire):
    texts = ["x" * 1000, "\u00fc" * 1000]
    sizes = wire(lambda adapter: _sizes(adapter, texts))
    wire.submit(*texts)
    raw = max(len(received.raw) for received in wire.server.received)
    assert sum(sizes) <= raw <= sum(sizes) + 600


async def _sizes(adapter, texts):
    return [adapter.size(custom_id, asked) for custom_id, asked in named(*texts)]


def test_what_cannot_be_expressed_is_told_before_anything_is_sent(wire):
    bad = replace(request(), parameters={"max_tokens": 5, "model": "x"})
    with pytest.raises(ConfigurationError, match="no request parameter"):
        wire(lambda adapter: _sized(adapter, bad))
    assert wire.server.received == []


async def _sized(adapter, asked):
    return adapter.size("k1-0", asked)


def test_every_request_bears_our_key_and_nothing_of_the_environment(wire, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.setenv(name, "sk-of-the-environment")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-environment")
    wire.submit("one")
    wire.end()
    wire.collect()
    wire.poll()
    wire.find()
    assert len(wire.server.received) >= 5
    for received in wire.server.received:
        assert received.headers["authorization"] == f"Bearer {SECRET}"
        assert "of-the-environment" not in str(received.headers)


def test_openai_is_told_our_name_and_the_endpoint():
    for name, endpoint in (("chat", "/v1/chat/completions"), ("responses", "/v1/responses")):
        made = Wire(name)
        with made.server:
            made.submit("one")
        (body,) = made.api.made
        assert (body["endpoint"], body["metadata"], body["completion_window"]) == (
            endpoint,
            {"rebaseline": "k1"},
            "24h",
        )


# how it stands


def test_a_batch_in_progress_and_one_that_ended(wire):
    wire.api.polls = 1
    wire.submit("one", "two")
    busy = wire.poll()
    assert isinstance(busy, BatchState)
    assert (busy.ended, busy.total, busy.expires_at, busy.failure) == (False, 2, NOON + timedelta(days=1), None)
    assert wire.poll().ended


def test_a_batch_that_nobody_knows(wire):
    assert wire.poll("batch_9") == Gone()


def test_a_state_that_is_new_is_none_that_has_ended(wire):
    word = {"status": "pondering", "processing_status": "pondering"}
    wire.api.instead = [found({"id": "batch_0"} | word)]
    state = wire.poll()
    assert (state.ended, state.word) == (False, "pondering")


def test_a_batch_that_openai_does_not_begin_says_why():
    made = Wire("chat")
    errors = {"object": "list", "data": [{"code": "model_not_found", "line": 1, "message": f"no such model {SECRET}"}]}
    with made.server:
        made.api.instead = [found({"id": "batch_0", "status": "failed", "errors": errors})]
        state = made.poll()
    assert state.failure == "no such model [key] (code=model_not_found, line=1)"


def test_results_that_anthropic_archived_are_gone():
    made = Wire("messages")
    with made.server:
        made.submit("one")
        made.end()
        made.api.batches["batch_0"].members = {"archived_at": "2026-12-22T12:00:00Z"}
        assert made.poll() == Gone()


# out


def test_replies_are_read_as_live_ones_are(wire):
    wire.submit("one", "two")
    wire.end()
    came = dict(wire.collect())
    assert set(came) == {"k1-00000", "k1-00001"}
    live = wire.dialect.answer("re one")
    with WireServer(lambda received: live) as server:
        adapter = open_target(target_of(wire.dialect, server.root_url), wire.dialect.environment(), monotonic=lambda: 0)

        async def ask():
            asked = await adapter.ask(request("one"))
            await adapter.aclose()
            return asked

        alive = asyncio.run(ask())
    got = came["k1-00000"]
    assert isinstance(got.attempt, Answered)
    assert replace(got.attempt, latency_seconds=0, request_id=None) == replace(alive.attempt, request_id=None)
    assert got.attempt.latency_seconds is None


def test_each_outcome_keeps_its_place_and_its_meaning(wire):
    outcomes = {
        "fine": wire.dialect.answer("fine"),
        "expired": "expired",
        "canceled": "canceled",
        "rejected": wire.dialect.error(400, "temperature is not taken"),
        "busy": wire.dialect.error(529),
        "server": wire.dialect.error(500),
        "locked": wire.dialect.error(401),
    }
    wire.api.outcome = lambda seen: outcomes[seen.turns[-1].text]
    wire.submit(*outcomes)
    wire.end()
    came = dict(zip(outcomes, [outcome for _, outcome in sorted(wire.collect())], strict=True))
    assert came["fine"].attempt.reply.text == "fine"
    assert came["expired"] == Undone("expired")
    assert came["canceled"] == Undone("canceled")
    rejected = came["rejected"].attempt
    assert isinstance(rejected, Rejected)
    assert rejected.status == 400
    assert "temperature is not taken" in rejected.hint
    assert came["busy"].attempt.kind == "overloaded"
    assert came["server"].attempt.kind == "server"
    assert isinstance(came["locked"].error, ProviderError)
    assert SECRET not in str(came["locked"].error)


def test_a_batch_without_any_reply_has_errors_only(wire):
    wire.api.outcome = lambda seen: "expired"
    wire.submit("one")
    wire.end()
    assert wire.collect() == [("k1-00000", Undone("expired"))]


def test_a_reply_with_every_kind_of_line_break_is_one_line(wire):
    text = "a\u2028b\u2029c\x85d\x0be\x1cf\r\ng\ud800"
    wire.api.outcome = lambda seen: wire.dialect.answer(text)
    wire.submit("one")
    wire.end()
    ((_, asked),) = wire.collect()
    assert asked.attempt.reply.text == text


@pytest.mark.parametrize("line", [b"", b"not json", b"[]", b"{}", b'{"custom_id": 7}', b'{"custom_id": "k1-00000"'])
def test_a_line_that_cannot_be_read_is_left_out_and_the_others_are_read(wire, line):
    wire.submit("one", "two")
    wire.end()
    whole = wire.collect()
    adapter_lines = [
        received for received in wire.server.received if "content" in received.path or "results" in received.path
    ]
    assert adapter_lines
    wire.api.results = line + b"\n" + _lines_of(wire)
    assert wire.collect() == whole


def _lines_of(wire):
    held = wire.api.batches["batch_0"]
    return wire.api._file("output-batch_0") if isinstance(wire.api, OpenAIBatchServer) else wire.api._lines(held)


def test_a_reply_that_is_malformed_is_a_fault(wire):
    wire.api.outcome = lambda seen: found({"nothing": "of it"})
    wire.submit("one")
    wire.end()
    ((_, asked),) = wire.collect()
    assert asked == Asked(asked.attempt)
    assert asked.attempt.kind == "malformed"


def test_results_that_break_off_end_with_a_setback(wire):
    wire.submit(*(f"text {number} {'x' * 2000}" for number in range(50)))
    wire.end()
    body = _lines_of(wire)
    if wire.name != "messages":
        wire.api.instead = [None]  # the batch is looked up first
    wire.api.instead = [*wire.api.instead, WireReply(body, reset_after=len(body) // 2)]
    came = wire.collect()
    assert isinstance(came[-1], Setback)
    assert 5 < len(came) < 50
    assert len(wire.collect()) == 50


def test_the_gateways_key_goes_to_the_gateway_only():
    """Anthropic's batches name an address of their results, which behind a gateway leads past it."""
    made = Wire("messages")
    with made.server:
        made.submit("one")
        made.end()
        assert len(made.collect()) == 1
    assert made.server.received[-1].path.endswith("/batches/batch_0/results")


# found again


def test_a_batch_is_found_by_our_name_among_others_and_over_pages(wire):
    for key in ("k0", "k1", "k2", "k3", "k4"):
        wire.submit("one", key=key)
        wire.end(f"batch_{len(wire.api.batches) - 1}")
    assert wire.find("k1") == "batch_1"
    assert wire.find("k9") is None


def test_nothing_is_found_where_there_is_nothing(wire):
    assert wire.find() is None


def test_batches_from_before_are_not_looked_through(wire):
    for number in range(6):
        wire.submit("one", key=f"old{number}")
        wire.api.batches[f"batch_{number}"].created_at = NOON - timedelta(days=1)
    assert wire.find("old0") is None
    lists = [received for received in wire.server.received if received.method == "GET"]
    assert len(lists) == 1


def test_openai_shows_a_batch_by_name_while_it_is_in_progress():
    made = Wire("chat")
    with made.server:
        made.submit("one")
        assert made.find() == "batch_0"


def test_anthropic_shows_whose_a_batch_is_only_once_it_has_ended():
    made = Wire("messages")
    with made.server:
        made.submit("one")
        assert made.find() == Unclear("batch_0")
        assert made.find(size=2) is None  # it has another number of requests
        assert made.find(known=frozenset({"batch_0"})) is None
        assert made.find(since=NOON + timedelta(hours=1)) is None
        assert made.find(since=NOON - timedelta(hours=1)) is None
        made.end()
        assert made.find() == "batch_0"
        assert made.find("k2") is None


# what goes wrong


CALLS = {
    "submit": lambda wire: wire.submit("one"),
    "poll": lambda wire: wire.poll(),
    "find": lambda wire: wire.find(),
}


@pytest.mark.parametrize("call", sorted(CALLS))
@pytest.mark.parametrize(
    ("status", "kind"), [(429, "rate_limit"), (500, "server"), (503, "server"), (529, "overloaded")]
)
def test_what_passes_is_a_setback_with_the_wait_asked_for(wire, call, status, kind):
    wire.api.instead = [wire.dialect.error(status, headers={"retry-after": "7"})]
    came = CALLS[call](wire)
    assert isinstance(came, Setback)
    assert (came.fault.kind, came.fault.status, came.retry_after_seconds) == (kind, status, 7)


@pytest.mark.parametrize("call", sorted(CALLS))
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_an_error_that_does_not_quote_it(wire, call, status):
    wire.api.instead = [wire.dialect.error(status, f"the key {SECRET} is wrong")]
    with pytest.raises(ProviderError) as caught:
        CALLS[call](wire)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_batch_that_is_refused_is_an_error_in_the_providers_words(wire):
    wire.api.instead = [wire.dialect.error(400, f"too many requests for {SECRET}")]
    with pytest.raises(ProviderError, match="too many requests for") as caught:
        wire.submit("one")
    assert SECRET not in str(caught.value)
    assert caught.value.remedy


def test_a_server_without_a_batch_api_is_an_error_that_says_so(wire):
    wire.api.instead = [wire.dialect.error(404)]
    with pytest.raises(ProviderError) as caught:
        wire.submit("one")
    assert "no batch API" in caught.value.remedy


def test_whether_a_lost_submission_was_made_is_not_known(wire):
    lost = WireReply(b"{}", hang_up=True)
    wire.api.instead = [lost] if wire.name == "messages" else [None, lost]
    came = wire.submit("one")
    assert isinstance(came, Setback)
    assert came.perhaps_done


def test_a_lost_upload_makes_no_batch():
    made = Wire("chat")
    with made.server:
        made.api.instead = [WireReply(b"{}", hang_up=True)]
        came = made.submit("one")
    assert isinstance(came, Setback)
    assert not came.perhaps_done


def test_a_submission_that_was_put_off_was_surely_not_made(wire):
    wire.api.instead = [wire.dialect.error(429)] if wire.name == "messages" else [None, wire.dialect.error(429)]
    assert not wire.submit("one").perhaps_done


def test_a_server_that_is_not_there_was_surely_not_told(wire):
    wire.server.__exit__(None, None, None)
    came = wire.submit("one")
    assert isinstance(came, Setback)
    assert came.fault.kind == "connection"
    assert not came.perhaps_done
    wire.server = WireServer(wire.api)
    wire.server.__enter__()


@pytest.mark.parametrize("body", [b"not json", b"[]", b"{}", b'{"id": 7}'])
def test_an_answer_that_cannot_be_read_leaves_it_open_whether_the_batch_was_made(wire, body):
    answer = WireReply(body)
    wire.api.instead = [answer] if wire.name == "messages" else [None, answer]
    came = wire.submit("one")
    assert isinstance(came, Setback)
    assert came.fault.kind == "malformed"
    assert came.perhaps_done


@pytest.mark.parametrize(
    "members",
    [
        {"metadata": [], "request_counts": 7, "errors": "x", "status": "failed", "expires_at": 10**40},
        {"errors": {"data": [7]}},
    ],
)
def test_members_of_another_shape_than_they_should_have_break_nothing(wire, members):
    wire.submit("one")
    wire.api.batches["batch_0"].members = members | {"created_at": "yesterday"}
    assert isinstance(wire.poll(), BatchState)
    assert wire.find("k9") is None


def test_a_batch_can_be_ended_early_and_what_was_answered_is_kept(wire):
    wire.submit("one")
    assert wire(lambda adapter: adapter.cancel("batch_0")) is None
    assert wire.poll().ended
    assert len(wire.collect()) == 1


def test_a_cancellation_that_was_put_off_says_so(wire):
    wire.api.instead = [wire.dialect.error(429)]
    came = wire(lambda adapter: adapter.cancel("batch_0"))
    assert came.fault == replace(came.fault, kind="rate_limit", status=429)
    assert isinstance(came.fault, Faulted)


# who has batches


@pytest.mark.parametrize("kind", sorted(set(TARGET_TYPES) - set(BATCH_TYPES)))
def test_a_target_without_batches_says_which_types_have_them(kind):
    with pytest.raises(UsageError) as caught:
        open_batch(Target("t", kind, TargetKind.MODEL, "m"), {}, monotonic=lambda: 0)
    assert "cannot be asked in batches" in caught.value.problem
    assert all(each in caught.value.remedy for each in BATCH_TYPES)


def test_bounds_and_provenance_are_told(wire):
    async def told(adapter):
        return adapter.most_requests, adapter.most_bytes, adapter.provenance.sdk, adapter.mandatory

    most_requests, most_bytes, sdk, mandatory = wire(told)
    assert most_requests >= 50_000
    assert most_bytes <= 200_000_000
    assert sdk.startswith(wire.dialect.sdk)
    assert mandatory == frozenset(wire.dialect.needed)


# the whole way


def test_a_suite_goes_through_a_batch_and_comes_to_lie_in_the_store(wire, tmp_path):
    first = {"q 2": "expired", "q 3": wire.dialect.error(500)}
    wire.api.polls = 2
    wire.api.outcome = lambda seen: (
        first.pop(seen.turns[-1].text, None) or wire.dialect.answer(f"re {seen.turns[-1].text}")
    )
    outcomes = {}
    plain = type(wire.api).outcomes
    wire.api.outcomes = lambda held: outcomes.setdefault(held.id, plain(wire.api, held))
    probes = tuple(
        Probe(f"p{n}", (Turn(Role.USER, f"q {n}"),), parameters={"max_tokens": 64}, fingerprint=f"f{n}")
        for n in range(5)
    )
    clock = Clock()
    target = target_of(wire.dialect, wire.server.root_url)
    session = SessionHeader("s1", SessionKind.RUN, "s", 1, "fp", target, Provenance(), NOON)
    keys = iter(["ka", "kb", "kc"])

    async def run(adapter):
        engine = BatchEngine(adapter, clock.surroundings(), new_key=lambda: next(keys))
        ledger = store.batches("s", "t", target.fingerprint)
        return await engine.run(Plan(probes, target, "s1"), store.record, ledger)

    with open_store("sqlite:///r.db", root=tmp_path) as store:
        store.begin_session(session)
        result = wire(run)
        held = {record.probe: record.attempt.reply for record in store.attempts("s", "t", "model-1")}
    assert {name: reply.text for name, reply in held.items()} == {f"p{n}": f"re q {n}" for n in range(5)}
    assert all(reply == Reply(reply.text, Stop.COMPLETE, reply.stop_as_received) for reply in held.values())
    assert [len(each.requests) for each in wire.api.batches.values()] == [5, 2]
    assert sorted(result.undone) == ["expired", "server"]
    assert result.counts.spending.input_tokens == 50
    assert json.loads(json.dumps(dict(result.counts.served))) == {"model-1": 5}
