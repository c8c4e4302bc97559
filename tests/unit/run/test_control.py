"""What differential control makes of dependent options, and how a run uses it."""

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest
from tests.property.test_run_control import ANSWERED, REJECTED, run
from tests.support.simulated_run import probes_of, simulate
from tests.support.virtual_time import run_virtually

from rebaseline.domain.attempt import Answered, Rejected, ToolCall
from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.errors import ProviderError, UnknownModelError
from rebaseline.run.control import Blamed, control
from rebaseline.run.engine import Engine, Surroundings, run_plan
from rebaseline.run.limits import Limits
from rebaseline.run.rounds import Plan
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.scripted import ScriptedTarget, says

TOOLS = (Tool("lookup"),)


def blamed(objects, **request):
    request = {"messages": (UserTurn("hi"),), **request}
    found, _ = run(control(Request("m", **request), ()), lambda trial: REJECTED if objects(trial) else ANSWERED)
    assert isinstance(found, Blamed)
    return found.culprit


def test_a_forced_choice_of_tools_is_to_blame_and_not_the_tools():
    parameters = {"tool_choice": "required", "temperature": 0}
    assert blamed(lambda trial: "tool_choice" in trial.parameters, tools=TOOLS, parameters=parameters) == "tool_choice"


def test_what_needs_tools_is_not_tried_without_them():
    def objects(trial):
        lone = "tool_choice" in trial.parameters and not trial.tools
        return lone or trial.parameters.keys() & {"temperature", "stop"}

    parameters = {"tool_choice": "auto", "temperature": 0, "stop": ["x"]}
    assert blamed(objects, tools=TOOLS, parameters=parameters) == "stop, temperature"


def test_tools_that_are_rejected_are_named_though_their_parameters_need_them():
    def objects(trial):
        return bool(trial.tools) or "tool_choice" in trial.parameters

    assert blamed(objects, tools=TOOLS, parameters={"tool_choice": "auto"}) == "tools"


def test_a_conversation_about_tool_calls_keeps_its_tools():
    called = ModelTurn("", (IssuedCall("1", ToolCall("lookup")),))
    messages = (UserTurn("hi"), called, ToolResult("1", "found"))

    def objects(trial):
        return (len(trial.messages) == 3 and not trial.tools) or "temperature" in trial.parameters

    assert blamed(objects, messages=messages, tools=TOOLS, parameters={"temperature": 0}) == "temperature"


def test_of_a_nested_parameter_the_whole_is_named():
    def objects(trial):
        return trial.parameters.get("reasoning", {}).get("effort") == "high"

    assert blamed(objects, parameters={"reasoning": {"effort": "high", "summary": "auto"}}) == "reasoning"


def test_a_request_without_options_is_its_messages():
    assert blamed(lambda trial: trial.messages == (UserTurn("hi"),)) == "messages"


class Provider:
    """Rejects by a rule; keeps what it was asked."""

    def __init__(self, objects, status=400):
        self.asked, self._objects, self._status = [], objects, status

    async def __call__(self, request):
        self.asked.append(request)
        await asyncio.sleep(1.0)
        return Rejected(self._status, hint="no") if self._objects(request) else says("x")


def hot(request):
    return "temperature" in request.parameters


def test_one_control_serves_all_that_are_rejected_for_the_same_thing():
    provider = Provider(hot)
    simulated = simulate(provider, probes_of(20, samples=3, parameters={"temperature": 0, "seed": 1}), Limits())
    assert {record.attempt for record in simulated.records} == {Rejected(400, "temperature", "no")}
    assert simulated.counts.calls == 60 + 2 + 1 + 2  # the probes; the same and the plainest; alone; two left out
    assert simulated.counts.culprits == {"temperature": 60}
    assert simulated.told[-1].culprits == {"temperature": 60}


def test_each_set_of_parameters_has_its_own_control():
    probes = (*probes_of(1, parameters={"temperature": 0}), Probe("q", (Turn(Role.USER, "q"),), system="s"))
    run = simulate(Provider(lambda request: hot(request) or request.system), probes, Limits())
    assert run.counts.culprits == {"temperature": 1, "system": 1}


def test_messages_are_blamed_probe_by_probe_and_once_for_all_samples_of_a_probe():
    bad = {"p1", "p3"}
    provider = Provider(lambda request: request.messages[0].text in bad)
    run = simulate(provider, probes_of(5, samples=4), Limits(concurrency=1))
    assert (run.counts.answered, run.counts.culprits) == (12, {"messages": 8})
    assert run.counts.calls == 20 + 2 * 2


def test_a_culprit_of_one_conversation_is_not_that_of_others_under_the_same_key():
    """A long conversation does not fit beside this much output; short ones do."""
    provider = Provider(lambda request: request.messages[0].text == "p1" and "max_tokens" in request.parameters)
    run = simulate(provider, probes_of(3, samples=2, parameters={"max_tokens": 99}), Limits(concurrency=1))
    assert (run.counts.answered, run.counts.culprits) == (4, {"max_tokens": 2})


