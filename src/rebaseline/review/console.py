"""The terminal: keys, lines, and what is shown on it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Protocol

from rebaseline.review.keys import drop_typed_ahead, read_key, read_line
from rebaseline.review.style import Style

__all__ = ["Console", "TerminalConsole", "is_terminal"]

_NARROWEST, _WIDEST = 40, 200


class Console(Protocol):
    """Where a review takes place."""

    @property
    def style(self) -> Style:
        """What it can do now; its width may change."""

    def key(self) -> str:
        """Wait for one key.

        Raises:
            EOFError: The terminal is gone, or said that its input ends.
            KeyboardInterrupt: The user stops.
        """

    def line(self, prompt: str) -> str:
        """Wait for one line, without its end, that is typed after the prompt is shown. Raises as `key` does."""

    def forget(self) -> None:
        """Leave out what was typed before what is shown next: it is no answer to that."""

    def show(self, lines: Iterable[str]) -> None:
        """Show lines; they are fit to print."""


class TerminalConsole:
    """The terminal that the command was started in."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._colour = not environment.get("NO_COLOR") and environment.get("TERM", "") not in {"", "dumb"}

    @property
    def style(self) -> Style:
        """Its width as it is now, and whether it shows emphasis."""
        columns = shutil.get_terminal_size((80, 24)).columns
        return Style(max(_NARROWEST, min(_WIDEST, columns)), self._colour)

    def key(self) -> str:
        """Wait for one key; it is not shown."""
        return read_key()

    def line(self, prompt: str) -> str:
        """Ask for one line.

        Single keys may be typed ahead. An answer may not: what was typed before its question was shown is dropped, and
        so is what was pasted behind its line, which would be taken for keys unseen.
        """
        self.forget()
        sys.stdout.write(prompt)
        sys.stdout.flush()
        said = read_line()
        self._drop("typed behind that line")
        return said

    def forget(self) -> None:
        """Leave out what was typed ahead, and say so."""
        self._drop("typed before the question")

    def _drop(self, what: str) -> None:
        dropped = drop_typed_ahead()
        if dropped:
            self.show(["", f"  left out what was {what}: {dropped:,} {'character' if dropped == 1 else 'characters'}"])

    def show(self, lines: Iterable[str]) -> None:
        """Print lines."""
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


def is_terminal() -> bool:
    """Return whether somebody sits at both ends: keys come from a terminal, and what is shown goes to one."""
    try:
        return os.isatty(sys.stdin.fileno()) and os.isatty(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
