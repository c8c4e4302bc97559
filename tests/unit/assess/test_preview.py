"""What readings would be if the one open question were answered."""

from __future__ import annotations

from tests.support.readings import FAIL, PASS, VOID, table_of

from rebaseline.assess.preview import Answer, answer_question, count_passes, open_forms
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Valued, Void

CASED = Void(Assumption.FORM, (Form.CASE, Form.FENCE), 0.5)


def row(answer, *readings):
    table = table_of("1" * len(readings))
    table = type(table)(table.probes, tuple((reading,) for reading in readings), 1)
    return [cells[0] for cells in answer_question(table, answer).readings]


def test_a_form_is_undone_or_breaks_and_is_named_either_way():
    assert row(Answer.UNDONE, CASED, PASS) == [Valued(0.5, CASED.forms), PASS]
    assert row(Answer.BREAKS, CASED, PASS) == [Valued(0.0, CASED.forms), PASS]


def test_a_second_reading_is_right_or_the_check_was():
    for read in (0.0, 1.0):
        void = Void(Assumption.AGREEMENT, if_undone=1.0 - read)
        assert row(Answer.UNDONE, void) == [Valued(1.0 - read)]
        assert row(Answer.BREAKS, void) == [Valued(read)]


def test_what_has_no_second_value_stays():
    for answer in Answer:
        assert row(answer, VOID, FAIL, None) == [VOID, FAIL, None]


def test_open_forms_come_by_frequency_and_leave_other_voids_out():
    table = table_of("fv1", "fa.")
    assert open_forms(table) == (Form.FENCE,)
    mixed = type(table)(("p",), ((CASED, Void(Assumption.FORM, (Form.FENCE,), 1.0)),), 2)
    assert open_forms(mixed) == (Form.FENCE, Form.CASE)


def test_passes_are_counted_over_complete_rounds():
    assert count_passes(table_of("11v0", "1...")) == (2, 4)
