"""Sheets: what is rendered comes back, however long a reply is."""

from __future__ import annotations

import csv

import pytest

from rebaseline.domain.label import LabelValue
from rebaseline.interop.lines import BadLine
from rebaseline.interop.sheets import FilledRow, SheetRow, parse_sheet, render_sheet

LONG = 'a "word",\r\n' * 40_000
ROW = SheetRow("s/a", "d1", 1, "claim", "asked", "", LONG, "")


@pytest.mark.parametrize("as_csv", [True, False])
def test_a_reply_longer_than_the_limit_of_a_csv_cell_comes_back(as_csv):
    before = csv.field_size_limit()
    assert len(LONG) > before
    sheet = render_sheet([ROW, ROW], as_csv=as_csv)
    found = list(parse_sheet(sheet, as_csv=as_csv))
    assert [(row.assertion, row.draw, row.row, row.value) for row in found] == [("s/a", "d1", 1, None)] * 2
    assert csv.field_size_limit() == before


def test_a_chosen_reply_in_csv_keeps_its_whole_text():
    head = "assertion,draw,row,probe,reply,label\r\n"
    (found,) = parse_sheet(f'{head}s/a,,,p,"{LONG.replace(chr(34), chr(34) * 2)}",fail\r\n', as_csv=True)
    assert found == FilledRow(3 + LONG.count("\n") - 1, "s/a", LabelValue.FAIL, probe="p", reply=LONG)


def test_the_limit_is_restored_where_the_sheet_is_not_read_to_its_end_or_is_wrong():
    before = csv.field_size_limit()
    next(parse_sheet(render_sheet([ROW, ROW], as_csv=True), as_csv=True))
    assert csv.field_size_limit() == before
    (bad,) = parse_sheet("a,b\r\n", as_csv=True)
    assert isinstance(bad, BadLine)
    assert csv.field_size_limit() == before
