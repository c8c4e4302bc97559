"""`rebaseline purge`, and what every command says of purged replies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.project import NEW, OLD, PROJECT, SUITE, TOTALS, replies_of

LONG_AGO = (datetime.now(UTC) - timedelta(days=200)).isoformat()
MARK = "IBAN-DE89370400440532013000"


@pytest.fixture
def aged(project):
    """Old replies of 200 days ago, new ones of today; some words of the old are easy to find on the disk."""
    project.bring(
        OLD, {probe: f'{{"total": {total}, "of": "{MARK}"}}' for probe, total in TOTALS.items()}, received_at=LONG_AGO
    )
    project.bring(NEW, replies_of('{{"total": 0, "was": {0}}}'))
    return project


def holds(project, words):
    return [path.name for path in project.store.parent.iterdir() if words.encode() in path.read_bytes()]


def test_what_was_said_is_on_the_disk_no_more(aged):
    (aged.root / "replies-invoices.jsonl").unlink()
    assert holds(aged, MARK)

    said = aged("purge", "--older-than", "90d")

    assert said.code == 0
    assert "60 attempts" in said.out
    assert not holds(aged, MARK)
    assert holds(aged, "was")


def test_a_dry_run_says_what_would_go_and_changes_nothing(aged):
    before = aged("export", "--suite", "invoices", "--model", OLD).out

    said = aged("purge", "--older-than", "90d", "--dry-run")

    assert f"invoices  app  {OLD}  60" in said.out
    assert "Nothing was changed" in said.out
    assert f"No baseline keeps what {OLD} showed" in " ".join(said.out.split())
    assert "`rebaseline accept` keeps it" in " ".join(said.out.split())
    assert aged("export", "--suite", "invoices", "--model", OLD).out == before


def test_the_age_is_the_project_s_own_unless_given(aged):
    assert aged("purge").code == 2
    aged.write("rebaseline.toml", PROJECT + "[store]\nretention_days = 300\n")
    assert "Nothing to purge" in aged("purge").out
    aged.write("rebaseline.toml", PROJECT + "[store]\nretention_days = 90\n")
    assert "60 kept longer than the 90 days" in aged("models").out
    assert "60 attempts" in aged("purge").out
    assert "kept longer" not in aged("models").out


@pytest.mark.parametrize("span", ["soon", "90", "-1d", "90 years", ""])
def test_a_span_that_is_none_is_named(aged, span):
    said = aged("purge", "--older-than", span)
    assert said.code == 2
    assert "span of time" in said.err


def test_what_a_baseline_keeps_is_not_warned_of(aged):
    aged.accept(OLD)
    assert "No baseline keeps" not in aged("purge", "--older-than", "90d").out


def test_a_diff_over_purged_old_replies_stands_on_what_was_accepted(aged):
    aged.accept(OLD)
    before = aged("diff", "--json").document
    aged("purge", "--older-than", "90d")

    after = aged("diff", "--json").document
    shown = aged("diff").out

    assert [each["new"]["verdict"] for each in after["assertions"]] == [
        each["new"]["verdict"] for each in before["assertions"]
    ]
    assert [each["old"]["verdict"] for each in after["assertions"]] == [
        each["old"]["verdict"] for each in before["assertions"]
    ]
    assert [each["transition"] for each in after["assertions"]] == ["regressed"]
    assert "60 replies of model-6.1 were purged" in " ".join(shown.split())
    assert "(purged)" in shown
    assert MARK not in shown
    assert "(purged)" in aged("diff", "--why", "total-right").out


def test_a_changed_check_cannot_read_purged_replies_and_the_diff_says_so(aged):
    aged.accept(OLD)
    aged("purge", "--older-than", "90d")
    aged.suite(SUITE.replace("json_path: $.total", "json_path: $..total"))

    said = aged("diff")

    assert "the check changed since it was accepted" in " ".join(said.out.split())
    assert "total-right" in said.out


def test_without_a_baseline_nothing_is_left_to_compare_with(aged):
    aged("purge", "--older-than", "90d")

    for said in (aged("diff"), aged("diff", "--from", OLD)):
        assert said.code == 6
        assert "60 replies of model-6.1 were purged, and no baseline kept their readings" in " ".join(said.out.split())
    scored = aged("score", "--model", OLD)
    assert "unmeasured" in scored.line("total-right")
    assert "60 of its replies were purged" in scored.out


NEVER = """
  - id: no-iban
    claim: No reply names an account.
    kind: governance
    check: {lacks: ["DE89"]}
    bar: {never: {ceiling: 0.06}}
    controls: {passes: ["7"], fails: ["DE89 is it"]}
