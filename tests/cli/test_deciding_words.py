"""What the deciding commands take for a name and for a day, and what they say of themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.deciding import SUITE, bring_both, tree
from tests.support.project import NEW

ME = ("--as", "Ada Ruiz <ada@bank.example>")
SUITE_FILE = "probes/invoices/suite.yaml"
WAIVE = ("waive", "invoices/polite", "--owner", "payments", "--reason", "mended next week", *ME, "--until")


@pytest.fixture(autouse=True)
def _a_person(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def both(project):
    return bring_both(project)


@pytest.mark.parametrize(("span", "days"), [("30d", 30), ("2w", 14), ("48h", 2), ("0d", 0)])
def test_a_waiver_may_be_given_for_a_span_from_today_on(both, span, days):
    assert both(*WAIVE, span).code == 0
    (row,) = [it for it in both("diff", "--json").document["assertions"] if it["id"] == "polite"]
    assert row["waiver"]["expires_on"] == (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("text", ["soon", "30", "36h", "2027-02-30", "20270131", "-3d", "999999w", ""])
def test_what_is_neither_a_day_nor_a_span_of_days_is_refused(both, text):
    before = tree(both)
    said = both(*WAIVE, text)
    assert said.code == 2
    assert f"--until: {text!r} is no day" in said.err
    assert "30d or 2w" in said.err
    assert tree(both) == before


def test_an_id_that_one_suite_alone_has_names_the_assertion_in_every_command_that_decides(both):
    for words in (
        ("waive", "polite", "--owner", "payments", "--until", "2w", "--reason", "next week"),
        ("unwaive", "polite", "--reason", "mended"),
        ("reject", "polite", "--reason", "rude"),
        ("repair", "--assertion", "total", "--apply", "1", "--propose", "--reason", "undone downstream"),
        ("accept", "--assertion", "thanks", "--model", NEW, "--reason", "as it is read"),
        ("retire", "thanks", "--reason", "nobody needs it"),
    ):
        said = both(*words, *ME)
        assert said.code == 0, (words, said.err)
    assert "retired:" in (both.root / SUITE_FILE).read_text()


DECIDING = [
    ("waive", "{}", "--owner", "x", "--until", "2w", "--reason", "x"),
    ("unwaive", "{}", "--reason", "x"),
    ("reject", "{}", "--reason", "x"),
    ("retire", "{}", "--reason", "x"),
    ("accept", "--assertion", "{}", "--model", NEW, "--reason", "x"),
    ("repair", "--assertion", "{}"),
    ("label", "draw", "{}", "--n", "2", "--seed", "1", "--out", "sheet.csv"),
]


@pytest.mark.parametrize("words", DECIDING, ids=lambda words: words[0])
def test_an_id_that_several_suites_or_none_have_is_refused_with_the_whole_names(both, words):
    both.suite(SUITE.replace("id: invoices", "id: receipts"), "receipts")
    both.write("probes/receipts/rows.csv", (both.root / "probes/invoices/rows.csv").read_text())
    me = () if words[0] == "label" else ME
    said = both(*(word.format("total") for word in words), *me)
    assert said.code == 2
    assert "several assertions are called 'total'" in said.err
    assert "name the suite too: invoices/total, receipts/total" in said.err
    said = both(*(word.format("pollite") for word in words), *me)
    assert said.code == 2
    assert "no suite has an assertion 'pollite'" in said.err
    assert "polite" in said.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("reject", "Record a finding as it is: the new version is to blame."),
        ("retire", "Take an assertion out of use. It stays in its file, with the reason"),
        ("retire", "The suite's version is raised by one, and the ledger keeps what it was"),
    ],
)
def test_each_command_says_what_it_does(both, command, words):
    assert words in " ".join(both(command, "--help").out.split())
