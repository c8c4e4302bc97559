"""Signatures that are made after their entries, and entries from before they were demanded."""

from __future__ import annotations

import pytest
from tests.support.entries import BOB, append
from tests.support.project import HOSTILE
from tests.support.repository import Repository, keys_of, start_repository

from rebaseline.domain.decision import Actor
from rebaseline.review.ledger import read_ledger
from rebaseline.review.signatures import sign

POLICY = '\n[ledger]\nsigned = true\nsigners = "people/signers"\n'
DAY = 24 * 60


def folder(project):
    return project.root / "baselines" / "ledger"


def record(project, digest):
    return read_ledger(folder(project)).records[digest]


def found(project, *arguments):
    said = project("ledger", "verify", *arguments, "--json")
    assert said.out, said.err
    findings = said.document["findings"]
    return said.document["exit_code"], {(it["kind"], it["where"]) for it in findings if it["blocks"]}


def demand(project, lines=""):
    text = (project.root / "rebaseline.toml").read_text().partition("\n[ledger]")[0]
    project.write("rebaseline.toml", text + POLICY + lines)


@pytest.fixture
def keys(tmp_path_factory):
    return keys_of(tmp_path_factory.mktemp("keys"), "ada", "bob", "eve")


def sign_with(project, key, digest):
    """Write a signature past the command."""
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(key))
    entry = record(project, digest)
    place = folder(project) / f"{entry.name}.sig"
    place.write_bytes(sign(entry.content, project.root))
    return place


@pytest.fixture
def late(project, keys, monkeypatch):
    """Ada made two entries and Bob one before the project demanded signatures; Ada's key is at hand."""
    repository = start_repository(project.root, monkeypatch)
    made = [append(folder(project), 0), append(folder(project), 1, actor=BOB), append(folder(project), 2)]
    lines = [f"{who}@bank.example {keys[who].with_suffix('.pub').read_text()}" for who in ("ada", "bob")]
    project.write("people/signers", "".join(lines))
    demand(project)
    repository.commit()
    repository.configure(gpg_format="ssh", user_signingkey=str(keys["ada"]))
    return project, made


def signatures(project):
    return {path.name: path.read_bytes() for path in folder(project).glob("*.sig")}


def test_everybody_signs_what_they_did_and_the_ledger_verifies(late, keys):
    project, (first, bobs, last) = late
    assert found(project)[0] == 2
    said = project("ledger", "sign")
    assert said.code == 0, said.err
    ours = [record(project, digest).name for digest in (first, last)]
    assert sorted(signatures(project)) == sorted(f"{name}.sig" for name in ours)
    for name in ours:
        line = said.line(name)
        assert line.startswith("signed ")
    out = " ".join(said.out.split())
    assert "accept invoices 1 (app: model-6.2): the release was looked at" in out
    assert f"left {record(project, bobs).name} to be signed by Bob Brown <bob@bank.example>" in out
    assert found(project) == (2, {("unsigned", record(project, bobs).name)})
    Repository(project.root).configure(
        user_name="Bob B.", user_email="BOB@bank.example", user_signingkey=str(keys["bob"])
    )
    assert project("ledger", "sign").code == 0
    assert found(project) == (0, set())
    assert found(project, "--against", "main") == (0, set())
    again = project("ledger", "sign")
    assert (again.code, again.out) == (
        0,
        "Every entry has a signature: `rebaseline ledger verify` says which are good.\n",
    )


def test_nobody_signs_for_somebody_else(late, keys):
    project, (first, bobs, _) = late
    said = project("ledger", "sign", first[:12], record(project, bobs).name)
    assert said.code == 2
    assert f"{record(project, bobs).name}: Bob Brown <bob@bank.example> must sign it" in " ".join(said.err.split())
    assert signatures(project) == {}
    said = project("ledger", "sign", record(project, bobs).name, "--as", str(BOB))
    assert said.code == 2
    assert "would not be signed by Bob Brown <bob@bank.example>: signed by somebody else" in said.err
    assert signatures(project) == {}


def test_one_key_that_does_not_fit_leaves_everything_unsigned(late, keys):
    project, _ = late
    Repository(project.root).configure(user_signingkey=str(keys["eve"]))
    said = project("ledger", "sign")
    assert said.code == 2
    assert "nothing was written" in said.err
    assert signatures(project) == {}


def test_a_good_signature_is_left_as_it_is(late):
    project, (first, *_) = late
    project("ledger", "sign", first)
    before = signatures(project)
    said = project("ledger", "sign", f"baselines/ledger/{record(project, first).name}")
    assert said.code == 0
    assert said.line(record(project, first).name).startswith("good")
    assert signatures(project) == before


@pytest.mark.parametrize("wrong", ["bob", "eve", "damaged", "other"])
def test_a_bad_signature_is_replaced_where_its_entry_is_named_and_not_else(late, keys, wrong):
    project, (first, _, last) = late
    place = sign_with(project, keys.get(wrong, keys["ada"]), first)
    if wrong == "damaged":
        place.write_bytes(b"none")
    if wrong == "other":
        place.write_bytes(sign(record(project, last).content, project.root))
    Repository(project.root).commit()
    bad = place.read_bytes()
    Repository(project.root).configure(user_signingkey=str(keys["ada"]))
    assert project("ledger", "sign").code == 0
    assert place.read_bytes() == bad
    said = project("ledger", "sign", first[:12])
    assert said.code == 0, said.err
    assert said.line("replaced").startswith(f"replaced  {record(project, first).name}")
    assert place.read_bytes() != bad
    assert ("edited", place.name) not in found(project, "--against", "main")[1]


