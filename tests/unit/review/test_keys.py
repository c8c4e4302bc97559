"""Keys and lines as a terminal gives them: what was typed ahead waits, and no function key stands for a decision."""

import os
import pty
import sys
import tty

import pytest

from rebaseline.review.keys import drop_typed_ahead, read_key, read_line


@pytest.fixture
def typed(monkeypatch):
    """Return a function that types into the terminal at standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        yield lambda text: os.write(ours, text.encode())
    os.close(ours)


def test_keys_typed_ahead_are_given_one_by_one(typed):
    typed("1sw")
    assert [read_key(), read_key(), read_key()] == ["1", "s", "w"]


def test_a_letter_of_several_bytes_is_one_key(typed):
    typed("é漢🙂q")
    assert [read_key() for _ in range(4)] == ["é", "漢", "🙂", "q"]


@pytest.mark.parametrize("code", ["\x1b[3~", "\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b[200~", "\x1bb"])
def test_the_code_of_a_function_key_is_no_key(typed, code):
    typed(f"{code}q")
    assert [read_key(), read_key()] == ["", "q"]


def test_escape_by_itself_is_no_key_and_takes_none_with_it(typed):
    typed("\x1b")
    assert read_key() == ""
    typed("q")
    assert read_key() == "q"


def test_enter_is_a_key_that_stands_for_nothing(typed):
    typed("\r")
    assert read_key().strip() == ""


def test_keys_before_and_behind_a_line_are_not_lost_by_themselves(typed):
    typed("xnot our fault\nq")
    assert read_key() == "x"
    assert read_line() == "not our fault"
    assert read_key() == "q"


def test_what_was_typed_ahead_is_dropped_with_whole_and_half_lines_and_counted(typed):
    assert drop_typed_ahead() == 0
    typed("yes\né")
    assert drop_typed_ahead() == 5
    typed("q")
    assert read_key() == "q"


def test_ctrl_d_ends_it(typed):
    tty.setcbreak(sys.stdin.fileno())
    typed("\x04")
    with pytest.raises(EOFError):
        read_key()


def test_no_terminal_any_more_ends_it(monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        os.close(ours)
        with pytest.raises(EOFError):
            read_line()


def test_a_byte_that_is_no_text_is_a_key_that_stands_for_nothing(monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        os.write(ours, b"\xff\xff\xff\xffq")
        assert read_key() == "\ufffd" * 4
        assert read_key() == "q"
    os.close(ours)
