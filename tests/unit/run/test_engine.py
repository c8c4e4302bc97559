import asyncio
import gc
import threading
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.model import ModelVersion, Target, TargetKind
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Probe, Role, Turn
from rebaseline.errors import ConfigurationError, ProviderError, StoreError
from rebaseline.run.engine import Surroundings, run_plan
from rebaseline.run.limits import Backoff, Limits
from rebaseline.run.rounds import Plan
from rebaseline.run.tally import RunCounts
from rebaseline.targets.base import Asked
from rebaseline.targets.scripted import ScriptedTarget, says

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE = Limits(concurrency=1, tries=3)


def plan_of(*names, samples=1, done=frozenset(), settings=None, **more):
    probes = tuple(
        Probe(name, (Turn(Role.USER, name),), samples=samples, fingerprint=f"f-{name}", **more) for name in names
    )
    return Plan(probes, Target("t", "scripted", TargetKind.MODEL, "alias", settings or {}), "s-1", done)


class Bench:
    """Runs plans against a function and keeps all that comes out."""

    def __init__(self, answer, tell=lambda progress: None):
        self.asked, self.batches, self.slept, self.told = [], [], [], []
        self.time = 0.0
        self._answer, self._tell = answer, tell

    async def run(self, plan, limits=ONE, record=None):
        async def noted(request):
            self.asked.append(request.messages[-1].text)
            return await self._answer(request)

        async def sleep(seconds):
            self.slept.append(seconds)
            self.time += seconds
            await asyncio.sleep(0)

        def tell(progress):
            self.told.append(progress)
            self._tell(progress)

        outside = Surroundings(lambda: NOON, sleep, Random(1), tell, monotonic=lambda: self.time)
        return await run_plan(plan, ScriptedTarget(noted), record or self.batches.append, outside, limits)

    def __call__(self, *args, **more):
        return asyncio.run(self.run(*args, **more))

    @property
    def records(self):
        return [record for batch in self.batches for record in batch]

    @property
    def stored(self):
        return {(record.probe, record.sample) for record in self.records}


def always(*answers):
    """Answer with each in turn, then with the last."""
    left = list(answers)

    async def answer(_):
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def rejecting(status, *but):
    """Reject what the probes say, and answer the plainest request; answer in the words of `but` what they name."""

    async def answer(request):
        text = request.messages[-1].text
        return says("yes") if text == "Say yes." or text in but else Rejected(status)

    return answer


def test_an_answer_becomes_a_record_of_the_model_that_served_it():
    bench = Bench(always(says("hi", served_model="alias-2026")))
    counts = bench(plan_of("a"))
    (record,) = bench.records
    assert (record.probe, record.probe_fingerprint, record.sample, record.session) == ("a", "f-a", 0, "s-1")
    assert record.model == ModelVersion("scripted", "alias", "alias-2026")
    assert (record.attempt.reply.text, record.received_at) == ("hi", NOON)
    assert counts == RunCounts(1, 0, 0, unsent=0, known=0, calls=1, served={"alias-2026": 1})


@pytest.mark.parametrize(
    ("answer", "attempt"),
    [
        (always(says("hi")), says("hi")),
        (rejecting(400), Rejected(400, "messages")),
        (always(Faulted("server", 500)), Faulted("server", 500)),
    ],
    ids=["answered", "rejected", "faulted"],
)
def test_where_no_served_model_is_named_the_requested_one_stands(answer, attempt):
    bench = Bench(answer)
    bench(plan_of("a"))
    assert bench.records[0].model == ModelVersion("scripted", "alias", "alias")
    assert bench.records[0].attempt == attempt


def test_an_alias_that_moves_in_mid_run_is_stored_under_each_model():
    bench = Bench(always(says("1", served_model="old"), says("2", served_model="new")))
    counts = bench(plan_of("a", "b", "c"))
    assert [record.model.served for record in bench.records] == ["old", "new", "new"]
    assert counts.served == {"old": 1, "new": 2}


def test_rounds_are_asked_in_order():
    bench = Bench(always(says("x")))
    bench(plan_of("a", "b", samples=3))
    assert bench.asked == ["a", "b", "a", "b", "a", "b"]
    assert [record.sample for record in bench.records] == [0, 0, 1, 1, 2, 2]


def test_what_is_stored_is_not_asked_again():
    bench = Bench(always(says("x")))
    counts = bench(plan_of("a", "b", samples=2, done={("a", 0), ("b", 1)}))
    assert bench.stored == {("b", 0), ("a", 1)}
    assert counts.known == 2


def test_the_targets_parameters_go_into_each_request():
    seen = []

    async def answer(request):
        seen.append(dict(request.parameters))
        return says("x")

    Bench(answer)(plan_of("a", settings={"parameters": {"temperature": 0}}, parameters={"seed": 1}))
    assert seen == [{"temperature": 0, "seed": 1}]
    with pytest.raises(ConfigurationError, match=r"targets\.t\.parameters"):
        Bench(answer)(plan_of("a", settings={"parameters": 7}))


