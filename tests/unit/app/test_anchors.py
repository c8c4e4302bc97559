"""`no_worse` bars stay on the first accepted baseline: a drop is never accepted away, step by step or at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from rebaseline.app.accepting import Acceptance, accept_model
from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.importing import import_replies
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.domain.verdict import Failing, Holds, Transition

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SUITE = """\
suite: {{id: s, version: 1, kind: functional, owner: me}}
defaults: {{samples: 3}}
probes: [{probes}]
assertions: [{{id: x, claim: says yes, check: {{contains: "yes"}}, bar: {{no_worse: 0.1}}, controls: {{fails: [no]}}}}]
"""


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "rebaseline.toml").write_text('[system]\nname = "n"\n\n[targets.t]\ntype = "recorded"\n')
    (tmp_path / "probes" / "s").mkdir(parents=True)
    probes = ", ".join(f"{{id: p{number}, user: hello {number}}}" for number in range(30))
    (tmp_path / "probes" / "s" / "suite.yaml").write_text(SUITE.format(probes=probes))
    return open_workspace(tmp_path, {})


def bring(workspace, model, fails, day):
    """Import three rounds in which the first `fails` of 30 probes fail."""
    path = workspace.project.root / f"{model}.jsonl"
    lines = [
        {"probe": f"p{number}", "sample": sample, "response": "no" if number < fails else "yes"}
        for number in range(30)
        for sample in range(3)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    import_replies(workspace, path, suite_id="s", target_name=None, model=model, now=NOW + timedelta(days=day))


def accept(workspace, model, day):
    (file,) = accept_model(workspace, Acceptance(model, Actor("me"), "why", NOW + timedelta(days=day)))
    return file


def test_a_model_that_got_worse_is_accepted_as_failing_and_stays_so(workspace):
    bring(workspace, "m1", 0, 0)
    assert accept(workspace, "m1", 0).failing == ()
    bring(workspace, "m2", 10, 1)
    assert accept(workspace, "m2", 1).failing == ("x",)
    bring(workspace, "m3", 10, 2)
    diff = diff_models(workspace, DiffRequest(new="m3"))
    (comparison,) = diff.comparisons
    assert diff.old.name == "m2"
    assert isinstance(comparison.old.verdict, Failing)
    assert isinstance(comparison.new.verdict, Failing)
    assert comparison.transition is Transition.STILL_FAILING
    assert any("first accepted baseline, m1" in note for note in diff.notes)


def test_who_names_the_old_version_compares_with_it(workspace):
    for day, (model, fails) in enumerate((("m1", 0), ("m2", 10), ("m3", 10))):
        bring(workspace, model, fails, day)
        if model != "m3":
            accept(workspace, model, day)
    (comparison,) = diff_models(workspace, DiffRequest(old="m2", new="m3")).comparisons
    assert isinstance(comparison.new.verdict, Holds)
