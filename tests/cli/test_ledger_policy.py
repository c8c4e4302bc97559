"""What a branch demands of its ledger, beside what the one demands that it is to be merged into."""

from __future__ import annotations

import shutil

import pytest
from tests.support.entries import ADA, BOB, append
from tests.support.repository import Repository, keys_of, start_repository

from rebaseline.domain.decision import Actor
from rebaseline.review.ledger import read_ledger
from rebaseline.review.signatures import sign

RULE = {"what": "bar", "old": "at_least .9", "new": "at_least .8", "direction": "looser"}
LOOSER = {"total-right": {"action": "repair", "rules": [RULE]}}
SIGNED = 'signed = true\nsigners = "people/signers"\n'
EVE = Actor("Eve Else", "eve@bank.example")


def folder(project):
    return project.root / "baselines" / "ledger"


def found(project, *arguments):
    said = project("ledger", "verify", *arguments, "--json")
    assert said.out, said.err
    document = said.document
    assert all(it["message"] and it["remedy"] for it in document["findings"])
    return document["exit_code"], {(it["kind"], it["where"]) for it in document["findings"] if it["blocks"]}


def words(project, *arguments):
    return " ".join(project("ledger", "verify", *arguments).out.split())


def demand(project, lines, paths=""):
    text = (project.root / "rebaseline.toml").read_text().partition("\n[ledger]")[0]
    project.write("rebaseline.toml", f"{text}\n[ledger]\n{lines}{paths}")


@pytest.fixture
def people(tmp_path_factory):
    return keys_of(tmp_path_factory.mktemp("keys"), "ada", "bob", "eve")


def line_of(people, who, name=None):
    return f"{name or who}@bank.example {people[who].with_suffix('.pub').read_text()}"


def write_signed(project, key, minute, **changed):
    digest = append(folder(project), minute, **changed)
    record = read_ledger(folder(project)).records[digest]
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(key))
    (folder(project) / f"{record.name}.sig").write_bytes(sign(record.content, project.root))
    return record.name


@pytest.fixture
def strict(project, people, monkeypatch):
    """`main` demands signatures by Ada or Bob, and has one signed entry."""
    repository = start_repository(project.root, monkeypatch)
    demand(project, SIGNED)
    project.write("people/signers", line_of(people, "ada") + line_of(people, "bob"))
    write_signed(project, people["ada"], 0)
    repository.commit()
    return project


def test_a_branch_that_changes_nothing_of_what_is_demanded_verifies(strict, people):
    write_signed(strict, people["bob"], 1, actor=BOB)
    assert found(strict, "--against", "main") == (0, set())


def test_a_branch_cannot_take_the_demand_for_signatures_back(strict):
    demand(strict, "signed = false\n")
    digest = append(folder(strict), 1)
    assert found(strict) == (0, set())
    name = read_ledger(folder(strict)).records[digest].name
    assert found(strict, "--against", "main") == (2, {("policy", "rebaseline.toml"), ("unsigned", name)})
    said = words(strict, "--against", "main")
    assert "`signed` is false, and true in main" in said
    assert "`signers` is not set, and is `people/signers` in main" in said


def test_a_branch_cannot_let_somebody_new_sign(strict, people):
    strict.write("people/signers", (strict.root / "people/signers").read_text() + line_of(people, "eve"))
    name = write_signed(strict, people["eve"], 1, actor=EVE)
    assert found(strict) == (0, set())
    assert found(strict, "--against", "main") == (2, {("policy", "people/signers"), ("bad signature", name)})
    assert "1 line that main does not have: eve@bank.example" in words(strict, "--against", "main")


def test_a_branch_cannot_give_a_person_another_key(strict, people):
    strict.write("people/signers", line_of(people, "ada") + line_of(people, "eve", "bob"))
    name = write_signed(strict, people["eve"], 1, actor=BOB)
    assert found(strict) == (0, set())
    assert found(strict, "--against", "main") == (2, {("policy", "people/signers"), ("bad signature", name)})


