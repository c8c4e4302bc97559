"""An assertion that is out of use stays in the file, and nothing is read for it."""

from __future__ import annotations

from tests.support.project import OLD, SUITE

RETIRED = SUITE.replace("    bar:", "    retired: {reason: nobody reads totals, on: 2026-11-26, by: Ada}\n    bar:")
OTHER = """  - id: in-braces
    claim: It is JSON.
    check: {parses: json}
    bar: {at_least: 0.5}
"""
ACCEPT = ("accept", "--model", OLD, "--as", "Ada Ruiz", "--reason", "signed off")


def test_a_diff_leaves_it_out_and_names_it_with_its_reason(asked):
    asked.suite(SUITE + OTHER)
    assert asked(*ACCEPT).code == 0
    asked.suite(RETIRED + OTHER)
    said = asked("diff")
    assert "1 assertion," in said.out
    assert "invoices/total-right: retired 26 Nov 2026: nobody reads totals" in said.out
    assert "no longer in the suite" not in said.out


def test_it_is_still_held_to_the_grammar(project):
    project.suite(RETIRED.replace("number:", "nmber:") + OTHER)
    assert project("lint").code == 2


def test_the_day_is_a_day(project):
    project.suite(RETIRED.replace("2026-11-26", "last week") + OTHER)
    assert "`on` is 'last week', not a day" in project("lint").out


def test_a_suite_whose_every_assertion_is_retired_has_nothing_to_say(asked):
    asked.suite(RETIRED)
    assert asked("lint").code == 0
    assert asked("plan").code in {0, 2}
    said = asked("diff")
    assert said.code != 0
    assert "Traceback" not in said.err
