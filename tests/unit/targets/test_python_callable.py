import asyncio
import functools
import sys
import threading
import time

import pytest

from rebaseline.domain.attempt import Answered, Faulted, Stop, ToolCall, Usage
from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import IssuedCall, ModelTurn, Opening, Request, ToolResult, UserTurn
from rebaseline.targets.python_callable import PythonTarget, open_adapter

HELLO = Request("m", (UserTurn("hello"),), timeout_seconds=5.0)


def ask(function, request=HELLO, **settings):
    return asyncio.run(PythonTarget(function, monotonic=time.monotonic, **settings).ask(request))


def attempt_of(function, request=HELLO, **settings):
    return ask(function, request, **settings).attempt


def test_a_text_is_a_reply():
    attempt = attempt_of(lambda question: f"{question.user}!")
    assert isinstance(attempt, Answered)
    assert (attempt.reply.text, attempt.reply.stop, attempt.served_model) == ("hello!", Stop.UNSTATED, None)
    assert 0 <= attempt.latency_seconds < 5


def test_a_mapping_may_say_all_that_an_application_can():
    attempt = attempt_of(
        lambda _: {
            "reply": "x",
            "model": "gpt-6",
            "stop": "length",
            "input_tokens": 3,
            "output_tokens": 4,
            "tool_calls": [{"name": "f", "arguments": {"a": 1}}],
            "trace": [1, {"doc": "é"}],
            "identity": {"build": "abc", "index": 7, "prompt": None},
            "request_id": "r-1",
        }
    )
    assert (attempt.reply.stop, attempt.reply.tool_calls) == (Stop.CUT, (ToolCall("f", '{"a": 1}'),))
    assert (attempt.served_model, attempt.usage, attempt.request_id) == ("gpt-6", Usage(3, 4), "r-1")
    assert (attempt.trace, attempt.identity) == ('[1, {"doc": "é"}]', {"build": "abc", "index": "7"})
    assert attempt.novelty == ("identity: prompt is missing",)
    assert attempt_of(lambda _: {"reply": None}).reply.text == ""


def test_the_question_holds_the_whole_request():
    turns = (
        UserTurn("sum?"),
        ModelTurn("wait", (IssuedCall("i", ToolCall("add", "{}")),)),
        ToolResult("i", "3"),
        ModelTurn("3"),
        UserTurn("sure?"),
    )
    asked = []
    tools = (Tool("add"),)
    request = Request("m", turns, "Be brief.", tools, {"temperature": 0}, 5.0, "inv-1", 4)
    attempt_of(lambda question: asked.append(question) or "x", request)
    (question,) = asked
    assert question.messages == (
        {"role": "user", "content": "sum?"},
        {"role": "assistant", "content": "wait", "tool_calls": [{"id": "i", "name": "add", "arguments": "{}"}]},
        {"role": "tool", "tool_call_id": "i", "content": "3"},
        {"role": "assistant", "content": "3"},
        {"role": "user", "content": "sure?"},
    )
    assert (question.user, question.system, question.tools, question.model) == ("sure?", "Be brief.", tools, "m")
    assert (question.parameters, question.probe, question.sample) == ({"temperature": 0}, "inv-1", 4)


def test_calls_wait_for_results_only_where_there_are_tools_to_call():
    def calls(_):
        return {"reply": "", "tool_calls": [{"name": "add"}]}

    assert ask(calls).turn == ModelTurn("", ())
    with_tools = Request("m", (UserTurn("x"),), tools=(Tool("add", result="3"),), timeout_seconds=5.0)
    assert ask(calls, with_tools).turn == ModelTurn("", (IssuedCall("", ToolCall("add", "{}")),))


def test_a_function_that_waits_does_not_hold_up_others_and_more_run_at_a_time_than_a_pool_has():
    many = 40
    gate = threading.Barrier(many, timeout=5)

    def wait(_):
        gate.wait()
        return "x"

    async def at_once():
        target = PythonTarget(wait, monotonic=time.monotonic)
        return await asyncio.gather(*(target.ask(HELLO) for _ in range(many)))

    assert all(isinstance(each.attempt, Answered) for each in asyncio.run(at_once()))


def test_an_asynchronous_function_is_awaited_in_the_loop_however_it_is_wrapped():
    async def answer(question):
        await asyncio.sleep(0)
        return f"{question.user} in {threading.current_thread() is threading.main_thread()}"

    class Callable:
        async def __call__(self, question):
            return await answer(question)

    def wrapped(question):
        return answer(question)

    for function in (answer, Callable(), functools.partial(answer), wrapped):
        assert attempt_of(function).reply.text == "hello in True"


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("no"), StopIteration("no"), KeyError("no")])
def test_what_the_function_raises_is_a_fault_of_its_own(error):
    def plain(_):
        raise error

    async def waiting(_):
        raise error

    words = f"{type(error).__name__}: {error}"
    assert attempt_of(plain) == Faulted("raised", hint=words)
    if not isinstance(error, StopIteration):  # Python turns it into a RuntimeError
        assert attempt_of(waiting) == Faulted("raised", hint=words)


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_the_end_of_the_program_passes_through(end):
    def plain(_):
        raise end

    with pytest.raises(end):
        attempt_of(plain)


