"""What becomes of decisions: all of them or none, and a failing assertion never becomes a held one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from tests.support.deciding import ADA, AT, FENCE_UNDONE, SUITE, VERDICTS, apply, bring_both, decide, tree
from tests.support.project import NEW, OLD, make_project

from rebaseline.domain.decision import Action, Actor
from rebaseline.domain.edit import Drop, Put
from rebaseline.errors import BaselineError, ChangeError, LedgerError, RebaselineError, SuiteErrors, UsageError
from rebaseline.review.ledger import ledger_folder, read_ledger
from rebaseline.store.baselines import load_baseline
from rebaseline.store.manifest import sha256_of

PATH = "probes/invoices/suite.yaml"
BASELINE = f"baselines/invoices/app/{NEW}.json"


@pytest.fixture
def project(tmp_path, capsys, monkeypatch):
    return bring_both(make_project(tmp_path, capsys, monkeypatch))


def recorded(project):
    return {name: it.verdict for name, it in load_baseline(project.root / BASELINE).assertions.items()}


def last_entry(project):
    ledger = read_ledger(ledger_folder(project.root / "baselines"))
    assert not ledger.flaws
    (head,) = ledger.heads
    return ledger.records[head].entry


def refused(project, *decisions, match, kind=UsageError, **more):
    before = tree(project)
    with pytest.raises(kind, match=match) as wrong:
        apply(project, *decisions, **more)
    assert tree(project) == before
    return wrong.value


def test_the_project_has_a_finding_of_each_kind(project):
    shown = project("diff", "--json").document["assertions"]
    assert {it["id"]: it["new"]["verdict"]["name"] for it in shown} == VERDICTS


def test_a_repair_edits_the_suite_records_what_holds_and_goes_into_the_ledger(project):
    applied = apply(project, decide(Action.REPAIR, "total"))
    text = (project.root / PATH).read_text()
    raised = SUITE.replace("version: 3", "version: 4")
    assert (
        text.replace("\n    consumer:\n      fence: undone", "").replace("\n    consumer: {fence: undone}", "")
        == raised
    )
    assert recorded(project) == {"total": "holds", "short": "holds"}
    (suite,) = applied.suites
    assert (suite.version, suite.edited, suite.baseline) == (4, True, BASELINE)
    assert set(suite.left_out) == {"polite", "thanks"}
    entry = last_entry(project)
    assert (entry.action, entry.actor, entry.at, entry.suite_version) == ("repair", ADA, AT, 4)
    assert (entry.model, entry.compared_with, entry.evidence) == (NEW, OLD, suite.digest)
    assert entry.items["total"]["verdict"] == "invalid"
    assert entry.items["total"]["verdict_after"] == "holds"
    assert entry.items["total"]["verified"]
    assert [it.path for it in entry.files] == [PATH, BASELINE]
    assert all(sha256_of((project.root / it.path).read_bytes()) == it.after for it in entry.files)
    assert [it.path for it in applied.files][:2] == [PATH, BASELINE]


def test_a_second_diff_shows_the_repaired_one_surviving_and_the_undecided_ones_again(project):
    apply(project, decide(Action.REPAIR, "total"))
    shown = project("diff", "--from", OLD, "--to", NEW, "--json").document["assertions"]
    found = {it["id"]: (it["transition"], it["new"]["verdict"]["name"]) for it in shown}
    assert found["total"] == ("survived", "holds")
    assert {name: found[name][1] for name in ("polite", "thanks")} == {"polite": "failing", "thanks": "inconclusive"}


def test_what_was_decided_earlier_stays_recorded_as_long_as_it_reads_the_same(project):
    apply(project, decide(Action.REBASELINE, "thanks"))
    assert recorded(project) == {"short": "holds", "thanks": "inconclusive"}
    apply(project, decide(Action.REPAIR, "total"))
    assert recorded(project) == {"short": "holds", "thanks": "inconclusive", "total": "holds"}


@pytest.mark.parametrize(
    ("action", "name", "verdict"),
    [(Action.WAIVE, "polite", "failing"), (Action.REJECT, "polite", "failing"), (Action.RETIRE, "total", "invalid")],
)
def test_without_a_repair_or_a_re_baseline_the_new_version_gets_no_baseline(project, action, name, verdict):
    (suite,) = apply(project, decide(action, name)).suites
    assert (suite.baseline, suite.digest, suite.left_out) == ("", "", ())
    assert not (project.root / BASELINE).exists()
    entry = last_entry(project)
    assert entry.items[name]["verdict"] == verdict
    assert entry.evidence.startswith("sha256:")


def test_a_rejected_finding_is_recorded_as_it_is(project):
    apply(project, decide(Action.REPAIR, "total"), decide(Action.REJECT, "polite", reason="the new one is rude"))
    assert recorded(project)["polite"] == "failing"
    assert last_entry(project).action == "review"


def test_a_waiver_is_kept_with_its_owner_its_reason_and_its_last_day(project):
    apply(project, decide(Action.WAIVE, "polite", reason="until the prompt is mended"))
    item = last_entry(project).items["polite"]
    assert (item["owner"], item["reason"]) == ("payments", "until the prompt is mended")
    assert (item["expires_on"], item["verdict"]) == ("2026-12-20", "failing")


def test_a_retired_assertion_stays_in_the_file_with_the_reason(project):
    apply(project, decide(Action.RETIRE, "thanks", reason="nobody reads it"))
    shown = project("diff", "--json").document
    assert "thanks" not in {it["id"] for it in shown["assertions"]}
    assert any("thanks: retired 26 Nov 2026: nobody reads it" in note for note in shown["notes"])
    assert f"by: {ADA}" in (project.root / PATH).read_text().replace('"', "").replace("'", "")


def test_a_repair_of_the_project_file_edits_it_and_records_nothing_until_the_target_was_asked(project):
    before = (project.root / "rebaseline.toml").read_text()
    edits = (Put(("run", "max_calls"), 500),)
    asked = decide(Action.REPAIR, "total", edits=(), project_edits=edits, verified=False, reason="they were cut")
    applied = apply(project, asked)
    written = [change.path for change in applied.files]
    assert written[0] == "rebaseline.toml"
    assert [path.split("/")[:2] for path in written[1:]] == [["baselines", "ledger"]]
    after = (project.root / "rebaseline.toml").read_text()
    assert after.startswith(before.rstrip("\n"))
    assert "max_calls = 500" in after
    records = read_ledger(ledger_folder(project.root / "baselines")).records
    assert [change.path for change in records[applied.suites[0].entry].entry.files] == ["rebaseline.toml"]


@pytest.mark.parametrize(
    ("decision", "match"),
    [
        (decide(Action.REBASELINE, "polite"), "what fails cannot be accepted away: waive it"),
        (decide(Action.REPAIR, "total", verified=False), "not verified needs a reason"),
        (decide(Action.REPAIR, "total", edits=()), "without an edit repairs nothing"),
        (decide(Action.RETIRE, "short", reason=" "), "retiring needs a reason"),
        (decide(Action.RETIRE, "polite"), "what fails is not taken out of use"),
        (decide(Action.REJECT, "polite", reason=""), "rejecting needs a reason"),
        (decide(Action.REJECT, "short"), "it holds: there is no finding"),
        (decide(Action.WAIVE, "short"), "it holds: there is nothing to waive"),
        (decide(Action.WAIVE, "polite", owner=""), "needs an owner"),
        (decide(Action.WAIVE, "polite", reason=""), "needs a reason"),
        (decide(Action.WAIVE, "polite", expires_on=None), "needs its last day"),
        (decide(Action.WAIVE, "polite", expires_on=date(2026, 11, 25)), "over already"),
        (decide(Action.WAIVE, "polite", expires_on=date(2027, 2, 25)), "longer than the 90 days .* is 2027-02-24"),
        (decide(Action.REPAIR, "nobody"), "no such assertion"),
    ],
)
def test_what_may_not_be_carried_out_is_refused_with_what_to_do(project, decision, match):
    refused(project, decide(Action.REBASELINE, "thanks"), decision, match=match)


def test_every_objection_is_named_at_once(project):
    wrong = refused(
        project, decide(Action.REBASELINE, "polite"), decide(Action.RETIRE, "short", reason=""), match="nothing was"
    )
    assert "waive it" in str(wrong)
    assert "retiring needs" in str(wrong)


def test_two_decisions_on_one_assertion_are_one_too_many(project):
    refused(project, decide(Action.WAIVE, "polite"), decide(Action.REJECT, "polite"), match="two decisions")


@pytest.mark.parametrize("name", ["polite", "total"])
@pytest.mark.parametrize(
    "edit",
    [
        Put(("assertions", "polite", "bar"), {"at_least": 0.001}),
        Put(("assertions", "polite", "check"), {"contains": "total"}),
    ],
)
def test_what_fails_is_not_repaired_away_by_its_own_repair_nor_by_that_of_another(project, edit, name):
    decision = decide(Action.REPAIR, name, edits=(edit, *FENCE_UNDONE), reason="it is too strict")
    refused(project, decision, match="invoices/polite: it is failing, and the edit would make it")


def test_what_fails_on_the_newest_version_is_not_repaired_away_by_looking_at_an_older_one(project):
    edit = Put(("assertions", "polite", "bar"), {"at_least": 0.001})
    decision = decide(Action.REPAIR, "total", edits=(edit, *FENCE_UNDONE), reason="it is too strict")
    refused(project, decision, match=f"polite: it is failing for {NEW} on target app.* make it", models=(NEW, OLD))


def test_an_edit_that_takes_an_assertion_out_is_refused(project):
    decision = decide(Action.REPAIR, "total", edits=(*FENCE_UNDONE, Drop(("assertions", "polite"))), reason="x")
    refused(project, decision, match="polite: an edit takes it out; retire it")


@pytest.mark.parametrize("name", ["thanks", "total"])
def test_a_looser_rule_needs_a_reason_and_is_kept_with_its_direction(project, name):
    edits = (Put(("assertions", "thanks", "bar"), {"at_least": 0.4}), *FENCE_UNDONE)
    decision = decide(Action.REPAIR, name, edits=edits, verified=True)
    refused(project, decision, match=r"thanks: a looser rule \(bar\) needs a reason")
    (suite,) = apply(project, replace(decision, reason="every second is enough")).suites
    (change,) = suite.rules["thanks"]
    assert (change.old, change.new, change.direction) == ("bar .5", "bar .4", "looser")
    kept = last_entry(project).items["thanks"]["rules"]
    assert kept == [{"what": "bar", "old": "bar .5", "new": "bar .4", "direction": "looser"}]


def test_the_policy_says_how_long_a_waiver_may_be(project):
    toml = project.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[policy.production]\nmax_waiver_days = 10\n")
    refused(project, decide(Action.WAIVE, "polite"), match="10 days that the policy allows")


def test_an_edit_that_makes_the_suite_wrong_is_refused_with_what_is_wrong(project):
    decision = decide(Action.REPAIR, "total", edits=(Put(("assertions", "total", "check"), {"jason": 1}),), reason="x")
    wrong = refused(project, decision, match="the suite would be wrong")
    assert "jason" in wrong.problem


def test_a_baseline_that_moved_meanwhile_is_not_replaced(project):
    apply(project, decide(Action.REBASELINE, "thanks"))
    digest = json.loads((project.root / BASELINE).read_text())["digest"]
    repair = decide(Action.REPAIR, "total")
    refused(project, repair, kind=BaselineError, match="moved meanwhile", replacing={"invoices": None})
    refused(project, repair, kind=BaselineError, match="moved meanwhile", replacing={"invoices": "sha256:0"})
    assert apply(project, repair, replacing={"invoices": digest})


def test_a_file_that_changed_since_it_was_looked_at_is_named_and_not_overwritten(project):
    seen = {PATH: sha256_of((project.root / PATH).read_bytes()), BASELINE: ""}
    repair = decide(Action.REPAIR, "total")
    (project.root / PATH).write_text(SUITE + "# by hand\n")
    refused(project, repair, kind=ChangeError, match=f"changed since you looked: {PATH}\n", seen=seen)
    (project.root / PATH).write_text(SUITE)
    assert apply(project, repair, seen=seen)
    refused(project, decide(Action.WAIVE, "polite"), kind=ChangeError, match=f"looked: {BASELINE}, {PATH}", seen=seen)


def test_a_conflicted_baseline_is_explained_and_not_overwritten(project):
    apply(project, decide(Action.REBASELINE, "thanks"))
    path = project.root / BASELINE
    path.write_text(f"<<<<<<< HEAD\n{path.read_text()}=======\n{path.read_text()}>>>>>>> b\n")
    wrong = refused(project, decide(Action.REPAIR, "total"), kind=BaselineError, match="holds a merge conflict")
    assert "Take one side whole" in wrong.remedy


def test_a_ledger_that_cannot_be_relied_upon_is_not_continued(project):
    (entry,) = (project.root / "baselines" / "ledger").iterdir()
    entry.write_text(entry.read_text().replace("Ada", "Eve"))
    refused(project, decide(Action.REPAIR, "total"), kind=LedgerError, match="cannot be relied upon")


def test_what_the_same_person_proposed_is_not_theirs_to_accept_where_duties_are_separate(project):
    toml = project.root / "rebaseline.toml"
    toml.write_text(toml.read_text() + "[ledger]\nseparate_duties = true\n")
    repair, waiver = decide(Action.REPAIR, "total"), decide(Action.WAIVE, "polite")
    for decision in (repair, waiver):
        refused(project, decision, kind=LedgerError, match="nobody is known to have proposed")
        refused(project, decision, kind=LedgerError, match="proposed the", proposed_by=ADA)
    apply(project, repair, waiver, proposed_by=Actor("Bo"))
    assert last_entry(project).proposed_by == Actor("Bo")


def test_entries_are_signed_by_whatever_signs(project):
    apply(project, decide(Action.WAIVE, "polite"), sign=lambda content: b"signed %d" % len(content))
    (signature,) = (project.root / "baselines" / "ledger").glob("*.sig")
    assert signature.read_bytes() == b"signed %d" % signature.with_suffix("").stat().st_size


def test_no_decision_is_no_act(project):
    refused(project, match="no decision")


@pytest.mark.slow
def test_whatever_is_decided_a_failing_assertion_never_becomes_held(project, tmp_path_factory):
    chance, carried_out = Random(4), 0
    loosened = (Put(("assertions", "polite", "bar"), {"at_least": 0.01}), *FENCE_UNDONE)
    clean = tmp_path_factory.mktemp("clean") / "p"
    shutil.copytree(project.root, clean)
    for _ in range(30):
        shutil.rmtree(project.root / "baselines")
        shutil.copytree(clean / "baselines", project.root / "baselines")
        shutil.copy(clean / PATH, project.root / PATH)
        decisions = []
        for name in chance.sample(sorted(VERDICTS), chance.randrange(1, 5)):
            more = (
                {"edits": chance.choice([FENCE_UNDONE, loosened])}
                if (action := chance.choice([*Action])) == "repair"
                else {}
            )
            decisions.append(decide(action, name, **more, **({"reason": "r"} if more else {})))
        before = tree(project)
        try:
            apply(project, *decisions)
        except RebaselineError:
            assert tree(project) == before
        else:
            carried_out += 1
        for path in (project.root / "baselines" / "invoices" / "app").glob(f"{NEW}.json"):
            assert load_baseline(path).assertions.get("polite") is None or recorded(project)["polite"] == "failing"
        shown = project("diff", "--from", OLD, "--to", NEW, "--json").document["assertions"]
        assert [it["new"]["verdict"]["name"] for it in shown if it["id"] == "polite"] in (["failing"], [])
    assert carried_out >= 3


def test_an_edit_that_makes_the_project_file_wrong_is_refused(project):
    wrong = (Put(("targets", "app", "type"), "no-such-type"),)
    refused(project, decide(Action.REPAIR, "total", project_edits=wrong), match="no-such-type", kind=SuiteErrors)


def test_what_an_edit_does_to_another_assertion_is_in_the_entry(project):
    edits = (Put(("assertions", "thanks", "bar"), {"at_least": 0.2}), *FENCE_UNDONE)
    apply(project, decide(Action.REPAIR, "total", edits=edits, reason="every fifth is enough"))
    item = last_entry(project).items["thanks"]
    assert (item["action"], item["verdict"], item["verdict_after"]) == ("edited with others", "inconclusive", "holds")
    assert item["rules"][0]["direction"] == "looser"


def test_a_raised_limit_asks_anew_also_for_what_fails_and_that_blocks_until_it_was_asked(project):
    edits = (Put(("defaults",), {"parameters": {"max_tokens": 900}}),)
    more = {"edits": edits, "verified": False, "reason": "they were cut"}
    (suite,) = apply(project, decide(Action.REPAIR, "total", **more)).suites
    assert (suite.edited, suite.baseline) == (True, "")
    item = last_entry(project).items["polite"]
    assert (item["verdict"], item["verdict_after"]) == ("failing", "unmeasured")
    assert project("diff", "--to", NEW).code != 0


def test_taking_probes_away_is_no_asking_anew(project):
    (project.root / "probes/invoices/few.csv").write_text("id,text,reference\nnew,invoice new,1\n")
    edits = (Put(("probes", "each"), "few.csv"),)
    refused(
        project, decide(Action.REPAIR, "total", edits=edits, verified=False, reason="x"), match="polite: it is failing"
    )
