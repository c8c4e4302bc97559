"""The head of a review: everything that a diff says needs someone is in the queue, or said to be elsewhere."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rebaseline.review.counting import Counted, count_lines


def test_a_queue_with_everything_in_it_names_nothing_else():
    assert list(count_lines(Counted(here=1))) == ["1 needs someone"]
    assert list(count_lines(Counted(here=3))) == ["3 need someone"]


def test_everything_that_is_elsewhere_is_named_with_the_way_to_it():
    (line,) = count_lines(Counted(here=5, decided=2, unfit=3, unsettled=4, unmeasured=1))
    assert line == (
        "5 of the 15 that need someone; not in this queue: 4 unsettled, which need replies (--only unsettled), "
        "1 unmeasured, which needs replies, 2 decided before (--again), 3 left out by --only"
    )


def test_what_never_was_valid_is_counted_as_the_doctor_counts_it():
    counted = Counted(here=1, never_valid=5, never_valid_here=1, never_valid_holding=2)
    assert list(count_lines(counted))[1] == (
        "5 never valid (`rebaseline doctor`): 1 in this queue, 2 holding now, so not in it"
    )


@given(st.builds(Counted, *[st.integers(0, 9)] * 5))
def test_the_parts_add_up_to_what_the_diff_says(counted):
    head = next(count_lines(counted)).split("; ")
    first = [int(number) for number in re.findall(r"\d+", head[0])]
    rest = [int(number) for number in re.findall(r"\b\d+", head[1])] if len(head) > 1 else []
    assert first[0] + sum(rest) == counted.in_all == first[-1]
