"""Changes of files that were committed and not finished, as a kill leaves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rebaseline.store.manifest import MANIFEST, sha256_of

__all__ = ["committed_in", "leave_committed", "put_into"]

ROLL_FORWARD = "rebaseline.store.transaction.roll_forward"


class _KilledError(BaseException):
    """Stands for a kill."""


def committed_in(root: Path) -> Path:
    """Return where a committed change of a project lies."""
    return root / ".rebaseline" / "changes" / "committed"


def leave_committed(root: Path, change: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a change, and stop right after its commit, before anything is in its place; return its folder."""

    def die(*_arguments: object, **_more: object) -> None:
        raise _KilledError

    with monkeypatch.context() as patch:
        patch.setattr(ROLL_FORWARD, die)
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
