"""Labels on readings, draws that can be repeated, and what a random sample says of the check."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rebaseline.assess.labelled import weigh_labels
from rebaseline.assess.labelling import draw_cells, populations_of, settled_by
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.form import Form
from rebaseline.domain.label import AssertionLabels, Cell, Draw, Label, LabelValue
from rebaseline.domain.reading import Assumption, Valued, Void

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PASS, FAIL, UNCLEAR = LabelValue.PASS, LabelValue.FAIL, LabelValue.UNCLEAR
LOST = Void(Assumption.DELIVERED)


def label(value, key=("p", "f", "d"), *, hours=1, **more):
    return Label(*key, value, "Ada", NOON + timedelta(hours=hours), **more)


@pytest.mark.parametrize(
    ("reading", "value", "settled"),
    [
        (Valued(1.0), PASS, Valued(1.0, note="confirmed by a person")),
        (Valued(0.0), FAIL, Valued(0.0, note="confirmed by a person")),
        (Valued(0.0, note="leak"), FAIL, Valued(0.0, note="confirmed by a person; leak")),
        (Valued(1.0), FAIL, Void(Assumption.AGREEMENT, (), 0.0, "a person says fail")),
        (Valued(0.0), PASS, Void(Assumption.AGREEMENT, (), 1.0, "a person says pass")),
        (Valued(0.6), PASS, Valued(0.6, note="confirmed by a person")),
        (Valued(0.4), PASS, Void(Assumption.AGREEMENT, (), 1.0, "a person says pass")),
        (
            Void(Assumption.FORM, (Form.FENCE,), 1.0),
            FAIL,
            Valued(0.0, (Form.FENCE,), "a person says fail; void before: form"),
        ),
        (Void(Assumption.AGREEMENT, (), 0.0), PASS, Valued(1.0, (), "a person says pass; void before: agreement")),
        (LOST, PASS, LOST),
    ],
)
def test_what_a_label_makes_of_a_reading(reading, value, settled):
    assert settled_by(reading, label(value), all_or_nothing=False) == settled
    assert settled_by(reading, label(UNCLEAR), all_or_nothing=False) == reading


def test_where_anything_under_a_pass_is_a_violation_a_person_who_passes_it_contradicts():
    assert isinstance(settled_by(Valued(0.6), label(PASS), all_or_nothing=True), Void)
    assert isinstance(settled_by(Valued(0.9), label(FAIL), all_or_nothing=True), Valued)  # both saw a violation


def test_where_anything_under_a_pass_is_a_violation_a_persons_fail_is_one_whatever_the_check_said():
    assert settled_by(Valued(1.0, note="clean"), label(FAIL), all_or_nothing=True) == Valued(
        0.0, note="a person says fail; clean"
    )
    for broken in (Assumption.AGREEMENT, Assumption.READABLE, Assumption.COMPLETE):
        for in_part in (False, True):
            found = settled_by(Void(broken), label(FAIL), all_or_nothing=True, in_part=in_part)
            assert found == Valued(0.0, note=f"a person says fail; void before: {broken.value}")
    assert settled_by(LOST, label(FAIL), all_or_nothing=True) == LOST
    void = Void(Assumption.COMPLETE)
    assert settled_by(void, label(PASS), all_or_nothing=True, in_part=True) == void


def test_what_was_shown_in_part_settles_nothing_and_may_contradict():
    void = Void(Assumption.COMPLETE)
    assert settled_by(void, label(PASS), all_or_nothing=False, in_part=True) == void
    assert isinstance(settled_by(Valued(0.0), label(PASS), all_or_nothing=False, in_part=True), Void)


# draws


def cell(number, model="new", sample=0, words=None):
    return Cell("app", model, f"p{number}", f"f{number}", sample, words or f"{model} {number} {sample}")


def test_a_draw_follows_from_its_seed_whatever_the_order_of_the_store():
    pool = [cell(n) for n in range(30)]
    shuffled = random.Random(1).sample(pool, 30)
    assert draw_cells(pool, 10, 7) == draw_cells(shuffled, 10, 7)
    assert draw_cells(pool, 10, 7) != draw_cells(pool, 10, 8)
    assert draw_cells(pool, 10, 7) == draw_cells(pool, 30, 7)[:10]


def test_no_words_are_drawn_twice_nor_what_is_labelled():
    pool = [cell(n, model, words="same") for n in range(5) for model in ("old", "new")]
    drawn = draw_cells(pool, 99, 1, without={cell(0, words="same").key})
    assert sorted(each.probe for each in drawn) == ["p1", "p2", "p3", "p4"]


def test_every_reply_is_drawn_equally_often():
    pool = [cell(n) for n in range(10)]
    first = [draw_cells(pool, 1, seed)[0].probe for seed in range(3000)]
    assert all(abs(first.count(f"p{n}") - 300) < 4 * math.sqrt(270) for n in range(10))


# a random sample


def table_of(readings, rounds=1):
    """Lay readings out over probes, round by round."""
    width = len(readings) // rounds
    rows = tuple(tuple(readings[n + r * width] for r in range(rounds)) for n in range(width))
    return ReadingTable(tuple(f"p{n}" for n in range(width)), rows, rounds)


def words_of(table, model="new", said=None):
    return {
        (probe, sample): cell(int(probe[1:]), model, sample, said and said(probe, sample))
        for probe, row in zip(table.probes, table.readings, strict=True)
        for sample, reading in enumerate(row)
        if reading != LOST
    }


def drawn_from(words, seed, count, at=NOON, without=()):
    pool = list(words.values())
    return Draw(f"d{seed}", seed, at, populations_of(pool), draw_cells(pool, count, seed, without=without))


def labelled(draws, truth, upto=None):
    """Labels of the first rows of each draw, as `truth` has them by place."""
    labels = {
        row.key: label(truth[row.probe, row.sample], row.key, draw=draw.id)
        for draw in draws
        for row in draw.rows[:upto]
    }
    return AssertionLabels(labels, tuple(draws))


def readings(passes, fails=0):
    return [Valued(1.0)] * passes + [Valued(0.0)] * fails


def test_nobody_labelled():
    table = table_of(readings(10))
    assert weigh_labels(table, words_of(table), AssertionLabels()) is None


def test_rates_and_the_corrected_mean():
    """Sixty replies, of which the check passes 50. Of 24 drawn it passes five wrongly and fails one wrongly."""
    table = table_of(readings(50, 10))
    words = words_of(table)
    draw = drawn_from(words, 3, 24)
    passed = [row for row in draw.rows if int(row.probe[1:]) < 50]
    failed = [row for row in draw.rows if int(row.probe[1:]) >= 50]
    wrong = {row.key for row in passed[:5]} | {row.key for row in failed[:1]}
    values = {}
    for row in draw.rows:
        passes = (int(row.probe[1:]) < 50) != (row.key in wrong)
        values[row.key] = label(PASS if passes else FAIL, row.key, draw=draw.id)
    found = weigh_labels(table, words, AssertionLabels(values, (draw,)))
    assert (found.replies, found.drawn, found.chosen, found.foreign_draws) == (60, 24, 0, 0)
    assert (found.false_passes, found.passes_checked) == (5, len(passed))
    assert (found.false_fails, found.fails_checked) == (1, len(failed))
    assert found.read == (50 / 60, 50 / 60)
    assert found.corrected == pytest.approx((50 / 60 - 4 / 24,) * 2)
    low, high = found.bounds
    assert found.alarm_bounds[0] <= low < found.corrected[0] < high <= found.alarm_bounds[1]


def test_when_all_are_labelled_nothing_is_left_open():
    table = table_of(readings(6, 2))
    words = words_of(table)
    truth = dict.fromkeys(words, FAIL) | {("p0", 0): PASS}
    found = weigh_labels(table, words, labelled([drawn_from(words, 1, 8)], truth))
    assert found.bounds == pytest.approx((1 / 8, 1 / 8))
    assert found.alarm_bounds == pytest.approx((1 / 8, 1 / 8))


def test_doubts_are_read_both_ways():
    """A void, a reply that never came, and a label that is unclear."""
    table = table_of([*readings(6), Void(Assumption.READABLE), LOST])
    words = words_of(table)
    truth = dict.fromkeys(words, PASS) | {("p0", 0): UNCLEAR}
    found = weigh_labels(table, words, labelled([drawn_from(words, 1, 7)], truth))
    assert found.read == (6 / 8, 1.0)
    assert found.bounds == pytest.approx((6 / 8, 1.0))  # p6 is settled by its label; p0 and the lost one stay open
    assert (found.unclear, found.passes_checked) == (1, 5)


def test_chosen_labels_count_in_no_rate():
    table = table_of(readings(10))
    words = words_of(table)
    key = words["p0", 0].key
    found = weigh_labels(table, words, AssertionLabels({key: label(FAIL, key)}))
    assert (found.drawn, found.chosen, found.corrected, found.passes_checked) == (0, 1, None, 0)
    assert found.bounds == found.alarm_bounds == (0.0, 1.0)


def test_chosen_labels_however_many_leave_bounds_and_rates_as_the_draw_left_them():
    """Twenty are drawn; then somebody chooses all the others and calls each a pass."""
    table = table_of(readings(80))
    words = words_of(table)
    draw = drawn_from(words, 1, 20)
    truth = {place: PASS if int(place[0][1:]) % 5 < 3 else FAIL for place in words}
    honest = labelled([draw], truth)
    before = weigh_labels(table, words, honest)
    chosen = {key: label(PASS, key) for each in words.values() if (key := each.key) not in honest.labels}
    after = weigh_labels(table, words, AssertionLabels(chosen | honest.labels, (draw,)))
    assert after == replace(before, chosen=60)


def test_what_was_chosen_before_a_draw_is_left_open_both_ways():
    """Ten of eighty are called a pass by choice, so that the draw leaves them out: they may be anything."""
    table = table_of(readings(80))
    words = words_of(table)
    truth = dict.fromkeys(words, FAIL)
    chosen = {words[f"p{n}", 0].key: label(PASS, words[f"p{n}", 0].key, hours=-1) for n in range(10)}
    draw = drawn_from(words, 1, 80, without=chosen)
    found = weigh_labels(table, words, AssertionLabels(chosen | labelled([draw], truth).labels, (draw,)))
    assert (found.drawn, found.chosen) == (70, 10)
    assert found.bounds == pytest.approx((0.0, 10 / 80))
    assert found.corrected == (0.0, 0.0)


def test_a_row_of_a_draw_that_is_only_labelled_by_choice_is_unclear():
    table = table_of(readings(10))
    words = words_of(table)
    draw = drawn_from(words, 1, 10)
    labels = labelled([draw], dict.fromkeys(words, PASS)).labels
    key = draw.rows[2].key
    found = weigh_labels(table, words, AssertionLabels({**labels, key: label(FAIL, key)}, (draw,)))
    assert (found.drawn, found.unclear, found.passes_checked, found.false_passes) == (10, 1, 9, 0)
    assert found.bounds == pytest.approx((0.9, 1.0))


def test_only_rows_up_to_the_first_without_a_label_are_a_random_sample():
    table = table_of(readings(10))
    words = words_of(table)
    draw = drawn_from(words, 1, 10)
    labels = {row.key: label(FAIL, row.key, draw=draw.id) for number, row in enumerate(draw.rows) if number != 3}
    found = weigh_labels(table, words, AssertionLabels(labels, (draw,)))
    assert (found.drawn, found.chosen) == (3, 6)
    assert found.bounds[1] > 0.5  # the six are not taken for known


def test_a_draw_from_other_replies_is_foreign():
    table = table_of(readings(10))
    words = words_of(table)
    draw = drawn_from(words, 1, 10)
    again = words | {("p0", 0): replace(words["p0", 0], reply="asked anew")}
    found = weigh_labels(table, again, labelled([draw], dict.fromkeys(words, PASS)))
    assert (found.drawn, found.foreign_draws) == (0, 1)


def test_a_draw_of_another_version_is_not_foreign_and_its_words_are_known():
    table = table_of(readings(10))
    same = words_of(table, said=lambda probe, _: f"said {probe}")
    theirs = words_of(table, "old", said=lambda probe, _: f"said {probe}")
    found = weigh_labels(table, same, labelled([drawn_from(theirs, 1, 4)], dict.fromkeys(theirs, FAIL)))
    assert (found.drawn, found.foreign_draws) == (0, 0)
    assert found.bounds == pytest.approx((0.0, 0.6))


def test_rounds_that_came_since_are_taken_at_their_worst():
    first = table_of(readings(10))
    draw = drawn_from(words_of(first), 1, 10)
    grown = table_of(readings(20), rounds=2)
    truth = dict.fromkeys(words_of(first), PASS)
    found = weigh_labels(grown, words_of(grown), labelled([draw], truth))
    assert (found.drawn, found.foreign_draws) == (10, 0)
    assert found.bounds == pytest.approx((0.5, 1.0))


@pytest.mark.parametrize("lie", [None, PASS, FAIL])
@pytest.mark.parametrize("versions", [1, 2])
def test_seeded_coverage_with_two_draws_equal_words_and_stopping(versions, lie):
    """Two draws, equal words, a stop after any row: neither bound misses the truth more often than its level.

    Nor where somebody chooses ten replies between the draws, and others after both, and labels all of them alike.
    """
    rng = random.Random(20261125)
    missed = {"low": 0, "high": 0}
    runs = 150
    for run in range(runs):
        # Two of three probes say the same in both rounds, and then the check and people read the same.
        passes, wrong = 0.5 + rng.random() / 2, rng.random() * 0.6
        said = {(n, r): f"p{n}" if n % 3 else f"p{n} {r}" for r in range(2) for n in range(20)}
        read = {text: float(rng.random() < passes) for text in dict.fromkeys(said.values())}
        judged = {text: PASS if (value >= 1.0) != (rng.random() < wrong) else FAIL for text, value in read.items()}
        table = table_of([Valued(read[said[n, r]]) for r in range(2) for n in range(20)], rounds=2)
        words = words_of(table, said=lambda probe, sample, said=said: said[int(probe[1:]), sample])
        truth = {place: judged[each.reply] for place, each in words.items()}
        mean = sum(value is PASS for value in truth.values()) / len(truth)
        pool = list(words.values())
        if versions == 2:
            pool += [replace(each, model="old", reply=f"old {each.reply}") for each in pool]
            pool += [replace(each, model="old") for each in pool[:10]]
        populations = populations_of(pool)
        rows = draw_cells(pool, 25, run)
        stop = rng.randint(3, len(rows))
        one = Draw("a", run, NOON, populations, rows)
        by_key = {each.key: truth[place] for place, each in words.items()}
        labels = {row.key: label(by_key.get(row.key, FAIL), row.key, draw="a") for row in rows[:stop]}
        if lie is not None:
            labels = {each.key: label(lie, each.key, hours=1) for each in rng.sample(list(words.values()), 10)} | labels
        again = draw_cells(pool, 15, run + 1000, without=labels)
        two = Draw("b", run, NOON + timedelta(hours=2), populations, again)
        labels |= {row.key: label(by_key.get(row.key, FAIL), row.key, hours=3, draw="b") for row in again}
        if lie is not None:
            late = rng.sample(list(words.values()), 10)
            labels = {each.key: label(lie, each.key, hours=4) for each in late} | labels
        found = weigh_labels(table, words, AssertionLabels(labels, (one, two)))
        if found is None:
            continue
        missed["low"] += found.bounds[0] > mean + 1e-9
        missed["high"] += found.bounds[1] < mean - 1e-9
    most = 0.05 * runs + 2 * math.sqrt(0.05 * 0.95 * runs)
    assert missed["low"] <= most, missed
    assert missed["high"] <= most, missed
