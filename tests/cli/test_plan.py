"""`plan`: what it says of a run is what the run then does; it asks nobody, and needs no key."""

from __future__ import annotations

import jsonschema
import pytest
from tests.support.project import NEW, OLD, PROJECT, SUITE, TOTALS, Project, replies_of
from tests.support.wire import WireServer
from tests.support.wire_openai import completion

from rebaseline.app.schemas import schema_of

TURNS = """
suite: {id: talk, version: 1, kind: functional, owner: desk, layers: [model]}
probes:
  - {id: short, user: hello}
  - id: long
    samples: 2
    turns: [{user: one}, {user: two}, {assistant: aside}, {user: three}]
assertions:
  - id: answers
    claim: It answers.
    check: {contains: x}
    bar: {at_least: 0.5}
    controls: {passes: [x], fails: [y]}
"""


@pytest.fixture
def asking(project, monkeypatch) -> Project:
    """Five invoices, asked twice each, of a server that is not there unless a test starts one."""
    monkeypatch.delenv("RB_KEY", raising=False)
    few = list(TOTALS)[:5]
    project.write("probes/invoices/rows.csv", "id,text,reference\n" + "".join(f"{p},it,{TOTALS[p]}\n" for p in few))
    project.suite(SUITE.replace("each: rows.csv", "each: rows.csv\n  samples: 2\n  parameters: {max_tokens: 50}"))
    aim(project, "http://127.0.0.1:9/v1")
    return project


def aim(project: Project, url: str, *more: str, key: str = "") -> None:
    settings = ['type = "openai-compatible"', f'base_url = "{url}"', 'model = "alias"', key, *more]
    project.write("rebaseline.toml", PROJECT.replace('type = "recorded"', "\n".join(settings)))


def asked(project: Project, *more: str, model: str = "m-1") -> int:
    """Run against a server that answers 10 tokens to 100; return the calls it saw."""
    reply = completion('{"total": 7}', model=model, usage=(100, 10))
    with WireServer(lambda _: reply) as server:
        aim(project, server.base_url, *more)
        assert project("run").code == 0
    return len(server.received)


def planned(project: Project, *arguments: str):
    said = project("plan", "--json", *arguments)
    assert said.code == 0
    jsonschema.validate(said.document, schema_of("plan"))
    return said.document


def test_nothing_is_asked_no_key_is_needed_and_a_model_that_was_never_asked_is_fine(asking):
    aim(asking, "http://127.0.0.1:9/v1", key='api_key_env = "RB_KEY"')
    said = asking("plan")
    assert said.code == 0
    assert "nothing was asked" in said.out
    assert "10 now: 10 replies planned" in said.line("calls")
    assert "unknown (set price in [targets.app])" in said.line("cost")
    assert "rough" in said.out
    assert "Nobody has answered yet." in said.out
    assert "assumed:" in said.line("invoices/total-right")


def test_a_run_makes_the_calls_that_were_planned_when_nothing_is_stored(asking):
    asking.suite(TURNS, "talk")
    calls = planned(asking)["demand"]["calls"]
    assert calls == 5 * 2 + 1 * 30 + 2 * 2  # `long` is answered twice in each asking; `short` has 60 / 2 samples
    assert asked(asking) == calls


def test_a_run_makes_the_calls_that_were_planned_when_all_is_stored(asking):
    asked(asking)
    said = asking("plan")
    assert "1 now: 10 replies planned, 10 of them stored and not asked again, 1 more to learn who answers" in said.out
    assert "As if m-1 still answers: it answered last." in said.out
    assert planned(asking)["demand"]["calls"] == asked(asking) == 1


def test_a_run_makes_the_calls_that_were_planned_when_a_probe_was_reworded_or_replies_are_old(asking):
    asked(asking)
    rows = (asking.root / "probes" / "invoices" / "rows.csv").read_text().replace("inv-03,it", "inv-03,that")
    asking.write("probes/invoices/rows.csv", rows)
    assert planned(asking)["demand"]["calls"] == asked(asking) == 1 + 2


def test_a_run_makes_the_calls_that_were_planned_when_replies_are_too_old(asking):
    asked(asking)
    assert planned(asking)["demand"]["calls"] == 1
    none = '\n[run]\nreuse_within = "0s"'
    aim(asking, "http://127.0.0.1:9/v1", none)
    assert planned(asking)["demand"]["calls"] == asked(asking, none) == 1 + 10


