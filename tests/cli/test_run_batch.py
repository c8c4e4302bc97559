"""`run --batch`: submitted once, collected by whichever run comes, at the price of batches."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.support.dialect import SECRET
from tests.support.project import PROJECT, Project
from tests.support.wire import WireServer
from tests.support.wire_anthropic import MESSAGES
from tests.support.wire_batches import AnthropicBatchServer, OpenAIBatchServer
from tests.support.wire_openai import CHAT

SUITE = """
suite: {id: desk, version: 1, kind: functional, owner: desk, layers: [model]}
defaults: {samples: 2, parameters: {max_tokens: 64}}
probes:
  - {id: a, user: "one"}
  - {id: b, user: "two"}
  - {id: c, user: "three"}
  - id: d
    turns: [{user: "four"}, {user: "five"}]
assertions:
  - id: polite
    claim: It is polite.
    check: {contains: please}
    bar: {at_least: 0.8}
    controls: {passes: [please], fails: ["no"]}
"""

TARGETS = {
    "openai": 'type = "openai"\napi = "chat"\nbase_url = "{url}/v1"\nmodel = "alias"\napi_key_env = "RB_KEY"',
    "anthropic": 'type = "anthropic"\nbase_url = "{url}"\nmodel = "alias"\napi_key_env = "RB_KEY"',
}
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}


class Provider:
    """A vendor that answers one by one, and in batches."""

    def __init__(self, vendor: str, outcome=None) -> None:
        self.vendor = vendor
        self.dialect, make = {
            "openai": (CHAT, OpenAIBatchServer),
            "anthropic": (MESSAGES, AnthropicBatchServer),
        }[vendor]
        self.batches = make(
            self.dialect, outcome or (lambda seen: self.dialect.answer(f"please {seen.turns[-1].text}"))
        )
        self.live: list[str] = []
        hold = self.batches.hold

        def held_now(requests, **members):
            batch = hold(requests, **members)
            batch.created_at = datetime.now(UTC)
            return batch

        self.batches.hold = held_now

    def polite(self, seen):
        return self.dialect.answer(f"please {seen.turns[-1].text}")

    def __call__(self, received):
        if received.path.split("?")[0] == PATHS[self.vendor]:
            seen = self.dialect.seen(received)
            self.live.append(seen.turns[-1].text)
            return self.batches.outcome(seen)
        return self.batches(received)

    @property
    def submitted(self) -> int:
        return sum(len(batch.requests) for batch in self.batches.batches.values())


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def desk(project, monkeypatch) -> Project:
    monkeypatch.setenv("RB_KEY", SECRET)
    monkeypatch.setattr("rebaseline.app.running.asyncio", SimpleNamespace(run=asyncio.run, sleep=_at_once))
    project.suite(SUITE)
    return project


def aim(project: Project, vendor: str, url: str) -> None:
    target = TARGETS[vendor].format(url=url)
    priced = f"{target}\nprice = {{ input = 1000.0, output = 1000.0 }}"
    project.write("rebaseline.toml", PROJECT.replace('type = "recorded"', priced))


@pytest.fixture(params=["openai", "anthropic"])
def vendor(request) -> str:
    return request.param


def test_what_needs_one_call_goes_into_a_batch_and_the_rest_is_asked_live(desk, vendor):
    provider = Provider(vendor)
    provider.batches.polls = 2
    with WireServer(provider) as server:
        aim(desk, vendor, server.root_url)
        said = desk("run", "--batch")
        again = desk("run", "--batch")
    assert said.code == again.code == 0, said.err
    assert "8 answered" in said.out
    assert "5 requests submitted in batches" in said.out  # the first asking is live: it shows who answers
    assert "take several calls" in said.out
    assert provider.submitted == 5
    assert sorted(provider.live) == ["five", "five", "four", "four", "one", "one"]
    kept = desk("export", "--suite", "desk", "--model", "model-1").out.splitlines()
    assert sorted(json.loads(line)["response"] for line in kept) == sorted(
        f"please {text}" for text in ("one", "two", "three", "five") for _ in range(2)
    )


def test_a_batch_that_was_left_is_collected_by_a_later_run_and_asked_by_no_other(desk, vendor):
    provider = Provider(vendor)
    provider.batches.polls = 1
    with WireServer(provider) as server:
        aim(desk, vendor, server.root_url)
        left = desk("run", "--batch", "--no-wait")
        plain = desk("run")
        asked = list(provider.live)
        done = desk("run", "--batch")
    assert left.code == plain.code == done.code == 0, left.err
    assert "open: batch batch_0 of 5 requests" in left.out
    assert "5 replies awaited from an open batch: `rebaseline run --batch` collects" in plain.out
    assert set(asked) - {"one", "four", "five"} == set()
    assert provider.submitted == 5
    assert "open:" not in done.out


def test_what_expired_is_submitted_again_and_what_is_rejected_is_explained_live(desk, vendor):
    def outcome(seen):
        text = seen.turns[-1].text
        if text == "two" and len(provider.batches.batches) == 1:
            return "expired"
        if text == "three":
            return provider.dialect.error(400)
        return provider.dialect.answer(f"please {text}")

    provider = Provider(vendor, outcome)
    with WireServer(provider) as server:
        aim(desk, vendor, server.root_url)
        said = desk("run", "--batch")
    assert said.code == 0, said.err
    assert "6 answered, 2 rejected" in said.out
    assert "because of messages" in said.out
    assert "expired" in said.out
    assert "three" in provider.live


def test_replies_of_a_batch_cost_half(desk, vendor):
    provider = Provider(vendor)
    with WireServer(provider) as server:
        aim(desk, vendor, server.root_url)
        desk.suite(SUITE.split("  - id: d", maxsplit=1)[0] + SUITE[SUITE.index("assertions:") :])
        batch = desk("run", "--batch")
    assert batch.code == 0, batch.err
    # 15 tokens a reply at .001 dollars: one live, five at half of it
    assert "$0.05" in batch.out


def test_the_bound_in_dollars_holds_over_what_is_out_and_what_is_asked_live(desk):
    provider = Provider("openai")
    provider.batches.polls = 1
    with WireServer(provider) as server:
        aim(desk, "openai", server.root_url)
        said = desk("run", "--batch", "--no-wait", "--max-usd", "0.45")
    assert "the bound on cost was reached" in said.out
    assert 0 < provider.submitted < 5
    assert provider.live == ["one"]


@pytest.mark.parametrize(
    ("arguments", "words"), [(("--no-wait",), "--batch"), (("--batch", "--until-settled"), "--until-settled")]
)
def test_2_options_that_do_not_go_together(desk, arguments, words):
    aim(desk, "openai", "http://127.0.0.1:9")
    said = desk("run", *arguments)
    assert said.code == 2
    assert words in said.err


def test_2_a_target_without_batches(desk):
    desk.write("rebaseline.toml", PROJECT.replace('type = "recorded"', 'type = "python"\nfunction = "app:answer"'))
    desk.write("app.py", "def answer(question):\n    return 'please'\n")
    said = desk("run", "--batch")
    assert said.code == 2
    assert "cannot be asked in batches" in said.err
