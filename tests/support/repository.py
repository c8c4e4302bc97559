"""Real repositories of git in temporary folders, and real keys."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from rebaseline.domain.decision import Actor

__all__ = ["Repository", "keys_of", "start_repository"]


@dataclass(frozen=True)
class Repository:
    """A repository with a project in its root."""

    root: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def configure(self, **settings: str) -> None:
        """Set `a_b` as `a.b`."""
        for name, value in settings.items():
            self.git("config", name.replace("_", "."), value)

    def commit(self, message: str = "a step", *, author: Actor | None = None) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, *([] if author is None else ["--author", str(author)]))
        return self.git("rev-parse", "HEAD").strip()

    def write(self, path: str, content: str | bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place


def start_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Make a repository; git reads no settings but its own."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    root.mkdir(parents=True, exist_ok=True)
    repository = Repository(root)
    repository.git("init", "-q", "-b", "main")
    repository.git("config", "user.name", "Ada Adams")
    repository.git("config", "user.email", "ada@bank.example")
    return repository


def keys_of(folder: Path, *names: str) -> dict[str, Path]:
    """Make an SSH key for each; the test is skipped, saying so, where `ssh-keygen` is missing."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    for name in names:
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)], check=True
        )
    return {name: folder / name for name in names}
