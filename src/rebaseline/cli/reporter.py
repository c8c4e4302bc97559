"""Progress of a run on standard error."""

from __future__ import annotations

import shutil
import sys
import time

import click

from rebaseline.app.asking import RunStatus
from rebaseline.report.progress import progress_line

__all__ = ["Reporter"]

_EVERY_SECONDS = 10.0
_EVERY_SECONDS_ON_A_TERMINAL = 0.1


class Reporter:
    """Progress: one line that is overwritten on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._every_seconds = _EVERY_SECONDS_ON_A_TERMINAL if self._terminal else _EVERY_SECONDS
        self._last = float("-inf")

    def tell(self, status: RunStatus) -> None:
        """Show where a run stands, unless it was shown just now."""
        now = time.monotonic()
        finished = status.progress.done == status.progress.total
        if not finished and status.standing is None and now - self._last < self._every_seconds:
            return
        self._last = now
        line = progress_line(status.suite, status.progress, status.settled, status.standing)
        if self._terminal:
            # A line that wraps would not be overwritten but pile up.
            line = f"\r\x1b[2K{line[: shutil.get_terminal_size().columns - 1]}"
        click.echo(line, err=True, nl=finished or not self._terminal)
