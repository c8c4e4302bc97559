"""Changes of files that were committed and not finished, as a kill leaves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rebaseline.store import moving
from rebaseline.store.manifest import MANIFEST, sha256_of

__all__ = ["committed_in", "leave_committed", "put_into"]


class _KilledError(BaseException):
    """Stands for a kill."""


def committed_in(root: Path) -> Path:
    """Return where a committed change of a project lies."""
    return root / ".rebaseline" / "changes" / "committed"


def leave_committed(
    root: Path, change: Callable[[], object], monkeypatch: pytest.MonkeyPatch, *, after_moves: int = 0
) -> Path:
    """Make a change, and stop after its commit, with so many files in their places; return its folder."""
    moves, real = iter(range(after_moves)), moving._move

    def dying(*arguments: Any) -> None:
        if next(moves, None) is None:
            raise _KilledError
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_move", dying)
        with pytest.raises(_KilledError):
            change()
    folder = committed_in(root)
    assert folder.is_dir()
    return folder


def put_into(committed: Path, path: str, content: bytes | None, before: str = "") -> None:
    """Have a committed change write one more file, or take one away."""
    manifest = json.loads((committed / MANIFEST).read_text())
    files = manifest["files"]
    if content is not None:
        (committed / f"{len(files):04}.new").write_bytes(content)
    files.append({"path": path, "before": before, "after": sha256_of(content)})
    (committed / MANIFEST).write_text(json.dumps(manifest))
