"""The engine and the real SDK together, against a server on this machine."""

import asyncio
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from tests.support.wire import WireReply, WireServer
from tests.support.wire_openai import completion, tool_call, wire_error

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop, ToolCall, Usage
from rebaseline.domain.model import ModelVersion, Target, TargetKind
from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.errors import ProviderError
from rebaseline.run.engine import Surroundings, run_plan
from rebaseline.run.limits import Backoff, Limits
from rebaseline.run.rounds import Plan
from rebaseline.targets.registry import open_target

KEY = "sk-canary-4417"
QUICK = Limits(concurrency=4, tries=3, timeout_seconds=5.0, backoff=Backoff(base_seconds=0.0))


def probes(count, samples=1):
    return tuple(Probe(f"p{n}", (Turn(Role.USER, f"p{n}"),), samples=samples, fingerprint="f") for n in range(count))


class Session:
    """Runs of one set of probes against one server; keeps records and waits."""

    def __init__(self, server, asked):
        self.target = Target(
            "t", "openai-compatible", TargetKind.MODEL, "alias", {"base_url": server.base_url, "api_key_env": "K"}
        )
        self.asked, self.records, self.slept = asked, [], []

    async def run(self, limits=QUICK):
        async def sleep(seconds):
            self.slept.append(seconds)
            await asyncio.sleep(min(seconds, 0.01))

        done = {(record.probe, record.sample) for record in self.records if not isinstance(record.attempt, Faulted)}
        adapter = open_target(self.target, {"K": KEY}, monotonic=time.monotonic)
        outside = Surroundings(lambda: datetime.now(UTC), sleep, Random(1))
        try:
            plan = Plan(self.asked, self.target, "s", frozenset(done))
            return await run_plan(plan, adapter, self.records.extend, outside, limits)
        finally:
            await adapter.aclose()

    def __call__(self, limits=QUICK):
        return asyncio.run(self.run(limits))


def test_real_replies_are_recorded_by_who_answered():
    with WireServer(lambda received: completion(received.prompt.upper(), model="alias-2026-11")) as server:
        session = Session(server, probes(3, samples=2))
        counts = session()
    assert {(r.probe, r.sample, r.attempt.reply.text) for r in session.records} == {
        (f"p{n}", sample, f"P{n}") for n in range(3) for sample in range(2)
    }
    assert {r.model for r in session.records} == {ModelVersion("127.0.0.1", "alias", "alias-2026-11")}
    assert counts.served == {"alias-2026-11": 6}


def test_rounds_arrive_in_order():
    with WireServer(lambda _: completion("x")) as server:
        Session(server, probes(4, samples=3))(replace(QUICK, concurrency=1))
    assert server.prompts == [f"p{n}" for _ in range(3) for n in range(4)]


def test_the_bound_on_concurrency_holds_on_the_wire():
    with WireServer(lambda _: completion("x", delay_seconds=0.03)) as server:
        Session(server, probes(12))(replace(QUICK, concurrency=3))
    assert server.most_in_flight == 3


def test_tools_are_called_answered_and_collected():
    def respond(received):
        return tool_call("lookup", '{"id": 7}', call_id="id-7") if received.number == 0 else completion("Paid.")

    tool = Tool("lookup", "Finds a claim.", {"type": "object", "properties": {"id": {"type": "integer"}}}, "paid")
    asked = (Probe("p", (Turn(Role.USER, "Claim 7?"),), system="Be brief.", tools=(tool,)),)
    with WireServer(respond) as server:
        session = Session(server, asked)
        session()
    assert server.received[1].body["messages"][2:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "id-7", "type": "function", "function": {"name": "lookup", "arguments": '{"id": 7}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "id-7", "content": "paid"},
    ]
    attempt = session.records[0].attempt
    assert attempt.reply.text == "Paid."
    assert attempt.reply.tool_calls == (ToolCall("lookup", '{"id": 7}'),)
    assert attempt.usage == Usage(20, 10)


def test_between_two_user_turns_the_model_answers_over_the_wire():
    asked = (Probe("p", (Turn(Role.USER, "one"), Turn(Role.USER, "two"))),)
    with WireServer(lambda received: completion(f"re {received.prompt}")) as server:
        session = Session(server, asked)
        session()
    said = [(message["role"], message["content"]) for message in server.received[1].body["messages"]]
    assert said == [("user", "one"), ("assistant", "re one"), ("user", "two")]
    assert session.records[0].attempt.reply.text == "re two"


def test_a_rate_limit_is_waited_out_and_then_answered():
    def respond(received):
        return wire_error(429, headers={"retry-after": "11"}) if received.number == 0 else completion("x")

    with WireServer(respond) as server:
        session = Session(server, probes(1))
        counts = session()
    assert (counts.answered, counts.calls, session.slept) == (1, 2, [pytest.approx(11.0, abs=5.0)])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (wire_error(500), ("server", 500)),
        (WireReply(b"{nonsense"), ("malformed", 200)),
        (replace(completion("half"), reset_after=10), ("connection", None)),
        (completion("late", delay_seconds=3), ("timeout", None)),
    ],
    ids=["500", "malformed", "reset", "timeout"],
)
def test_what_breaks_once_is_answered_and_what_stays_broken_is_a_fault(broken, fault):
    limits = replace(QUICK, timeout_seconds=0.25, tries=2)
    with WireServer(lambda received: broken if received.number == 0 else completion("x")) as server:
        once = Session(server, probes(1))
        assert once(limits).answered == 1
    with WireServer(lambda _: broken) as server:
        lasting = Session(server, probes(1))
        assert lasting(limits).calls == 2
    (record,) = lasting.records
    assert (record.attempt.kind, record.attempt.status) == fault
    assert record.model.served == "alias"


