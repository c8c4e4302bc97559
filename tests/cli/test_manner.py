"""What changed in the manner of replies, what flickers, and the placebo: on the screen, in `--why` and as JSON."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.support.project import HOSTILE, NEW, OLD, TOTALS, assert_printable, replies_of

from rebaseline.report.wire import DiffDocument

FENCED = '```json\n{{"total": {0}}}\n```'


def samples(*replies):
    """Samples of each probe; `{0}` is the right total."""
    return {probe: [reply.format(right) for reply in replies] for probe, right in TOTALS.items()}


RIGHT = '{{"total": {0}}}'


def flickering():
    """Four samples a probe, of which two are wrong at every third probe: now these, now those."""
    wrong, pairs = '{{"total": 1{0}}}', list(combinations(range(4), 2))
    return {
        probe: [
            (wrong if place % 3 == 0 and sample in pairs[place // 3 % 6] else RIGHT).format(right)
            for sample in range(4)
        ]
        for place, (probe, right) in enumerate(TOTALS.items())
    }


def test_a_new_fence_is_noted_on_the_screen_and_as_json(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    assert "+100 points" in project("diff").line("fences")
    document = project("diff", "--json").document
    DiffDocument.model_validate(document)
    fences = next(note for note in document["behaviour"]["notes"] if note["measure"] == "fences")
    assert (fences["kind"], fences["old"], fences["new"], fences["probes"]) == ("share", 0.0, 1.0, 60)
    assert document["behaviour"]["false_discovery_rate"] == 0.05
    assert document["new_manner"]["shares"]["fences"] == 1.0


def test_the_same_replies_are_no_change_of_manner(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of())
    assert "no change shown" in project("diff").line("Manner:")


def test_a_baseline_alone_gives_shares_and_no_claim(project):
    project.bring(OLD, replies_of())
    project.accept()
    project.without_store()
    project.bring(NEW, replies_of(FENCED))
    said = project("diff")
    assert "no change is claimed" in said.line("Manner:")
    assert "fences 0 % -> 100 %" in said.out
    assert project("diff", "--json").document["behaviour"] is None


def test_one_round_has_no_placebo_and_says_how_to_get_one(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of())
    assert "import a second reply a probe" in project("diff").line("Placebo:")


def test_the_old_version_against_itself_stands_beside_survival(project):
    project.bring(OLD, samples(RIGHT, RIGHT, RIGHT))
    project.bring(NEW, samples(FENCED, FENCED, FENCED))
    said = project("diff").line("Placebo:")
    assert "0 of 1 changed, 0 notes on manner (every other round" in said
    placebo = project("diff", "--json").document["placebo"]
    assert (placebo["compared"], placebo["changed"], placebo["split"], placebo["notes"]) == (1, [], "rounds", 0)


def test_a_baseline_without_its_replies_still_has_its_placebo(project):
    project.bring(OLD, samples(RIGHT, RIGHT))
    project.accept()
    project.without_store()
    project.bring(NEW, samples(RIGHT, RIGHT))
    assert "0 of 1 changed (every other round)" in project("diff").line("Placebo:")


def test_what_flickered_before_is_named_and_is_no_drift(project):
    project.bring(OLD, flickering())
    project.bring(NEW, flickering())
    said = project("diff", "--all")
    assert "0 of 1 changed" in said.line("Placebo:")
    why = project("diff", "--why", "total-right").out
    # Two of four samples: four of their six pairs differ, at 20 of 60 probes.
    assert why.count("flicker    20 of 60 probes; two samples of a probe disagree in .22 of cases") == 2
    assert "no change shown" in why
    flicker = project("diff", "--json").document["assertions"][0]["old_flicker"]
    assert (flicker["probes"], flicker["flickering"]) == (60, 20)


def test_an_assertion_that_fails_is_said_to_have_flickered(project):
    project.bring(OLD, flickering())
    project.bring(NEW, samples(*['{{"total": 1{0}}}'] * 4))
    said = project("diff")
    assert "flickers on the old version: 20 of 60 probes" in said.out
    assert "inv-01 #1" in said.out  # the first probe flickered: its fail would show little


@pytest.mark.parametrize("text", HOSTILE)
def test_an_opening_that_is_hostile_takes_hold_of_nothing(project, text):
    project.bring(OLD, replies_of())
    project.bring(NEW, dict.fromkeys(TOTALS, f"{text} is what it says"))
    said = project("diff", "--all")
    assert "opens" in said.out
    assert_printable(said.both)
    assert_printable(project("diff", "--json").out)
