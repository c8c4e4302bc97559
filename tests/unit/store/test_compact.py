import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.store.compact import parse_readings, render_readings

FENCE = (Form.FENCE,)
SHARES = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
FORMS = st.lists(st.sampled_from(Form), max_size=3).map(tuple)
READINGS = st.one_of(
    st.none(),
    st.builds(Valued, SHARES, FORMS),
    st.builds(Void, st.sampled_from(Assumption), FORMS, st.one_of(st.none(), SHARES)),
)


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ([], ""),
        ([Valued(1.0), Valued(0.0), None], "10-"),
        ([Valued(0.75)], "(0.75)"),
        ([Valued(1.0, FENCE), Valued(0.0, FENCE)], "1[fence]0[fence]"),
        ([Void(Assumption.FORM, FENCE, 1.0)], "f[fence]"),
        ([Void(Assumption.FORM, FENCE, 0.0)], "F[fence~0]"),
        ([Void(Assumption.FORM, (Form.CASE, Form.QUOTES), 0.5)], "F[case,quotes~0.5]"),
        ([Void(Assumption.DELIVERED), Void(Assumption.ENGAGED), Valued(0.5)], "DE(0.5)"),
        ([Void(Assumption.READABLE, (), 0.25), Valued(0.25)], "R[~0.25](0.25)"),
    ],
)
def test_readings_are_short_and_come_back(readings, text):
    assert render_readings(readings) == text
    assert parse_readings(text) == tuple(readings)


@given(st.lists(READINGS, max_size=12))
def test_any_readings_come_back(readings):
    assert parse_readings(render_readings(readings)) == tuple(readings)


def test_every_assumption_has_a_letter_of_its_own():
    assert len({render_readings([Void(assumption)]) for assumption in Assumption}) == len(Assumption)


def test_notes_are_dropped():
    assert parse_readings(render_readings([Valued(1.0, (), "seen"), Void(Assumption.FORM, note="why")])) == (
        Valued(1.0),
        Void(Assumption.FORM),
    )


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "1 1",
        "x",
        "X",
        "f[fence~0]",
        "1[~0.5]",
        "-[fence]",
        "F[fence",
        "F[unheard]",
        "(1.5)",
        "(0.5",
        "F[~2]",
        "(nan)",
        "()",
    ],
)
def test_what_was_never_written_is_refused(text):
    with pytest.raises(ValueError):
        parse_readings(text)


def test_a_tiny_score_keeps_every_bit():
    (back,) = parse_readings(render_readings([Valued(math.ulp(0.0))]))
    assert back == Valued(math.ulp(0.0))
