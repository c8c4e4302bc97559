"""Which words differ, and how that is shown at any width."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.review.marking import Piece, differing
from rebaseline.review.style import Style, clean, columns_of, side_by_side, wrap_pieces

texts = st.text(alphabet=st.sampled_from("ab \n\t界é\u0301\x1b[]`"), max_size=60)


def shown(pieces, width=60, **style):
    return [line for line, _ in wrap_pieces(pieces, Style(width, **style), width, 50)]


def test_what_differs_is_marked_and_what_is_equal_is_not():
    old, new = differing('{"total": 42}', '```json {"total": 42} ```')
    assert shown(old) == ['{"total": 42}']
    assert shown(new) == ['[```json] {"total": 42} [```]']
    assert shown(new, colour=True)[0].startswith("\x1b[7m```json\x1b[0m {")


def test_what_differs_is_one_stretch_on_a_line_whatever_it_has_in_common_by_chance():
    old, new = differing("As a model, I am to help, and it is so today.", "Sorry, it is not so today.")
    assert shown(old) == ["[As a model, I am to help, and] it is so today."]
    assert shown(new) == ["[Sorry,] it is [not] so today."]
    assert shown(old, width=20) == ["[As a model, I am]", "[to help, and] it is", "so today."]


def test_indentation_stays():
    assert shown([Piece("def f():\n    return 1", differs=False)]) == ["def f():", "    return 1"]


@given(old=texts, new=texts)
def test_the_pieces_are_the_texts(old, new):
    left, right = differing(old, new)
    assert "".join(piece.text for piece in left) == old
    assert "".join(piece.text for piece in right) == new
    assert (old == new) <= (not any(piece.differs for piece in (*left, *right)))


def test_of_long_texts_the_rest_is_one_piece():
    old, new = differing("a " * 5000, "a " * 5000 + "b")
    assert old[-1].differs
    assert new[-1].text.endswith("b")


@given(text=texts, differs=st.booleans(), width=st.integers(8, 40))
def test_no_line_is_wider_than_it_may_be_and_nothing_but_blanks_is_lost(text, differs, width):
    lines = wrap_pieces([Piece(text, differs)], Style(width), width, 10_000)
    assert all(columns_of(line) == used <= width for line, used in lines)
    kept = re.sub(r"\s", "", "".join(line for line, _ in lines))
    wanted = re.sub(r"\s", "", clean(text))
    assert (kept.replace("[", "").replace("]", "") if differs else kept) == (
        wanted.replace("[", "").replace("]", "") if differs else wanted
    )


def test_a_text_that_is_too_long_says_so():
    lines = wrap_pieces([Piece("word\n" * 30, differs=False)], Style(40), 40, 5)
    assert [line for line, _ in lines] == ["word"] * 4 + ["…"]


@pytest.mark.parametrize("wide", ["界界界界", "é́bc"])
def test_columns_stand_under_each_other_whatever_the_script(wide):
    left, right = (wrap_pieces([Piece(text, differs=False)], Style(20), 12, 9) for text in (wide, "right"))
    (row,) = side_by_side(left, right, 12)
    assert columns_of(row.split("right")[0]) == 14