def test_a_good_signature_put_in_place_of_another_good_one_is_named_beside_the_commit(late, keys):
    project, (first, *_) = late
    lines = (project.root / "people/signers").read_text()
    project.write("people/signers", lines + f"ada@bank.example {keys['eve'].with_suffix('.pub').read_text()}")
    sign_with(project, keys["ada"], first)
    Repository(project.root).commit()
    place = sign_with(project, keys["eve"], first)
    assert ("edited", place.name) in found(project, "--against", "main")[1]


def test_a_bad_signature_put_in_place_of_a_bad_one_is_named_beside_the_commit(late, keys):
    project, (first, *_) = late
    sign_with(project, keys["bob"], first)
    Repository(project.root).commit()
    place = sign_with(project, keys["eve"], first)
    assert ("edited", place.name) in found(project, "--against", "main")[1]


def test_a_signature_that_cannot_be_checked_is_not_taken_for_a_bad_one(late, keys):
    project, (first, *_) = late
    text = (project.root / "rebaseline.toml").read_text()
    project.write("rebaseline.toml", text.replace('signers = "people/signers"\n', ""))
    place = sign_with(project, keys["bob"], first)
    before = place.read_bytes()
    said = project("ledger", "sign", first)
    assert said.code == 2
    assert "set `signers` under [ledger]" in said.err
    assert place.read_bytes() == before


def test_nobody_signs_in_ci(late, monkeypatch):
    project, _ = late
    monkeypatch.setenv("CI", "true")
    said = project("ledger", "sign")
    assert said.code == 2
    assert "CI is set" in said.err
    assert signatures(project) == {}


def test_entries_are_named_by_file_or_by_the_start_of_their_digest(late):
    project, (first, *_) = late
    name = record(project, first).name
    for given in ("2026", "zz", "", f"{first[:-1]}g", "20260101T000000000000Z-0f0f0f0f0f0f.json", "\x1b[31m"):
        said = project("ledger", "sign", given)
        assert said.code == 2, given
        assert "no entry" in said.err
    (folder(project) / name).write_bytes(b"{}")
    said = project("ledger", "sign", name)
    assert said.code == 2
    assert "cannot be relied upon" in said.err
    assert signatures(project) == {}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_signed_takes_hold_of_no_terminal(project, monkeypatch, keys, hostile):
    start_repository(project.root, monkeypatch)
    Repository(project.root).configure(gpg_format="ssh", user_signingkey=str(keys["ada"]))
    append(folder(project), 0, reason=hostile, suite=hostile, model=hostile, target=hostile, action=hostile)
    append(folder(project), 1, actor=Actor("Bo"), reason=hostile)
    assert project("ledger", "sign").code == 0


# Entries from before signatures were demanded


def test_entries_made_before_the_day_need_no_signature_and_later_ones_do(late):
    project, _ = late
    demand(project, "signed_since = 2026-11-27\n")
    assert found(project) == (0, set())
    after = append(folder(project), DAY)
    assert found(project) == (2, {("unsigned", record(project, after).name)})


def test_an_entry_with_an_early_date_that_follows_a_later_one_needs_a_signature(late):
    project, _ = late
    demand(project, "signed_since = 2026-11-27\n")
    after = append(folder(project), DAY)
    project("ledger", "sign", after)
    back = append(folder(project), 5)
    on = append(folder(project), 6)
    assert found(project) == (2, {("unsigned", record(project, digest).name) for digest in (back, on)})


def test_beside_a_commit_that_demands_signatures_no_new_entry_goes_without(late):
    project, (first, *_) = late
    demand(project, "signed_since = 2026-11-27\n")
    Repository(project.root).commit()
    assert found(project, "--against", "main") == (0, set())
    forged = append(folder(project), 1, parents=(first,), reason="put in later")
    assert found(project) == (0, set())
    assert found(project, "--against", "main") == (2, {("unsigned", record(project, forged).name)})
    project("ledger", "sign", forged)
    assert found(project, "--against", "main") == (0, set())


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("2026-11-27", "2026-11-28", 2),
        (None, "2026-11-27", 2),
        ("2026-11-28", "2026-11-27", 0),
        ("2026-11-27", "2026-11-27", 0),
    ],
)
def test_a_branch_cannot_move_the_day_to_later(late, before, after, code):
    project, _ = late
    project("ledger", "sign")
    Repository(project.root).configure(user_email=BOB.email)
    demand(project, "" if before is None else f"signed_since = {before}\n")
    Repository(project.root).commit()
    demand(project, f"signed_since = {after}\n")
    exit_code, findings = found(project, "--against", "main")
    assert (exit_code, ("policy", "rebaseline.toml") in findings) == (code, code == 2)


def test_a_bad_signature_blocks_whenever_its_entry_was_made(late, keys):
    project, (first, *_) = late
    demand(project, "signed_since = 2026-11-27\n")
    sign_with(project, keys["bob"], first)
    assert found(project) == (2, {("wrong signer", record(project, first).name)})


def test_what_is_decided_anew_is_signed_whatever_its_day(late):
    project, _ = late
    demand(project, "signed_since = 2999-01-01\n")
    project.bring("model-6.1", {"inv-01": "{}"})
    assert project("accept", "--model", "model-6.1", "--reason", "signed off").code == 0
    assert len(signatures(project)) == 1


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("signed = true\nsigned_since = '2026-11-27'", "a day"),
        ("signed = true\nsigned_since = 2026-11-27T10:00:00Z", "a day"),
        ("signed_since = 2026-11-27", "`signed_since` stands without `signed = true`"),
    ],
)
def test_a_day_is_written_as_one(project, lines, says):
    project.write("rebaseline.toml", (project.root / "rebaseline.toml").read_text() + f"\n[ledger]\n{lines}\n")
    said = project("ledger", "verify")
    assert said.code == 2
    assert says in said.err
