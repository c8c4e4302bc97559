"""The command line: one module a command, imported when it is called."""

from __future__ import annotations

from rebaseline.cli.main import main

__all__ = ["main"]
