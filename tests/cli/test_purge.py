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

    assert aged("diff").code == 6
    named = aged("diff", "--from", OLD)
    assert named.code == 6
    assert "its 60 replies were purged" in named.err
    assert "its 60 replies were purged" in aged("score", "--model", OLD).err


def test_purged_replies_of_the_new_version_count_in_no_verdict(project):
    project.bring(OLD, replies_of())
    project.accept(OLD)
    project.bring(NEW, replies_of("nonsense"), received_at=LONG_AGO)
    project("purge", "--older-than", "90d")
    project.bring(NEW, dict(list(replies_of().items())[:30]))

    said = project("diff", "--to", NEW)

    assert "30 replies of model-6.2 were purged" in " ".join(said.out.split())
    assert said.code != 0
    assert "holds" not in said.line("total-right")


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