def test_a_fault_is_tried_again_after_the_wait_that_was_asked_for():
    bench = Bench(always(Asked(Faulted("rate_limit", 429), retry_after_seconds=9.0), says("x")))
    counts = bench(plan_of("a"), Limits(concurrency=1, backoff=Backoff(base_seconds=0.5)))
    assert [type(record.attempt) for record in bench.records] == [Answered]
    assert 9.0 <= bench.slept[0] <= 9.5
    assert counts.calls == 2


def test_a_fault_that_lasts_is_final_after_the_last_try():
    bench = Bench(always(Faulted("server", 503)))
    counts = bench(plan_of("a"), ONE)
    assert bench.records[0].attempt == Faulted("server", 503)
    assert (counts.calls, counts.faulted, len(bench.slept)) == (3, 1, 2)


def test_only_the_call_that_faulted_is_made_again_in_a_longer_conversation():
    probe = Probe("p", (Turn(Role.USER, "one"), Turn(Role.USER, "two")))
    bench = Bench(always(says("first"), Faulted("server", 500), says("last")))
    bench(Plan((probe,), Target("t", "scripted", TargetKind.MODEL, "m"), "s"))
    assert bench.asked == ["one", "two", "two"]
    assert bench.records[0].attempt.reply.text == "last"


def test_no_more_calls_than_the_bound_retries_included():
    bench = Bench(always(says("x"), Faulted("server", 500)))
    counts = bench(plan_of("a", "b", "c"), Limits(concurrency=2, tries=9, max_calls=4))
    assert len(bench.asked) == 4
    assert (counts.calls, counts.unsent, bench.stored) == (4, 2, {("a", 0)})


def test_a_conversation_that_the_bound_cuts_leaves_no_record():
    probe = Probe("p", (Turn(Role.USER, "one"), Turn(Role.USER, "two")))
    bench = Bench(always(says("x")))
    counts = bench(Plan((probe,), Target("t", "scripted", TargetKind.MODEL, "m"), "s"), Limits(max_calls=1))
    assert (bench.records, counts.unsent) == ([], 1)
    assert bench.told[-1].waiting == 0


def test_nobody_there_ends_the_run_instead_of_burning_time():
    bench = Bench(always(Faulted("connection")))
    with pytest.raises(ProviderError, match="20 calls in a row"):
        bench(plan_of(*"abcdefghij"), Limits(concurrency=1, tries=5))
    assert len(bench.asked) == 20
    assert bench.stored == {("a", 0), ("b", 0), ("c", 0)}


def test_a_server_that_answered_once_is_waited_for():
    bench = Bench(always(says("x"), Faulted("connection")))
    counts = bench(plan_of(*"abcdefghij"), Limits(concurrency=1, tries=5))
    assert (counts.answered, counts.faulted) == (1, 9)


def test_faults_with_a_server_behind_them_are_not_silence():
    silent = [Faulted("connection")] * 4
    bench = Bench(always(*silent, Faulted("server", 500), *silent, Faulted("server", 500)))
    counts = bench(plan_of(*"abcde"), Limits(concurrency=1, tries=2, silence=5))
    assert counts.faulted == 5


def test_rejections_of_every_probe_are_results():
    counts = Bench(rejecting(400))(plan_of(*"abcdefghijklmnopqrstuvwxyz"), Limits(silence=5))
    assert counts.rejected == 26


def test_never_more_at_a_time_than_allowed_and_no_fewer():
    now, most = 0, 0

    async def answer(_):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1
        return says("x")

    Bench(answer)(plan_of(*"abcdefghijkl"), Limits(concurrency=3))
    assert most == 3


def test_each_attempt_is_handed_on_before_the_next_is_asked_for():
    bench = Bench(always(says("x")))
    bench(plan_of("a", "b", "c"))
    assert [len(batch) for batch in bench.batches] == [1, 1, 1]


def test_attempts_that_end_together_are_handed_on_together():
    together = asyncio.Event()

    async def answer(request):
        if request.messages[-1].text == "d":
            together.set()
        await together.wait()
        return says("x")

    bench = Bench(answer)
    bench(plan_of(*"abcd"), Limits(concurrency=4))
    assert len(bench.batches) < 4
    assert len(bench.records) == 4


def test_cancellation_records_what_had_finished_and_goes_on():
    third = asyncio.Event()

    async def answer(request):
        if request.messages[-1].text == "c":
            third.set()
            await asyncio.Event().wait()
        return says("x")

    bench = Bench(answer)

    async def interrupted():
        run = asyncio.create_task(bench.run(plan_of(*"abcd"), Limits(concurrency=1)))
        await third.wait()
        run.cancel()
        await run

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert bench.stored == {("a", 0), ("b", 0)}


