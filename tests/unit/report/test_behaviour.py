"""Words for manner, flicker and placebo."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.support.project import HOSTILE, assert_printable

from rebaseline.domain.behaviour import Behaviour, Flicker, Manner, Note, NoteKind, Placebo, Split
from rebaseline.report.behaviour import flicker_words, manner_lines, note_words, placebo_words
from rebaseline.report.wire_behaviour import (
    behaviour_document,
    flicker_document,
    manner_document,
    placebo_document,
)


def note(measure="fences", kind=NoteKind.SHARE, *, effect=0.82, low=0.74, high=0.9, old=0.0, estimate=None):
    return Note(measure, kind, old, 0.82, effect if estimate is None else estimate, low, high, effect, 20.0, 450)


def lines(behaviour, *, old=None, new=None, everything=False):
    new = Manner(9, {"fences": 0.82, "lists": 0.1}, 9.0, None) if new is None else new
    diff = SimpleNamespace(behaviour=behaviour, old_manner=old, new_manner=new)
    return list(manner_lines(diff, everything=everything))


def test_a_share_an_opening_and_a_ratio():
    assert note_words(note()).split(maxsplit=1) == ["fences", "0 % -> 82 %            +82 points (+74 to +90)"]
    said = note_words(note("I cannot", NoteKind.OPENING, effect=-0.004, low=-0.02, high=-0.0006))
    assert 'opens "I cannot"' in said
    assert "-0.4 points (-2 to -0.06)" in said
    said = note_words(note("characters", NoteKind.RATIO, estimate=1.31, low=1.2, high=1.44, old=1122.0))
    assert said.split(maxsplit=1)[1] == "x1.3 (1.2 to 1.4)      mean 1,122 -> 0.82"
    assert "x1.03 (0.99 to 1.08)" in note_words(note("w", NoteKind.RATIO, estimate=1.031, low=0.99, high=1.08))
    assert "x12 (1.1 to any)" in note_words(note("w", NoteKind.RATIO, estimate=12.4, low=1.1, high=float("inf")))


@pytest.mark.parametrize("text", HOSTILE)
def test_an_opening_takes_hold_of_nothing(text):
    said = note_words(note(text, NoteKind.OPENING))
    assert_printable(said)
    assert len(said) <= 110
    document = behaviour_document(Behaviour((note(text, NoteKind.OPENING),), 1, 1, 450, 0.05))
    document.model_dump_json().encode("utf-8")


def test_the_screen_shows_the_largest_and_not_openings_alone():
    openings = [note(f"word{number}", NoteKind.OPENING) for number in range(9)]
    notes = (*openings, *(note(f"measure {number}", effect=0.1) for number in range(9)))
    found = lines(Behaviour(notes, 28, 12, 450, 0.05))
    assert found[1].endswith("  18")
    assert sum("opens" in line for line in found) == 3
    assert sum("measure " in line for line in found) == 3
    assert "... 12 more (--all)" in found[-2]
    assert found[-1].strip() == "of 28 measures and 12 openings over 450 probes; false discoveries at most 5 %"
    everything = lines(Behaviour(notes, 28, 12, 450, 0.05), everything=True)
    assert sum("opens" in line for line in everything) == 9
    assert not any("more" in line for line in everything)


def test_where_nothing_stands_that_is_said():
    assert lines(Behaviour((), 28, 0, 1, 0.05)) == ["", "Manner: no change shown (28 measures over 1 probe)"]
    assert lines(Behaviour((), 0, 0, 0, 0.05)) == []


def test_without_the_old_replies_shares_are_shown_and_nothing_is_claimed():
    found = " ".join(lines(None, old=Manner(9, {"fences": 0.0, "lists": 0.08}, None, None)))
    assert "no change is claimed" in found
    assert "fences 0 % -> 82 %" in found
    assert "lists" not in found
    assert "none differs by 5 % or more" in " ".join(lines(None, old=Manner(9, {"lists": 0.08}, None, None)))
    assert "nothing to compare with" in " ".join(lines(None))
    assert lines(None, new=Manner(0, {}, None, None)) == []


def test_flicker():
    assert flicker_words(Flicker(20, 7, 0.123, 0.06)) == (
        "7 of 20 probes; two samples of a probe disagree in .12 of cases"
    )
    assert flicker_words(Flicker(20, 0, 0.0, 0.0)) == "0 of 20 probes: samples of a probe agree"
    assert flicker_words(Flicker(0, 0, None, None)) == "cannot be seen: no probe has two readings"
    assert flicker_words(None) == ""
    assert flicker_document(Flicker(0, 0, None, None)).disagreement is None
    assert flicker_document(None) is None


def test_placebo():
    found = Placebo(41, 0, (), 0, Split.ROUNDS, 0)
    assert placebo_words(found, recorded=False) == (
        "the old version against itself: 0 of 41 changed, 0 notes on manner (every other round)"
    )
    said = placebo_words(Placebo(9, 2, ("a/b",), 3, Split.SESSIONS, None), recorded=False)
    assert said == (
        "the old version against itself: 1 of 9 changed: a/b (every other session; 3 unsettled on half of the replies; "
        "2 had one round)"
    )
    none = Placebo(0, 12, (), 0, None, None)
    assert "say `samples: 2`" in placebo_words(none, recorded=False)
    assert "import a second reply" in placebo_words(none, recorded=True)
    assert placebo_document(none).split is None
    assert placebo_document(found).split == "rounds"
    assert placebo_document(None) is None


def test_documents():
    document = behaviour_document(Behaviour((note(high=float("inf")),), 28, 12, 450, 0.05))
    assert document.notes[0].high is None
    assert document.false_discovery_rate == 0.05
    assert behaviour_document(None) is None
    assert manner_document(Manner(2, {"fences": 0.5}, 3.0, None)).shares == {"fences": 0.5}
    assert manner_document(None) is None
