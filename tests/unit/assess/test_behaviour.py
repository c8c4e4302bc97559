"""What changed in the manner of replies, and what is not said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.support.readings import Log

from rebaseline.assess.behaviour import find_behaviour
from rebaseline.assess.traits import TraitTally
from rebaseline.domain.attempt import Answered, Rejected, Reply, Usage
from rebaseline.domain.behaviour import NoteKind
from rebaseline.domain.model import Price

PLAIN = "It is forty-two, which makes the total right."


def traits(replies, *, probes=40, start="p", samples=1):
    """Take `replies(number, sample)` for each probe."""
    tally, log = TraitTally(), Log()
    for number in range(probes):
        for sample in range(samples):
            log.add(f"{start}{number}", replies(number, sample), sample)
    for record in log.records:
        tally.add(record, refuses=False)
    return tally.table()


def said(text):
    return lambda *_: text


def names(found):
    return [note.measure for note in found.notes]


def test_nothing_is_noted_of_the_same_replies():
    found = find_behaviour([(traits(said(PLAIN)), traits(said(PLAIN)))])
    assert found.notes == ()
    assert (found.probes, found.measures, found.level) == (40, 25, 0.05)
    assert found.openings == 4  # its first word, first two, three and four


def test_a_change_is_noted_with_its_interval_and_the_largest_comes_first():
    new = traits(lambda number, _: f"```\n{PLAIN}\n```" if number < 33 else f"{PLAIN} Let me know.")
    found = find_behaviour([(traits(said(PLAIN)), new)])
    fences = found.notes[names(found).index("fences")]
    assert (fences.kind, fences.old, fences.new, fences.probes) == (NoteKind.SHARE, 0.0, 33 / 40, 40)
    assert fences.estimate == fences.effect == 33 / 40
    assert 0.0 < fences.low < fences.estimate < fences.high <= 1.0
    effects = [abs(note.effect) for note in found.notes]
    assert effects == sorted(effects, reverse=True)
    assert "closing offer" not in names(found)  # seven probes of forty are not shown


def test_amounts_are_compared_pair_by_pair_as_ratios():
    tokens = [10 * (number + 1) for number in range(40)]

    def replies(factor):
        return lambda number, _: Answered(
            Reply(PLAIN), usage=Usage(100, int(tokens[number] * factor)), latency_seconds=2.0
        )

    price = Price(1.0, 10.0)
    found = find_behaviour([(traits(replies(1)), traits(replies(1.5)))], price)
    (longer,) = (note for note in found.notes if note.measure == "output tokens")
    assert (longer.kind, longer.old, longer.new) == (NoteKind.RATIO, np.mean(tokens), np.mean(tokens) * 1.5)
    assert (longer.estimate, longer.low, longer.high) == pytest.approx((1.5, 1.5, 1.5))
    assert longer.effect == 1.0
    (cost,) = (note for note in found.notes if note.measure == "cost")
    assert cost.old == pytest.approx((100 + 10 * np.mean(tokens)) / 1e6)
    assert 1.0 < cost.low <= cost.estimate <= cost.high < 1.5
    assert names(found) == ["cost", "output tokens"]  # the same characters, words and latency
    assert find_behaviour([(traits(replies(1)), traits(replies(1.5)))]).measures == found.measures - 1  # no price


def test_of_several_lengths_one_is_noted():
    found = find_behaviour([(traits(said(PLAIN)), traits(said(f"{PLAIN} {PLAIN}")))])
    assert names(found) == ["words"]


def test_openings_that_came_and_went_are_noted_by_their_longest_common_words():
    old = traits(lambda number, _: f"I cannot do {number}")
    new = traits(lambda number, _: f"Sorry, but {number} will not do")
    found = find_behaviour([(old, new)])
    openings = {note.measure: (note.old, note.new) for note in found.notes if note.kind is NoteKind.OPENING}
    assert openings == {"I cannot do": (1.0, 0.0), "Sorry, but": (0.0, 1.0)}


def test_an_opening_of_few_probes_is_never_quoted():
    secret = "Dear Ms Ruiz, account 4417"
    old = traits(lambda number, _: f"{secret} closed" if number < 2 else PLAIN, samples=30)
    found = find_behaviour([(old, traits(said(PLAIN), samples=30))])
    assert not any("Ruiz" in note.measure for note in found.notes)
    assert found.openings == 4


def test_samples_of_one_probe_are_not_so_many_findings():
    few = find_behaviour([(traits(said(PLAIN), probes=5, samples=50), traits(said("```x```"), probes=5, samples=50))])
    assert few.notes == ()
    assert few.probes == 5


def test_probes_of_one_side_are_left_out_and_suites_are_kept_apart():
    first = traits(said(PLAIN), probes=8), traits(said(f"**{PLAIN}**"), probes=12)
    second = traits(said(PLAIN), probes=8), traits(said(f"**{PLAIN}**"), probes=8)
    found = find_behaviour([first, second])
    assert found.probes == 16
    (emphasis,) = (note for note in found.notes if note.measure == "emphasis")
    assert emphasis.probes == 16


def test_requests_that_are_no_longer_taken_are_noted():
    found = find_behaviour([(traits(said(PLAIN)), traits(said(Rejected(400, "seed"))))])
    assert names(found) == ["request no longer taken"]
    assert found.measures == 1  # no reply, nothing else to compare


def test_unequal_numbers_of_samples_are_no_change():
    """One old reply in ten bears the mark; a single new one mostly does not. Signs would call it a drop."""
    old = traits(lambda number, sample: "**b**" if sample == number % 10 else PLAIN, samples=10, probes=200)
    new = traits(lambda number, _: "**b**" if number % 10 == 3 else PLAIN, probes=200)
    assert "emphasis" not in names(find_behaviour([(old, new)]))


def test_nothing_at_hand_gives_nothing():
    empty = traits(said(PLAIN), probes=0)
    for sides in ([], [(empty, empty)], [(traits(said(PLAIN)), traits(said(PLAIN), start="q"))]):
        found = find_behaviour(sides)
        assert (found.notes, found.measures, found.openings, found.probes) == ((), 0, 0, 0)


def test_every_note_stands_by_the_rule_of_e_bh():
    new = traits(lambda number, _: f"Sure! Here it is:\n```\n{PLAIN}\n```\n- a\n- b\nLet me know.")
    found = find_behaviour([(traits(said(PLAIN)), new)])
    whole = found.measures + 4
    for note in found.notes:
        assert note.log_e >= math.log(whole / (0.05 * len(found.notes))) or note.kind is NoteKind.OPENING
        unchanged = 1.0 if note.kind is NoteKind.RATIO else 0.0
        assert not note.low <= unchanged <= note.high
