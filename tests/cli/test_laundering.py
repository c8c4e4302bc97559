"""What nobody may hide: an accepted rule that a baseline left out, the anchor of `no_worse`, a changed reference."""

from __future__ import annotations

import json

import pytest
from tests.support.project import NEW, OLD, TOTALS
from tests.support.repository import start_repository

from rebaseline.domain.decision import Actor
from rebaseline.review.ledger import ledger_folder, read_ledger

HEAD = """\
suite: {id: invoices, version: 1, kind: functional, owner: payments, layers: [model]}
probes:
  each: rows.csv
  user: "Return JSON with key total.\\n{{ text }}"
assertions:
"""


def right(name="total-right", bar="at_least: 0.9"):
    return f"""\
  - id: {name}
    claim: The total equals the invoice's.
    check: {{json_path: $.total, number: "{{{{ reference }}}}"}}
    bar: {{{bar}}}
    controls: {{passes: ['{{"total": 42}}'], fails: ['{{"total": 41}}'], given: {{reference: 42}}}}
"""


OTHER = right("other", "at_least: 0.3")
STRICT, LOOSE = HEAD + right() + OTHER, HEAD + right(bar="at_least: 0.3") + OTHER
EVE, BOB = ("--as", "Eve <eve@bank.example>"), ("--as", "Bob <bob@bank.example>")
WHY = ("--reason", "looked at it")
PART = ("accept", "--assertion", "invoices/other", "--model", NEW, *WHY)
WHOLE = ("accept", "--model", NEW, *WHY)


