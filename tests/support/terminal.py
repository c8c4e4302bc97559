"""The command line in a pseudo-terminal: a process whose screen is read until it says what is waited for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Terminal", "plain"]

_LONGEST_SECONDS = 30.0
_CODES = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")
_LEFT_OUT = ("CI", "NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR")


def plain(text: str) -> str:
    """Return what stands on the screen, our own codes for emphasis left out."""
    return _CODES.sub("", text).replace("\r\n", "\n")


class Terminal:
    """A terminal in which one command runs.

    with Terminal(folder, "review") as terminal:
        terminal.wait_for("1 of 1")
        terminal.press("q")
        assert terminal.ended() == 0
    """

    def __init__(
        self, folder: Path, *arguments: str, columns: int = 80, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = [sys.executable, "-m", "rebaseline", *arguments]
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
        self._environment = {**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})}
        self._columns = columns
        self._read = b""
        self._seen = 0

    def __enter__(self) -> Self:
        self._ours, theirs = pty.openpty()
        self.resize(self._columns)
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread runs in the tests
        )
        os.close(theirs)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        with contextlib.suppress(OSError):
            os.close(self._ours)

    @property
    def text(self) -> str:
        """All that was shown so far, with every code."""
        return self._read.decode("utf-8", "replace")

    def resize(self, columns: int) -> None:
        """Make it so wide."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def wait_for(self, *markers: str) -> str:
        """Return what was shown since the last wait, up to where all markers have been seen in it.

        Raises:
            AssertionError: They are not shown within half a minute, or the program ended without.
        """
        return self._wait(lambda shown: all(marker in shown for marker in markers), markers)

    def wait_for_one(self, *markers: str) -> str:
        """Return what was shown since the last wait, up to where one of the markers has been seen in it."""
        return self._wait(lambda shown: any(marker in shown for marker in markers), markers)

    def _wait(self, is_shown: Callable[[str], bool], markers: tuple[str, ...]) -> str:
        until = time.monotonic() + _LONGEST_SECONDS
        while True:
            shown = plain(self._read[self._seen :].decode("utf-8", "replace"))
            if is_shown(shown):
                self._seen = len(self._read)
                return shown
            left = until - time.monotonic()
            assert left > 0, f"waited for {markers}, shown:\n{shown}"
            assert self._more(left), f"it ended; waited for {markers}, shown:\n{shown}"

    def _more(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            read = os.read(self._ours, 1 << 16)
        except OSError:  # what Linux says once nobody holds the other end
            return False
        self._read += read
        return bool(read)

    def press(self, keys: str, *markers: str) -> str:
        """Press keys, and wait for what is shown then: at least the next question for a key."""
        os.write(self._ours, keys.encode())
        return self.wait_for(*(markers or ("q quit",)))

    def write(self, keys: str) -> None:
        """Press keys and wait for nothing."""
        os.write(self._ours, keys.encode())

    def type(self, *lines: str) -> None:
        """Type lines, each ended by Enter."""
        os.write(self._ours, "".join(f"{line}\r" for line in lines).encode())

    def ended(self) -> int:
        """Read until it has ended; return its exit code."""
        until = time.monotonic() + _LONGEST_SECONDS
        while self._more(until - time.monotonic()):
            assert time.monotonic() < until, f"it does not end; shown:\n{plain(self.text)}"
        return self._process.wait(_LONGEST_SECONDS)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._ours, b"\x03")

    def hang_up(self) -> int:
        """Take the terminal away; return the exit code."""
        os.close(self._ours)
        return self._process.wait(_LONGEST_SECONDS)

    def kill(self) -> None:
        """Kill it."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(_LONGEST_SECONDS)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
