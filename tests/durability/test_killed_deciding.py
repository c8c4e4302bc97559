"""Killed at every step of what it writes, a decision leaves all of it or nothing, as the next command finds it."""

from __future__ import annotations

import json
import shutil
import signal
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.deciding import bring_both, tree
from tests.support.project import NEW, OLD, make_project

from rebaseline.review.ledger import ledger_folder, read_ledger
from rebaseline.store.baselines import load_baseline

pytestmark = pytest.mark.slow

ME = ("--as", "Ada Ruiz")
SOON = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
COMMANDS = {
    "accept": ("accept", "--model", NEW, "--reason", "signed off", *ME),
    "accept again": ("accept", "--model", OLD, "--reason", "once more", *ME),
    "repair": ("repair", "--assertion", "invoices/total", "--apply", "1", "--reason", "undone downstream", *ME),
    "retire": ("retire", "invoices/thanks", "--reason", "nobody reads it", *ME),
    "waive": ("waive", "invoices/polite", "--owner", "o", "--until", SOON, "--reason", "r", *ME),
}


@pytest.fixture
def both(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    root = tmp_path / "project"
    root.mkdir()
    project = bring_both(make_project(root, capsys, monkeypatch))
    project.write(
        "rebaseline.toml", (root / "rebaseline.toml").read_text() + "[policy.production]\nmax_waiver_days = 3650\n"
    )
    return project


def state(project):
    """What is accepted, apart from when it was: suites, baselines and ledger entries, each read whole."""
    root = project.root
    ledger = read_ledger(ledger_folder(root / "baselines"))
    assert not ledger.flaws
    assert len(ledger.heads) == 1
    baselines = {
        path.name: [
            load_baseline(path).reason,
            {name: it.verdict for name, it in load_baseline(path).assertions.items()},
        ]
        for path in sorted((root / "baselines" / "invoices" / "app").glob("*.json"))
    }
    suite = (root / "probes/invoices/suite.yaml").read_text()
    names = sorted(path for path in tree(project) if not path.startswith("baselines/ledger/") and "said-" not in path)
    return json.dumps([suite, baselines, sorted(it.entry.action for it in ledger.records.values()), names])


@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_any_step_all_of_it_is_there_or_nothing(nursery, both, tmp_path, monkeypatch, command):
    clean = tmp_path / "clean"
    shutil.copytree(both.root, clean)
    before, outcomes, step, code = state(both), [], 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        step += 1
        shutil.rmtree(both.root)
        shutil.copytree(clean, both.root)
        monkeypatch.chdir(both.root)
        run = nursery.start(both.root, *COMMANDS[command], dies_at_step=step)
        code = run.wait()
        assert code in {0, -signal.SIGKILL}, run.said
        for path in both.root.glob("*-*.txt"):
            path.unlink()
        said = both("ledger", "verify")
        assert said.code == 0, said.both
        outcomes.append(state(both))
        assert not list((both.root / ".rebaseline" / "changes").glob("[!l]*"))
    after = outcomes[-1]
    assert before != after
    assert set(outcomes) == {before, after}
    assert outcomes == sorted(outcomes, key=[before, after].index), "once it is committed, it stays so"
    assert step > 20
