"""Programs that sign and verify, called with what they read in files of their own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rebaseline.errors import LedgerError

__all__ = ["call", "kept_in_file"]

_SECONDS = 300
"""Long enough for a person to type a passphrase, or to touch a security key."""


def call(command: Sequence[str], *, given: bytes, setting: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program and return what it answered, whatever its exit code.

    Args:
        command: The program and its arguments.
        given: Standard input.
        setting: The setting of git that names the program.

    Raises:
        LedgerError: It is not installed, or does not answer.
    """
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise LedgerError(
            f"there is no program `{command[0]}`",
            where=f"git config {setting}",
            remedy="install it, or set the path of the one that you use",
        ) from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise LedgerError(
            f"`{command[0]}` does not answer: {type(error).__name__}",
            where=f"git config {setting}",
            remedy="try by hand whether it signs",
        ) from error


@contextmanager
def kept_in_file(content: bytes) -> Iterator[str]:
    """Keep content in a file that only its owner may read, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="rebaseline-") as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        path.chmod(0o600)
        yield str(path)
