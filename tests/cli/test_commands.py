"""Every command's happy path, and what its exit code means."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from tests.support.project import NEW, OLD, ROWS, SUITE, TOTALS, replies_of


def test_lint_counts_what_it_read(project):
    said = project("lint")
    assert said.code == 0
    assert "1 suite, 60 probes, 1 assertion: 2 of 2 controls read right; 0 errors, 0 warnings" in said.out


def test_lint_shows_how_many_seeded_faults_each_suite_kills(project):
    said = project("lint")
    score = "seeded faults: 5 of 7 failed (mutation score .71), 2 void, none passed"
    assert f"invoices: {score}\n  total-right: {score}\n" in said.out
    assert said.out.count("seeded faults") == 2
    alone = SUITE.replace('json_path: $.total, number: "{{ reference }}"', "matches: 'total'")
    project.suite(alone.split("    controls:")[0])
    assert "invoices: no fault could be seeded\n  total-right: no fault could be seeded\n" in project("lint").out


def test_lint_names_a_fault_that_passes_and_adds_suites_up(project):
    project.write("probes/second/rows.csv", ROWS)
    project.suite(SUITE.replace("invoices", "second", 1), "second")
    project.suite(
        SUITE.replace('json_path: $.total, number: "{{ reference }}"', "matches: '.*'").split("    controls:")[0]
        + """    controls: {passes: ['{"total": 42}']}\n"""
    )
    said = project("lint")
    assert "invoices: seeded faults: 0 of " in said.out
    assert " passed: " in said.out
    assert "controls read right; seeded faults: 5 of " in said.out


def test_lint_seeds_faults_in_a_stored_reply_that_passes(project):
    project.suite(SUITE.split("    controls:")[0])
    assert "nothing shows that the check can fail" in project("lint").out
    assert not any(project.root.glob("**/*.db"))
    project.bring(NEW, replies_of())
    said = project("lint")
    assert "nothing shows" not in said.out
    assert "invoices: seeded faults: 5 of 7 failed (mutation score .71), 2 void, none passed" in said.out


def test_lint_passes_over_stored_replies_that_do_not_pass_or_answer_other_words(project):
    project.suite(SUITE.split("    controls:")[0])
    project.bring(NEW, replies_of('{{"total": 0}}'))
    assert "invoices: no fault could be seeded" in project("lint").out
    project.bring(OLD, replies_of())
    assert "invoices: no fault could be seeded" not in project("lint").out
    project.suite(SUITE.split("    controls:")[0].replace("Return JSON", "Give JSON"))
    assert "invoices: no fault could be seeded" in project("lint").out


def test_lint_strict_takes_warnings_for_errors(project):
    project.suite(SUITE.split("    controls:")[0])
    assert project("lint").code == 0
    said = project("lint", "--strict")
    assert said.code == 2
    assert "warning" in said.out


def test_lint_names_a_control_that_is_misread(project):
    project.suite(SUITE.replace("fails: ['{\"total\": 41}']", "fails: ['{\"total\": 42}']"))
    said = project("lint")
    assert said.code == 2
    assert "probes/invoices/suite.yaml:11: error: total-right: the check misreads its control" in said.out


def test_lint_of_an_unknown_suite_is_not_green(project):
    said = project("lint", "invoice")
    assert said.code == 2
    assert "did you mean 'invoices'?" in said.err


def test_import_counts_and_a_second_one_stores_nothing(project):
    assert "60 stored, 0 known already, 0 bad lines" in project.bring(OLD, replies_of()).out
    again = project.bring(OLD, replies_of())
    assert again.code == 0
    assert "0 stored, 60 known already, 0 bad lines" in again.out


def test_import_after_a_probe_was_reworded_stores_the_new_answers(project):
    project.bring(NEW, replies_of())
    project.suite(SUITE.replace("Return JSON", "Give JSON"))
    said = project.bring(NEW, replies_of())
    assert said.code == 0
    assert "60 stored" in said.out
    assert "60 replies, 60 of probes worded otherwise since" in project("score", "--model", NEW).out


def test_import_after_an_assertion_was_edited_is_a_second_import(project):
    project.bring(NEW, replies_of())
    project.suite(SUITE.replace("0.9", "0.8"))
    said = project.bring(NEW, replies_of())
    assert said.code == 0
    assert "0 stored, 60 known already" in said.out


def test_what_is_exported_can_be_imported_and_reads_the_same(asked, tmp_path):
    asked.bring("model-6.3", {probe: "```json\n{}\n```" if probe < "inv-30" else "\x1b[0m\ud800" for probe in TOTALS})
    lines = asked("export", "--suite", "invoices", "--model", "model-6.3")
    before = asked("score", "--model", "model-6.3").out
    assert lines.code == 0
    assert len(lines.out.splitlines()) == 60
    asked.without_store()
    path = asked.write("exported.jsonl", lines.out)
    assert asked("import", str(path), "--suite", "invoices", "--model", "model-6.3").code == 0
    assert asked("score", "--model", "model-6.3").out == before
    assert asked("export", "--suite", "invoices", "--model", "model-6.3").out == lines.out


def test_models_lists_who_answered(asked):
    said = asked("models")
    assert said.code == 0
    assert [line.split()[2] for line in said.out.splitlines()[1:]] == [OLD, NEW]
    assert asked("models", "--target", "app").out == said.out
    assert asked("models", "--target", "ap").code == 2


def test_models_of_an_empty_store(project):
    said = project("models")
    assert said.code == 0
    assert "nothing is stored yet" in said.out


def test_score_reads_one_model(asked):
    said = asked("score", "--model", NEW)
    assert said.code == 0
    assert "holds        total-right" in said.out


def test_diff_defaults_to_the_two_that_answered_last(asked):
    said = asked("diff")
    assert said.code == 0
    assert f"{OLD} -> {NEW}" in said.out
    assert "1 of 1 survived" in said.out
    assert said.out.endswith("exit 0 (nothing blocks)\n")


def test_diff_as_json_follows_the_published_schema(asked):
    said = asked("diff", "--json")
    jsonschema.validate(said.document, json.loads(asked("schema", "diff").out))
    assert said.document["survival"] == {"held": 1, "survived": 1, "most": 1}


def test_why_names_the_chain_of_one_verdict(asked):
    said = asked("diff", "--why", "total-right")
    assert said.code == 0
    assert said.out == asked("diff", "--why", "invoices/total-right").out
    for word in ("claim", "rule", "verdict", "readings", "method", "harshest", "kindest"):
        assert f"  {word}" in said.out


def test_commands_work_from_any_folder_of_the_project(asked, monkeypatch):
    there = asked("diff").out
    monkeypatch.chdir(asked.root / "probes" / "invoices")
    assert asked("diff").out == there


@pytest.mark.parametrize("what", ["suite", "diff"])
def test_schemas_are_schemas(project, what):
    said = project("schema", what)
    assert said.code == 0
    jsonschema.Draft202012Validator.check_schema(said.document)


def test_a_cut_reply_never_counts_as_a_pass(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(), stop_reason="max_tokens")
    said = project("diff")
    assert said.code == 3
    assert "60 of 60 void: reply cut" in said.out


def test_an_unknown_stop_reason_never_counts_as_a_pass(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(), stop_reason="enlightened")
    assert project("diff").code == 3


def test_the_last_that_answered_is_told_by_when_it_answered(project):
    now = datetime(2026, 7, 1, tzinfo=UTC)
    project.bring(NEW, replies_of(), received_at=now.isoformat())
    project.bring(OLD, replies_of(), received_at=(now - timedelta(days=30)).isoformat())
    assert f"{OLD} -> {NEW}" in project("diff").out


def test_a_clock_that_ran_ahead_makes_nothing_the_last_for_ever(project):
    project.bring(OLD, replies_of(), received_at="9999-12-31T00:00:00+00:00")
    project.bring(NEW, replies_of('{{"total": 1{0}}}'))
    said = project("diff")
    assert f"{OLD} -> {NEW}" in said.out
    assert said.code == 1


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_project_that_cannot_be_written_is_an_error_not_a_bug(project):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    project.root.chmod(0o500)
    try:
        assert project("diff").code == 2
    finally:
        project.root.chmod(0o700)


def test_explain(project):
    listed = project("explain")
    assert (listed.code, "Assumptions" in listed.out) == (0, True)
    page = project("explain", "never", "valid")
    assert (page.code, page.out.startswith("never-valid   (transitions)\n")) == (0, True)
    assert project("explain", "3").out.startswith("exit-3 ")
    both = project("explain", "holds", "failing").out
    assert both.startswith("holds   (verdicts)\n")
    assert "\nfailing   (verdicts)\n" in both
    wrong = project("explain", "agreament")
    assert wrong.code == 2
    assert "did you mean agreement" in wrong.both


def test_why_lists_every_reply_with_all_and_json_accounts_for_what_needs_someone(asked):
    said = asked("diff", "--json").document["assertions"]
    assert {row["new"]["verdict"]["name"] for row in said if row["account"] is None} == {"holds"}
    everything = asked("diff", "--json", "--all").document["assertions"]
    points = [point for row in everything for point in row["account"]["turning_points"]]
    assert points
    assert all(0 < point["number"] <= point["of"] for point in points)
    name = f"{everything[0]['suite']}/{everything[0]['id']}"
    assert asked("diff", "--why", name, "--all").out.startswith(name)


NEVER_FAILS = """
  - id: anything
    claim: It says something or other.
    check: {any_of: [{refuses: true}, {answers: true}]}
    bar: {at_least: 0.9}
"""


def test_the_diff_names_what_nothing_has_shown_able_to_fail(project):
    project.suite(SUITE + NEVER_FAILS)
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of())
    said = project("diff").out
    assert "Sensitivity: 1 of 2 shown able to fail." in said
    assert "\n    not shown: invoices/anything\n" in said
    assert "by a control" not in said
    everything = project("diff", "--all").out
    assert "\n    by a control: invoices/total-right\n    not shown: invoices/anything\n" in everything
    shown = {each["id"]: each["able_to_fail_by"] for each in json.loads(project("diff", "--json").out)["assertions"]}
    assert shown == {"total-right": "control", "anything": None}
