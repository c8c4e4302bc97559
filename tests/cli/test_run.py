"""`run` against a server on this machine: what is stored, the exit code, and that no key is left anywhere."""

from __future__ import annotations

import asyncio
import signal
import socket
from types import SimpleNamespace

import pytest
from tests.support.project import PROJECT, SUITE, TOTALS, Project
from tests.support.wire import WireReply, WireServer
from tests.support.wire_openai import completion, wire_error

from rebaseline.run.tally import Tally

KEY = "sk-very-secret-key-0123456789"
FEW = {probe: TOTALS[probe] for probe in list(TOTALS)[:5]}


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def asking(project, monkeypatch) -> Project:
    """Five probes, asked once; pauses after faults take no time."""
    monkeypatch.setenv("RB_KEY", KEY)
    monkeypatch.setattr("rebaseline.app.running.asyncio", SimpleNamespace(run=asyncio.run, sleep=_at_once))
    rows = "".join(f"{probe},invoice {probe},{total}\n" for probe, total in FEW.items())
    project.write("probes/invoices/rows.csv", "id,text,reference\n" + rows)
    project.suite(SUITE.replace("each: rows.csv", "each: rows.csv\n  samples: 1"))
    return project


def aim(project: Project, url: str) -> None:
    target = f'type = "openai-compatible"\nbase_url = "{url}"\nmodel = "assistant"\napi_key_env = "RB_KEY"'
    project.write("rebaseline.toml", PROJECT.replace('type = "recorded"', target))


def assert_no_key(project: Project, *said) -> None:
    assert all(KEY not in each.both for each in said)
    for path in project.root.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


def served(project: Project, reply: WireReply, *arguments: str):
    with WireServer(lambda _: reply) as server:
        aim(project, server.base_url)
        said = project("run", *arguments)
    assert_no_key(project, said, project("models"))
    return said, len(server.received)


def test_replies_are_stored_under_who_answered(asking):
    said, calls = served(asking, completion('{"total": 7}', model="assistant-0601"))
    assert said.code == 0
    assert calls == len(FEW)
    assert "invoices   5 answered; 5 calls\n  5 by assistant-0601" in said.out
    assert asking("score", "--model", "assistant-0601").code == 0


def test_a_second_run_asks_no_reply_again(asking):
    served(asking, completion("x", model="m-1"))
    said, calls = served(asking, completion("y", model="m-1"))
    assert calls == 1  # who answers today is asked first
    assert "4 stored before" in said.out


def test_what_a_server_says_is_printable(asking):
    said, _ = served(asking, completion("\x1b[31m\ud800", model="m\x1b[2J\u202e"))
    assert said.code == 0


def test_5_the_server_fails(asking):
    said, _ = served(asking, wire_error(503, f"overloaded, {KEY} \x1b[2J"))
    assert said.code == 5
    assert "5 faults" in said.out


def test_5_the_key_is_refused(asking):
    said, _ = served(asking, wire_error(401, f"bad key {KEY}"))
    assert said.code == 5
    assert "RB_KEY" in said.err


def test_5_nobody_is_there(asking):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        aim(asking, f"http://127.0.0.1:{closed.getsockname()[1]}/v1")
        said = asking("run")
    assert said.code == 5
    assert_no_key(asking, said)


def test_7_there_is_no_such_model(asking):
    said, _ = served(asking, wire_error(404, f"no such model {KEY}"))
    assert said.code == 7
    assert "has no model 'assistant' (status 404)" in said.err


def test_5_even_the_plainest_request_is_rejected(asking):
    said, _ = served(asking, wire_error(400, f"your retention settings {KEY}"))
    assert said.code == 5
    assert "rejects even the plainest request" in said.err


def rejecting(unwanted):
    def reply(received):
        if unwanted(received):
            return wire_error(400, f"unsupported {KEY}", param="temperature")
        return completion("yes")

    return reply


def test_a_rejection_is_for_the_diff_to_judge(asking):
    with WireServer(rejecting(lambda received: received.prompt.endswith("1"))) as server:
        aim(asking, server.base_url)
        said = asking("run")
    assert said.code == 0
    assert "4 answered, 1 rejected" in said.out
    assert "because of messages (1)" in said.out
    assert_no_key(asking, asking("export", "--suite", "invoices", "--model", "assistant"))


def test_3_nothing_but_rejections_came_back(asking):
    with WireServer(rejecting(lambda received: received.prompt.startswith("Return"))) as server:
        aim(asking, server.base_url)
        said = asking("run")
    assert said.code == 3
    assert "5 rejected" in said.out


def test_2_the_key_is_missing(asking, monkeypatch):
    monkeypatch.delenv("RB_KEY")
    aim(asking, "http://127.0.0.1:9/v1")
    said = asking("run")
    assert said.code == 2
    assert "RB_KEY is not set" in said.err


def test_2_imported_replies_cannot_be_asked(project):
    said = project("run")
    assert said.code == 2
    assert "its replies are imported" in said.err


def test_the_bound_on_calls_holds_and_says_what_is_missing(asking):
    said, calls = served(asking, completion("x", model="m-1"), "--max-calls", "2")
    assert calls == 2
    assert "3 not asked: the bound on calls was reached" in said.out
    assert served(asking, completion("x", model="m-1"))[1] == 4  # who answers, and what was missing


def test_130_an_interruption_keeps_what_was_answered(asking, monkeypatch):
    finished, count = Tally.finished, []

    def interrupted(self, record):
        finished(self, record)
        count.append(1)
        if len(count) == 3:
            signal.raise_signal(signal.SIGINT)  # as Ctrl-C does: raised here it would leave by any way it finds

    monkeypatch.setattr(Tally, "finished", interrupted)
    said, _ = served(asking, completion("x", model="m-1"))
    assert said.code == 130
    assert " m-1 " in asking("models").out


def test_a_first_request_that_faults_is_asked_again_and_leaves_no_trace(asking):
    """The one that tells who answers fails five times; its cell is then asked with the rest and answered."""
    seen = []

    def reply(received):
        seen.append(received)
        return wire_error(500) if len(seen) <= 5 else completion('{"total": 7}', model="assistant-0601")

    with WireServer(reply) as server:
        aim(asking, server.base_url)
        said = asking("run")
    assert said.code == 0
    assert "invoices   5 answered; 10 calls" in said.out


def test_a_fault_does_not_pay_again_for_what_is_stored_under_an_alias(asking):
    """`assistant` is an alias: what its version said before is found by who answered last."""
    served(asking, completion('{"total": 7}', model="assistant-0601"))
    said, calls = served(asking, wire_error(500))
    assert said.code == 5
    assert calls == 5
    assert "0 answered" in said.out
    assert "5 stored before" in said.out
    assert "1 fault" in said.out
