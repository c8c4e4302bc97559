"""A fixed seed of a target beside several samples: lint says so for every target, and a run refuses to pay for it."""

from __future__ import annotations

from tests.support.project import PROJECT, SUITE

SEEDED = """
[targets.gpt]
type = "openai-compatible"
base_url = "http://127.0.0.1:9/v1"
model = "m"
parameters = { seed = 7 }
"""
TWICE = SUITE.replace("each: rows.csv", "each: rows.csv\n  samples: 2")


def test_lint_names_the_probe_its_line_and_the_target(project):
    project.write("rebaseline.toml", PROJECT + SEEDED)
    project.suite(TWICE)
    said = project("lint")
    assert said.code == 2
    assert "probes/invoices/rows.csv:2: error: probe `inv-00` (and 59 more probes) is asked 2 times" in said.out
    assert "targets.gpt fixes `seed`" in said.out
    assert "1 error" in said.out


def test_lint_is_silent_where_the_suite_takes_the_seed_back_or_asks_once(project):
    project.write("rebaseline.toml", PROJECT + SEEDED)
    assert project("lint").code == 0
    project.suite(TWICE.replace("  samples: 2", "  samples: 2\n  parameters: {seed: null}"))
    assert project("lint").code == 0


def test_2_a_run_refuses_before_it_asks_or_stores(project):
    project.write("rebaseline.toml", PROJECT + SEEDED)
    project.suite(TWICE)
    said = project("run", "--target", "gpt")
    assert said.code == 2
    assert "copies count once" in said.err
    assert not project.store.exists()
