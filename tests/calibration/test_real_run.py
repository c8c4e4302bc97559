"""A real run stops where the simulation says: the calls that docs/proof.md counts are calls."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
from asked import Plan, ask, assertion_on
from calls import CAP, PLANNED, PROBES
from simulated_models import Model

from rebaseline.app.running import RunRequest, run_suites
from rebaseline.app.scoring import score_model
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.reading import Valued
from rebaseline.domain.suite import AtLeast
from rebaseline.domain.verdict import VerdictName

SEED = 20260103
BAR = 0.8
CLAIMS = {"clear": (1.0, 0.0), "close": (0.88, 0.0), "out": (0.2, 0.0), "low": (0.6, 0.0), "void": (0.95, 0.7)}
PROJECT = """
[system]
name = "simulated"

[targets.model]
type = "python"
function = "model:ask"
"""
FUNCTION = """
import json
from pathlib import Path

SAYS = json.loads((Path(__file__).parent / "says.json").read_text())

def ask(question):
    with (Path(__file__).parent / "asked.txt").open("a") as asked:
        asked.write(question.probe + "\\n")
    return {"reply": SAYS[question.probe][question.sample], "model": "model-1"}
"""


class Script:
    """A model that says what was written down beforehand."""

    def __init__(self, columns):
        self.columns = iter(columns)

    def round(self, _rng):
        return next(self.columns)


def suite():
    probes = [
        {"id": f"{claim}-{n}", "user": "?", "tags": [claim], "samples": 3} for claim in CLAIMS for n in range(PROBES)
    ]
    check = {"yes_no": "yes", "brackets": True}
    claims = [
        {"id": claim, "claim": "It says yes.", "on": claim, "check": check, "bar": {"at_least": BAR}}
        for claim in CLAIMS
    ]
    head = {"id": "it", "version": 1, "kind": "functional", "owner": "me", "layers": ["model"]}
    return json.dumps({"suite": head, "probes": probes, "assertions": claims})


def word(reading):
    return ("[Yes]" if reading.value else "[No]") if isinstance(reading, Valued) else "That is hard to say."


def test_a_run_until_settled_asks_as_often_as_the_simulation_and_says_the_same(tmp_path):
    rng = np.random.default_rng(SEED)
    plan = Plan(PROBES, PLANNED, most=CAP // PROBES, baseline=0)
    columns = {
        claim: [Model(np.full(PROBES, rate), (void, void)).round(rng) for _ in range(plan.most_rounds)]
        for claim, (rate, void) in CLAIMS.items()
    }
    expected = {
        claim: ask(rng, Script(column), assertion_on(AtLeast(BAR)), plan, None) for claim, column in columns.items()
    }
    says = {
        f"{claim}-{n}": [word(column[n]) for column in each] for claim, each in columns.items() for n in range(PROBES)
    }
    (tmp_path / "probes" / "it").mkdir(parents=True)
    for name, text in {
        "rebaseline.toml": PROJECT,
        "probes/it/suite.yaml": suite(),
        "model.py": FUNCTION,
        "says.json": json.dumps(says),
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    workspace = open_workspace(tmp_path, {})
    run_suites(workspace, RunRequest(until_settled=True, most_replies=CAP), lambda _: None)
    asked = Counter(line.rpartition("-")[0] for line in (tmp_path / "asked.txt").read_text("utf-8").split())
    assert asked == {claim: end.calls for claim, end in expected.items()}
    assert len(set(asked.values())) > 2
    (score,) = score_model(workspace, "model-1")
    given = {each.assertion.id: VerdictName.of(each.side.verdict) for each in score.scores}
    assert given == {claim: end.name for claim, end in expected.items()}
    assert len(set(given.values())) >= 3