def test_what_stored_replies_took_is_what_the_next_take(asking):
    price = "price = { input = 3.0, output = 20.0, batch = 0.5 }"
    asked(asking, price)
    aim(asking, "http://127.0.0.1:9/v1", price, '\n[run]\nreuse_within = "0s"')
    demand = planned(asking)["demand"]
    assert (demand["calls"], demand["input_tokens"], demand["output_tokens"]) == (11, 1100, 110)
    assert demand["grades"] == {"measured": 11}
    assert demand["usd"] == pytest.approx((1100 * 3 + 110 * 20) / 1e6)
    assert demand["most_output_tokens"] == 11 * 50
    assert demand["most_usd"] == pytest.approx((demand["most_input_tokens"] * 3 + 550 * 20) / 1e6)
    assert "under $0.01; at most" in asking("plan").line("cost")
    halved = planned(asking, "--batch")["demand"]
    assert halved["batched"] == 10  # the first is asked live: it tells who answers
    assert halved["usd"] == pytest.approx(demand["usd"] * (1 + 10 * 0.5) / 11)
    assert "about" in asking("plan").line("time")


def test_a_cost_without_replies_is_unknown_but_bounded_where_requests_name_a_limit(asking):
    aim(asking, "http://127.0.0.1:9/v1", "price = { input = 1000.0, output = 1000.0 }")
    demand = planned(asking)["demand"]
    assert demand["usd"] is None
    assert demand["most_usd"] > 0.5  # 500 tokens of output alone
    assert "unknown until replies are stored; at most $" in asking("plan").line("cost")
    asking.suite(SUITE.replace("each: rows.csv", "each: rows.csv\n  samples: 2"))
    assert planned(asking)["demand"]["most_usd"] is None
    assert "no bound: some request names no output limit" in asking("plan").line("cost")


def test_probes_of_several_calls_go_through_no_batch(asking):
    asking.suite(TURNS, "talk")
    document = planned(asking, "talk", "--batch")
    assert document["demand"]["batched"] == 29  # those of `short`, but for the first
    assert document["demand"]["calls"] == 34


def test_the_bound_on_calls_is_held_against_the_plan(asking):
    assert "max_calls 3 ends the run early" in asking("plan", "--max-calls", "3").out
    assert "ends the run early" not in asking("plan", "--max-calls", "10").out


def test_the_bound_on_the_cost_is_held_against_the_plan(asking):
    bound = '\n[run]\nmax_usd = 0.00001\nreuse_within = "0s"'
    price = "price = { input = 3.0, output = 20.0 }"
    aim(asking, "http://127.0.0.1:9/v1", bound)
    assert "max_usd under $0.01 cannot be kept without a price" in asking("plan").out
    asked(asking, price)
    aim(asking, "http://127.0.0.1:9/v1", price, bound)
    assert "is less than this is expected to cost" in asking("plan").out


def test_chances_rest_on_the_newest_replies_and_then_on_the_accepted_baseline(project):
    wrong = dict.fromkeys(list(TOTALS)[:6], '{"total": 0}')
    project.bring(OLD, replies_of())
    project.bring(NEW, {**replies_of(), **wrong})
    (stored,) = planned(project)["assertions"]
    assert (stored["basis"], stored["seen"]["model"], stored["chances"][0]["rate"]) == ("stored", NEW, 0.9)
    assert stored["weak"]
    assert stored["help"]["kind"] == "no number"
    assert project.accept(OLD).code == 0
    (accepted,) = planned(project)["assertions"]
    assert (accepted["basis"], accepted["seen"]["model"], accepted["chances"][0]["rate"]) == ("baseline", OLD, 1.0)
    assert accepted["chance"] == 1.0
    project.without_store()
    assert planned(project)["assertions"] == [accepted]


def test_an_imported_target_is_planned_as_it_was_imported(project):
    project.bring(OLD, {probe: [text] * 2 for probe, text in replies_of().items()})
    said = project("plan")
    assert said.code == 0
    assert "none: its replies are imported" in said.out
    assert "60 probes x 2, at 1.0 in 120 replies" in said.line("invoices/total-right")


def test_pairs_without_a_baseline_are_assumed_and_a_weak_bar_says_what_would_help(project):
    bar = "bar: {no_worse: 0.02}"
    project.suite(SUITE.replace("bar: {at_least: 0.9}", bar))
    said = project("plan")
    assert "no worse by .02, 60 probes x 1, assumed:" in said.out
    assert "Chance of Holds for a model that did not change: 1 of 1 under .80" in said.out
    assert "it would take more than 1,000 replies" in said.out


def test_2_what_is_wrong_with_the_project_or_the_request(asking):
    assert asking("plan", "nosuch").code == 2
    assert asking("plan", "--target", "nosuch").code == 2
    asking.write("rebaseline.toml", PROJECT.replace('type = "recorded"', 'type = "replay"\nfile = "r.jsonl"'))
    said = asking("plan", "--batch")
    assert said.code == 2
    assert "cannot be asked in batches" in said.err
    aim(asking, "http://127.0.0.1:9/v1", "parameters = { seed = 1 }")
    said = asking("plan")
    assert said.code == 2
    assert "copies count once" in said.err


def test_what_a_server_calls_itself_is_printable(asking):
    asked(asking, model="m\x1b[2J\u202e")
    said = asking("plan")
    assert said.code == 0
    assert "As if m[2J still answers" in said.out
