"""`run` with early stop, with a bound in dollars, and on an application that says which build answered."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from types import SimpleNamespace

import pytest
from tests.support.project import PROJECT, Project
from tests.support.wire import WireReply, WireServer
from tests.support.wire_openai import completion

SUITE = """
suite: {id: desk, version: 1, kind: functional, owner: desk, layers: [model]}
defaults: {samples: 4}
probes:
  each: rows.csv
  user: "{{ text }}"
assertions:
  - id: polite
    claim: It is polite.
    on: kind
    check: {contains: please}
    bar: {at_least: 0.8}
    controls: {passes: [please], fails: ["no"]}
  - id: short
    claim: It answers.
    on: plain
    check: {contains: "yes"}
    bar: {at_least: 0.5}
    controls: {passes: ["yes"], fails: ["no"]}
"""


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def desk(project, monkeypatch) -> Project:
    """Two arms of twenty probes, four samples planned."""
    monkeypatch.setattr("rebaseline.app.running.asyncio", SimpleNamespace(run=asyncio.run, sleep=_at_once))
    arms = [("kind", number) for number in range(20)] + [("plain", number) for number in range(20)]
    rows = "".join(f"{arm}-{number},{arm} {number},{arm}\n" for arm, number in arms)
    project.write("probes/invoices/rows.csv", "id,text,arm\n" + rows)
    text = SUITE.replace("  each: rows.csv", "  each: rows.csv\n  tags: ['{{ arm }}']")
    project.suite(text)
    return project


def aim(project: Project, url: str, extra: str = "") -> None:
    target = f'type = "openai-compatible"\nbase_url = "{url}"\nmodel = "assistant"\n{extra}'
    project.write("rebaseline.toml", PROJECT.replace('type = "recorded"', target))


def clear_cut(received) -> WireReply:
    return completion("yes please")


def hard(received) -> WireReply:
    """Answer the kind arm at its bar, so that it never settles, and the plain one rightly."""
    polite = received.number % 5 != 0
    return completion("please" if polite else "hm") if received.prompt.startswith("kind") else completion("yes")


def test_it_stops_as_soon_as_every_verdict_stands(desk):
    with WireServer(clear_cut) as server:
        aim(desk, server.base_url)
        said = desk("run", "--until-settled")
        early = len(server.received)
        again = desk("run", "--until-settled")
        rest = len(server.received) - early
    assert said.code == again.code == 0
    assert "2 of 2 assertions settled" in said.out
    assert 40 <= early < 160
    assert rest == 1  # who answers today


def test_what_is_settled_is_not_asked_further_and_what_is_not_goes_on_to_its_bound(desk):
    with WireServer(hard) as server:
        aim(desk, server.base_url)
        said = desk("run", "--until-settled", "--most-replies", "120")
        kinds = [received.prompt.split()[0] for received in server.received]
    assert "1 of 2 assertions settled" in said.out
    assert kinds.count("kind") == 120
    assert kinds.count("plain") < 80


def test_a_probe_that_was_reworded_after_an_early_stop_is_asked(desk):
    with WireServer(hard) as server:
        aim(desk, server.base_url)
        desk("run", "--until-settled", "--most-replies", "120")
        rows = desk.root / "probes/invoices/rows.csv"
        rows.write_text(rows.read_text().replace("plain ", "plainly "))
        before = len(server.received)
        said = desk("run", "--until-settled", "--most-replies", "120")
        kinds = [received.prompt.split()[0] for received in server.received[before:]]
    assert "1 of 2 assertions settled" in said.out
    assert kinds.count("plainly") >= 20
    assert kinds.count("kind") == 1  # who answers today


def test_replies_that_are_too_old_to_speak_for_today_are_followed_by_new_ones(desk):
    with WireServer(clear_cut) as server:
        aim(desk, server.base_url)
        desk("run", "--until-settled")
        settings = desk.root / "rebaseline.toml"
        settings.write_text(settings.read_text() + '[run]\nreuse_within = "0s"\n')
        desk("run")
        before = len(server.received)
        said = desk("run", "--until-settled")
    assert said.code == 0
    assert len(server.received) - before == 1 + 40


def test_a_plain_run_completes_what_an_early_stop_left_and_asks_nothing_beyond_the_plan(desk):
    with WireServer(clear_cut) as server:
        aim(desk, server.base_url)
        desk("run", "--until-settled")
        said = desk("run")
        asked = len(server.received)
        beyond = desk("run", "--until-settled", "--most-replies", "200")
        desk("run")
    assert said.code == beyond.code == 0
    assert asked == 160 + 1
    assert len(server.received) == asked + 2


def test_copies_are_not_asked_for(desk):
    with WireServer(clear_cut) as server:
        aim(desk, server.base_url, "parameters = { seed = 7 }")
        desk.suite((desk.root / "probes/invoices/suite.yaml").read_text().replace("samples: 4", "samples: 1"))
        assert desk("run").code == 0
        said = desk("run", "--until-settled")
    assert said.code == 2
    assert "seed" in said.err


def test_the_bound_in_dollars_holds_over_all_and_the_rest_is_asked_later(desk):
    with WireServer(lambda _: completion("yes please", usage=(10, 5))) as server:
        aim(desk, server.base_url, "price = { input = 1000.0, output = 1000.0 }\nparameters = { max_tokens = 20 }")
        said = desk("run", "--max-usd", "0.9")
        first = len(server.received)
        rest = desk("run")
    assert said.code == 0
    assert "the bound on cost was reached" in said.out
    assert 0 < first * 0.015 <= 0.9  # 15 tokens a reply, at .001 dollars
    assert first < 160
    assert rest.code == 0
    assert len(server.received) == 160 + 1


def test_2_a_bound_in_dollars_without_a_price(desk):
    aim(desk, "http://127.0.0.1:9/v1")
    said = desk("run", "--max-usd", "1")
    assert said.code == 2
    assert "price" in said.err


APPLICATION = """
type = "http"
url = "{url}"
read = {{ reply = "$.answer" }}
identity = {{ build = "$.build" }}
"""


def test_an_early_stop_ends_where_the_application_changes(desk):
    number = count()

    def reply(received) -> WireReply:
        index = next(number)
        polite = "please" if index % 5 else "hm"
        return WireReply(json.dumps({"answer": f"yes {polite}", "build": "b1" if index < 100 else "b2"}).encode())

    with WireServer(reply) as server:
        desk.write("rebaseline.toml", PROJECT.replace('type = "recorded"', APPLICATION.format(url=server.base_url)))
        said = desk("run", "--until-settled")
    assert "the application changed in mid-run" in said.out
    assert len(server.received) < 160


def test_each_state_of_an_application_is_kept_apart(desk):
    number = count()
    moved = 100

    def reply(received) -> WireReply:
        build = "b1" if next(number) < moved else "b2"
        return WireReply(json.dumps({"answer": "yes please", "build": build}).encode())

    with WireServer(reply) as server:
        desk.write(
            "rebaseline.toml",
            PROJECT.replace('type = "recorded"', APPLICATION.format(url=server.base_url)),
        )
        said = desk("run")
        again = desk("run")
        asked = len(server.received)
    assert said.code == again.code == 0
    assert "application: build b1" in said.out
    assert "the application changed in mid-run" in said.out
    assert "application: build b2" in again.out
    assert "mid-run" not in again.out
    assert asked == 160 + 1 + moved - 1 + 1 - 1  # the first build's cells are asked of the second one
    score = desk("score", "--model", "app")
    assert score.code == 0
    assert "160" in score.out