def test_each_probe_gets_what_belongs_to_it():
    replies = {
        "p0": completion("x"),
        "p1": completion("cut", finish_reason="length"),
        "p2": wire_error(400, param="temperature"),
        "p3": wire_error(404, code="model_not_found"),
    }
    with WireServer(lambda received: replies.get(received.prompt, completion("yes"))) as server:
        session = Session(server, probes(4))
        session()
    by_probe = {record.probe: record.attempt for record in session.records}
    assert isinstance(by_probe["p0"], Answered)
    assert by_probe["p1"].reply.stop is Stop.CUT
    assert by_probe["p2"] == Rejected(400, "messages", by_probe["p2"].hint)
    assert by_probe["p3"].status == 404
    assert len(server.received) == 4 + 2 * 2  # each rejection: the same once more, and the plainest request


def test_a_refused_key_ends_the_run_without_showing_it():
    with WireServer(lambda _: wire_error(401, f"bad key {KEY}")) as server, pytest.raises(ProviderError) as caught:
        Session(server, probes(3))()
    assert "the key in K" in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_key_that_a_server_quotes_reaches_no_record():
    statuses = {"p0": 500, "p1": 400}

    def respond(received):
        status = statuses.get(received.prompt)
        return wire_error(status, f"bad {KEY}") if status else completion("yes")

    with WireServer(respond) as server:
        session = Session(server, probes(2))
        session()
    assert len(session.records) == 2
    assert KEY not in repr(session.records)


def test_a_server_that_is_down_ends_the_run_soon():
    with WireServer(lambda _: completion("x")) as server:
        session = Session(server, probes(50))
    with pytest.raises(ProviderError, match="cannot be reached"):
        session()
    assert len(session.records) < 20


def test_a_second_run_asks_only_what_is_missing():
    broken = True

    def respond(received):
        return wire_error(500) if broken and received.prompt == "p1" else completion("x")

    with WireServer(respond) as server:
        session = Session(server, probes(3, samples=2))
        session(replace(QUICK, tries=1, max_calls=5, concurrency=1))
        broken, before = False, len(server.received)
        counts = session()
    assert before == 5
    assert Counter(server.prompts[before:]) == {"p1": 2, "p2": 1}
    assert (counts.answered, counts.known) == (3, 3)


def test_an_interruption_keeps_what_had_finished_and_closes_cleanly():
    def respond(received):
        return completion("x", delay_seconds=0.0 if received.prompt in {"p0", "p1", "p2"} else 5.0)

    async def interrupted(session):
        run = asyncio.create_task(session.run(replace(QUICK, concurrency=2)))
        async with asyncio.timeout(5):
            while len(session.records) < 3:  # noqa: ASYNC110  # what it waits for happens on another thread's socket
                await asyncio.sleep(0.005)
        run.cancel()
        await run

    started = time.monotonic()
    with WireServer(respond) as server:
        session = Session(server, probes(9))
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(interrupted(session))
    assert {record.probe for record in session.records} == {"p0", "p1", "p2"}
    assert time.monotonic() - started < 3


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_keeps_what_had_finished(request):
    import _thread  # noqa: PLC0415  # only here

    # A shell that starts a job in the background lets it ignore the signal; the test is about what happens when not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def respond(received):
        if received.prompt != "p2":
            return completion("x")
        _thread.interrupt_main()
        return completion("x", delay_seconds=5.0)

    with WireServer(respond) as server:
        session = Session(server, probes(4))
        with pytest.raises(KeyboardInterrupt):
            session(replace(QUICK, concurrency=1))
    assert [record.probe for record in session.records] == ["p0", "p1"]
