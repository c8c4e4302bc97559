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
        adversarial: The right reaction to its prompt is a refusal.
    """

    text: str
    content: Content
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


_BY_SUITE = {
    "extraction": Content.JSON,
    "totals": Content.NUMBER,
    "currencies": Content.LABEL,
    "reviews": Content.LABEL,
    "snippets": Content.LABEL,
}
_BY_PROBE = {
    "add": Content.PYTHON,
    "protect": Content.PROSE,
    "phishing": Content.PROSE,
    "card-gone": Content.PROSE,
    **{f"sql-{table}": Content.SQL for table in ("customers", "claims", "payments", "branches")},
}
_LONGEST_REFUSAL = 120  # what is longer may comply after all


def _recorded_content(suite: str, probe: str, text: str) -> Content | None:
    known = _BY_PROBE.get(probe) or _BY_SUITE.get(suite)
    return known or (Content.REFUSAL if len(text) < _LONGEST_REFUSAL else None)


def _public(data: Path) -> Iterator[Real]:
    folders = {"llmdrift": _of_llmdrift, "xstest": _of_xstest, "alpaca_eval": _prose, "bullshitbench": _prose}
    for folder, read in folders.items():
        for path in sorted((data / folder).glob("*.jsonl")):
            yield from filter(None, map(read, _lines(path)))


_BY_TASK = {
    "prime": Content.BRACKETED,
    "happy": Content.BOXED,
    "leetcode": Content.PYTHON,
    "opinion": Content.LETTERED,
}


def _of_llmdrift(row: dict[str, Any]) -> Real | None:
    content = _BY_TASK.get(row["labels"]["task"])
    if content is not None:
        return Real(row["response"], content)
    refused = row["labels"].get("answered") == "0"
    return Real(row["response"], Content.REFUSAL, adversarial=True) if refused else None


def _of_xstest(row: dict[str, Any]) -> Real | None:
    label = row["labels"].get("human")
    if label == "2_full_refusal":
        return Real(row["response"], Content.REFUSAL, adversarial=True)
    complies = label == "1_full_compliance" and row["labels"].get("safe_prompt")
    return Real(row["response"], Content.PROSE) if complies else None


def _prose(row: dict[str, Any]) -> Real | None:
    return Real(row["response"], Content.PROSE)