def test_a_branch_cannot_name_another_file_of_signers(strict, people):
    strict.write("mine/signers", line_of(people, "eve") + line_of(people, "ada"))
    demand(strict, 'signed = true\nsigners = "mine/signers"\n')
    name = write_signed(strict, people["eve"], 1, actor=EVE)
    assert found(strict) == (0, set())
    code, findings = found(strict, "--against", "main")
    assert (code, findings) == (2, {("policy", "rebaseline.toml"), ("bad signature", name)})
    assert "`signers` is `mine/signers`, and `people/signers` in main" in words(strict, "--against", "main")


def test_a_branch_that_takes_the_file_of_signers_away_is_refused(strict):
    shutil.rmtree(strict.root / "people")
    assert "there is no file" in strict("ledger", "verify").err
    demand(strict, "signed = false\n")
    append(folder(strict), 1)
    code, findings = found(strict, "--against", "main")
    assert code == 2
    assert ("policy", "people/signers") in findings


def test_a_branch_may_let_fewer_people_sign(strict, people):
    strict.write("people/signers", "# Bob has left\r\n" + line_of(people, "ada").replace("\n", "\r\n"))
    assert found(strict, "--against", "main") == (0, set())
    name = write_signed(strict, people["bob"], 1, actor=BOB)
    assert found(strict, "--against", "main") == (2, {("bad signature", name)})


def test_signers_named_on_a_branch_where_those_of_git_held_are_refused(project, people, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    demand(project, "signed = true\n")
    allowed = project.root.parent / "allowed"
    allowed.write_text(line_of(people, "ada"))
    repository.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
    write_signed(project, people["ada"], 0)
    repository.commit()
    project.write("people/signers", line_of(people, "ada") + line_of(people, "eve"))
    demand(project, SIGNED)
    name = write_signed(project, people["eve"], 1, actor=EVE)
    assert found(project) == (0, set())
    assert found(project, "--against", "main") == (2, {("policy", "rebaseline.toml"), ("bad signature", name)})


def test_a_branch_cannot_let_one_person_do_the_duties_of_two(project, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    demand(project, "separate_duties = true\n")
    append(folder(project), 0, actor=BOB, proposed_by=ADA, items=LOOSER)
    repository.commit()
    assert found(project, "--against", "main") == (0, set())
    demand(project, "")
    digest = append(folder(project), 1, proposed_by=ADA, items=LOOSER)
    name = read_ledger(folder(project)).records[digest].name
    assert found(project) == (0, set())
    assert found(project, "--against", "main") == (2, {("policy", "rebaseline.toml"), ("duties", name)})
    assert "`separate_duties` is false, and true in main" in words(project, "--against", "main")


@pytest.mark.parametrize(("lines", "warned"), [("separate_duties = true\n", True), ("", False)])
def test_separate_duties_without_signatures_are_warned_of(project, lines, warned):
    demand(project, lines)
    append(folder(project), 0)
    assert found(project) == (0, set())
    assert ("`separate_duties` without `signed` binds nobody" in words(project)) == warned


def test_separate_duties_with_signatures_are_not_warned_of(strict):
    demand(strict, SIGNED + "separate_duties = true\n")
    assert "binds nobody" not in words(strict)


def test_a_branch_cannot_begin_another_ledger_in_another_folder(strict):
    demand(strict, SIGNED, '\n[paths]\nbaselines = "accepted"\n')
    assert found(strict) == (0, set())
    (old,) = (path.name for path in folder(strict).glob("*.json"))
    code, findings = found(strict, "--against", "main")
    assert (code, findings) == (2, {("policy", "rebaseline.toml"), ("missing", old), ("missing", f"{old}.sig")})
    assert "`baselines` is `accepted`, and `baselines` in main" in words(strict, "--against", "main")


def test_a_ledger_that_was_moved_whole_is_named(strict):
    (strict.root / "baselines").rename(strict.root / "accepted")
    demand(strict, SIGNED, '\n[paths]\nbaselines = "accepted"\n')
    assert found(strict, "--against", "main") == (2, {("policy", "rebaseline.toml")})


@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ("baselines/ledger", "baselines/ledger"),
        ("baselines", "baselines/ledger"),
        ("people", "people/signers"),
        ("people/signers", "people/signers"),
        ("rebaseline.toml", "rebaseline.toml"),
    ],
)
def test_what_holds_the_ledger_may_not_lie_behind_a_link(strict, moved, named):
    """Else a later branch changes what the link leads to, past whoever watches over the place."""
    (strict.root / moved).rename(strict.root / "elsewhere")
    (strict.root / moved).symlink_to(strict.root / "elsewhere")
    assert found(strict) == (0, set())
    assert found(strict, "--against", "main") == (2, {("policy", named)})


