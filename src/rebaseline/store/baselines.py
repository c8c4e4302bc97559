"""Accepted baselines as files in git: canonical, one line a probe, and telling when they were touched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from rebaseline.domain.baseline import Baseline
from rebaseline.errors import BaselineError
from rebaseline.store.baseline_content import FORMAT, baseline_from, content_of, digest_of
from rebaseline.store.baseline_path import baseline_path, find_baselines, safe_name
from rebaseline.store.replacing import replace_files

__all__ = [
    "baseline_digest",
    "baseline_path",
    "find_baselines",
    "load_baseline",
    "prepare_baseline",
    "save_baseline",
    "standing_digest",
]

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESTORE = "Take the file back from git; or delete it, and accept the model again with `rebaseline accept`."


def baseline_digest(baseline: Baseline) -> str:
    """Return the digest that the file of a baseline carries."""
    return str(content_of(baseline)["digest"])


def load_baseline(path: Path) -> Baseline:
    """Read one baseline file; `baseline_path` and `find_baselines` say where they are.

    Notes of readings are not kept in files, so those of the result are empty.

    Raises:
        BaselineError: The file is missing, damaged, in conflict, edited, foreign, newer, or of another place.
    """
    baseline = _load(path, _read(path))
    _require_place(path, baseline)
    return baseline


def _require_place(path: Path, baseline: Baseline) -> None:
    expected = (safe_name(baseline.suite), safe_name(baseline.target), f"{safe_name(baseline.model.name)}.json")
    if path.absolute().parts[-3:] != expected:
        raise BaselineError(
            f"This baseline is of suite {baseline.suite!r}, target {baseline.target!r} and model "
            f"{baseline.model.name!r}, so it stands in the wrong place",
            where=str(path),
            remedy=f"Its place is {'/'.join(expected)}. A copy is no acceptance: accept each model for itself.",
        )


def prepare_baseline(path: Path, baseline: Baseline, *, replacing: str | None) -> tuple[bytes, str]:
    """Return the bytes of a baseline's file, and its digest; nothing is written.

    Args:
        path: As `baseline_path` gives it.
        baseline: What was accepted.
        replacing: Digest of the baseline that the decision was made against; None where there was none.

    Raises:
        BaselineError: Another baseline stands there than the one that was looked at, or the path is not its own.
    """
    _require_place(path, baseline)
    stands = standing_digest(path)
    if stands != replacing:
        raise BaselineError(
            f"The baseline moved meanwhile: {stands or 'none'} stands here, and {replacing or 'none'} was looked at",
            where=str(path),
            remedy="Compare with the one that stands here now, and decide again.",
        )
    content = content_of(baseline)
    return _render(content).encode(), str(content["digest"])


def save_baseline(path: Path, baseline: Baseline, *, replacing: str | None) -> str:
    """Write a baseline; a reader sees the old file or the new one, never half of one.

    Args:
        path: As `baseline_path` gives it.
        baseline: What was accepted.
        replacing: Digest of the baseline that the decision was made against; None where there was none.

    Returns:
        The digest of the new file.

    Raises:
        BaselineError: Another baseline stands there than the one that was looked at, the path is not the
            baseline's own, or the file cannot be written.
    """
    content, digest = prepare_baseline(path, baseline, replacing=replacing)
    try:
        replace_files({path: content})
    except OSError as error:
        raise BaselineError(
            f"The baseline cannot be written: {error.strerror}",
            where=str(path),
            remedy="Check the folder's access rights.",
        ) from error
    return digest


def standing_digest(path: Path) -> str | None:
    """Return the digest that a baseline's file carries; None where there is no file.

    Raises:
        BaselineError: What stands there is no baseline, or a damaged one.
    """
    try:
        text = _read(path)
    except BaselineError:
        if not path.exists():
            return None
        raise
    _load(path, text)
    return str(_decode(path, text)["digest"])


def _render(content: dict[str, Any]) -> str:
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", text) + "\n"


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BaselineError(
            f"The baseline cannot be read: {error.strerror}",
            where=str(path),
            remedy="Check its name and access rights.",
        ) from error
    except UnicodeDecodeError as error:
        raise BaselineError(
            f"The baseline is no UTF-8 text: byte {error.start + 1}", where=str(path), remedy=_RESTORE
        ) from error


def _load(path: Path, text: str) -> Baseline:
    content = _decode(path, text)
    if content["format"] > FORMAT:
        raise BaselineError(
            f"This baseline has format {content['format']}; this version of rebaseline knows formats up to {FORMAT}",
            where=str(path),
            remedy="Upgrade rebaseline.",
        )
    if content["digest"] != digest_of(content):
        raise BaselineError(
            "This baseline was edited after it was accepted: its digest does not fit its content",
            where=str(path),
            remedy=_RESTORE,
        )
    try:
        return baseline_from(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BaselineError(
            f"This baseline lacks something or holds something unknown: {error}", where=str(path), remedy=_RESTORE
        ) from error


def _decode(path: Path, text: str) -> dict[str, Any]:
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        raise BaselineError(
            "This baseline holds a merge conflict",
            where=f"{path}:{text.count(chr(10), 0, conflict.start()) + 1}",
            remedy="Take one side whole (git checkout --ours or --theirs FILE): a mixture was never accepted.",
        )
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise BaselineError(
            f"This baseline is cut short or damaged: {error}",
            where=f"{path}:{line}" if line else str(path),
            remedy=_RESTORE,
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("format"), int) or "digest" not in content:
        raise BaselineError(
            "This is JSON, but no baseline: it names no format and no digest", where=str(path), remedy=_RESTORE
        )
    return content


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
