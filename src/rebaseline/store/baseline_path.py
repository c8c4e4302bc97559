"""Where a baseline file is: `baselines/<suite>/<target>/<model>.json`, with names that every system takes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from rebaseline.domain.canonical import fingerprint
from rebaseline.errors import UsageError

__all__ = ["baseline_path", "find_baselines", "safe_name"]

_OURS = ("ledger", "pending")  # folders beside those of the suites
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *_OURS, *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_LONGEST = 150  # of 255 bytes that file systems take; a temporary file adds to it


def safe_name(name: str) -> str:
    """Return the name of a file or folder for `name`: percent-encoded, and none that Windows or we keep.

    Two names that differ give two results; where a file system does not tell upper from lower case, a file found for
    the other spelling names another model and is refused. A very long name is cut and ends in its fingerprint.

    Raises:
        UsageError: `name` is empty.

    Examples:
        >>> safe_name("meta/llama:8b"), safe_name("nul.gguf"), safe_name("..")
        ('meta%2Fllama%3A8b', '%6Eul.gguf', '%2E%2E')
    """
    if not name:
        raise UsageError("A baseline needs the names of a suite, a target and a model, and one is empty")
    encoded = quote(name, safe="", errors="surrogatepass")
    if encoded.partition(".")[0].lower() in _RESERVED:
        encoded = f"%{ord(encoded[0]):02X}{encoded[1:]}"
    if encoded.startswith("."):  # hidden on POSIX
        encoded = f"%2E{encoded[1:]}"
    if encoded.endswith("."):  # dropped on Windows
        encoded = f"{encoded[:-1]}%2E"
    if len(encoded) > _LONGEST:
        encoded = f"{encoded[:_LONGEST]}~{fingerprint(name)}"
    return encoded


def baseline_path(root: Path, suite: str, target: str, model: str) -> Path:
    """Return the baseline file of a suite, a target and a model version.

    Args:
        root: Folder of the baselines, as the project file has it.
        suite: Suite id.
        target: Target name.
        model: The served id.
    """
    return root / safe_name(suite) / safe_name(target) / f"{safe_name(model)}.json"


def find_baselines(root: Path, suite: str, target: str) -> list[Path]:
    """Return the baseline files of a suite and a target, one a model version, by name. None of them is read."""
    folder = root / safe_name(suite) / safe_name(target)
    return sorted(path for path in folder.glob("*.json") if path.is_file() and not path.name.startswith("."))
