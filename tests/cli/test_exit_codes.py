"""Each documented exit code is reached; where several would do, the first of the precedence is."""

from __future__ import annotations

import pytest
from tests.support.project import NEW, OLD, PROJECT, SUITE, TOTALS, Project, replies_of

WRONG = '{{"total": 1{0}}}'
FENCED = '```json\n{{"total": {0}}}\n```'


def policy(project: Project, *words: str) -> None:
    block = ", ".join(f'"{word}"' for word in words)
    project.write("rebaseline.toml", f"{PROJECT}\n[policy.production]\nblock = [{block}]\n")


def second_suite(project: Project) -> None:
    project.suite(SUITE.replace("id: invoices", "id: receipts"), "receipts")
    project.write("probes/receipts/rows.csv", (project.root / "probes/invoices/rows.csv").read_bytes())


def unanswered(project: Project, status: int, *, model: str = NEW, suite: str = "invoices") -> None:
    error = {"status": status, "message": "\x1b[31mno\u202e"}
    lines = [{"probe": probe, "response": None, "error": error, "served_model": model} for probe in TOTALS]
    path = project.lines(f"no-{suite}.jsonl", lines)
    assert project("import", str(path), "--suite", suite, "--model", model).code == 0


def test_0_nothing_blocks(asked):
    assert asked("diff").code == 0


def test_1_failing(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(WRONG))
    said = project("diff")
    assert said.code == 1
    assert said.out.endswith("exit 1 (1 failing)\n")


def test_3_invalid(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    said = project("diff")
    assert said.code == 3
    assert "? Does what reads this reply undo a fence?" in said.out


@pytest.mark.parametrize(("block", "code"), [(["failing"], 0), (["failing", "inconclusive"], 4)])
def test_4_inconclusive_where_the_policy_blocks_on_it(project, block, code):
    policy(project, *block)
    second_suite(project)  # it holds: where nothing at all is settled, no policy makes it green
    for model in (OLD, NEW):
        project.bring(model, replies_of(), suite="receipts")
    project.bring(OLD, replies_of())
    right, wrong = replies_of(), replies_of(WRONG)
    project.bring(NEW, {probe: (wrong if probe in {"inv-03", "inv-09", "inv-27"} else right)[probe] for probe in right})
    said = project("diff")
    assert said.code == code
    assert "UNSETTLED" in said.out


def test_5_unmeasured(project):
    project.bring(OLD, replies_of())
    unanswered(project, 503)
    said = project("diff", "--from", OLD, "--to", NEW)
    assert said.code == 5
    assert "nothing was measured" in said.out


@pytest.mark.parametrize("arguments", [["diff"], ["diff", "--from", "model-5"]])
def test_6_no_baseline(project, arguments):
    project.bring(NEW, replies_of())
    assert project(*arguments).code == 6


@pytest.mark.parametrize(
    "command", [["score"], ["export", "--suite", "invoices"], ["accept", "--as", "a", "--reason", "b"]]
)
def test_6_nothing_of_the_model_is_stored(asked, command):
    said = asked(*command, "--model", "model-6")
    assert said.code == 6
    assert f"did you mean '{NEW}'?" in said.err or f"did you mean '{OLD}'?" in said.err


def test_7_the_model_is_retired(project):
    project.bring(OLD, replies_of())
    unanswered(project, 404)
    said = project("diff", "--from", OLD, "--to", NEW)
    assert said.code == 7
    assert "no such model" in said.out


def test_2_goes_before_all_others(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(WRONG))
    project.suite(SUITE.replace("json_path", "jsonpath"))
    assert project("diff").code == 2


def test_5_goes_before_1(project):
    second_suite(project)
    for suite in ("invoices", "receipts"):
        project.bring(OLD, replies_of(), suite=suite)
    project.bring(NEW, replies_of(WRONG))
    unanswered(project, 503, suite="receipts")
    said = project("diff", "--from", OLD, "--to", NEW)
    assert said.code == 5
    assert "also 1: 1 failing" in said.out


def test_7_goes_before_1(project):
    second_suite(project)
    for suite in ("invoices", "receipts"):
        project.bring(OLD, replies_of(), suite=suite)
    project.bring(NEW, replies_of(WRONG))
    unanswered(project, 404, suite="receipts")
    said = project("diff", "--from", OLD, "--to", NEW)
    assert said.code == 7
    assert "also 1: 1 failing" in said.out


def test_6_goes_before_1_and_1_before_3(project):
    second_suite(project)
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(WRONG))
    project.bring(NEW, replies_of(FENCED), suite="receipts")
    said = project("diff")
    assert said.code == 6
    assert "also 1: 1 failing; also 3: 1 invalid" in said.out
    policy(project, "failing", "invalid")
    assert project("diff").code == 1


@pytest.mark.parametrize("status", [503, 404])
def test_nothing_measured_is_never_green_whatever_the_policy(project, status):
    policy(project)
    project.bring(OLD, replies_of())
    unanswered(project, status)
    assert project("diff", "--from", OLD, "--to", NEW).code == {503: 5, 404: 7}[status]


def test_a_single_reply_is_no_measurement(project):
    policy(project)
    project.bring(OLD, replies_of())
    project.bring(NEW, {"inv-00": '{"total": 7}'})
    assert project("diff").code == 4


def test_a_suite_that_was_not_asked_is_unmeasured_not_left_out(project):
    second_suite(project)
    for suite in ("invoices", "receipts"):
        project.bring(OLD, replies_of(), suite=suite)
    project.bring(NEW, replies_of())
    said = project("diff", "--from", OLD, "--to", NEW)
    assert said.code == 5
    assert "1 of 2 survived, 1 more may" in said.out
    assert "receipts: no reply of model-6.2 to its probes is stored: unmeasured" in said.out
    assert project("diff", "invoices", "--from", OLD, "--to", NEW).code == 0


def test_a_suite_that_neither_model_met_is_named_and_left_out(asked):
    second_suite(asked)
    said = asked("diff")
    assert said.code == 0
    assert "left out, since no reply of model-6.2 is stored: receipts" in said.out


def test_rewording_every_probe_leaves_no_baseline_to_hold_against(asked):
    asked.accept(OLD)
    asked.suite(SUITE.replace("Return JSON", "Give JSON"))
    asked.bring(NEW, replies_of())
    said = asked("diff", "--to", NEW)
    assert said.code == 6
    assert "1 without a baseline" in said.out
    assert "NO BASELINE  new, or asked otherwise before" in said.out
    assert said.line("invoices/total-right").endswith("holds on the new version")
    assert f"invoices: 60 replies of {OLD} answer an older wording of their probe; left out" in said.out


def test_replies_to_an_older_wording_are_named_when_nothing_else_is_there(asked):
    asked.suite(SUITE.replace("Return JSON", "Give JSON"))
    for command in (["diff", "--from", OLD, "--to", NEW], ["score", "--model", NEW]):
        said = asked(*command)
        assert said.code in {2, 6}
        assert "60 replies answer an older wording" in said.err
