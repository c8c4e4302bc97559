"""A ledger looked over: whatever was changed past it is named, and nothing else is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.entries import ADA, BOB, append, entry_of

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import LedgerError
from rebaseline.review.against import ledger_files_of, verify_against
from rebaseline.review.commit import commit_at
from rebaseline.review.flaws import FlawKind
from rebaseline.review.ledger import Ledger, Record, compose_entry, read_ledger
from rebaseline.review.lineage import lineage_of
from rebaseline.review.signed import SignatureState, Signed
from rebaseline.review.verifying import verify_baselines, verify_duties, verify_entries, verify_signed

BASELINE = "baselines/invoices/app/model-6.2.json"


def sha(content):
    return hashlib.sha256(content).hexdigest() if content else ""


@pytest.fixture
def project(repository):
    """A repository whose project has one baseline, accepted by one entry."""
    accept(repository, 0, b"", b"first")
    repository.commit("accepted")
    return repository


def accept(repository, minute, before, after, path=BASELINE, **changed):
    if after:
        repository.write(path, after)
    else:
        (repository.root / path).unlink()
    return append(folder(repository), minute, files=(FileChange(path, sha(before), sha(after)),), **changed)


def folder(repository):
    return repository.root / "baselines" / "ledger"


def found(repository):
    ledger = read_ledger(folder(repository))
    flaws = [*verify_entries(ledger), *verify_baselines(ledger, repository.root, repository.root / "baselines")]
    assert all(flaw.message and flaw.remedy for flaw in flaws)
    return [(flaw.kind, flaw.where) for flaw in flaws]


def entries(repository):
    return sorted(folder(repository).glob("*.json"))


def test_a_sound_ledger_has_no_flaw(project):
    accept(project, 1, b"first", b"second")
    assert found(project) == []


def test_branches_merge_without_conflict_and_the_next_entry_joins_them(project):
    project.git("checkout", "-q", "-b", "other")
    other = accept(project, 1, b"", b"theirs", path="baselines/refunds/app/model-6.2.json", suite="refunds")
    project.commit("theirs")
    project.git("checkout", "-q", "main")
    mine = accept(project, 2, b"first", b"second")
    project.commit("mine")
    project.git("merge", "-q", "--no-edit", "other")
    assert found(project) == []
    assert read_ledger(folder(project)).heads == tuple(sorted([mine, other]))
    joined = accept(project, 3, b"second", b"third")
    assert found(project) == []
    ledger = read_ledger(folder(project))
    assert ledger.heads == (joined,)
    assert set(ledger.records[joined].entry.parents) == {mine, other}


@pytest.mark.parametrize("side", [b"mine", b"theirs"])
def test_where_branches_accepted_the_same_baseline_either_side_whole_is_right(project, side):
    root = read_ledger(folder(project)).heads
    accept(project, 1, b"first", b"theirs", parents=root)
    accept(project, 2, b"first", b"mine", parents=root)
    project.write(BASELINE, side)
    assert found(project) == []
    accept(project, 3, side, b"joined")
    assert found(project) == []


def test_a_mixture_of_both_sides_was_accepted_by_nobody(project):
    root = read_ledger(folder(project)).heads
    accept(project, 1, b"first", b"theirs", parents=root)
    accept(project, 2, b"first", b"mine", parents=root)
    project.write(BASELINE, b"mixed")
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE)]


def test_an_edited_entry_is_named_and_so_is_what_follows_it(project):
    accept(project, 1, b"first", b"second")
    edited, follower = entries(project)
    edited.write_bytes(edited.read_bytes().replace(b"Ada", b"Eve"))
    assert (FlawKind.EDITED, edited.name) in found(project)
    assert (FlawKind.MISSING, follower.name) in found(project)


def test_a_missing_entry_is_named_by_what_follows_it(project):
    accept(project, 1, b"first", b"second")
    gone, follower = entries(project)
    gone.unlink()
    ledger = read_ledger(folder(project))
    flaw = next(flaw for flaw in verify_entries(ledger) if flaw.kind is FlawKind.MISSING)
    assert flaw.where == follower.name
    assert gone.name[-17:-5] in flaw.message


def test_a_missing_last_entry_shows_on_the_baseline_that_it_wrote(project):
    accept(project, 1, b"first", b"second")
    entries(project)[-1].unlink()
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE)]


def test_an_entry_taken_to_another_name_is_named(project):
    path = entries(project)[0]
    copy = path.with_name(path.name.replace("2026", "2025"))
    copy.write_bytes(path.read_bytes())
    assert found(project) == [(FlawKind.RENAMED, copy.name)]


def test_a_clock_that_went_back_is_a_warning(project):
    append(folder(project), -5)
    flaws = verify_entries(read_ledger(folder(project)))
    assert [(flaw.kind, flaw.blocks) for flaw in flaws] == [(FlawKind.CLOCK, False)]


def test_a_baseline_edited_past_the_ledger_is_named(project):
    project.write(BASELINE, b"edited")
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE)]


def test_a_baseline_edited_past_the_ledger_and_then_accepted_anew_stays_named(project):
    accept(project, 1, b"edited", b"second")
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE)]


def test_a_baseline_that_was_taken_away_or_put_there_past_the_ledger_is_named(project):
    (project.root / BASELINE).unlink()
    project.write("baselines/invoices/app/model-7.json", b"{}")
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE), (FlawKind.OUTSIDE, "baselines/invoices/app/model-7.json")]


def test_a_baseline_taken_away_by_an_entry_may_be_gone_and_may_not_come_back(project):
    accept(project, 1, b"first", b"")
    assert found(project) == []
    project.write(BASELINE, b"first")
    assert found(project) == [(FlawKind.OUTSIDE, BASELINE)]


def test_line_ends_changed_on_checkout_are_no_edit(project):
    accept(project, 1, b"first", b"a\nb\n")
    project.write(BASELINE, b"a\r\nb\r\n")
    assert found(project) == []


def test_baselines_from_before_the_ledger_are_warned_of_until_it_begins(repository):
    repository.write(BASELINE, b"{}")
    flaws = verify_baselines(read_ledger(folder(repository)), repository.root, repository.root / "baselines")
    assert [(flaw.kind, flaw.blocks) for flaw in flaws] == [(FlawKind.OUTSIDE, False)]


def test_a_proposal_that_waits_is_no_baseline(project):
    project.write("baselines/pending/20261126T090000Z-0f0f0f0f.json", b"{}")
    assert found(project) == []
    project.write("baselines/pending/app/model-6.2.json", b"{}")  # of a suite of this name
    assert found(project) == [(FlawKind.OUTSIDE, "baselines/pending/app/model-6.2.json")]


def test_an_entry_whose_evidence_is_not_the_baseline_that_it_wrote_is_named(project):
    accept(project, 1, b"first", b'{"digest": "sha256:a"}', evidence="sha256:a")
    assert found(project) == []
    accept(project, 2, b'{"digest": "sha256:a"}', b'{"digest": "sha256:b"}', evidence="sha256:a")
    assert found(project) == [(FlawKind.EVIDENCE, entries(project)[-1].name)]


@pytest.mark.parametrize("content", [b"no json", b"[]", b"[" * 100_000, b"{}"])
def test_what_is_no_baseline_is_left_to_whoever_reads_it(project, content):
    accept(project, 1, b"first", content, evidence="sha256:a")
    assert found(project) == []


def test_files_elsewhere_may_be_edited_by_hand(project):
    accept(project, 1, b"", b"suite: 1", path="probes/invoices/suite.yaml")
    project.write("probes/invoices/suite.yaml", "suite: 2")
    assert found(project) == []


def test_entries_that_name_each_other_are_a_cycle():
    digests = ["a" * 64, "b" * 64]
    records = {
        digest: Record(f"{digest[:2]}.json", digest, entry_of(parents=[other]), b"")
        for digest, other in zip(digests, reversed(digests), strict=True)
    }
    flaws = verify_entries(Ledger(None, records))
    assert [flaw.kind for flaw in flaws] == [FlawKind.CYCLE, FlawKind.CYCLE]


@given(st.lists(st.sets(st.integers(0, 9), max_size=3), max_size=10), st.sets(st.integers(0, 9)))
def test_the_latest_of_some_entries_are_those_that_no_other_follows(links, chosen):
    names = [str(number) for number in range(len(links))]
    parents = {names[at]: {names[each] for each in link if each < at} for at, link in enumerate(links)}
    lineage = lineage_of({name: entry_of(parents=parents[name]) for name in reversed(names)})
    some = [names[at] for at in sorted(chosen) if at < len(names)]

    def ancestors(name):
        return set().union(parents[name], *(ancestors(parent) for parent in parents[name]))

    assert sorted(lineage.order) == sorted(names)
    assert all(lineage.order.index(parent) < lineage.order.index(name) for name in names for parent in parents[name])
    assert set(lineage.latest(some)) == {each for each in some if not any(each in ancestors(other) for other in some)}


# Beside another commit


def against(repository, ref, root=None):
    place = folder(repository)
    there = ledger_files_of(commit_at(root or repository.root, ref), place)
    flaws = verify_against(place, there, ref)
    assert all(flaw.blocks and flaw.remedy for flaw in flaws)
    return [(flaw.kind, flaw.where) for flaw in flaws], sum(name.endswith(".json") for name in there)


def test_entries_added_since_a_commit_are_no_flaw(project):
    accept(project, 1, b"first", b"second")
    assert against(project, "main") == ([], 1)


def test_an_entry_missing_or_changed_since_a_commit_is_named(project):
    accept(project, 1, b"first", b"second")
    project.write(f"baselines/ledger/{entries(project)[1].name}.sig", "signed")
    project.commit()
    first, second = entries(project)
    first.unlink()
    second.write_bytes(b"{}")
    second.with_name(f"{second.name}.sig").unlink()
    assert against(project, "main") == (
        [
            (FlawKind.MISSING, first.name),
            (FlawKind.EDITED, second.name),
            (FlawKind.MISSING, f"{second.name}.sig"),
        ],
        2,
    )


def test_a_history_rewritten_whole_is_seen_beside_the_commit_it_came_from(project):
    project.git("tag", "released")
    entries(project)[0].unlink()
    accept(project, 5, b"", b"forged")
    project.commit("forged")
    assert found(project) == []
    assert [kind for kind, _ in against(project, "released")[0]] == [FlawKind.MISSING]


def test_a_project_in_a_subfolder_is_looked_for_there(repository):
    root = repository.root / "apps" / "a [1]"
    place = root / "baselines" / "ledger"
    append(place)
    repository.commit()
    next(place.iterdir()).unlink()
    there = ledger_files_of(commit_at(root, "HEAD"), place)
    assert (len(verify_against(place, there, "HEAD")), len(there)) == (1, 1)


def test_other_files_of_a_commit_are_passed_over(project):
    (folder(project) / 'hostile "name"\n.json').write_text("{}")
    (folder(project) / "link.json").symlink_to("/etc/hostname")
    project.commit()
    assert against(project, "HEAD") == ([], 1)


def test_a_commit_without_a_ledger_has_no_entries(repository):
    repository.write("a", "b")
    repository.commit()
    accept(repository, 0, b"", b"first")
    assert against(repository, "HEAD") == ([], 0)


@pytest.mark.parametrize("ref", ["nowhere", "--help", "", "a b", "HEAD:baselines"])
def test_a_commit_that_is_not_there_is_refused(project, ref):
    with pytest.raises(LedgerError, match="no commit"):
        against(project, ref)


def test_outside_a_repository_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "it").mkdir()
    with pytest.raises(LedgerError, match="not a git repository"):
        commit_at(tmp_path / "it", "main")


# What the policy demands


def record_of(**changed):
    name, content, digest = compose_entry(entry_of(**changed))
    return Record(name, digest, entry_of(**changed), content)


@pytest.mark.parametrize(
    ("state", "demanded", "blocks"),
    [
        (SignatureState.GOOD, True, None),
        (SignatureState.NONE, False, None),
        (SignatureState.NONE, True, True),
        (SignatureState.BAD, False, True),
        (SignatureState.OTHER, False, True),
        (SignatureState.UNKNOWN, False, False),
        (SignatureState.UNKNOWN, True, True),
        (SignatureState.UNCHECKED, False, False),
        (SignatureState.UNCHECKED, True, True),
    ],
)
def test_a_signature_blocks_where_it_does_not_fit_or_the_policy_wants_a_good_one(state, demanded, blocks):
    flaw = verify_signed(record_of(), Signed(state, why="why"), demanded=demanded)
    assert (None if flaw is None else flaw.blocks) == blocks


RULE: Mapping[str, object] = {"action": "repair", "rules": [{"what": "bar", "old": ".9", "new": ".8"}]}


@pytest.mark.parametrize("item", [RULE, {"action": "waive"}])
def test_what_two_are_needed_for_names_who_proposed_it(item):
    entry = {"items": {"total-right": item}}
    for proposer, wrong in ((BOB, False), (ADA, True), (None, True), (replace(BOB, email="ADA@bank.example"), True)):
        flaw = verify_duties(record_of(**entry, proposed_by=proposer))
        assert (flaw is not None) == wrong
        assert flaw is None or "total-right" in flaw.message


def test_one_may_accept_what_changes_no_rule():
    assert verify_duties(record_of(items={"total-right": {"action": "accept", "rules": []}})) is None
