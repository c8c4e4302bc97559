"""What a second import does: the same file nothing, another reply in the same place a word."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rebaseline.app.exporting import export_replies
from rebaseline.app.importing import import_replies
from rebaseline.app.workspace import open_workspace

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SUITE = """\
suite: {id: s, version: 1, kind: functional, owner: me}
defaults: {samples: 2}
probes: [{id: a, user: hello}]
assertions: [{id: x, claim: says yes, check: {contains: "yes"}}]
"""


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "rebaseline.toml").write_text('[system]\nname = "n"\n\n[targets.t]\ntype = "recorded"\n')
    (tmp_path / "probes" / "s").mkdir(parents=True)
    (tmp_path / "probes" / "s" / "suite.yaml").write_text(SUITE)
    return open_workspace(tmp_path, {})


def bring(workspace, name, *lines, model="m"):
    path = workspace.project.root / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return import_replies(workspace, path, suite_id="s", target_name=None, model=model, now=NOW)


def test_another_reply_in_the_same_place_is_counted_and_not_stored(workspace):
    bring(workspace, "one.jsonl", {"probe": "a", "response": "yes"})
    again = bring(
        workspace, "two.jsonl", {"probe": "a", "response": "no"}, {"probe": "a", "sample": 1, "response": "yes"}
    )
    assert (again.stored, again.known, again.differing) == (1, 1, 1)
    with workspace.open_store() as store:
        assert [record.attempt.reply.text for record in store.attempts("s", "t", "m")] == ["yes", "yes"]


def test_the_same_file_says_nothing_new(workspace):
    lines = [{"probe": "a", "response": "yes"}, {"probe": "a", "response": "no"}]
    bring(workspace, "one.jsonl", *lines)
    again = bring(workspace, "one.jsonl", *lines)
    assert (again.stored, again.known, again.differing) == (0, 2, 0)


def test_what_was_exported_is_known_when_it_comes_back_under_any_name(workspace):
    """The line says who answered; --model is for lines that do not."""
    bring(workspace, "one.jsonl", {"probe": "a", "response": "yes", "served_model": "m-1"})
    lines = [json.loads(line) for line in export_replies(workspace, "m-1", suite_id="s")]
    again = bring(workspace, "back.jsonl", *lines, model="another")
    assert (again.stored, again.known, again.differing) == (0, 1, 0)
    with workspace.open_store() as store:
        assert [holding.model.served for holding in store.holdings()] == ["m-1"]
