"""The screens of a made-up diff, held to the letter. `REBASELINE_GOLDEN=write pytest tests/golden` writes them anew."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from tests.golden.desk import SUITE, lay_out
from tests.support.project import NEW, OLD, Project, Said

from rebaseline.app.schemas import schema_of

_HERE = Path(__file__).parent
_SIDES = ("--from", OLD, "--to", NEW)


def _hold(name: str, said: Said) -> None:
    path = _HERE / name
    text = said.out + f"[exit {said.code}]\n"
    if os.environ.get("REBASELINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 110 or name.endswith(".json.txt")
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The folder of the desk with what both models said, stored once; the tests of it only read."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture
def laid_out(desk, capsys, monkeypatch) -> Project:
    project = Project(desk, capsys, monkeypatch)
    if not project.store.exists():
        lay_out(project)
    return project


def test_screen(laid_out):
    _hold("screen.txt", laid_out("diff", *_SIDES))


def test_plan(laid_out):
    _hold("plan.txt", laid_out("plan"))


@pytest.mark.parametrize(
    "assertion",
    ["keeps-code", "never-rude", "polite", "total-right", "rate-right", "eligible", "apologises", "names-branch"],
)
def test_why(laid_out, assertion):
    _hold(f"why-{assertion}.txt", laid_out("diff", *_SIDES, "--why", f"desk/{assertion}"))


def test_why_of_what_was_not_measured(laid_out):
    _hold("why-declines.txt", laid_out("diff", *_SIDES, "--why", "declines"))


def test_json(laid_out):
    said = laid_out("diff", *_SIDES, "--json")
    jsonschema.validate(said.document, schema_of("diff"))
    assert said.document["exit_code"] == said.code
    rounded = json.loads(said.out, parse_float=lambda text: float(f"{float(text):.6g}"))
    for assertion in rounded["assertions"]:
        for group in (assertion["account"] or {"replies": []})["replies"]:
            del group["replies"][2:]  # two show what each says; a list of sixty hides the rest
    _hold("diff.json.txt", replace(said, out=json.dumps(rounded, indent=1) + "\n"))


def test_score(laid_out):
    _hold("score.txt", laid_out("score", "--model", NEW))


def test_screen_of_a_baseline_whose_rules_moved(project, monkeypatch):
    """From the baseline alone: the store holds only new replies."""

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 6, 2, 9, tzinfo=UTC)

    lay_out(project, fraud=False)
    monkeypatch.setattr("rebaseline.cli.accept_command.datetime", Then)
    assert project.accept(OLD).code == 0
    replies = project("export", "--suite", "desk", "--model", NEW)
    project.without_store()
    path = project.write("new.jsonl", replies.out)
    project("import", str(path), "--suite", "desk", "--model", NEW)
    bar, whose = "    bar: {at_least: 0.9}\n", '    controls: {passes: ["I am sorry.'
    looser = SUITE.replace(bar + whose, bar.replace("0.9", "0.7") + whose)
    assert looser != SUITE
    project.suite(looser.replace("max_words: 30", "max_words: 20"), "desk")
    _hold("screen-from-baseline.txt", project("diff"))
