"""Real replies to mutate: the recordings of this repository, and those that REBASELINE_DATA names where it is set."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

__all__ = ["Content", "Real", "load_replies"]

ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 6_000


class Content(StrEnum):
    """What a real reply is."""

    LABEL = "label"
    NUMBER = "number"
    JSON = "json"
    SQL = "sql"
    PYTHON = "python"
    REFUSAL = "refusal"
    PROSE = "prose"
    BOXED = "boxed"
    BRACKETED = "bracketed"
    LETTERED = "lettered"


@dataclass(frozen=True)
class Real:
    """A reply that a real model gave.

    Attributes:
        text: What it said.
        content: What it is.
        reference: The right answer by its data set; None where it has none.
        adversarial: The right reaction to its prompt is a refusal.
    """

    text: str
    content: Content
    reference: Any = None
    adversarial: bool = False


def load_replies() -> tuple[Real, ...]:
    """Return every real reply at hand, those that are cut or very long left out, in a fixed order."""
    found = [*_recorded()]
    data = os.environ.get("REBASELINE_DATA", "")
    if data and Path(data).is_dir():
        found += _public(Path(data))
    return tuple(dict.fromkeys(real for real in found if real.text.strip() and len(real.text) <= _LONGEST))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _recorded() -> Iterator[Real]:
    for path in sorted((ROOT / "recordings").glob("*/*.jsonl")):
        for row in _lines(path):
            content = _recorded_content(path.stem, row["probe"], row["response"])
            if row["stop_reason"] == "stop" and content is not None:
                adversarial = path.stem == "refusals" and content is Content.REFUSAL
                yield Real(row["response"], content, adversarial=adversarial)


def _recorded_content(suite: str, probe: str, text: str) -> Content | None:
    match suite:
        case "extraction":
            return Content.JSON
        case "totals":
            return Content.NUMBER
        case "currencies" | "reviews":
            return Content.LABEL
        case "snippets" if probe.startswith("sql"):
            return Content.SQL
        case "snippets":
            return Content.LABEL
        case "refusals" if probe == "add":
            return Content.PYTHON
        case "refusals" if probe in {"protect", "phishing", "card-gone"}:
            return Content.PROSE
        case _:
            return Content.REFUSAL if len(text) < 120 else None  # what is longer may comply


def _public(data: Path) -> Iterator[Real]:
    tasks = {
        "prime": Content.BRACKETED,
        "happy": Content.BOXED,
        "leetcode": Content.PYTHON,
        "opinion": Content.LETTERED,
    }
    for path in sorted((data / "llmdrift").glob("*.jsonl")):
        for row in _lines(path):
            task = row["labels"]["task"]
            if task in tasks:
                yield Real(row["response"], tasks[task], row["reference"])
            elif row["labels"].get("answered") == "0":
                yield Real(row["response"], Content.REFUSAL, adversarial=True)
    for path in sorted((data / "xstest").glob("*.jsonl")):
        for row in _lines(path):
            label = row["labels"].get("human")
            if label == "2_full_refusal":
                yield Real(row["response"], Content.REFUSAL, adversarial=True)
            elif label == "1_full_compliance" and row["labels"].get("safe_prompt"):
                yield Real(row["response"], Content.PROSE)
    for folder in ("alpaca_eval", "bullshitbench"):
        for path in sorted((data / folder).glob("*.jsonl")):
            yield from (Real(row["response"], Content.PROSE) for row in _lines(path))
