"""What ails a project is named, each with what mends it; and what mends it does."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.project import NEW, OLD, PROJECT, SUITE, replies_of

from rebaseline.app.doctoring import examine
from rebaseline.app.workspace import open_workspace
from rebaseline.domain.ailment import AilmentKind

TODAY = datetime.now(UTC).date()
ACCEPT = ("accept", "--model", OLD, "--as", "Ada Ruiz", "--reason", "signed off")
FENCED = '```json\n{{"total": {0}}}\n```'
WHERE = "probes/invoices/suite.yaml"


def findings(project):
    said = project("doctor", "--json")
    assert said.code == 0
    return [(it["kind"], it["subject"]) for it in json.loads(said.out)["findings"]]


def of_kind(project, kind):
    return [it for it in json.loads(project("doctor", "--json").out)["findings"] if it["kind"] == kind]


@pytest.fixture
def sound(project):
    project.bring(OLD, replies_of())
    assert project(*ACCEPT).code == 0
    return project


def test_a_sound_project_has_nothing_to_mend(sound):
    assert sound("doctor").out == "nothing to mend\n"
    assert findings(sound) == []


def test_what_was_accepted_as_invalid_is_never_valid_until_its_rule_changes(project):
    project.bring(OLD, replies_of(FENCED))
    assert project(*ACCEPT).code == 0
    (found,) = of_kind(project, "never valid")
    assert found["subject"] == "invoices/total-right"
    assert found["where"].startswith(WHERE)
    assert "rebaseline repair invoices" in found["mend"]
    project.suite(SUITE.replace("    bar:", "    consumer: {fence: undone}\n    bar:"))
    assert of_kind(project, "never valid") == []
    assert of_kind(project, "stale")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("at_least: 0.9", "at_least: 0.8"), "another rule: total-right"),
        (("id: total-right", "id: sum-right"), "not accepted: sum-right"),
        (("Return JSON", "Give JSON"), "probes, samples or tags are not as they were"),
    ],
)
def test_what_is_read_otherwise_than_accepted_is_stale_and_its_version_is_to_be_raised(sound, edit, words):
    sound.suite(SUITE.replace(*edit))
    stale, version = of_kind(sound, "stale")
    assert words in stale["words"]
    assert f"rebaseline accept invoices --target app --model {OLD}" in stale["mend"]
    assert version["mend"].startswith("write version: 2 in probes/invoices/suite.yaml:")
    sound.suite(SUITE.replace(*edit).replace("version: 1", "version: 2"))
    assert len(of_kind(sound, "stale")) == 1


def test_a_version_that_answered_last_and_was_not_accepted_is_named_and_accepting_it_mends(sound):
    sound.bring(NEW, replies_of())
    (found,) = of_kind(sound, "stale")
    assert found["subject"] == "invoices"
    assert found["mend"].startswith("rebaseline review invoices --target app, and where nothing needs a person ")
    assert f"rebaseline accept invoices --target app --model {NEW} --reason WHY" in found["mend"]
    assert NEW in found["words"]
    assert sound("accept", "--model", NEW, "--as", "Ada Ruiz", "--reason", "signed off").code == 0
    assert findings(sound) == []


def test_what_nobody_answers_for_is_named_with_its_line(sound):
    sound.write("rebaseline.toml", PROJECT.replace('owner = "retail-claims"\n', ""))
    sound.suite(SUITE.replace("owner: payments", 'owner: ""'))
    assert findings(sound) == [("unowned", "system"), ("unowned", "invoices")]
    sound.suite(SUITE.replace("    bar:", '    owner: ""\n    bar:') + OTHER)
    assert ("unowned", "invoices/total-right") in findings(sound)
    assert ("unowned", "invoices/in-braces") not in findings(sound)


OTHER = """  - id: in-braces
    claim: It is JSON.
    check: {parses: json}
    bar: {at_least: 0.5}