"""


def all_good():
    return replies_of("{0}")


def with_one_leak():
    return {**all_good(), "inv-07": "DE89370400440532013000"}


@pytest.fixture
def governed(project):
    """A claim that an account is never named; the old version never does, and is accepted."""
    project.suite(SUITE + NEVER)
    project.bring(OLD, all_good(), received_at=(datetime.now(UTC) - timedelta(days=300)).isoformat())
    project.accept(OLD)
    return project


def test_a_violation_that_was_purged_is_not_unseen(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    assert "failing" in verdict_of(governed, "no-iban")
    governed("purge", "--older-than", "90d")
    governed.bring(NEW, {probe: text for probe, text in all_good().items() if probe != "inv-07"})

    assert verdict_of(governed, "no-iban") == "unmeasured"
    assert governed("diff").code == 5


def test_what_all_was_purged_is_said_and_no_other_version_is_the_newest(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")

    said = governed("diff")

    assert said.code == 5
    assert f"{OLD} -> {NEW}" in said.out
    assert "60 replies of model-6.2 were purged" in " ".join(said.out.split())


def test_what_fails_cannot_be_purged_into_a_baseline(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    governed.bring(NEW, dict(list(all_good().items())[:30]))

    said = governed("accept", "--model", NEW, "--reason", "fine")

    assert said.code == 2
    assert "were purged before they were accepted" in said.err
    assert "no-iban" in said.err


def test_what_was_accepted_as_failing_fails_after_its_replies_are_purged(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed.accept(NEW)
    governed("purge", "--older-than", "90d")

    assert verdict_of(governed, "no-iban") == "failing"
    assert governed("diff").code == 1
    assert governed("accept", "--model", NEW, "--reason", "again").code == 0
    assert verdict_of(governed, "no-iban") == "failing"


def test_a_reply_that_came_after_acceptance_is_not_what_was_accepted(governed):
    governed.bring(NEW, all_good(), received_at=LONG_AGO)
    governed.accept(NEW)
    governed("purge", "--older-than", "90d")
    assert verdict_of(governed, "no-iban") == "holds"
    governed.bring(NEW, with_one_leak())
    assert verdict_of(governed, "no-iban") == "failing"
    governed("purge", "--older-than", "0d")

    assert verdict_of(governed, "no-iban") == "unmeasured"


def verdict_of(project, name):
    document = project("diff", "--json").document
    return next(each["new"]["verdict"]["name"] for each in document["assertions"] if each["id"] == name)


def test_a_reply_that_is_asked_again_is_no_longer_missing(aged):
    aged.accept(OLD)
    aged("purge", "--older-than", "90d")
    aged.bring(OLD, replies_of())

    assert "purged" not in aged("diff").out


def test_a_bundle_says_of_purged_replies_what_its_store_says(aged):
    aged.accept(OLD)
    aged("purge", "--older-than", "90d")
    assert "60 without their words (purged)" in aged("bundle", "--out", "it.bundle", "--model", NEW, "--model", OLD).out
    assert "60 without their words (purged)" in aged("bundle", "--out", "it.bundle", "--force").out
    of_store = aged("diff", "--json").out
    aged.without_store()

    assert aged("--bundle", "it.bundle", "diff", "--json").out == of_store
    said = aged("--bundle", "it.bundle", "purge", "--older-than", "1d")
    assert said.code == 2
    assert "nothing can be stored" in said.err
