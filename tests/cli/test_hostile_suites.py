"""A suite, a table and a project file are untrusted too: each fault is one clear line, and nothing is read outside."""

from __future__ import annotations

import pytest
from tests.support.project import PROJECT, SUITE, replies_of

CHECK = 'json_path: $.total, number: "{{ reference }}"'


def with_check(check: str) -> str:
    return SUITE.split("    check:")[0] + f"    check: {{{check}}}\n"


@pytest.mark.parametrize(
    ("suite", "words"),
    [
        pytest.param("suite: {id: [", "this is not YAML", id="malformed"),
        pytest.param("", "suite.yaml", id="empty"),
        pytest.param("- a\n- b\n", "suite.yaml", id="a list"),
        pytest.param(with_check("contians: x"), 'did you mean "contains"?', id="unknown check"),
        pytest.param(
            SUITE.replace("rows.csv", "../../../etc/passwd"), "probes/invoices/suite.yaml:4: error", id="dots"
        ),
        pytest.param(
            SUITE.replace("rows.csv", "/etc/passwd.csv"), "probes/invoices/suite.yaml:4: error", id="absolute"
        ),
        pytest.param(SUITE.replace("rows.csv", "..\\..\\rows.csv"), "suite.yaml:4: error", id="backslashes"),
        pytest.param(SUITE.replace("rows.csv", "nix.csv"), "nix.csv", id="no such table"),
        pytest.param(with_check('matches: "(?<=a)b"'), "RE2 has no look-ahead", id="look-behind"),
        pytest.param(with_check('matches: "(?!a)b"'), "RE2 has no look-ahead", id="look-ahead"),
        pytest.param(with_check('matches: "(a)\\\\1"'), "suite.yaml:9: error", id="back reference"),
        pytest.param(with_check('"\\e[31mx\\u202e": y'), "unknown check", id="escapes in a check"),
        pytest.param(SUITE.replace("id: total-right", 'id: "a\\e[31m\\u202e"'), "`id` is", id="escapes in an id"),
        pytest.param(SUITE.replace("bar: {at_least: 0.9}", "bar: {at_least: 1.0}"), "never", id="bar of one"),
        pytest.param(SUITE.split("assertions")[0], "`assertions` is missing", id="no assertion"),
        pytest.param(SUITE.replace("  each: rows.csv\n", ""), "error", id="no probe id"),
        pytest.param(
            SUITE.replace("id: total-right", "id: total-right\n    on: nobody"), "no probe has the tag", id="tag"
        ),
        pytest.param(with_check("python: os:system"), "has not opted in", id="python"),
        pytest.param(with_check('contains: "{{ referenec }}"'), "referenec", id="unknown field"),
        pytest.param(with_check("contains: \"{{ ''.__class__ }}\""), "error", id="template escapes"),
        pytest.param(with_check("contains: \"{{ 'a' * 10**9 }}\""), "error", id="template bomb"),
        pytest.param("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "error", id="aliases"),
        pytest.param("suite: !!python/object/apply:os.system ['true']\n", "error", id="tag of Python"),
    ],
)
def test_a_wrong_suite_is_said_to_be_one_and_stops_every_command(project, suite, words):
    project.suite(suite)
    said = project("lint")
    assert said.code == 2
    assert words in said.out
    assert project("diff").code == 2


def test_all_problems_come_at_once(project):
    project.suite(SUITE.replace("kind: functional", "kind: fun").replace("at_least: 0.9", "at_least: 9"))
    project.suite("suite: {id: [", "broken")
    said = project("lint")
    assert said.code == 2
    assert "3 errors" in said.out


def test_a_table_that_is_a_link_leading_outside_is_not_read(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "rows.csv"
    outside.write_text("id,text,reference\na,secret,1\n")
    table = project.root / "probes/invoices/rows.csv"
    table.unlink()
    table.symlink_to(outside)
    said = project("lint")
    assert said.code == 2
    assert "secret" not in said.both


def test_two_suites_of_one_id_are_refused(project):
    project.suite(SUITE, "again")
    project.write("probes/again/rows.csv", "id,text,reference\na,b,1\n")
    said = project("diff")
    assert said.code == 2
    assert "the suite id `invoices` is taken" in said.err


@pytest.mark.parametrize("command", [["lint"], ["diff"], ["score", "--model", "m"], ["run"]])
def test_a_project_without_suites(project, command):
    (project.root / "probes/invoices/suite.yaml").unlink()
    said = project(*command)
    assert said.code == 2
    assert "there is no suite" in said.both


def test_a_table_without_rows(project):
    project.write("probes/invoices/rows.csv", "id,text,reference\n")
    said = project("lint")
    assert said.code == 2
    assert "rows.csv" in said.out


@pytest.mark.parametrize("command", [["diff"], ["run"], ["score", "--model", "m"]])
def test_a_project_without_targets(project, command):
    project.write("rebaseline.toml", '[system]\nname = "x"\n')
    said = project(*command)
    assert said.code == 2
    assert "[targets.NAME]" in said.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("[", "this is not TOML"),
        ('[targets.b]\ntype = "recordde"\n', "recorded"),
        ('[policy.production]\nblock = ["faling"]\n', "failing"),
        ('[targets.b]\ntype = "openai-compatible"\nmodel = "m"\napi_key = "sk-1234567890"\n', "looks like a secret"),
        ('[paths]\nprobes = "../elsewhere"\n', "does not lie in the project"),
        ('[store]\nurl = "postgresql:///x"\n', "postgresql"),
        ('[system2]\nname = "\\u001b[31m\\u202e"\n', "system2"),
    ],
)
def test_a_wrong_project_file(project, more, words):
    project.write("rebaseline.toml", PROJECT + more)
    said = project("diff")
    assert said.code == 2
    assert words in said.err
    assert "sk-1234567890" not in said.both


def test_names_get_the_nearest_one(asked):
    assert "did you mean 'invoices'?" in asked("diff", "invoice").err
    assert "did you mean 'app'?" in asked("diff", "--target", "ap").err
    assert "did you mean 'model-6.2'?" in asked("diff", "--to", "model-62").err
    assert "did you mean invoices/total-right?" in asked("diff", "--why", "total").err


def test_several_targets_want_a_name(asked):
    asked.write("rebaseline.toml", PROJECT + '[targets.other]\ntype = "recorded"\n')
    said = asked("diff")
    assert said.code == 2
    assert "--target: app, other" in said.err
    assert asked("diff", "--target", "app").code == 0
    assert asked("diff", "--target", "other").code == 2
    assert asked.bring("x", replies_of(), target="other").code == 0
    assert asked("diff", "--target", "other").code == 6
