"""What git knows, such as its settings. Read through the command, for people set up that."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from rebaseline.errors import LedgerError

__all__ = ["path_setting", "run_git", "said", "setting"]

_SECONDS = 60
_UNSET = 1


def run_git(root: Path, arguments: Sequence[str], *, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder and return what it answered, whatever its exit code.

    Args:
        root: The folder.
        arguments: Subcommand and its arguments; paths in them are taken literally.
        given: Standard input.

    Raises:
        LedgerError: git is not installed, or does not answer.
    """
    command = ["git", "-C", str(root), "--literal-pathspecs", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise LedgerError(
            "git is not installed, or not on PATH", where=f"git {arguments[0]}", remedy="install git, or set PATH"
        ) from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise LedgerError(
            f"git does not answer: {error}", where=f"git {arguments[0]}", remedy="try the command by hand"
        ) from error


def setting(root: Path, name: str) -> str:
    """Return a setting as git has it in this folder, of the repository, the user or the system; empty where unset.

    Raises:
        LedgerError: git is not installed, or its settings cannot be read.
    """
    return _setting(root, name)


def path_setting(root: Path, name: str) -> str:
    """Return a setting that is a path, with `~` replaced as git does; empty where unset.

    Raises:
        LedgerError: git is not installed, or its settings cannot be read.
    """
    return _setting(root, name, "--type=path")


def _setting(root: Path, name: str, *options: str) -> str:
    answer = run_git(root, ["config", *options, "-z", "--get", name])
    if answer.returncode == _UNSET:
        return ""
    if answer.returncode:
        raise LedgerError(
            f"git cannot read its setting {name}: {said(answer)}", where=str(root), remedy=f"try `git config {name}`"
        )
    return answer.stdout.decode(errors="replace").rstrip("\0").strip()


def said(answer: subprocess.CompletedProcess[bytes]) -> str:
    """Return what a program said of its failure, on one line."""
    words = " ".join(answer.stderr.decode(errors="replace").split())
    return words[:300] or f"exit code {answer.returncode}"
