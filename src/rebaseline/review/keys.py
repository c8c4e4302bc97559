"""Single keys and lines of a terminal: keys may be typed ahead, and nothing of that is lost unless it is dropped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

__all__ = ["drop_typed_ahead", "read_key", "read_line"]

_ENDS = frozenset({b"\x04", b"\x00"})
"""Ctrl-D; as 0 where it was typed while the terminal still gathered a line."""
_ESCAPE = b"\x1b"
_SEQUENCE_SECONDS = 0.05
_LONGEST_SEQUENCE = 32
_AT_ONCE = 4096

if sys.platform == "win32":
    import msvcrt

    def read_key() -> str:
        """Wait for one key; see below."""
        return click.getchar()

    def drop_typed_ahead() -> int:
        """Drop what was typed and not read; see below."""
        dropped = 0
        while msvcrt.kbhit():
            msvcrt.getwch()
            dropped += 1
        return dropped

else:
    import select
    import termios
    import tty

    def read_key() -> str:
        """Wait for one key; it is not shown.

        `click.getchar` throws away what was typed since the last key, and takes the digit in the code of a function key
        for a key of its own; here that digit would take a repair.

        Returns:
            The character; empty for a key that has none, like an arrow.

        Raises:
            EOFError: The terminal is gone, or Ctrl-D.
            KeyboardInterrupt: Ctrl-C.
        """
        with _keys_at_once():
            first = _read(1)
            if first in _ENDS:
                raise EOFError
            if first == _ESCAPE:
                _skip_sequence()
                return ""
            return (first + _read(_continuation_bytes(first[0]))).decode("utf-8", "replace")

    def drop_typed_ahead() -> int:
        """Drop what was typed and not read yet; return how many characters that were.

        `termios.tcflush` would drop them, too, and not say that there were any.
        """
        dropped = b""
        with _keys_at_once():
            while select.select([sys.stdin.fileno()], [], [], 0)[0]:
                try:
                    more = os.read(sys.stdin.fileno(), _AT_ONCE)
                except OSError:  # the terminal is gone: whoever reads next says so
                    break
                if not more:
                    break
                dropped += more
        return len(dropped.decode("utf-8", "replace"))

    @contextmanager
    def _keys_at_once() -> Iterator[None]:
        """Have the terminal give each key as it comes, and not show it; Ctrl-C still interrupts."""
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal, termios.TCSADRAIN)  # the default would throw away what was typed ahead
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    def _skip_sequence() -> None:
        """Read on to the end of the code of a function key; a lone Escape has none."""
        for at in range(_LONGEST_SEQUENCE):
            if not select.select([sys.stdin.fileno()], [], [], _SEQUENCE_SECONDS)[0]:
                return
            byte = _read(1)[0]
            introduces = at == 0 and byte in b"[O"
            if not introduces and 0x40 <= byte <= 0x7E:  # noqa: PLR2004 - final bytes of ECMA-48, 5.4
                return


def _continuation_bytes(first: int) -> int:
    """Return how many bytes of UTF-8 follow a first one."""
    return 0 if first < 0xC0 else 1 if first < 0xE0 else 2 if first < 0xF0 else 3  # noqa: PLR2004 - RFC 3629, 3


def _read(count: int) -> bytes:
    """Read so many bytes, past all buffers of Python: those would hide from the next key what they hold."""
    found = b""
    while len(found) < count:
        try:
            more = os.read(sys.stdin.fileno(), count - len(found))
        except OSError as gone:
            raise EOFError from gone
        if not more:
            raise EOFError
        found += more
    return found


def read_line() -> str:
    """Wait for one line that the terminal lets its user edit; return it without its end.

    Raises:
        EOFError: The terminal is gone, or Ctrl-D.
        KeyboardInterrupt: Ctrl-C.
    """
    line = b""
    while not line.endswith((b"\n", b"\r")):
        line += _read(1)
    return line.decode("utf-8", "replace").strip()
