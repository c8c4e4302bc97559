"""What holds for every test: no example is judged by the time it takes, and CI draws the same ones each time."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# The programs under test decide nothing where CI is set: a test that means to see that sets it itself.
os.environ.pop("CI", None)


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test: a shell that runs the tests in its background has them ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
