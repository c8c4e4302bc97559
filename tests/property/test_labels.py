"""Invariants of what labels say: bounds hold their own estimate, and labels that somebody chose narrow nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rebaseline.assess.labelled import weigh_labels
from rebaseline.assess.labelling import draw_cells, populations_of
from rebaseline.assess.table import ReadingTable
from rebaseline.domain.label import AssertionLabels, Cell, Draw, Label, LabelValue
from rebaseline.domain.reading import Assumption, Valued, Void

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SLACK = 1e-9
a_reading = st.sampled_from([Valued(1.0), Valued(1.0), Valued(0.0), Valued(0.5), Void(Assumption.READABLE)])
a_label = st.sampled_from(list(LabelValue))


@st.composite
def cases(draw):
    """Replies, of which some say the same, two draws, and labels by draw or by choice, before, between and after."""
    readings = draw(st.lists(a_reading, min_size=2, max_size=16))
    said = {f"p{n // 2}": f"p{n // 2}" for n in range(0, len(readings), 2)}
    rows = tuple(tuple(readings[n : n + 2]) for n in range(0, len(readings) - 1, 2))
    table = ReadingTable(tuple(f"p{n}" for n in range(len(rows))), rows, 2)
    alike = draw(st.sets(st.sampled_from(sorted(said))))
    words = {
        (f"p{n}", r): Cell("app", "new", f"p{n}", f"f{n}", r, f"p{n}" if f"p{n}" in alike else f"p{n} {r}")
        for n in range(len(rows))
        for r in range(2)
    }
    pool = list(words.values())
    if draw(st.booleans()):
        pool += [replace(cell, model="old") for cell in pool[:6]]
    labels: dict[tuple[str, str, str], Label] = {}
    draws = []

    def choose(hours):
        for cell in draw(st.lists(st.sampled_from(pool), max_size=4)):
            labels.setdefault(cell.key, Label(*cell.key, draw(a_label), "Ada", NOON + timedelta(hours=hours)))

    for number in range(2):
        choose(2 * number - 1)
        at = NOON + timedelta(hours=2 * number)
        rows_drawn = draw_cells(pool, 99, draw(st.integers(0, 999)), without=labels)
        made = Draw(f"d{number}", 0, at, populations_of(pool), rows_drawn)
        draws.append(made)
        for row in rows_drawn[: draw(st.integers(0, 10))]:
            labels[row.key] = Label(*row.key, draw(a_label), "Ada", at + timedelta(minutes=30), made.id, 1)
    choose(5)
    return table, words, AssertionLabels(labels, tuple(draws))


@given(cases())
def test_bounds_hold_their_own_estimate(case):
    found = weigh_labels(*case)
    if found is None:
        return
    for low, high in (found.bounds, found.alarm_bounds):
        assert -SLACK <= low <= high <= 1.0 + SLACK
        if found.corrected is not None:
            assert low <= found.corrected[0] <= found.corrected[1] <= high


@given(cases(), a_label)
def test_what_chosen_labels_say_changes_no_rate(case, said):
    table, words, held = case
    turned = {key: label if label.draw else replace(label, value=said) for key, label in held.labels.items()}
    assert weigh_labels(table, words, AssertionLabels(turned, held.draws)) == weigh_labels(table, words, held)
