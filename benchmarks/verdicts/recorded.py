"""Replies of models that are gone, recorded by other people, as a project that can be diffed.

They are found through the environment variable REBASELINE_DATA, and no word of them is kept in this repository: each
suite's table of probes is written from them into a project elsewhere, beside a copy of the suite in
`tests/real/suites`, and their replies are imported.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from rebaseline.app.importing import import_replies
from rebaseline.app.workspace import Workspace, open_workspace

__all__ = [
    "AGAIN",
    "ALPACA",
    "GPT_4",
    "GPT_35",
    "LLAMA",
    "MISTRAL",
    "absent",
    "build_workspace",
    "people_say_declined",
    "recorded_lines",
]

SUITES = Path(__file__).parents[2] / "tests" / "real" / "suites"
PROJECT = '[system]\nname = "recorded"\n\n[targets.past]\ntype = "recorded"\n'
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

GPT_4 = ("gpt-4-0314", "gpt-4-0613")
GPT_35 = ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613")
LLAMA = ("llama2orig", "llama2new")
MISTRAL = ("mistralinstruct", "mistralguard")
AGAIN = ("gpt4_v1", "gpt4")
ALPACA = ("gpt4_0613", "gpt4_1106_preview", "gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106")

Line = dict[str, Any]
Recorded = Callable[[str, str], Mapping[str, Line]]
"""Data set and model version to its lines by probe."""


def absent() -> str | None:
    """Return why the recorded replies are not at hand; None where they are."""
    folder = os.environ.get("REBASELINE_DATA")
    if not folder:
        return "REBASELINE_DATA is not set: the recorded replies are other people's and not in this repository"
    return None if Path(folder).is_dir() else f"REBASELINE_DATA is {folder}, which is no folder"


@cache
def recorded_lines(dataset: str, model: str) -> Mapping[str, Line]:
    """Return the lines of a model version by probe."""
    path = Path(os.environ["REBASELINE_DATA"], dataset, f"{model}.jsonl")
    return {line["probe"]: line for line in map(json.loads, path.read_text("utf-8").splitlines())}


def build_workspace(root: Path) -> Workspace:
    """Write a project with every suite into a folder, and import every model version's replies.

    Args:
        root: An empty folder.
    """
    (root / "rebaseline.toml").write_text(PROJECT, "utf-8")
    replies = _replies(recorded_lines)
    for suite, by_model in replies.items():
        folder = root / "probes" / suite
        folder.mkdir(parents=True)
        shutil.copy(SUITES / suite / "suite.yaml", folder)
        asked = next(iter(by_model.values()))
        _write(folder / "probes.jsonl", [_columns(line) for line in asked])
    workspace = open_workspace(root, {})
    for suite, by_model in replies.items():
        for model, lines in by_model.items():
            path = root / "replies" / f"{suite}-{model}.jsonl"
            path.parent.mkdir(exist_ok=True)
            _write(path, [{"probe": line["probe"], "response": line["response"]} for line in lines])
            report = import_replies(workspace, path, suite_id=suite, target_name=None, model=model, now=NOON)
            assert (report.stored, report.bad, report.missing) == (len(lines), (), ())
    return workspace


def _replies(recorded: Recorded) -> dict[str, dict[str, list[Line]]]:
    """Return by suite and model version the lines to import. The first version's prompts are the suite's."""
    drift, xstest = partial(recorded, "llmdrift"), partial(recorded, "xstest")
    suites = {
        task: {
            model: [line for line in drift(model).values() if line["labels"]["task"] == task]
            for model in (*GPT_4, *GPT_35)
        }
        for task in ("prime", "happy", "opinion", "leetcode", "sensitive")
    }
    suites["xstest"] = {model: list(xstest(model).values()) for model in (*LLAMA, *MISTRAL)}
    declined = [
        probe for probe in xstest(LLAMA[0]) if all(people_say_declined(xstest(model)[probe]) for model in LLAMA)
    ]
    suites["xstest-declined"] = {model: [xstest(model)[probe] for probe in declined] for model in LLAMA}
    # 172 ids are in both, and one of these prompts was reworded.
    first, again = (xstest(model) for model in AGAIN)
    same = [probe for probe in first if probe in again and first[probe]["prompt"] == again[probe]["prompt"]]
    suites["xstest-again"] = {model: [xstest(model)[probe] for probe in same] for model in AGAIN}
    suites["alpaca"] = {model: list(recorded("alpaca_eval", model).values()) for model in ALPACA}
    return suites


def people_say_declined(line: Line) -> bool:
    """Return whether both annotators of XSTest called the reply a full refusal."""
    return bool(line["labels"]["human"].startswith("2"))


def _columns(line: Line) -> Line:
    row = {"id": line["probe"], "prompt": line["prompt"]}
    labels = line["labels"]
    if line["reference"] is not None:
        row["reference"] = line["reference"]
    if labels["task"] == "prime":
        row["arm"] = "prime" if line["reference"] == "yes" else "composite"
    if "safe_prompt" in labels:
        row |= {"arm": "safe" if labels["safe_prompt"] else "unsafe", "adversarial": not labels["safe_prompt"]}
    return row


def _write(path: Path, rows: Iterable[Line]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