def test_what_finished_in_the_very_turn_of_the_cancellation_is_recorded():
    stored_before = []

    async def cancel_at_the_fourth(_):
        if len(bench.asked) == 4:
            stored_before.extend(bench.records)
            runs[0].cancel()
        return says("x")

    runs = []
    bench = Bench(cancel_at_the_fourth)

    async def interrupted():
        runs.append(asyncio.create_task(bench.run(plan_of(*"abcd"), Limits(concurrency=4))))
        await runs[0]

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert stored_before == []
    assert bench.stored == {(name, 0) for name in "abcd"}


def test_an_error_of_the_provider_comes_out_bare_and_what_finished_is_recorded():
    async def answer(request):
        if request.messages[-1].text == "c":
            raise ProviderError("the key is refused")
        return says("x")

    bench = Bench(answer)
    with pytest.raises(ProviderError, match="the key is refused"):
        bench(plan_of(*"abcd"))
    assert bench.stored == {("a", 0), ("b", 0)}


def test_an_error_does_not_wait_for_calls_that_are_still_out():
    async def answer(request):
        if request.messages[-1].text == "a":
            await asyncio.Event().wait()
        raise ProviderError("the key is refused")

    async def bounded():
        async with asyncio.timeout(5):
            await Bench(answer).run(plan_of("a", "b"), Limits(concurrency=2))

    with pytest.raises(ProviderError):
        asyncio.run(bounded())


def test_a_recorder_that_fails_ends_the_run_and_is_not_offered_the_same_again():
    offered = []

    def record(batch):
        offered.extend(batch)
        raise StoreError("disk full")

    bench = Bench(always(says("x")))
    with pytest.raises(StoreError, match="disk full"):
        bench(plan_of(*"abcdef"), Limits(concurrency=1), record=record)
    assert [each.probe for each in offered] == ["a"]


def test_progress_says_where_the_run_stands():
    bench = Bench(always(Faulted("server", 500), says("x"), Rejected(400), Rejected(400), says("yes")))
    bench(plan_of("a", "b"))
    seen = [(told.done, told.waiting, told.retrying, told.rejected) for told in bench.told]
    assert seen == [(0, 1, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0), (1, 1, 0, 0), (2, 0, 0, 1)]
    assert {told.total for told in bench.told} == {2}
    assert bench.told[-1].calls == 5


def test_an_empty_plan_asks_nobody():
    bench = Bench(always(says("x")))
    assert bench(plan_of()) == RunCounts(0, 0, 0, unsent=0, known=0, calls=0, served={})


def test_replies_are_not_held():
    sizes, alive = [], []

    def record(batch):
        sizes.append(len(batch))
        if sum(sizes) == 50:
            alive.append(sum(isinstance(each, AttemptRecord) for each in gc.get_objects()))

    Bench(always(says("x")))(plan_of(*"abcdefghij", samples=5), Limits(concurrency=4), record=record)
    assert sum(sizes) == 50
    assert alive[0] <= 8


def test_two_interruptions_while_the_disk_is_slow_lose_nothing_that_had_finished():
    busy, free, stored = threading.Event(), threading.Event(), []

    def record(batch):
        busy.set()
        assert free.wait(10)
        stored.extend(each.probe for each in batch)

    async def interrupted():
        bench = Bench(always(says("x")))
        run = asyncio.create_task(bench.run(plan_of(*"abcd"), Limits(concurrency=2), record))
        await asyncio.to_thread(busy.wait, 10)
        run.cancel()
        asyncio.get_running_loop().call_soon(run.cancel)
        threading.Timer(0.05, free.set).start()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert bench.told[-1].done == len(stored)

    asyncio.run(interrupted())
    assert sorted(stored) == ["a", "b"]


def test_what_is_not_recorded_is_not_done():
    recorded = []

    def record(batch):
        recorded.extend(batch)
        assert all(told.done <= len(recorded) for told in bench.told)

    def tell(progress):
        assert progress.done <= len(recorded)

    bench = Bench(always(says("x")), tell)
    bench(plan_of(*"abcdefgh", samples=3), Limits(concurrency=4), record)
    assert bench.told[-1].done == len(recorded) == 24


def test_faults_and_what_is_new_in_replies_are_counted_by_name():
    strange = replace(says("x"), novelty=("content: hologram", "stop: paused"))
    faults = [Faulted("timeout"), Faulted("server", 500)]
    bench = Bench(always(strange, strange, *faults, faults[1], says("x")))
    counts = bench(plan_of(*"abcdef"), Limits(concurrency=1, tries=1))
    assert counts.novelty == {"content: hologram": 2, "stop: paused": 2}
    assert counts.faults == {"timeout": 1, "server": 2}
    assert (bench.told[-1].novelty, bench.told[-1].faults) == (counts.novelty, counts.faults)