@pytest.fixture(autouse=True)
def _a_person(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def wrong_in(count, samples=1):
    """Replies of which the first `count` probes' are wrong."""
    return {
        probe: [f'{{"total": {total + (number < count)}}}'] * samples
        for number, (probe, total) in enumerate(TOTALS.items())
    }


@pytest.fixture
def left_out(project):
    """The new version fails `total-right`, and its baseline leaves that out."""
    project.suite(STRICT)
    project.bring(OLD, wrong_in(0))
    assert project.accept(OLD).code == 0
    project.bring(NEW, wrong_in(30))
    assert project(*PART, *EVE).code == 0
    return project


def items_of(project):
    ledger = read_ledger(ledger_folder(project.root / "baselines"))
    (head,) = ledger.heads
    return ledger.records[head].entry.items


def loosened(project):
    return project("diff", "--from", OLD, "--json").document["concessions"]["loosened"]


def test_a_rule_that_the_last_baseline_left_out_is_held_against_the_one_accepted_before(left_out):
    left_out.suite(LOOSE)
    left_out.bring("model-6.3", wrong_in(30))
    assert "bar .9 -> bar .3 (looser)" in left_out("diff").out
    assert left_out(*WHOLE, *EVE).code == 0
    assert items_of(left_out)["total-right"]["rules"][0]["direction"] == "looser"
    assert loosened(left_out) == 1
    assert left_out(*WHOLE, *EVE).code == 0
    assert loosened(left_out) == 1
    assert "bar .9" not in left_out("diff").out


def test_what_the_last_baseline_left_out_and_nobody_asks_any_more_is_named_and_counted_once(left_out):
    left_out.suite(HEAD + OTHER)
    left_out.bring("model-6.3", wrong_in(30))
    assert "no longer in the suite: total-right" in left_out("diff").out
    assert left_out(*PART, *EVE).code == 0
    assert items_of(left_out)["total-right"]["action"] == "no longer asked"
    assert "no longer in the suite" not in left_out("diff").out
    for again in (PART, WHOLE):
        assert left_out(*again, *EVE).code == 0
        assert "total-right" not in items_of(left_out)
    assert loosened(left_out) == 1


def test_what_comes_back_and_goes_again_is_counted_again(left_out):
    for suite in (HEAD + OTHER, STRICT, HEAD + OTHER):
        left_out.suite(suite)
        assert left_out(*WHOLE, *EVE).code == 0
    assert loosened(left_out) == 2


@pytest.mark.parametrize("suite", [LOOSE, HEAD + OTHER])
def test_who_edited_a_rule_that_the_last_baseline_left_out_does_not_accept_it(left_out, monkeypatch, suite):
    repository = start_repository(left_out.root, monkeypatch)
    toml = left_out.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repository.commit()
    left_out.suite(suite)
    repository.commit(author=Actor("Eve", "eve@bank.example"))
    assert "Eve <eve@bank.example> proposed the changed rule of invoices/total-right" in left_out(*WHOLE, *EVE).err
    assert left_out(*WHOLE, *BOB).code == 0


def test_a_baseline_that_replaces_its_own_version_forgets_no_rule_that_it_leaves_out(project):
    project.suite(STRICT)
    project.bring(NEW, wrong_in(0))
    assert project.accept(NEW).code == 0
    project.without_store()
    project.bring(NEW, wrong_in(30))
    assert project(*PART, *EVE).code == 0
    file = project.root / "baselines/invoices/app" / f"{NEW}.json"
    assert json.loads(file.read_text())["assertions"].keys() == {"other"}
    project.suite(LOOSE)
    project.bring("model-6.3", wrong_in(30))
    assert "bar .9 -> bar .3 (looser)" in project("diff").out


ANCHORED = HEAD + right(bar="no_worse: 0.1") + OTHER


def verdict_of(project, name="total-right", *more):
    document = project("diff", "--json", *more).document
    (found,) = [it for it in document["assertions"] if it["id"] == name]
    return found["new"]["verdict"]["name"]


@pytest.fixture
def drifted(project):
    """Three versions, each somewhat worse than the one before."""
    project.suite(ANCHORED)
    for model, wrong in (("m1", 0), ("m2", 4)):
        project.bring(model, wrong_in(wrong, 4))
        assert project.accept(model).code == 0
    project.bring("m3", wrong_in(10, 4))
    return project


def test_accepting_an_old_version_again_moves_no_anchor(drifted):
    assert verdict_of(drifted) == "failing"
    assert drifted.accept("m1").code == 0
    assert drifted.accept("m1").code == 0
    assert verdict_of(drifted) == "failing"
    assert drifted.accept("m2").code == 0
    assert verdict_of(drifted) == "failing"
    assert "`no_worse` compares with the first accepted baseline, m1" in drifted("diff").out


def test_a_version_that_was_asked_again_and_accepted_again_keeps_what_was_accepted_first(drifted):
    drifted.without_store()
    drifted.bring("m1", wrong_in(12, 4))
    drifted.accept("m1")
    drifted.accept("m1")
    drifted.bring("m3", wrong_in(10, 4))
    assert verdict_of(drifted) == "failing"
    assert "`no_worse` compares with what was accepted first of m1" in " ".join(drifted("diff").out.split())


def test_an_assertion_is_anchored_to_the_first_baseline_that_holds_it(project):
    project.suite(HEAD + OTHER)
    project.bring("m1", wrong_in(0, 4))
    project.accept("m1")
    project.suite(HEAD + OTHER + right("later", "no_worse: 0.1"))
    found = []
    for number, wrong in enumerate((0, 4, 10), 2):
        project.bring(f"m{number}", wrong_in(wrong, 4))
        found.append(verdict_of(project, "later"))
        project.accept(f"m{number}")
    assert found[-1] == "failing"
    project.suite(HEAD + OTHER + right("later", "no_worse: 0.1") + right("latest", "no_worse: 0.1"))
    project.accept("m3")
    project.accept("m4")
    project.bring("m5", wrong_in(10, 4))
    said = " ".join(project("diff").out.split())
    assert "`no_worse` of later compares with the first accepted baseline, m2" in said
    assert "`no_worse` of latest compares with the first accepted baseline, m3" in said


def test_accepting_an_old_version_by_a_new_assertion_makes_it_no_anchor_of_that(project):
    project.suite(HEAD + OTHER)
    project.bring("m1", wrong_in(20, 4))
    project.accept("m1")
    project.suite(HEAD + OTHER + right("later", "no_worse: 0.1"))
    for model in ("m2", "m3"):
        project.bring(model, wrong_in(0, 4))
        project.accept(model)
    project.accept("m1")
    project.bring("m4", wrong_in(15, 4))
    assert verdict_of(project, "later") == "failing"
    assert "first accepted baseline, m2" in project("diff").out


def test_a_check_that_no_baseline_has_has_no_anchor_and_the_diff_says_so(drifted):
    drifted.suite(ANCHORED.replace("{{ reference }}", "{{ reference }} ", 1))
    assert "`no_worse` of total-right has no anchor" in " ".join(drifted("diff").out.split())


def test_references_that_were_changed_in_the_table_are_named_in_a_diff(project):
    project.suite(STRICT)
    project.bring(OLD, wrong_in(0))
    project.accept(OLD)
    project.bring(NEW, wrong_in(30))
    before = project("diff")
    assert (before.code, "RULES CHANGED" in before.out) == (1, False)
    rows = [(probe, f"invoice {probe}", total + (n < 30)) for n, (probe, total) in enumerate(TOTALS.items())]
    project.write("probes/invoices/rows.csv", "id,text,reference\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    assert "60 -> 30 of them have another reference or row" in project("diff").out
    project.without_store()
    project.bring(NEW, wrong_in(30))
    assert "60 -> 30 of them have another reference or row" in project("diff").out
    rows = [(a, b if n else "reworded", c) for n, (a, b, c) in enumerate(rows)]
    project.write("probes/invoices/rows.csv", "id,text,reference\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    shown = project("diff", "--all", "--why", "invoices/total-right").out
    assert "1 of them reworded" in shown
    assert "29 of them have another reference or row" in shown
