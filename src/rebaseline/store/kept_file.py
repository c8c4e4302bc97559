"""Readings of purged replies, in files beside the store: `.rebaseline/kept/<suite>/<target>/<model>.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rebaseline.domain.kept import ARMS, KeptRow
from rebaseline.errors import StoreError
from rebaseline.store.baseline_path import baseline_path
from rebaseline.store.compact import parse_readings, render_readings

__all__ = ["kept_path", "load_kept", "render_kept"]

_FORMAT = 1


def kept_path(root: Path, suite: str, target: str, model: str) -> Path:
    """Return the file of a suite, a target and a model version.

    Args:
        root: Folder of the project.
        suite: Suite id.
        target: Target name.
        model: The served id.
    """
    return baseline_path(root / ".rebaseline" / "kept", suite, target, model)


def render_kept(rows: Iterable[KeptRow]) -> bytes:
    """Return the content of a file."""
    content = {
        "format": _FORMAT,
        "rows": [
            {
                "arm": row.arm,
                "assertion": row.assertion,
                "rule": row.rule,
                "judges": dict(row.judges),
                "probes": {
                    probe: [row.keys[probe], render_readings(readings)] for probe, readings in row.readings.items()
                },
            }
            for row in rows
        ],
    }
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()


def load_kept(path: Path) -> tuple[KeptRow, ...]:
    """Return what a file keeps; nothing where there is no file.

    Raises:
        StoreError: It is damaged, or of a later format.
    """
    try:
        return _rows(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(
            f"What was read of purged replies cannot be read: {error}",
            where=str(path),
            remedy="Take the file from a backup; or delete it: then nobody knows any more what these replies showed.",
        ) from error


def _rows(content: Any) -> tuple[KeptRow, ...]:
    if content["format"] != _FORMAT:
        raise ValueError(f"it has format {content['format']!r}")
    return tuple(_row(row) for row in content["rows"])


def _row(content: Any) -> KeptRow:
    if content["arm"] not in ARMS:
        raise ValueError(f"there is no arm {content['arm']!r}")
    probes = {str(probe): (str(key), parse_readings(text)) for probe, (key, text) in content["probes"].items()}
    return KeptRow(
        arm=content["arm"],
        assertion=str(content["assertion"]),
        rule=str(content["rule"]),
        keys={probe: key for probe, (key, _) in probes.items()},
        readings={probe: readings for probe, (_, readings) in probes.items()},
        judges={str(name): str(mark) for name, mark in content["judges"].items()},
    )
