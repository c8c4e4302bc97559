"""The ledger through the command line: shown, looked over, handed on."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from tests.support.entries import ADA, BOB, append
from tests.support.project import HOSTILE, NEW, OLD
from tests.support.repository import Repository, keys_of, start_repository

from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import FileChange
from rebaseline.review.ledger import read_ledger
from rebaseline.review.signatures import sign

RULE = {"what": "bar", "old": "at_least .9", "new": "at_least .8", "direction": "looser"}


def folder(project):
    return project.root / "baselines" / "ledger"


def names(project):
    return sorted(path.name for path in folder(project).glob("*.json"))


@pytest.fixture
def decided(project):
    """Two entries: a baseline is accepted, and then a bar is moved."""
    content = b'{"accepted": "once"}\n'
    path = "baselines/invoices/app/model-6.2.json"
    project.write(path, content)
    change = FileChange(path, "", hashlib.sha256(content).hexdigest())
    append(folder(project), 0, files=(change,), items={"total-right": {"action": "re-baseline", "verdict": "holds"}})
    moved = {
        "action": "repair",
        "verdict": "failing",
        "verdict_after": "holds",
        "words": "move the bar",
        "verified": False,
        "rules": [RULE],
    }
    append(
        folder(project),
        1,
        actor=BOB,
        proposed_by=ADA,
        items={"total-right": moved},
        compared_with=OLD,
        evidence="e" * 64,
    )
    return project


def test_an_auditor_can_follow_the_entries(decided):
    said = decided("ledger", "show")
    assert said.code == 0
    newest, oldest = said.out.split("\n\n")[:2]
    first, second = names(decided)
    assert newest.splitlines() == [
        "2026-11-26 09:01:00 UTC   accept   invoices 1   app: model-6.1 -> model-6.2",
        "  by    Bob Brown <bob@bank.example>   unsigned",
        "  from  Ada Adams <ada@bank.example>, who proposed it",
        "  why   the release was looked at",
        "    total-right   repair; failing -> holds; move the bar; not verified",
        "      rule  bar: at_least .9 -> at_least .8 (looser)",
        f"  evidence eeeeeeeeeeee   entry {second[-17:-5]} after {first[-17:-5]}",
    ]
    assert oldest.splitlines()[-2:] == [
        "  file  baselines/invoices/app/model-6.2.json   written",
        f"  entry {first[-17:-5]}, the first",
    ]
    assert said.out.endswith("2 entries\n")


def test_entries_are_found_by_suite_and_assertion_and_cut_by_a_limit(decided):
    append(folder(decided), 2, suite="refunds", items={"polite": {"action": "waive"}})
    assert decided("ledger", "show", "refunds/polite").out.endswith("1 entry\n")
    assert decided("ledger", "show", "invoices", "--limit", "1").out.endswith(
        "2 entries, 1 older not shown (--limit)\n"
    )
    document = decided("ledger", "show", "--json").document
    assert [entry["file"] for entry in document["entries"]] == names(decided)[::-1]
    assert document["head_digest"] == document["entries"][0]["digest"]
    said = decided("ledger", "show", "invoices/total-rihgt")
    assert said.code == 2
    assert "did you mean invoices/total-right" in said.err


def test_of_entries_of_one_instant_the_one_that_follows_is_the_newer(project):
    made = [append(folder(project), 0, suite=f"suite-{number}") for number in range(8)]
    shown = project("ledger", "show", "--json").document["entries"]
    assert [entry["digest"] for entry in shown] == made[::-1]


def test_an_empty_ledger_says_so(project):
    assert project("ledger", "show").out == "0 entries\n"
    assert project("ledger", "export").out == ""
    said = project("ledger", "verify")
    assert (said.code, said.out) == (0, "0 entries.\nexit 0 (every entry is as it was written)\n")
    assert "no entry at all" in project("ledger", "show", "invoices").err


def test_a_sound_ledger_verifies_with_its_whole_head(decided):
    said = decided("ledger", "verify")
    assert said.code == 0
    assert f"2 entries, 1 head {read_ledger(folder(decided)).head_digest}." in said.out


def test_what_was_changed_makes_it_exit_with_2(decided):
    path = folder(decided) / names(decided)[1]
    path.write_bytes(path.read_bytes().replace(b"Bob", b"Eve"))
    said = decided("ledger", "verify")
    assert said.code == 2
    assert said.line("edited").startswith(f"edited  {path.name}: it was edited")
    assert "exit 2 (1 of 1 findings" in said.out
    document = decided("ledger", "verify", "--json").document
    assert [finding["kind"] for finding in document["findings"]] == ["edited"]
    assert document["exit_code"] == 2
    shown = decided("ledger", "show")
    assert "1 file not shown: `rebaseline ledger verify` says why" in shown.out


def test_a_rewritten_ledger_is_seen_beside_a_commit(decided, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(decided.root.parent))
    said = decided("ledger", "verify", "--against", "main")
    assert said.code == 2
    assert "not a git repository" in said.err
    repository = start_repository(decided.root, monkeypatch)
    repository.commit()
    assert decided("ledger", "verify", "--against", "main").code == 0
    (folder(decided) / names(decided)[1]).unlink()
    assert decided("ledger", "verify").code == 0
    said = decided("ledger", "verify", "--against", "main")
    assert said.code == 2
    assert "missing" in said.out
    assert "2 entries of main looked for here." in said.out


def test_exports_hold_every_entry_and_no_formula(decided):
    append(folder(decided), 2, actor=Actor("=cmd|' /C calc'!A0"), reason="+1", items={"@x": {"action": "-1"}})
    lines = [json.loads(line) for line in decided("ledger", "export").out.splitlines()]
    assert [line["file"] for line in lines] == names(decided)
    assert lines[1]["items"]["total-right"]["rules"] == [RULE]
    rows = list(csv.DictReader(io.StringIO(decided("ledger", "export", "--csv").out)))
    assert [row["file"] for row in rows] == names(decided)
    assert rows[1]["rules"] == "bar: at_least .9 -> at_least .8 (looser)"
    assert (rows[2]["actor"], rows[2]["reason"], rows[2]["assertion"]) == ("'=cmd|' /C calc'!A0", "'+1", "'@x")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_entry_takes_hold_of_no_terminal(project, hostile):
    item = {"action": hostile, "rules": [hostile, {"what": hostile}], "owner": hostile, "expires_on": hostile}
    append(folder(project), 0, reason=hostile, suite=hostile, items={hostile: item}, model=hostile, evidence=hostile)
    for arguments in (["show"], ["show", "--json"], ["verify"], ["export"]):
        assert project("ledger", *arguments).code in {0, 2}


@pytest.mark.parametrize("item", [{}, {"rules": "x"}, {"rules": [3]}, {"rules": {"a": 1}}, {"owner": ["x"]}])
def test_items_that_are_not_as_we_write_them_are_shown_as_they_are(project, item):
    append(folder(project), 0, items={"total-right": item})
    assert "total-right" in project("ledger", "show").out
    assert project("ledger", "export", "--csv").code == 0


def test_a_diff_names_the_head_of_the_ledger(asked):
    assert "Ledger head" not in asked("diff", "--from", OLD, "--to", NEW).out
    digest = append(folder(asked))
    said = asked("diff", "--from", OLD, "--to", NEW)
    assert f"Ledger head {digest[:12]}." in said.out
    assert asked("diff", "--from", OLD, "--to", NEW, "--json").document["ledger_head"] == digest


def test_a_diff_quotes_no_head_of_a_ledger_that_cannot_be_relied_upon(asked):
    append(folder(asked))
    path = folder(asked) / names(asked)[0]
    path.write_bytes(path.read_bytes()[:100])
    said = asked("diff", "--from", OLD, "--to", NEW)
    assert "Ledger head" not in said.out
    assert "rebaseline ledger verify" in said.out
    assert asked("diff", "--from", OLD, "--to", NEW, "--json").document["ledger_head"] is None


POLICY = '\n[ledger]\nsigned = true\nsigners = "people/signers"\nseparate_duties = true\n'


@pytest.fixture
def strict(project, tmp_path_factory, monkeypatch):
    """A project that demands signatures and separate duties; the keys of Ada and Bob may sign."""
    keys = keys_of(tmp_path_factory.mktemp("keys"), "ada", "bob")
    start_repository(project.root, monkeypatch)
    project.write("rebaseline.toml", (project.root / "rebaseline.toml").read_text() + POLICY)
    lines = [f"{who}@bank.example {key.with_suffix('.pub').read_text()}" for who, key in keys.items()]
    project.write("people/signers", "".join(lines))
    return project, keys


def signed_by(project, key, **changed):
    digest = append(folder(project), **changed)
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(key))
    record = read_ledger(folder(project)).records[digest]
    (folder(project) / f"{record.name}.sig").write_bytes(sign(record.content, project.root))


def test_signed_entries_that_two_people_made_satisfy_the_policy(strict):
    project, keys = strict
    signed_by(project, keys["bob"], actor=BOB, proposed_by=ADA, items={"total-right": {"rules": [RULE]}})
    said = project("ledger", "verify")
    assert said.code == 0, said.out
    assert "signed by bob@bank.example" in project("ledger", "show").out


def test_unsigned_entries_wrong_signers_and_lonely_decisions_are_named(strict):
    project, keys = strict
    append(folder(project), 0)
    signed_by(project, keys["ada"], minute=1, actor=BOB)
    signed_by(project, keys["ada"], minute=2, proposed_by=ADA, items={"total-right": {"rules": [RULE]}})
    signed_by(project, keys["ada"], minute=3, items={"total-right": {"action": "waive"}})
    document = project("ledger", "verify", "--json").document
    unsigned, wrong, alone, unnamed = names(project)
    assert {(finding["kind"], finding["where"]) for finding in document["findings"]} == {
        ("unsigned", unsigned),
        ("wrong signer", wrong),
        ("duties", alone),
        ("duties", unnamed),
    }
    assert document["exit_code"] == 2


# What `accept` writes


def loosen(project, bar):
    path = project.root / "probes" / "invoices" / "suite.yaml"
    path.write_text(path.read_text().replace("at_least: 0.9", f"at_least: {bar}"))


def test_accepting_is_an_entry_that_verifies(asked):
    assert asked.accept(OLD).code == 0
    assert asked.accept(NEW).code == 0
    said = asked("ledger", "verify")
    assert said.code == 0, said.out
    shown = asked("ledger", "show", "invoices/total-right", "--json").document["entries"]
    assert [entry["model"] for entry in shown] == [NEW, OLD]
    assert shown[0]["parents"] == [shown[1]["digest"]]


def test_accepting_names_a_rule_that_was_loosened_by_hand(asked):
    asked.accept(OLD)
    loosen(asked, 0.8)
    asked.accept(NEW)
    rules = asked("ledger", "show", "--limit", "1", "--json").document["entries"][0]["items"]["total-right"]["rules"]
    assert [(rule["what"], rule["direction"]) for rule in rules] == [("bar", "looser")]
    asked.accept(NEW)
    assert (
        "rules" not in asked("ledger", "show", "--limit", "1", "--json").document["entries"][0]["items"]["total-right"]
    )


def test_who_loosened_a_rule_by_hand_may_not_accept_it_where_duties_are_separate(asked, monkeypatch):
    repository = start_repository(asked.root, monkeypatch)
    asked.write(
        "rebaseline.toml", (asked.root / "rebaseline.toml").read_text() + "\n[ledger]\nseparate_duties = true\n"
    )
    accept = ("accept", "--reason", "signed off", "--model")
    assert asked(*accept, OLD).code == 0
    loosen(asked, 0.8)
    assert "nobody is known to have proposed" in asked(*accept, NEW).err
    repository.commit(author=ADA)
    said = asked(*accept, NEW)
    assert said.code == 2
    assert "Ada Adams <ada@bank.example> proposed the changed rule of invoices/total-right" in said.err
    assert len(names(asked)) == 1
    assert asked(*accept, NEW, "--as", str(BOB)).code == 0
    assert asked("ledger", "verify").code == 0
    assert asked("ledger", "show", "--json").document["entries"][0]["proposed_by"]["name"] == ADA.name


def test_accepting_is_signed_where_the_project_demands_it(strict):
    project, keys = strict
    project.bring(OLD, {"inv-01": "{}"})
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(keys["ada"]))
    said = project("accept", "--model", OLD, "--reason", "signed off")
    assert said.code == 0, said.err
    said = project("ledger", "verify")
    assert said.code == 0, said.out
    assert "signed by ada@bank.example" in project("ledger", "show").out


def test_an_entry_that_somebody_else_would_sign_is_not_written(strict):
    project, keys = strict
    project.bring(OLD, {"inv-01": "{}"})
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(keys["ada"]))
    said = project("accept", "--model", OLD, "--reason", "signed off", "--as", "Bob <bob@bank.example>")
    assert said.code == 2
    assert "the entry would not be signed by Bob <bob@bank.example>: signed by somebody else" in said.err
    assert not list(project.root.glob("baselines/ledger/*"))
    assert not list(project.root.glob("baselines/invoices/**/*.json"))