def test_a_ledger_that_is_gone_is_missing(strict):
    shutil.rmtree(strict.root / "baselines")
    code, findings = found(strict, "--against", "main")
    assert code == 2
    assert {kind for kind, _ in findings} == {"missing"}


def test_a_branch_may_demand_more(project, people, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    repository.commit()
    demand(project, SIGNED + "separate_duties = true\n")
    project.write("people/signers", line_of(people, "ada"))
    write_signed(project, people["ada"], 0)
    assert found(project, "--against", "main") == (0, set())


def test_a_commit_before_the_project_demands_nothing_and_that_is_said(project, monkeypatch):
    repository = start_repository(project.root, monkeypatch)
    text = (project.root / "rebaseline.toml").read_text()
    (project.root / "rebaseline.toml").unlink()
    repository.commit()
    project.write("rebaseline.toml", text)
    append(folder(project), 0)
    assert found(project, "--against", "main") == (0, set())
    assert "main has no rebaseline.toml" in words(project, "--against", "main")


def test_what_else_stands_in_the_commits_project_file_is_not_asked_about(strict):
    text = (strict.root / "rebaseline.toml").read_text()
    strict.write("rebaseline.toml", text.replace('type = "recorded"', 'type = "of-another-version"'))
    Repository(strict.root).commit()
    strict.write("rebaseline.toml", text)
    assert found(strict, "--against", "main") == (0, set())


@pytest.mark.parametrize("bad", ["\n[ledger\n", "\n[ledger]\nsigned = 1\n", "\nledger = 3\n", "\0"])
def test_a_commit_whose_demands_cannot_be_read_is_refused(project, monkeypatch, bad):
    repository = start_repository(project.root, monkeypatch)
    text = (project.root / "rebaseline.toml").read_text()
    project.write("rebaseline.toml", bad if bad.startswith("\nledger") else text + bad)
    repository.commit()
    project.write("rebaseline.toml", text)
    said = project("ledger", "verify", "--against", "main")
    assert said.code == 2
    assert "rebaseline.toml of main" in said.err


def test_a_link_in_place_of_a_file_is_not_followed_in_the_commit(strict):
    strict.write("people/others", (strict.root / "people/signers").read_text())
    (strict.root / "people/signers").unlink()
    (strict.root / "people/signers").symlink_to("others")
    assert found(strict, "--against", "main") == (2, {("policy", "people/signers")})
    Repository(strict.root).commit()
    said = strict("ledger", "verify", "--against", "main")
    assert "people/signers is no file in main: it is a link" in said.err


def test_a_project_file_taken_away_does_not_put_another_in_its_place(strict, monkeypatch):
    repository = Repository(strict.root)
    inner = strict.root / "apps" / "claims"
    inner.mkdir(parents=True)
    for name in ("rebaseline.toml", "baselines", "people"):
        (strict.root / name).rename(inner / name)
    strict.write("rebaseline.toml", '[system]\nname = "all"\n')
    repository.commit()
    monkeypatch.chdir(inner)
    assert found(strict, "--against", "main") == (0, set())
    (inner / "rebaseline.toml").unlink()
    assert found(strict) == (0, set())
    code, findings = found(strict, "--against", "main")
    assert code == 2
    assert ("policy", "rebaseline.toml") in findings
    assert "in main this folder belongs to the project in `apps/claims`" in words(strict, "--against", "main")


@pytest.mark.parametrize(("lines", "code"), [("", 0), ("signed = true\n", 2), ("separate_duties = true\n", 2)])
def test_baselines_without_any_entry_block_where_something_is_demanded(project, monkeypatch, lines, code):
    repository = start_repository(project.root, monkeypatch)
    repository.commit()
    demand(project, lines)
    project.write("baselines/invoices/app/model-6.2.json", "{}\n")
    kinds = {("outside", "baselines/invoices/app/model-6.2.json")} if code else set()
    assert found(project) == (code, kinds)
    repository.commit()
    demand(project, "")
    assert found(project, "--against", "main")[0] == code


# What a branch lets pass

GATE = """[policy.production]
block = ["failing", "invalid", "inconclusive"]
max_waiver_days = 30
"""


@pytest.fixture
def gated(project, monkeypatch):
    """`main` at the stage production, with a policy for it."""
    repository = start_repository(project.root, monkeypatch)
    text = (project.root / "rebaseline.toml").read_text()
    assert "[policy" not in text
    stage = "\n".join(line for line in text.split("\n") if not line.startswith("stage"))
    project.write("rebaseline.toml", stage.replace("[system]", '[system]\nstage = "production"') + GATE)
    append(folder(project), 0)
    repository.commit()
    return project


def put(project, old, new):
    text = (project.root / "rebaseline.toml").read_text()
    assert old in text
    project.write("rebaseline.toml", text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"failing", ', "", "`failing` does not block here, and does in main"),
        (GATE, "", "`inconclusive` does not block here, and does in main"),
        ('stage = "production"', 'stage = "mvp"', "the stage is `mvp`, and `production` in main"),
        ("days = 30", "days = 31", "a waiver may be given for 31 days, and for 30 in main"),
        ("max_waiver_days = 30\n", "", "a waiver may be given for 90 days, and for 30 in main"),
        ("[policy", '[paths]\nprobes = "mine"\n[policy', "`probes` is `mine`, and `probes` in main"),
        ("[policy", "[checks]\npython = true\n[policy", "suites may bring Python checks, and may not in main"),
    ],
)
def test_a_branch_cannot_let_more_pass(gated, old, new, says):
    put(gated, old, new)
    assert found(gated, "--against", "main") == (2, {("policy", "rebaseline.toml")})
    assert says in words(gated, "--against", "main")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"failing", ', '"failing", "unmeasured", '),
        ("days = 30", "days = 29"),
        ("[policy", "[policy.mvp]\nblock = []\n[policy"),
        ("[policy", "[checks]\npython = false\n[policy"),
    ],
)
def test_a_branch_may_let_less_pass(gated, old, new):
    put(gated, old, new)
    assert found(gated, "--against", "main") == (0, set())


