"""Accept, diff from the file alone, and what a damaged file or database does: it is named, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3

import pytest
from tests.support.project import NEW, OLD, PROJECT, SUITE, TOTALS, Project, replies_of

WRONG = '{{"total": 1{0}}}'
FENCED = '```json\n{{"total": {0}}}\n```'
PLACE = "baselines/invoices/app/model-6.1.json"


@pytest.fixture
def accepted(project) -> Project:
    project.bring(OLD, replies_of())
    assert project.accept().code == 0
    return project


def verdicts(document) -> list[tuple[str, str, str]]:
    return [(it["id"], it["transition"], it["new"]["verdict"]["name"]) for it in document["assertions"]]


def test_accept_writes_the_file_that_git_shall_keep(accepted):
    file = accepted.root / PLACE
    assert file.exists()
    assert json.loads(file.read_text())["accepted"]["by"] == "Ada Ruiz"


def test_accept_takes_the_folder_that_the_project_names(project):
    project.write("rebaseline.toml", PROJECT + '[paths]\nbaselines = "signed/off"\n')
    project.bring(OLD, replies_of())
    assert "signed/off/invoices/app/model-6.1.json" in project.accept().out
    project.bring(NEW, replies_of())
    assert "Baseline accepted" in project("diff").out


@pytest.mark.parametrize("reply", ['{{"total": {0}}}', WRONG, FENCED])
@pytest.mark.parametrize("bar", ["{at_least: 0.9}", "never", "{no_worse: 0.1}"])
def test_the_file_alone_gives_the_verdicts_of_the_store(project, reply, bar):
    project.suite(SUITE.replace("{at_least: 0.9}", bar))
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(reply))
    from_store = project("diff", "--json")
    assert from_store.document["old_source"] == "store"
    project.accept()
    project.without_store()
    project.bring(NEW, replies_of(reply))
    alone = project("diff", "--json")
    assert alone.document["old_source"] == "baseline"
    assert verdicts(alone.document) == verdicts(from_store.document)
    assert alone.code == from_store.code
    by_file = project("diff", "--from", PLACE, "--json")
    assert by_file.document["assertions"] == alone.document["assertions"]


def test_a_failing_assertion_is_not_accepted_away(project):
    project.bring(OLD, replies_of(WRONG))
    assert "recorded as failing: total-right" in project.accept().out
    project.bring(NEW, replies_of(WRONG))
    said = project("diff")
    assert said.code == 1
    assert "failing before too" in said.out


@pytest.mark.parametrize(
    ("bar", "words"),
    [
        ("{at_least: 0.5}", "bar .9 -> bar .5 (looser)"),
        ("{at_least: 0.95}", "bar .9 -> bar .95 (tighter)"),
        ("never", "bar .9 -> never (ceiling 0.05)"),
    ],
)
def test_a_bar_that_moved_is_named_with_its_direction_though_the_claim_holds(accepted, bar, words):
    accepted.bring(NEW, replies_of())
    accepted.suite(SUITE.replace("{at_least: 0.9}", bar))
    said = accepted("diff")
    assert "RULES CHANGED  since the baseline was accepted" in said.out
    assert words in said.line("total-right")
    assert "Changed: model, suite" in said.out


def test_an_assertion_that_was_accepted_and_taken_out_is_named(project):
    two = SUITE + "  - {id: short, claim: Short., check: {length: {max_words: 9}}, bar: {at_least: 0.8}}\n"
    project.suite(two)
    project.bring(OLD, replies_of())
    project.accept()
    project.bring(NEW, replies_of())
    project.suite()
    assert "accepted, and no longer in the suite: short" in project("diff").out


def test_a_suite_that_was_accepted_and_taken_out_is_named(accepted):
    accepted.bring(NEW, replies_of())
    moved = accepted.root / PLACE
    (accepted.root / "baselines" / "gone" / "app").mkdir(parents=True)
    moved.with_name("x.json").write_bytes(moved.read_bytes())
    (accepted.root / "baselines" / "gone" / "app" / "m.json").write_bytes(moved.with_name("x.json").read_bytes())
    moved.with_name("x.json").unlink()
    assert "accepted, and no longer in the project: gone" in accepted("diff").out


def test_a_second_acceptance_replaces_the_first(accepted):
    first = (accepted.root / PLACE).read_text()
    accepted.suite(SUITE.replace("0.9", "0.8"))
    said = accepted("accept", "--model", OLD, "--as", "Bo", "--reason", "lower bar")
    assert said.out.startswith("replaced  ")
    second = (accepted.root / PLACE).read_text()
    assert second != first
    assert json.loads(second)["accepted"]["by"] == "Bo"


@pytest.mark.parametrize("option", [["--as", " ", "--reason", "r"], ["--as", "a", "--reason", ""]])
def test_nobody_accepts_for_no_reason(asked, option):
    assert asked("accept", "--model", OLD, *option).code == 2
    assert not (asked.root / "baselines").exists()


def test_the_accepted_version_itself_is_compared_where_no_other_is_stored(accepted):
    said = accepted("diff")
    assert said.code == 0
    assert "these are the replies that were accepted; nothing was asked since" in said.out
    accepted.without_store()
    accepted.bring(OLD, replies_of(WRONG))
    for arguments in ([], ["--from", PLACE]):
        said = accepted("diff", *arguments)
        assert said.code == 1
        assert "     old  " not in said.out  # what it says now is not what was accepted


def test_a_version_is_not_compared_with_itself(asked):
    said = asked("diff", "--from", OLD, "--to", OLD)
    assert said.code == 2
    assert "show nothing" in said.err


def test_a_baseline_of_another_target_or_suite_is_no_baseline_of_this_one(accepted):
    accepted.bring(NEW, replies_of())
    accepted.write("rebaseline.toml", PROJECT + '[targets.other]\ntype = "recorded"\n')
    assert accepted("diff", "--from", PLACE).code == 0
    assert "is of target 'app', not of 'other'" in accepted("diff", "--from", PLACE, "--target", "other").err
    accepted.suite(SUITE.replace("id: invoices", "id: more"), "more")
    accepted.write("probes/more/rows.csv", "id,text,reference\na,b,1\n")
    assert "is of suite 'invoices', not of more" in accepted("diff", "more", "--target", "app", "--from", PLACE).err


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace('"Ada Ruiz"', '"Eve"'), "was edited after it was accepted"),
        (lambda text: text.replace("0.9", "0.1", 1), "was edited after it was accepted"),
        (lambda text: text[: len(text) // 2], "cut short or damaged"),
        (lambda text: f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> b\n", "merge conflict"),
        (lambda text: "{}", "no baseline"),
        (lambda text: "", "cut short or damaged"),
        (lambda text: "\x1b[31m\u202e", "damaged"),
        (lambda text: text.replace('"format": 3', '"format": 99'), "Upgrade rebaseline"),
    ],
    ids=["edited name", "edited bar", "half", "conflict", "foreign", "empty", "binary", "newer"],
)
def test_a_damaged_baseline_is_named_and_left_as_it_is(accepted, damage, words):
    accepted.bring(NEW, replies_of())
    file = accepted.root / PLACE
    file.write_text(damage(file.read_text()), encoding="utf-8")
    before = file.read_bytes()
    for arguments in (["diff"], ["diff", "--from", PLACE]):
        said = accepted(*arguments)
        assert said.code == 2
        assert words in said.err
        assert "model-6.1.json" in said.err
    assert accepted.accept().code == 2
    assert file.read_bytes() == before


def test_a_copied_baseline_is_no_acceptance(accepted):
    accepted.bring(NEW, replies_of())
    file = accepted.root / PLACE
    file.with_name("model-6.3.json").write_bytes(file.read_bytes())
    said = accepted("diff")
    assert said.code == 2
    assert "wrong place" in said.err


def test_a_baseline_that_is_not_there(asked):
    assert asked("diff", "--from", "baselines/nix.json").code == 2


def _foreign(path):
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (a)")
    connection.close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "cut short"),
        (lambda path: path.write_bytes(path.read_bytes()[:50]), "cut short"),
        (lambda path: path.write_text("this is text, and no database\n" * 50), "not a SQLite database"),
        (lambda path: (path.unlink(), _foreign(path)), "belongs to another program"),
        (lambda path: (path.unlink(), path.mkdir()), "is a folder"),
    ],
    ids=["half", "fifty bytes", "text", "foreign", "folder"],
)
def test_a_store_that_is_none_is_named_and_left_as_it_is(asked, damage, words):
    for path in asked.store.parent.glob("results.db-*"):
        path.unlink()
    damage(asked.store)
    before = None if asked.store.is_dir() else asked.store.read_bytes()
    for arguments in (
        ["diff"],
        ["models"],
        ["import", "replies-invoices.jsonl", "--suite", "invoices", "--model", "m"],
    ):
        said = asked(*arguments)
        assert said.code == 2
        assert words in said.err
        assert "results.db" in said.err
    assert before is None or asked.store.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\xff" * 100, "binary"),
        ('{"probe": "inv-00", "response": "x"}'.encode("utf-16"), "UTF-16"),
        (b"", "0 stored"),
        (b"\n\n \n", "0 stored"),
        (b"nope\n{\n[]\n", "3 bad lines"),
        (b'{"probe": "nix", "response": "x"}\n', "the suite does not have, such as nix"),
        (b'{"probe": "inv-00"}\n', "neither a `response` nor an `error`"),
    ],
    ids=["binary", "utf-16", "empty", "blank", "all bad", "unknown probe", "no reply"],
)
def test_an_import_that_brings_nothing_is_not_green(project, content, words):
    path = project.write("replies.jsonl", content)
    said = project("import", str(path), "--suite", "invoices", "--model", NEW)
    assert said.code == 2
    assert words in said.both
    assert "nothing is stored yet" in project("models").out


@pytest.mark.parametrize("name", [".", "nix.jsonl"])
def test_an_import_of_no_file(project, name):
    said = project("import", name, "--suite", "invoices", "--model", NEW)
    assert said.code == 2
    assert said.err.startswith("rebaseline: ")


def test_one_bad_line_costs_itself_alone(project):
    good = '{"probe": "inv-00", "response": "x"}\n'
    path = project.write("replies.jsonl", good + "half a li\n" + good.replace("00", "01"))
    said = project("import", str(path), "--suite", "invoices", "--model", NEW)
    assert said.code == 2
    assert "2 stored, 0 known already, 1 bad line\n" in said.out
    assert said.err.startswith("line 2: ")


def test_probes_that_were_accepted_and_taken_out_are_named(accepted):
    accepted.bring(NEW, replies_of())
    table = accepted.root / "probes/invoices/rows.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-5]))
    said = accepted("diff")
    assert "no longer in the suite: 5 probes (inv-55, inv-56, inv-57, …)" in said.out
    assert "Changed: model, suite" in said.out


def test_references_that_were_edited_leave_no_baseline_to_hold_against(accepted):
    """The new replies are wrong by what was accepted, and right by a table that was bent to them."""
    wrong = {probe: f'{{"total": {total + 1}}}' for probe, total in TOTALS.items()}
    rows = "".join(f"{probe},invoice {probe},{total + 1}\n" for probe, total in TOTALS.items())
    accepted.write("probes/invoices/rows.csv", "id,text,reference\n" + rows)
    accepted.without_store()
    accepted.bring(NEW, wrong)
    said = accepted("diff")
    assert said.code == 6
    assert "Changed: model, suite" in said.out
    assert "NO BASELINE" in said.out
