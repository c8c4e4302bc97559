"""A reply is untrusted: it takes hold of no terminal, turns no verdict, stalls nothing and loses no other.

`Project` itself asserts of every command that what it prints is printable and holds no traceback.
"""

from __future__ import annotations

import json
import time

import pytest
from tests.support.project import HOSTILE, NEW, OLD, SUITE, TOTALS, replies_of


@pytest.fixture
def hostile(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, {probe: HOSTILE[number % len(HOSTILE)] for number, probe in enumerate(TOTALS)})
    return project


@pytest.mark.parametrize(
    "arguments", [["diff"], ["diff", "--all"], ["diff", "--why", "total-right"], ["diff", "--json"]]
)
def test_nothing_of_a_reply_takes_hold_of_a_terminal(hostile, arguments):
    said = hostile(*arguments)
    assert said.code == 3
    assert "red" in said.out


def test_nothing_else_that_is_shown_of_replies_does_either(hostile):
    assert hostile("score", "--model", NEW).code == 0
    lines = hostile("export", "--suite", "invoices", "--model", NEW).out.splitlines()
    assert {json.loads(line)["response"] for line in lines} == set(HOSTILE)


def test_every_hostile_reply_is_shown_on_one_line(project):
    project.bring(OLD, replies_of())
    for number, reply in enumerate(HOSTILE):
        project.bring(f"m-{number}", dict.fromkeys(TOTALS, reply))
        said = project("diff", "--from", OLD, "--to", f"m-{number}")
        assert said.code == 3
        assert len([line for line in said.out.splitlines() if line.startswith("     new  ")]) == 1


def test_a_model_may_be_named_as_badly_as_a_reply(project):
    evil = "m\x1b[31m\u202e\x9b2J\n../../x"
    project.bring(evil, replies_of())
    project.bring(NEW, replies_of('{{"total": 1{0}}}'))
    for arguments in (
        ["models"],
        ["diff"],
        ["diff", "--json"],
        ["score", "--model", evil],
        ["score", "--model", "m\x1b"],
    ):
        assert project(*arguments).code in {0, 1, 6}
    assert project.accept(evil).code == 0
    assert project("diff", "--to", NEW).code == 1
    inside = {path.relative_to(project.root).parts[0] for path in project.root.rglob("*")}
    assert inside == {"rebaseline.toml", "probes", "baselines", ".rebaseline", "replies-invoices.jsonl"}


def test_what_an_import_says_of_bad_lines_is_printable(project):
    lines = [
        '{"probe": "z\\u001b[31mz\\u202e", "response": "x"}',
        '{"probe": "\\u009b", "response": "x", "\\u001b[2Jkey": 1}',
        '{"probe": "inv-00", "response": "x", "stop_reason": "\\u001b[2J"}',
        '{"probe": "inv-01\\ud800", "response": "x"}',
        '{"probe": "inv-02", "response": ["\\u001b[2J\\u202e"]}',
        '{"probe": "inv-03", "response": "x", "served_model": "\\u001b]0;t\\u0007\\u202e"}',
        "\x1b[2J",
    ]
    path = project.write("evil.jsonl", "\n".join(lines))
    said = project("import", str(path), "--suite", "invoices", "--model", "m\x1b[31m")
    assert said.code == 2
    assert "2 stored" in said.out
    assert "line 7" in said.err


def test_errors_of_providers_are_printable(project):
    error = {"status": 400, "message": "\x1b[2J\u202e", "culprit": "temp\x1b[31m\u202e"}
    project.bring(OLD, replies_of())
    path = project.lines("no.jsonl", [{"probe": probe, "error": error, "served_model": NEW} for probe in TOTALS])
    assert project("import", str(path), "--suite", "invoices", "--model", NEW).code == 0
    for more in ([], ["--why", "total-right"], ["--json"]):
        assert project("diff", "--from", OLD, "--to", NEW, *more).code == 3


def test_a_reply_of_ten_megabytes_is_void_and_shown_short(project):
    project.suite(SUITE.replace("each: rows.csv", "each: few.csv"))
    few = list(TOTALS)[:2]
    project.write("probes/invoices/few.csv", "id,text,reference\n" + "".join(f"{probe},a,1\n" for probe in few))
    project.bring(OLD, dict.fromkeys(few, '{"total": 1}'))
    project.bring(NEW, dict.fromkeys(few, '{"total": 1}' + " x" * 5_000_000))
    said = project("diff")
    assert "holds" not in said.line("total-right")
    assert len(said.out) < 4000
    assert len(project("diff", "--why", "total-right").out) < 8000


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|aa)+$", "(.*a){20}b$"])
def test_a_hostile_pattern_takes_linear_time(project, pattern):
    project.suite(SUITE.split("    check:")[0] + f"    check: {{matches: '{pattern}'}}\n")
    project.bring(OLD, {"inv-00": "a" * 200_000 + "c"})
    began = time.perf_counter()
    assert project("score", "--model", OLD).code == 0
    assert time.perf_counter() - began < 5


UNREADABLE = (
    '{"total": 7}\n{"total": 8}',
    '{"total": 8, "total": 7}',
    "[" * 50_000,
    '{"total": 1e999}',
    '{"total": NaN}',
    '{"total": ' + "9" * 5000 + "}",
    '```json\n{"total": 8}\n```',
    "",
    " ",
    "null",
)


def test_a_reply_that_no_one_can_read_never_holds(project):
    project.bring(OLD, replies_of())
    for number, reply in enumerate(UNREADABLE):
        project.bring(f"m-{number}", dict.fromkeys(TOTALS, reply))
        assert project("diff", "--from", OLD, "--to", f"m-{number}").code in {1, 3}, reply[:40]


def test_a_reply_that_is_a_workflow_command_stays_within_its_line(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, dict.fromkeys(TOTALS, "a\n::error::owned\n::set-output name=x::y"))
    said = project("diff", "--all")
    assert not any(line.startswith("::") for line in said.out.splitlines())