def test_a_rejection_that_passes_becomes_the_answer_and_a_conversation_goes_on():
    rejected = iter([True])
    provider = Provider(lambda request: next(rejected, False))
    run = simulate(provider, (Probe("p", (Turn(Role.USER, "a"), Turn(Role.USER, "b"))),), Limits())
    assert isinstance(run.records[0].attempt, Answered)
    assert [len(request.messages) for request in provider.asked] == [1, 1, 3]


def test_controls_count_against_the_bound_and_leave_the_culprit_open_where_it_ends():
    run = simulate(Provider(hot), probes_of(2, parameters={"temperature": 0}), Limits(max_calls=3, concurrency=1))
    assert (run.counts.calls, run.counts.culprits, run.counts.unsent) == (3, {"": 1}, 1)


@pytest.mark.parametrize(("status", "error"), [(404, UnknownModelError), (400, ProviderError)])
def test_where_nothing_of_ours_is_to_blame_the_run_ends_with_what_it_had_recorded(status, error):
    provider, records = Provider(lambda request: True, status), []
    with pytest.raises(error, match=rf"status {status}\): no"):
        _record_into(records, provider, TargetKind.MODEL)
    assert [record.attempt for record in records] == [Rejected(status, None, "no")]
    assert len(provider.asked) == 3  # the same once more, and the plainest


def test_where_everything_is_rejected_all_that_wait_for_the_control_are_recorded_without_more_calls():
    provider, records = Provider(lambda request: True, 404), []
    with pytest.raises(UnknownModelError):
        _record_into(records, provider, TargetKind.MODEL, concurrency=3)
    assert len(provider.asked) == 3 + 2
    assert records


def test_an_account_that_is_cut_off_in_mid_run_is_told_from_a_request():
    provider, records = Provider(lambda request: len(provider.asked) > 1), []
    with pytest.raises(ProviderError):
        _record_into(records, provider, TargetKind.MODEL)
    assert [type(record.attempt) for record in records] == [Answered, Rejected]


def test_a_server_that_needs_more_than_the_plainest_request_does_not_end_a_run_that_it_answers():
    def objects(request):
        return "seed" not in request.parameters or request.messages[0].text == "p1"

    run = simulate(Provider(objects), probes_of(3, parameters={"seed": 1}), Limits(concurrency=1))
    assert (run.counts.answered, run.counts.culprits) == (2, {"": 1})


def test_a_probe_of_another_suite_is_not_taken_for_its_namesake():
    provider, records = Provider(lambda request: request.messages[0].text == "p0"), []

    async def main():
        around = Surroundings(lambda: datetime.now(UTC), asyncio.sleep, Random(1))
        engine = Engine(ScriptedTarget(provider), around, Limits(concurrency=1))
        target = Target("t", "scripted", TargetKind.MODEL, "m")
        await engine.run(Plan(probes_of(2), target, "one"), records.extend)
        namesake = Probe("p0", (Turn(Role.USER, "Say yes, or p0."),))
        provider._objects = lambda request: "p0" in request.messages[0].text and len(provider.asked) < 6
        await engine.run(Plan((namesake,), target, "two"), records.extend)

    run_virtually(main())
    assert [type(record.attempt) for record in records] == [Rejected, Answered, Answered]


def test_what_an_application_rejects_stands_as_its_users_get_it():
    provider, records = Provider(lambda request: True), []
    _record_into(records, provider, TargetKind.APPLICATION)
    assert [record.attempt for record in records] == [Rejected(400, None, "no")] * 3
    assert len(provider.asked) == 3


def _record_into(records, provider, kind, concurrency=1):
    around = Surroundings(lambda: datetime.now(UTC), asyncio.sleep, Random(1))
    plan = Plan(probes_of(3), Target("t", "scripted", kind, "m"), "s")
    run_virtually(run_plan(plan, ScriptedTarget(provider), records.extend, around, Limits(concurrency=concurrency)))


def test_mandatory_parameters_stay_in_every_request():
    provider = Provider(hot)
    probes = probes_of(1, parameters={"temperature": 0, "max_tokens": 900})
    run = simulate(provider, probes, Limits(), mandatory=frozenset({"max_tokens"}))
    assert run.counts.culprits == {"temperature": 1}
    assert all("max_tokens" in request.parameters for request in provider.asked)


def test_a_mandatory_number_that_is_too_high_is_the_culprit():
    provider = Provider(lambda request: request.parameters["max_tokens"] > 64_000)
    probes = probes_of(1, parameters={"temperature": 0, "max_tokens": 128_000})
    run = simulate(provider, probes, Limits(), mandatory=frozenset({"max_tokens"}))
    assert run.counts.culprits == {"max_tokens": 1}
