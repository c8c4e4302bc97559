"""The embedded project: suites, and replies recorded from two real models, diffed on this machine."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from rebaseline.app.diffing import DiffRequest, diff_models
from rebaseline.app.importing import import_replies
from rebaseline.app.workspace import Workspace, open_workspace
from rebaseline.domain.comparison import Diff
from rebaseline.errors import ConfigurationError, UsageError

__all__ = ["Demo", "run_demo"]

_OLD, _NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made.

    Attributes:
        workspace: The project it laid out.
        diff: The diff of the two recorded models.
    """

    workspace: Workspace
    diff: Diff


def run_demo(folder: Path, now: datetime) -> Demo:
    """Lay the embedded project out in an empty folder, import its recordings and diff them.

    No call is made and no key is read.

    Args:
        folder: An empty folder, or one that is not there yet.
        now: The instant of the import.

    Raises:
        UsageError: The folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder.as_posix()} is not empty", remedy="name an empty folder, or none")
    source = _embedded()
    shutil.copytree(source / "probes", folder / "probes")
    shutil.copytree(source / "recordings", folder / "recordings")
    shutil.copy(source / "recordings" / "rebaseline.toml", folder / "rebaseline.toml")
    (folder / ".gitignore").write_text(".rebaseline/\n", encoding="utf-8")
    workspace = open_workspace(folder, {})
    models = {side: _import_side(workspace, folder / "recordings" / side, now) for side in (_OLD, _NEW)}
    return Demo(workspace, diff_models(workspace, DiffRequest(old=models[_OLD], new=models[_NEW], repairs=True)))


def _embedded() -> Path:
    """Return the embedded project: in an installed package beside the code, in a checkout at its root."""
    installed = files("rebaseline") / "demo"
    if installed.is_dir():
        return Path(str(installed))
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "recordings").is_dir():
        return checkout
    raise ConfigurationError("the embedded recordings are missing", remedy="install the package again")


def _import_side(workspace: Workspace, folder: Path, now: datetime) -> str:
    """Import one model's recordings, a file a suite named `<suite>.jsonl`; return the model that answered."""
    served = ""
    for path in sorted(folder.glob("*.jsonl")):
        report = import_replies(workspace, path, suite_id=path.stem, target_name=None, model=folder.name, now=now)
        served = max(report.models, key=lambda name: report.models[name], default=served)
    return served