def test_a_cancellation_that_is_not_ours_is_a_fault_and_ours_passes_through():
    async def cancelled(_):
        raise asyncio.CancelledError

    assert attempt_of(cancelled) == Faulted("raised", hint="RuntimeError: CancelledError inside of the function")

    async def stopped():
        task = asyncio.create_task(
            PythonTarget(lambda _: time.sleep(0.5), monotonic=time.monotonic).ask(HELLO),
        )
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())


def test_an_error_that_cannot_be_printed_or_is_long_does_no_harm():
    class MuteError(Exception):
        def __str__(self):
            raise RuntimeError

    def mute(_):
        raise MuteError

    def long(_):
        raise ValueError("x" * 9000)

    assert attempt_of(mute) == Faulted("raised", hint="MuteError")
    assert len(attempt_of(long).hint) == 500


def test_secrets_of_the_environment_are_taken_out_of_what_was_raised():
    def leak(_):
        raise ValueError("sk-canary-4417 was refused")

    assert attempt_of(leak, secrets=("sk-canary-4417",)).hint == "ValueError: [key] was refused"


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_function_that_takes_too_long_is_a_timeout(asynchronous):
    done = threading.Event()

    async def waiting(_):
        await asyncio.sleep(5)

    request = Request("m", (UserTurn("x"),), timeout_seconds=0.1)
    attempt = attempt_of(waiting if asynchronous else lambda _: done.wait(5), request)
    done.set()
    assert attempt == Faulted("timeout", hint="nothing was returned within 0.1 s")


@pytest.mark.parametrize(
    ("returned", "hint"),
    [
        (None, "returned null, neither a text nor a mapping"),
        (7, "returned a number"),
        (b"x", "returned a Python bytes"),
        ({}, "no `reply`"),
        ({"reply": "x", "text": "y"}, "'text', which is not read"),
        ({"reply": ["x"]}, "reply is a list, not a text"),
        ({"reply": "x", "input_tokens": "3"}, "input_tokens is a text, not a whole number from 0"),
        ({"reply": "x", "tool_calls": "f"}, "tool_calls is a text, not a list"),
        ({"reply": "x", "trace": object()}, "trace is a Python object that JSON cannot carry (TypeError)"),
        ({"reply": "x", "identity": "abc"}, "identity is a text, not a mapping"),
        ({"reply": "x", "identity": {"a": object()}}, "identity.a is a Python object that JSON cannot carry"),
    ],
)
def test_what_is_no_reply_is_malformed(returned, hint):
    attempt = attempt_of(lambda _: returned)
    assert isinstance(attempt, Faulted)
    assert attempt.kind == "malformed"
    assert hint in attempt.hint


def opened(tmp_path, function, source="", *, module="an_app_of_the_tests", environment=None):
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    target = Target("app", "python", TargetKind.APPLICATION, "app", {"function": function})
    return open_adapter(Opening(target, environment or {}, time.monotonic, tmp_path))


@pytest.fixture(autouse=True)
def _own_modules(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in [name for name in sys.modules if name.startswith("an_app_of_the_tests")]:
        del sys.modules[name]


def test_the_function_is_found_in_the_projects_folder(tmp_path):
    source = "class App:\n    @staticmethod\n    def ask(question):\n        return question.user\n"
    target = opened(tmp_path, "an_app_of_the_tests:App.ask", source)
    assert asyncio.run(target.ask(HELLO)).attempt.reply.text == "hello"
    assert (target.provider, target.mandatory) == ("python", frozenset())
    assert target.provenance.sdk.startswith("python 3.")
    asyncio.run(target.aclose())


def test_secrets_are_known_by_the_names_of_their_variables(tmp_path):
    source = "def ask(question):\n    raise ValueError('sk-canary-4417 on node-7, short abc')\n"
    environment = {"BANK_API_KEY": "sk-canary-4417", "HOSTNAME": "node-7", "A_TOKEN": "abc"}
    target = opened(tmp_path, "an_app_of_the_tests:ask", source, environment=environment)
    assert asyncio.run(target.ask(HELLO)).attempt.hint == "ValueError: [key] on node-7, short abc"


@pytest.mark.parametrize(
    ("function", "source", "problem"),
    [
        ("an_app_of_the_tests", "", "names no function"),
        ("an_app_of_the_tests:ask", "", "has no function 'ask'"),
        ("an_app_of_the_tests:ask", "ask = 7", "has no function 'ask'"),
        ("an_app_of_the_tests:ask", "raise ValueError('boom')", "cannot be imported: ValueError: boom"),
        ("an_app_of_the_tests:ask", "def ask(", "cannot be imported: SyntaxError"),
        ("an_app_of_the_tests_elsewhere:ask", "", "cannot be imported: ModuleNotFoundError"),
    ],
)
def test_a_function_that_is_not_there_is_named_with_its_place(tmp_path, function, source, problem):
    with pytest.raises(ConfigurationError, match=problem) as caught:
        opened(tmp_path, function, source)
    assert caught.value.where == "targets.app.function"
    assert caught.value.remedy


def test_a_secret_in_what_an_import_raised_is_not_shown(tmp_path):
    (tmp_path / "talks.py").write_text("import os\nraise ValueError(os.environ.get('X', 'sk-secret-4417'))\n")
    target = Target("app", "python", TargetKind.APPLICATION, "app", {"function": "talks:answer"})
    with pytest.raises(ConfigurationError) as caught:
        open_adapter(Opening(target, {"MY_API_KEY": "sk-secret-4417"}, lambda: 0.0, tmp_path))
    assert "sk-secret-4417" not in str(caught.value)
    assert "ValueError" in str(caught.value)
