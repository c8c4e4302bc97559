"""The commands that decide: each with flags alone, nothing in CI, and what a waiver does and does not do."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.deciding import SUITE, bring_both, tree
from tests.support.project import NEW, OLD, TOTALS
from tests.support.repository import start_repository

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.decision import Actor
from rebaseline.gate import decide_outcome
from rebaseline.review.ledger import ledger_folder, read_ledger

SUITE_FILE = "probes/invoices/suite.yaml"
TODAY = datetime.now(UTC).date()
SOON = (TODAY + timedelta(days=20)).isoformat()
ME = ("--as", "Ada Ruiz <ada@bank.example>")
CY = Actor("Cy", "cy@bank.example")
WAIVE = ("waive", "invoices/polite", "--owner", "payments", "--until", SOON, "--reason", "mended next week", *ME)


@pytest.fixture(autouse=True)
def _a_person(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def both(project):
    return bring_both(project)


def one_line(text):
    return " ".join(text.split())


def on_day(project, days):
    """The diff as it is on a day from now, and its outcome."""
    workspace = open_workspace(project.root, os.environ)
    diff = diff_models(workspace, DiffRequest(today=TODAY + timedelta(days=days)))
    return diff, decide_outcome(diff, workspace.block)


def test_a_waiver_keeps_a_failing_assertion_from_blocking_and_it_stays_failing(both):
    assert both(*WAIVE).code == 0
    said = both("diff")
    assert said.code == 3  # what is invalid blocks
    assert "1 waived (until " in said.out.splitlines()[-1]
    assert "waived until " in said.out
    assert "owner payments: mended next week" in said.out
    assert "FAILING" in said.out
    assert "waivers given: 1." in said.out
    shown = both("diff", "--json").document
    (waiver,) = [it["waiver"] for it in shown["assertions"] if it["id"] == "polite"]
    assert (waiver["owner"], waiver["expires_on"], waiver["expired"]) == ("payments", SOON, False)
    assert shown["concessions"] == {"since": TODAY.isoformat(), "loosened": 0, "waived": 1}
    assert "waived until" in both("diff", "--why", "invoices/polite").out


def test_all_findings_waived_nothing_blocks(both):
    both(*WAIVE)
    assert both(*(it.replace("polite", "total") for it in WAIVE)).code == 0
    said = both("diff")
    assert said.code == 0
    assert "2 waived (the first until" in said.out


def test_a_waiver_that_is_over_blocks_as_before_and_is_named_with_its_owner(both):
    both(*WAIVE)
    assert on_day(both, 20)[1].reasons[0][1] == "1 invalid"
    _, outcome = on_day(both, 23)
    assert int(outcome.code) == 1
    assert outcome.reasons[0][1] == "1 failing (waiver of invoices/polite expired 3 days ago, owner payments)"
    assert not any("waived" in warning for warning in outcome.warnings)


def test_a_waiver_covers_no_other_version_target_or_verdict(both):
    both(*WAIVE)
    later = {f"inv-{n:02}": "rude" for n in range(60)}
    both.bring("model-6.3", later)
    said = both("diff", "--to", "model-6.3")
    assert said.code == 1
    assert f"invoices/polite: its waiver is unused: it covers {NEW}, not this version" in " ".join(said.out.split())


def test_a_waiver_that_is_not_needed_any_more_is_reported(both):
    both(*WAIVE)
    both.suite(SUITE.replace("{contains: please}", "{contains: total}"))
    said = both("diff")
    assert "invoices/polite: its waiver is unused: it holds now, and was failing" in " ".join(said.out.split())


def test_a_waiver_covers_no_other_rule(both):
    both(*WAIVE)
    assert both("diff").out.count("waived until") == 1
    assert "polite" not in both("review").out
    both.suite(SUITE.replace("{contains: please}", "{contains: pleasant}"))
    said = both("diff")
    assert said.code == 1
    assert "invoices/polite: its waiver is unused: its rule is another one now" in " ".join(said.out.split())
    assert "polite" in both("review").out


def test_a_waiver_covers_nothing_that_is_shown_to_be_worse(both):
    kind = ["please", "thank you"]
    both.bring("model-6.3", {f"inv-{n:02}": [kind[n % 2]] for n in range(60)})
    both(*WAIVE)
    assert "holds" not in both("diff").line("polite")
    assert " waived until" in both("diff").out
    both.bring("model-6.3", {f"inv-{n:02}": [kind[n % 2], *["go away"] * 3] for n in range(60)})
    said = both("diff")
    assert said.code == 1
    assert "invoices/polite: its waiver is unused: it is worse: at most" in " ".join(said.out.split())
    assert "and it was at least 0.3" in " ".join(said.out.split())


def test_a_waiver_of_one_slip_covers_no_more(both):
    both.suite(SUITE.replace("    bar: {at_least: 0.9}\n  - id: short", "    bar: never\n  - id: short"))
    both.bring("model-6.3", {"inv-00": "rude"})
    assert both(*WAIVE).code == 0
    assert " waived until" in both("diff").out
    both.bring("model-6.3", {f"inv-{n:02}": "rude" for n in range(60)})
    said = both("diff")
    assert said.code == 1
    assert "its waiver is unused: no round was complete then" in " ".join(said.out.split())


def test_a_waiver_of_one_form_covers_no_other(both):
    waive = tuple(it.replace("polite", "total") for it in WAIVE)
    assert both(*waive).code == 0
    assert " waived until" in both("diff").out
    words = {f"inv-{n:02}": ["```json\n{}\n```", *['Here it is:\n{"total": 1}'] * 4] for n in range(60)}
    totals = dict(TOTALS)
    both.bring(
        NEW,
        {
            p: [it.replace("{}", f'{{"total": {totals[p]}}}').replace("1}", f"{totals[p]}}}") for it in texts]
            for p, texts in words.items()
        },
    )
    found = next(each for each in both("diff", "--json").document["assertions"] if each["id"] == "total")
    assert found["new"]["verdict"]["reasons"][0]["forms"][0] == "preamble"
    assert found["waiver"] is None


def test_what_was_decided_of_one_rule_comes_back_with_another(both):
    both("reject", "invoices/polite", "--reason", "rude", *ME)
    assert "polite" not in both("review").out
    both.suite(SUITE.replace("{contains: please}", "{contains: pleasant}"))
    assert "polite" in both("review").out


def test_a_waiver_that_claims_too_long_a_time_ends_when_the_policy_says(both):
    toml = both.root / "rebaseline.toml"
    before = toml.read_text()
    toml.write_text(before + "[policy.production]\nmax_waiver_days = 3650\n")
    assert both(*WAIVE).code == 0
    toml.write_text(before + "[policy.production]\nmax_waiver_days = 5\n")
    assert f"waived until {(TODAY + timedelta(days=5)):%d %b %Y}" in both("diff").out


def test_a_waiver_can_be_taken_back(both):
    both(*WAIVE)
    assert both("unwaive", "invoices/polite", "--reason", "mended", *ME).code == 0
    assert both("diff").code == 1
    said = both("unwaive", "invoices/polite", "--reason", "again", *ME)
    assert said.code == 2
    assert "has no waiver" in said.err


def test_an_entry_that_was_edited_gives_no_waiver(both):
    both(*WAIVE)
    for path in (both.root / "baselines" / "ledger").iterdir():
        path.write_text(path.read_text().replace("payments", "nobody!!"))
    said = both("diff")
    assert said.code == 1
    assert "ledger cannot be relied upon" in " ".join(said.out.split())


def test_a_waiver_that_is_not_signed_does_not_count_where_signatures_are_demanded(both):
    both(*WAIVE)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nsigned = true\n")
    assert both("diff").code == 1


def test_a_repair_is_applied_by_its_number(both):
    listed = both("repair", "--json").document
    (found,) = [it for it in listed["items"] if it["name"] == "invoices/total"]
    best = next(trial["id"] for trial in found["trials"] if trial["verified"])
    said = both("repair", "--assertion", "invoices/total", "--apply", best, *ME)
    assert said.code == 0, said.err
    assert f"edited    {SUITE_FILE}" in said.out
    assert "invoices is version 4 now" in said.out
    assert "left out, still to be decided: polite, thanks" in said.out
    assert "survived" in both("diff", "--from", OLD, "--to", NEW, "--all").line(" invoices/total ")
    other = both("repair", "--assertion", "invoices/polite", "--apply", "1", *ME)
    assert other.code == 2


def test_single_assertions_are_re_baselined_and_never_one_that_fails(both):
    accept = ("accept", "--model", NEW, "--reason", "as it is now", *ME, "--assertion")
    assert "what fails cannot be accepted away" in both(*accept, "invoices/polite").err
    said = both(*accept, "invoices/thanks")
    assert said.code == 0, said.err
    assert "recorded as inconclusive: thanks" in said.out
    assert "left out, still to be decided: total, polite" in said.out
    assert both("accept", "invoices", *accept[1:], "invoices/thanks").code == 2


def test_a_finding_is_rejected_and_an_assertion_retired(both):
    assert both("reject", "invoices/polite", "--reason", "rude", *ME).code == 0
    assert both("diff").code == 1
    assert both("retire", "invoices/thanks", "--reason", "nobody reads it", *ME).code == 0
    assert "retired: {reason: nobody reads it" in (both.root / SUITE_FILE).read_text()
    assert "invoices/thanks: retired" in both("diff").out


def test_what_fails_is_not_retired_whichever_version_is_looked_at(both):
    before = tree(both)
    retire = ("retire", "invoices/polite", "--reason", "nobody reads it", *ME)
    assert "what fails is not taken out of use" in both(*retire).err
    older = both(*retire, "--from", NEW, "--to", OLD)
    assert older.code == 2
    assert f"it is failing for {NEW} on target app, and the edit would take it out of use" in " ".join(
        older.err.split()
    )
    assert "it can be neither retired nor edited away while it fails there, waived or not" in one_line(older.err)
    assert tree(both) == before


@pytest.mark.parametrize("name", ["pollite", "invoices/", "/polite", "invoices/nobody", "nobody/polite"])
def test_an_assertion_that_is_none_is_named(both, name):
    before = tree(both)
    said = both("reject", name, "--reason", "x", *ME)
    assert said.code == 2
    assert repr(name) in said.err or "no such assertion" in said.err or "no suite 'nobody'" in said.err
    assert tree(both) == before


@pytest.mark.parametrize(
    "arguments",
    [
        WAIVE,
        ("unwaive", "invoices/polite", "--reason", "x", *ME),
        ("reject", "invoices/polite", "--reason", "x", *ME),
        ("retire", "invoices/polite", "--reason", "x", *ME),
        ("repair", "--assertion", "invoices/total", "--apply", "1", *ME),
        ("accept", "--model", NEW, "--reason", "x", "--assertion", "invoices/thanks", *ME),
        ("accept", "--pending", "baselines/pending/x.json", *ME),
    ],
)
def test_nobody_decides_in_ci(both, monkeypatch, arguments):
    monkeypatch.setenv("CI", "true")
    before = tree(both)
    said = both(*arguments)
    assert said.code == 2
    assert "CI is set: nobody decides here, and nothing was written" in said.err
    assert tree(both) == before


@pytest.mark.parametrize("value", ["", "0", "false", "False"])
def test_ci_that_is_off_is_off(both, monkeypatch, value):
    monkeypatch.setenv("CI", value)
    assert both(*WAIVE).code == 0


def test_accepting_a_version_with_every_verdict_works_in_ci_for_it_accepts_nothing_away(both, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert both.accept(NEW).code == 0


def test_a_proposal_waits_apart_until_somebody_else_accepts_it(both, monkeypatch):
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    before = tree(both)
    assert both(*WAIVE).code == 2
    said = both(*WAIVE, "--propose")
    assert said.code == 0
    (path,) = tree(both).keys() - before.keys()
    assert path.startswith("baselines/pending/")
    assert both("diff").code == 1
    said = both("accept", "--pending", path, "--as", "Bo <bo@bank.example>")
    assert "nobody is known to have proposed the proposal" in said.err, "it is not committed"
    repository.commit(author=Actor("Cy", "cy@bank.example"))
    said = both("accept", "--pending", path, "--as", "Bo <bo@bank.example>")
    assert said.code == 2
    assert "says that Ada Ruiz <ada@bank.example> proposed it, who committed no change of it" in one_line(said.err)
    file = both.root / path
    file.write_text(file.read_text() + "\n")
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    for proposer in (ME, ("--as", "Cy <cy@bank.example>")):  # as the file says, and as git does
        mine = both("accept", "--pending", path, *proposer)
        assert mine.code == 2
        assert "proposed the proposal" in mine.err
    said = both("accept", "--pending", path, "--as", "Bo <bo@bank.example>", "--reason", "agreed")
    assert said.code == 0, said.err
    assert f"removed   {path}" in said.out
    assert both("diff").code == 3


def test_a_proposal_upon_a_suite_that_changed_since_is_refused_and_kept(both):
    both(*WAIVE, "--propose")
    (path,) = (both.root / "baselines" / "pending").iterdir()
    both.suite(SUITE + "# edited\n")
    said = both("accept", "--pending", str(path), *ME)
    assert said.code == 2
    assert f"changed since you looked: {SUITE_FILE}" in said.err
    assert path.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": 2}', b"\xff", b"[" * 50_000])
def test_a_proposal_that_is_none_is_refused(both, content):
    path = both.write("baselines/pending/x.json", content)
    said = both("accept", "--pending", str(path), *ME)
    assert said.code == 2
    assert "no proposal, or a damaged one" in said.err
    assert path.read_bytes() == content


def propose_repair(project):
    """A proposal to take the first repair of `total`: its file, and its content."""
    repair = ("repair", "--assertion", "invoices/total", "--apply", "1", "--reason", "undone downstream")
    assert project(*repair, "--propose", *ME).code == 0
    (path,) = (project.root / "baselines" / "pending").iterdir()
    return path, json.loads(path.read_text())


def test_a_proposal_does_not_vouch_for_itself(both):
    path, content = propose_repair(both)
    content["decisions"][0].update(
        verified=True, words="make it strict", edits=[{"put": ["suite", "id"], "value": "x"}]
    )
    path.write_text(json.dumps(content))
    said = both("accept", "--pending", str(path), *ME)
    assert said.code == 2
    assert "no repair of invoices/total makes these edits" in said.err
    assert path.exists()


@pytest.mark.parametrize(
    "edit",
    [
        {"put": ["probes", "each"], "value": "easy.csv"},
        {"put": ["assertions", "thanks", "on"], "value": "easy"},
        {"put": ["assertions", "thanks", "bar"], "value": {"at_least": 0.1}},
        {"drop": ["assertions", "polite"]},
    ],
)
def test_a_proposal_brings_no_edit_beside_its_repair(both, edit):
    path, content = propose_repair(both)
    both.write("probes/invoices/easy.csv", "id,text,reference\ninv-00,x,7\n")
    content["decisions"][0]["edits"].append(edit)
    path.write_text(json.dumps(content))
    assert "makes these edits" in both("accept", "--pending", str(path), *ME).err
    content["decisions"][0].update(action="reject")  # nor under another name
    path.write_text(json.dumps(content))
    before = tree(both)
    assert both("accept", "--pending", str(path), *ME).code == 0
    changed = {name for name in before if tree(both).get(name) != before[name]}
    assert changed == {path.relative_to(both.root).as_posix()}


def test_a_proposal_names_the_state_of_its_suite(both):
    path, content = propose_repair(both)
    content["seen"] = {}
    path.write_text(json.dumps(content))
    assert f"upon which state of {SUITE_FILE}" in both("accept", "--pending", str(path), *ME).err


def test_an_accepted_proposal_is_recorded_as_it_was_tried(both):
    path, _ = propose_repair(both)
    assert both("accept", "--pending", str(path), "--as", "Bo").code == 0
    item = last_item(both, "total")
    assert (item["verified"], item["verdict"], item["verdict_after"]) == (True, "invalid", "holds")


def last_item(project, name):
    ledger = read_ledger(ledger_folder(project.root / "baselines"))
    (head,) = ledger.heads
    return ledger.records[head].entry.items[name]


def test_what_replaces_a_baseline_names_the_one_that_was_looked_at(both):
    file = both.root / "baselines" / "invoices" / "app" / f"{OLD}.json"
    digest = json.loads(file.read_text())["digest"]
    accept = ("accept", "invoices", "--model", OLD, "--reason", "again", *ME, "--replacing")
    for wrong in ("none", "sha256:" + "0" * 64):
        said = both(*accept, wrong)
        assert said.code == 2
        assert "moved meanwhile" in said.err
    assert "no digest" in both(*accept, "abc").err
    assert "one suite" in both("accept", "--model", OLD, "--reason", "again", *ME, "--replacing", "none").err
    assert both(*accept, digest).code == 0


def test_accepting_by_a_looser_rule_is_counted_from_then_on(both):
    both.suite(SUITE.replace("bar: {at_least: 0.5}", "bar: {at_least: 0.3}"))
    both.accept(NEW)
    assert "Rules loosened since" in both("diff", "--from", OLD).out
    assert both("diff", "--from", OLD, "--json").document["concessions"]["loosened"] == 1
    both.accept(NEW)
    assert both("diff", "--from", OLD, "--json").document["concessions"]["loosened"] == 1


LOOSENED = SUITE.replace("bar: {at_least: 0.9}", "bar: {at_least: 0.85}", 1)


def test_a_rule_that_was_loosened_by_hand_is_counted_when_a_decision_records_it(both):
    both.suite(LOOSENED)
    name = "invoices/total"
    said = both("accept", "--assertion", name, "--model", NEW, "--reason", "as it is read", *ME)
    assert said.code == 0, said.err
    entry = both("ledger", "show", "--limit", "1", "--json").document["entries"][0]
    (rule,) = entry["items"]["total"]["rules"]
    assert (rule["what"], rule["direction"]) == ("bar", "looser")
    assert both("diff", "--from", OLD, "--json").document["concessions"]["loosened"] == 1


def test_who_loosened_a_rule_by_hand_may_not_decide_upon_it_where_duties_are_separate(both, monkeypatch):
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    both.suite(LOOSENED)
    decide = ("accept", "--assertion", "invoices/total", "--model", NEW, "--reason", "as it is read")
    assert both(*decide, *ME).code == 2
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    assert "proposed the changed rule of invoices/total" in both(*decide, *ME).err
    assert both(*decide, "--as", "Bob <bob@bank.example>").code == 0
    assert both("ledger", "verify").code == 0


def test_a_later_edit_by_somebody_else_hides_nobody_and_a_changed_reference_is_a_change(both, monkeypatch):
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repository.commit(author=Actor("Cy", "cy@bank.example"))
    decide = ("accept", "--assertion", "invoices/total", "--model", NEW, "--reason", "as it is read")
    both.suite(LOOSENED)
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    both.suite(LOOSENED + "# a word\n")
    repository.commit(author=Actor("Cy", "cy@bank.example"))
    for author in (ME, ("--as", "Cy <cy@bank.example>")):
        assert "proposed the changed rule of invoices/total" in both(*decide, *author).err
    both.suite(SUITE)
    rows = both.root / "probes/invoices/rows.csv"
    rows.write_text(rows.read_text().replace("inv-00,invoice inv-00,7", "inv-00,invoice inv-00,8"))
    assert "nobody is known" in both(*decide, "--as", "Bob <bob@bank.example>").err
    repository.commit(author=Actor("Dee", "dee@bank.example"))
    assert "Dee <dee@bank.example> proposed" in both(*decide, "--as", "Dee <dee@bank.example>").err
    assert both(*decide, "--as", "Bob <bob@bank.example>").code == 0
    changed = {"what": "probes", "old": "60", "new": "1 of them have another reference or row", "direction": ""}
    assert changed in last_item(both, "total")["rules"]


@pytest.fixture
def loosened(both, monkeypatch):
    """A rule loosened by Ada, and a word written later by Cy, where duties are separate."""
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repository.commit(author=CY)
    both.suite(LOOSENED)
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    both.suite(LOOSENED + "# a word\n")
    repository.commit(author=CY)
    return both, repository


def refuses_ada(project):
    decide = ("accept", "--assertion", "invoices/total", "--model", NEW, "--reason", "as it is read")
    said = project(*decide, *ME)
    return said.code == 2 and "Ada Ruiz <ada@bank.example> proposed the changed rule" in one_line(said.err)


def test_a_file_put_beside_a_baseline_frees_nobody(loosened):
    project, repository = loosened
    project.write("baselines/invoices/app/.gitkeep", "")
    repository.commit(author=CY)
    assert refuses_ada(project)


def test_a_suite_that_somebody_else_moved_frees_nobody(loosened):
    project, repository = loosened
    repository.git("mv", "probes/invoices", "probes/other")
    repository.commit(author=CY)
    repository.git("mv", "probes/other", "probes/third")
    repository.commit(author=CY)
    assert refuses_ada(project)


def test_an_entry_taken_away_and_put_back_frees_nobody(loosened):
    project, repository = loosened
    kept = {path: path.read_bytes() for path in (project.root / "baselines/ledger").iterdir()}
    for path in kept:
        path.unlink()
    repository.commit(author=CY)
    for path, content in kept.items():
        path.write_bytes(content)
    repository.commit(author=CY)
    assert refuses_ada(project)


def test_an_edit_committed_together_with_an_acceptance_frees_nobody(both, monkeypatch):
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repository.commit(author=CY)
    assert both("accept", "--model", OLD, "--reason", "looked at again", *ME).code == 0
    both.suite(LOOSENED)
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    both.suite(LOOSENED + "# a word\n")
    repository.commit(author=CY)
    assert refuses_ada(both)


def test_who_wrote_a_suite_with_its_first_acceptance_may_accept_what_somebody_else_changes(both, monkeypatch):
    repository = start_repository(both.root, monkeypatch)
    toml = both.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repository.commit(author=Actor("Ada Ruiz", "ada@bank.example"))
    both.suite(LOOSENED)
    repository.commit(author=CY)
    decide = ("accept", "--assertion", "invoices/total", "--model", NEW, "--reason", "as it is read")
    assert both(*decide, "--as", str(CY)).code == 2
    assert both(*decide, *ME).code == 0


def test_what_was_accepted_and_is_not_asked_any_more_is_recorded_by_the_next_acceptance(both):
    both.suite(SUITE[: SUITE.index("  - id: short")] + SUITE[SUITE.index("  - id: thanks") :])
    assert both.accept(NEW).code == 0
    item = last_item(both, "short")
    assert item["action"] == "no longer asked"
    assert item["rules"] == [{"what": "assertion", "old": "holds", "new": "taken out", "direction": "looser"}]
    assert both("diff", "--from", OLD, "--json").document["concessions"]["loosened"] == 1
    both.accept(NEW)
    assert both("diff", "--from", OLD, "--json").document["concessions"]["loosened"] == 1


def test_a_repair_records_what_is_not_asked_any_more_too(both):
    both.suite(
        SUITE.replace(
            "    claim: It is short.", "    retired: {reason: unread, on: 2026-11-26}\n    claim: It is short."
        )
    )
    assert both("repair", "--assertion", "invoices/total", "--apply", "1", "--reason", "undone", *ME).code == 0
    rules = last_item(both, "short")["rules"]
    assert rules == [{"what": "assertion", "old": "holds", "new": "retired", "direction": ""}]


def test_what_fails_and_is_retired_by_hand_blocks_all_the_same(both):
    polite = "    claim: It says please."
    both.suite(SUITE.replace(polite, f"    retired: {{reason: unread, on: 2020-01-01}}\n{polite}"))
    said = both("diff")
    assert said.code == 1
    assert "retired, and it fails: what fails is not taken out of use" in said.out
    assert [it["retired"] for it in both("diff", "--json").document["assertions"]].count(True) == 1
    before = tree(both)
    for command in (("accept", "--model", NEW), ("accept", "--model", NEW, "--assertion", "invoices/thanks")):
        assert f"retired, and failing for {NEW}: polite" in both(*command, "--reason", "x", *ME).err
    assert tree(both) == before
    assert "polite" not in both("review").out.split("rebaseline", 1)[0]


def test_a_retirement_that_was_given_in_another_view_does_not_cover_what_had_failed(both):
    both.bring("scratch", {"inv-00": "please"})
    assert both("retire", "invoices/polite", "--to", "scratch", "--reason", "x", *ME).code in {0, 2}
    bundle = ("bundle", "--model", OLD, "--out", "old.bundle")
    assert both(*bundle).code == 0
    both("--bundle", "old.bundle", "retire", "invoices/polite", "--reason", "x", *ME)
    assert "retired" in (both.root / SUITE_FILE).read_text()
    assert both("diff", "--to", NEW).code == 1


def test_a_retirement_covers_the_versions_that_come_after_it(both):
    assert both("retire", "invoices/thanks", "--reason", "nobody reads it", *ME).code == 0
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    both.bring(
        "model-6.3", {p: f'{{"total": {total}, "note": "please"}}' for p, total in TOTALS.items()}, received_at=later
    )
    said = both("diff", "--to", "model-6.3")
    assert said.code == 0, said.out
    assert "thanks: retired" in said.out
    assert both.accept("model-6.3").code == 0


def test_what_fails_is_not_retired_beside_a_worse_version_either(both):
    both.suite(SUITE.replace("bar: {at_least: 0.9}\n  - id: short", "bar: {no_worse: 0.1}\n  - id: short"))
    both.bring("poor", {f"inv-{n:02}": "rude" for n in range(60)}, received_at="2020-01-01T00:00:00+00:00")
    retire = ("retire", "invoices/polite", "--reason", "x", *ME)
    assert both(*retire).code == 2
    said = both(*retire, "--from", "poor", "--to", NEW)
    assert said.code == 2
    assert f"failing for {NEW}" in " ".join(said.err.split())


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_waiver_that_was_taken_back_does_not_come_back_with_a_damaged_ledger(both, damage):
    both(*WAIVE)
    both("unwaive", "invoices/polite", "--reason", "mended", *ME)
    withdrawn = max((both.root / "baselines" / "ledger").iterdir())
    both("reject", "invoices/total", "--reason", "so it is", *ME)
    assert both("diff").code == 1
    if damage == "cut":
        withdrawn.write_bytes(withdrawn.read_bytes()[:150])
    else:
        withdrawn.unlink()
    said = both("diff")
    assert said.code == 1
    assert "1 file is missing or not as written: `rebaseline ledger verify`. No waiver counts" in " ".join(
        said.out.split()
    )
    assert "Ledger head" not in said.out
    exported = both("ledger", "export")
    assert exported.code == 2
    assert "not all entries are here" in exported.err


def test_what_a_partial_baseline_left_out_cannot_be_retired_by_hand_for_the_versions_after_it(both):
    accepted = ("accept", "--model", NEW, "--assertion", "invoices/thanks", "--reason", "as it is now", *ME)
    assert both(*accepted).code == 0
    polite = "    claim: It says please."
    both.suite(SUITE.replace(polite, f"    retired: {{reason: unread, on: 2020-01-01}}\n{polite}"))
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    rude = {p: f'{{"total": {total}, "note": "thank you"}}' for p, total in TOTALS.items()}
    both.bring("model-6.3", rude, received_at=later)
    assert both("diff").code == 1
    assert "retired, and failing for model-6.3: polite" in both.accept("model-6.3").err
