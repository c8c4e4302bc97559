"""`rebaseline purge`, and what every command says of purged replies."""

from __future__ import annotations

import shutil
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


def without_kept_readings(project):
    """As where only the database came along: in a bundle, or in another checkout."""
    shutil.rmtree(project.root / ".rebaseline" / "kept")


def holds(project, words):
    return [
        path.name for path in project.store.parent.rglob("*") if path.is_file() and words.encode() in path.read_bytes()
    ]


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
    assert "would be kept in .rebaseline/kept" in said.out
    assert not (aged.root / ".rebaseline/kept").exists()
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
    without_kept_readings(aged)

    for said in (aged("diff"), aged("diff", "--from", OLD)):
        assert said.code == 6
        assert "60 replies of model-6.1 were purged, and nothing keeps all of their readings" in " ".join(
            said.out.split()
        )
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
    assert "failing" in verdict_of(governed, "no-iban")
    without_kept_readings(governed)
    governed.bring(NEW, {probe: text for probe, text in all_good().items() if probe != "inv-07"})

    assert verdict_of(governed, "no-iban") == "unmeasured"
    assert governed("diff").code == 5


def test_what_all_was_purged_is_said_and_no_other_version_is_the_newest(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    without_kept_readings(governed)

    said = governed("diff")

    assert said.code == 5
    assert f"{OLD} -> {NEW}" in said.out
    assert "60 replies of model-6.2 were purged" in " ".join(said.out.split())


def test_what_fails_cannot_be_purged_into_a_baseline(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    without_kept_readings(governed)
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

    assert verdict_of(governed, "no-iban") == "failing"
    without_kept_readings(governed)
    assert verdict_of(governed, "no-iban") == "unmeasured"


def test_a_violation_stays_one_although_its_reply_was_purged_and_asked_again(governed):
    governed.bring(NEW, with_one_leak(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    governed.bring(NEW, all_good())

    assert verdict_of(governed, "no-iban") == "failing"
    assert "60 replies of model-6.2 were purged and asked again" in " ".join(governed("diff").out.split())


ARMED = SUITE.replace("    bar:", "    alive_if: {on: easy, check: {contains: total}}\n    bar:").replace(
    "each: rows.csv", "each: rows.csv\n  tags: [easy]"
)


@pytest.mark.parametrize("text", [SUITE, SUITE + NEVER, ARMED])
@pytest.mark.parametrize("judged", ['{{"total": {0}}}', '```json\n{{"total": {0}}}\n```', '{{"total": 0}}', "no"])
def test_a_purge_changes_no_verdict(project, text, judged):
    project.suite(text)
    project.bring(OLD, replies_of(), received_at=LONG_AGO)
    project.accept(OLD)
    some = {probe: [*[reply] * 2, "no"] for probe, reply in replies_of(judged).items()}
    project.bring(NEW, some, received_at=LONG_AGO)
    before = project("diff", "--to", NEW, "--json").document
    project("purge", "--older-than", "90d")
    after = project("diff", "--to", NEW, "--json").document

    for side in ("old", "new"):
        assert [each[side]["verdict"] for each in after["assertions"]] == [
            each[side]["verdict"] for each in before["assertions"]
        ]
    assert after["exit_code"] == before["exit_code"]


def test_a_pinned_version_with_routine_retention_stays_as_it_is(project):
    project.bring(OLD, replies_of(), received_at=LONG_AGO)
    project.accept(OLD)
    for week in range(1, 4):
        project.bring(OLD, {p: [t] * (week + 1) for p, t in replies_of().items()}, received_at=LONG_AGO)
        project("purge", "--older-than", "90d")
    project.bring(OLD, {p: [t] * 5 for p, t in replies_of().items()})

    assert verdict_of(project, "total-right") == "holds"
    assert project("diff").code == 0
    assert project.accept(OLD).code == 0
    assert project("diff").code == 0


def test_a_changed_rule_cannot_read_what_was_kept(governed):
    governed.bring(NEW, all_good(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    assert verdict_of(governed, "no-iban") == "holds"
    governed.suite(SUITE + NEVER.replace("DE89", "FR76").replace("DE89 is it", "FR76 is it"))
    assert verdict_of(governed, "no-iban") == "unmeasured"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 2}', b'{"format": 1, "rows": [{}]}', b"[" * 50_000])
def test_kept_readings_that_are_damaged_are_named(governed, content):
    governed.bring(NEW, all_good(), received_at=LONG_AGO)
    governed("purge", "--older-than", "90d")
    (path,) = (governed.root / ".rebaseline/kept/invoices/app").glob(f"{NEW}.json")
    path.write_bytes(content)
    said = governed("diff")
    assert said.code == 2
    assert "What was read of purged replies cannot be read" in said.err
    assert path.name in said.err


def test_where_a_suite_is_wrong_nothing_is_purged(aged):
    aged.suite("suite: {}\n")
    assert aged("purge", "--older-than", "90d").code == 2
    assert holds(aged, MARK)


def verdict_of(project, name):
    document = project("diff", "--json").document
    return next(each["new"]["verdict"]["name"] for each in document["assertions"] if each["id"] == name)


def test_a_reply_that_is_asked_again_is_no_longer_missing(aged):
    aged.accept(OLD)
    aged("purge", "--older-than", "90d")
    aged.bring(OLD, replies_of())

    shown = " ".join(aged("diff", "--to", OLD, "--from", NEW).out.split())
    assert "60 replies of model-6.1 were purged and asked again: these are other replies" in shown
    assert "had read of them" not in shown


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