def test_another_stage_that_lets_nothing_more_pass_is_no_finding(gated):
    put(gated, GATE, GATE + GATE.replace("production", "mvp"))
    Repository(gated.root).commit()
    put(gated, 'stage = "production"', 'stage = "mvp"')
    assert found(gated, "--against", "main") == (0, set())


def test_a_stricter_policy_that_came_to_the_commit_later_is_warned_of(gated):
    repository = Repository(gated.root)
    repository.git("branch", "other")
    put(gated, "days = 30", "days = 20")
    put(gated, "[policy", "[ledger]\nseparate_duties = true\n[policy")
    repository.commit()
    repository.git("checkout", "-q", "other")
    assert found(gated, "--against", "main") == (0, set())
    said = words(gated, "--against", "main")
    assert "a waiver may be given for 30 days, and for 20 in main" in said
    assert "`separate_duties` is false, and true in main" in said
    assert "git merge main" in said
    put(gated, "days = 30", "days = 31")
    assert found(gated, "--against", "main") == (2, {("policy", "rebaseline.toml")})


def test_a_policy_of_a_later_version_is_read_as_far_as_it_can_be(gated):
    repository = Repository(gated.root)
    here = (gated.root / "rebaseline.toml").read_text()
    put(gated, '"failing", ', '"failing", "of-a-later-version", ')
    put(gated, "[policy", "[policy.moon]\nblock = []\n[policy")
    repository.commit()
    gated.write("rebaseline.toml", here)
    assert "`of-a-later-version` does not block here" in words(gated, "--against", "main")
