"""`run` on targets that are no vendor's model, set up as the document says."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from tests.support.project import PROJECT, SUITE, TOTALS
from tests.support.wire import WireReply, WireServer

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "targets.md").read_text(encoding="utf-8")
FEW = dict(list(TOTALS.items())[:5])
SECRET = "canary-token-4417"


def example(section: str, language: str) -> str:
    """The first block of a language in a section of the document."""
    text = DOCUMENT.partition(f"\n## `{section}`\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[0]


@pytest.fixture
def asking(project, monkeypatch):
    """Five probes, asked once."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    rows = "".join(f"{probe},invoice {probe},{total}\n" for probe, total in FEW.items())
    project.write("probes/invoices/rows.csv", "id,text,reference\n" + rows)
    project.suite(SUITE.replace("each: rows.csv", "each: rows.csv\n  samples: 1"))
    return project


def aim(project, target: str) -> None:
    project.write("rebaseline.toml", PROJECT.partition("[targets.app]")[0] + target)


def test_an_endpoint_is_asked_as_documented(asking):
    reply = json.loads(example("http", "json"))
    asking.write("give.py", f"print('{SECRET}')")
    with WireServer(lambda _: WireReply(json.dumps(reply).encode())) as server:
        target = example("http", "toml").replace("https://claims.bank.example", server.root_url)
        aim(asking, target.replace('["bank-token", "claims"]', json.dumps([sys.executable, "give.py"])))
        said = asking("run")
    assert said.code == 0, said.both
    assert "5 answered; 5 calls\n  5 by gpt-6.2" in said.out
    assert {received.path for received in server.received} == {"/api/ask"}
    for received in server.received:
        assert received.headers["authorization"] == f"Bearer {SECRET}"
        assert received.headers["x-tenant"] == "quality"
        question = received.body["question"]
        assert question.startswith("Return JSON with key total.\ninvoice inv-")
        assert received.body["history"] == [{"role": "user", "content": question}]
        assert received.body["options"] == {"source": "rebaseline", "depth": 3}
    kept = [path for path in asking.root.rglob("*") if path.is_file() and path.name != "give.py"]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_a_function_is_asked_as_documented(asking):
    asking.write("claims_app/__init__.py", "")
    asking.write("claims_app/evaluate.py", example("python", "python"))
    aim(asking, example("python", "toml"))
    said = asking("run")
    assert said.code == 0, said.both
    assert "5 answered; 5 calls\n  5 by rules-7" in said.out


def test_a_file_is_replayed_as_documented_and_what_it_lacks_is_asked_once(asking):
    line = json.loads(example("replay", "json"))
    recorded = [line | {"probe": probe, "response": f'{{"total": {total}}}'} for probe, total in FEW.items()]
    asking.lines("recordings/june.jsonl", recorded[:4])
    aim(asking, example("replay", "toml"))
    said = asking("run")
    assert "5 by" not in said.out
    assert "4 answered" in said.out
    assert "5 calls" in said.out
    assert said.code == 5
    asking.lines("recordings/june.jsonl", recorded)
    said = asking("run")
    assert said.code == 0, said.both
    assert "faulted" not in said.out
    assert asking("score", "--model", "model-6.1").code == 0


def test_a_template_that_would_lose_the_system_prompt_ends_the_run_before_anything_is_sent(asking):
    with WireServer(lambda _: WireReply(b'{"answer": "x"}')) as server:
        settings = f'type = "http"\nurl = "{server.root_url}"\nread = {{ reply = "$.answer" }}\nsystem = "Be brief."\n'
        aim(asking, f"[targets.app]\n{settings}")
        said = asking("run")
    assert said.code == 2
    assert "the system prompt of probe" in said.err
    assert "{{ system }}" in said.err
    assert server.received == []