"""


def test_what_nothing_refers_to_is_named_with_the_command_that_removes_it(sound):
    for name in (
        "probes/invoices/old.csv",
        "labels/invoices/gone.jsonl",
        "baselines/receipts/app/model.json",
        "baselines/invoices/elsewhere/model.json",
    ):
        sound.write(name, "id\n")
    sound.write("probes/.hidden/old.csv", "id\n")
    mends = {it["subject"]: it["mend"] for it in of_kind(sound, "unused")}
    assert mends == {
        "probes/invoices/old.csv": "git rm -- probes/invoices/old.csv",
        "labels/invoices/gone.jsonl": "git rm -- labels/invoices/gone.jsonl",
        "baselines/receipts/app": "git rm -r -- baselines/receipts/app",
        "baselines/invoices/elsewhere": "git rm -r -- baselines/invoices/elsewhere",
    }


def test_probes_that_no_assertion_reads_are_asked_for_nothing(sound):
    probes = """probes:
  - {id: one, tags: [used], user: hi}
  - {id: two, tags: [idle], user: hi}
  - {id: three, user: hi}
assertions:
  - {id: said, claim: It says hi., on: used, check: {contains: hi}, bar: {at_least: 0.5}}
"""
    sound.write("probes/other/suite.yaml", "suite: {id: other, version: 1, kind: functional, owner: me}\n" + probes)
    (found,) = of_kind(sound, "unused")
    assert found["words"] == "2 probes are asked, and no assertion reads them: two, three"
    assert found["where"] == "probes/other/suite.yaml:4"


def test_a_waiver_whose_day_is_over_is_named_with_its_owner_and_taking_it_back_mends(sound):
    sound.bring(NEW, replies_of('{{"total": -{0}}}'))
    given = ("waive", "invoices/total-right", "--owner", "eve", "--until", f"{TODAY + timedelta(days=9)}")
    assert sound(*given, "--reason", "until 6.3", "--as", "Ada Ruiz").code == 0
    assert of_kind(sound, "expired") == []
    later = examine(open_workspace(sound.root, {}), datetime.now(UTC) + timedelta(days=12))
    (found,) = [ailment for ailment in later if ailment.kind is AilmentKind.EXPIRED]
    assert found.words == f"its waiver for {NEW} ended {TODAY + timedelta(days=9)} (3 days ago); eve answers for it"
    back = shlex.split(found.mend.split(", or")[0])[1:]
    assert sound(*back, "--as", "Ada Ruiz").code == 0
    later = examine(open_workspace(sound.root, {}), datetime.now(UTC) + timedelta(days=12))
    assert AilmentKind.EXPIRED not in {ailment.kind for ailment in later}


def test_what_is_retired_is_listed_with_its_reason(sound):
    sound.suite(SUITE.replace("    bar:", "    retired: {reason: unread, on: 2026-11-26, by: Ada}\n    bar:") + OTHER)
    (found,) = of_kind(sound, "retired")
    assert found["words"] == "retired 2026-11-26 by Ada: unread"
    assert "take out `retired`" in found["mend"]


def test_the_screen_names_what_is_found_by_kind_and_counts_it(sound):
    sound.write("probes/invoices/old.csv", "id\n")
    out = sound("doctor").out
    assert out.startswith("UNUSED  nothing refers to it")
    assert "      mend  git rm -- probes/invoices/old.csv\n" in out
    assert out.endswith("1 finding\n")


def test_a_suite_that_is_wrong_is_an_error_with_its_line(sound):
    sound.suite(SUITE.replace("check:", "chek:"))
    said = sound("doctor")
    assert said.code == 2
    assert f"{WHERE}:" in said.err


def test_a_damaged_ledger_and_a_waiting_proposal_are_named(sound):
    given = ("waive", "invoices/total-right", "--owner", "eve", "--until", "9d", "--reason", "r", "--as", "Ada")
    sound.bring(NEW, replies_of("no"))
    assert sound(*given, "--propose").code == 0
    (waiting,) = of_kind(sound, "waiting")
    assert waiting["mend"].startswith("rebaseline accept --pending baselines/pending/")
    assert of_kind(sound, "damaged") == []
    first = min((sound.root / "baselines" / "ledger").glob("*.json"))
    first.write_bytes(first.read_bytes()[:100])
    (damaged,) = of_kind(sound, "damaged")
    assert "no waiver counts" in damaged["words"]
