"""Labels and draws as files in git: one JSON object a line; lines are only ever added.

`labels/SUITE/ASSERTION.jsonl` holds labels, `labels/SUITE/draws/ASSERTION.jsonl` the draws that chose replies for them.
Branches that both append merge by keeping the lines of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from rebaseline.domain.label import AssertionLabels, Cell, Draw, Label, LabelValue, Population
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors
from rebaseline.store.baseline_path import safe_name
from rebaseline.store.replacing import replace_files

__all__ = ["append_draw", "append_labels", "labels_path", "load_assertion_labels", "load_suite_labels"]

_DRAWS = "draws"
_LABELS = ".jsonl"
_RESTORE = "take the line back from git; nothing but `rebaseline label` writes these files"
_Read = TypeVar("_Read")


def labels_path(folder: Path, suite: str, assertion: str) -> Path:
    """Return the file of an assertion's labels."""
    return folder / safe_name(suite) / f"{safe_name(assertion)}{_LABELS}"


def _draws_path(folder: Path, suite: str, assertion: str) -> Path:
    return folder / safe_name(suite) / _DRAWS / f"{safe_name(assertion)}{_LABELS}"


def load_suite_labels(folder: Path, suite: str, assertions: Iterable[str]) -> Mapping[str, AssertionLabels]:
    """Return the labels of a suite by assertion id; assertions without a label or a draw are left out.

    Raises:
        SuiteErrors: Everything that is wrong with the files, by line.
        ConfigurationError: A file cannot be read.
    """
    if not (folder / safe_name(suite)).is_dir():
        return {}
    loaded: dict[str, AssertionLabels] = {}
    problems: list[Problem] = []
    for assertion in assertions:
        try:
            labels = load_assertion_labels(folder, suite, assertion)
        except SuiteErrors as errors:
            problems.extend(errors.problems)
            continue
        if labels.labels or labels.draws:
            loaded[assertion] = labels
    if problems:
        raise SuiteErrors(problems)
    return loaded


def load_assertion_labels(folder: Path, suite: str, assertion: str) -> AssertionLabels:
    """Return the labels and draws of one assertion; none where nobody labelled.

    Raises:
        SuiteErrors: Everything that is wrong with the two files, by line.
        ConfigurationError: A file cannot be read.
    """
    problems: list[Problem] = []
    labels: dict[tuple[str, str, str], Label] = {}
    for label in _lines(labels_path(folder, suite, assertion), folder, _label, problems):
        earlier = labels.get(label.key)
        labels[label.key] = label if earlier is None else replace(label, since=earlier.first_at)
    draws = tuple(_lines(_draws_path(folder, suite, assertion), folder, _draw, problems))
    if problems:
        raise SuiteErrors(problems)
    return AssertionLabels(labels, draws)


def _lines(
    path: Path, folder: Path, read: Callable[[Mapping[str, Any]], _Read], problems: list[Problem]
) -> Iterator[_Read]:
    if not path.exists():
        return
    shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            f"the labels cannot be read: {error.strerror}", where=shown, remedy="check the file's access rights"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"this is no UTF-8 text: byte {error.start + 1}", where=shown, remedy=_RESTORE
        ) from error
    lines = text.count("\n") + 1
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield read(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            problems.append(_damaged(shown, number, error, torn=number == lines))


def _damaged(shown: str, number: int, error: Exception, *, torn: bool) -> Problem:
    """Return what is wrong with a line; the last one lacks its end only where a write was interrupted."""
    if torn:
        remedy = f"delete line {number}, and take the sheet, or draw, once more"
        return Problem(shown, number, "error", "this line is cut short: a write was interrupted", remedy)
    wrong = f"this line is cut short, edited or in conflict: {type(error).__name__}: {error}"
    return Problem(shown, number, "error", wrong, _RESTORE)


def append_labels(folder: Path, labels: Mapping[tuple[str, str], Iterable[Label]]) -> None:
    """Add labels to the files of their assertions; to all of them or to none.

    Args:
        folder: Where labels are kept.
        labels: By suite and assertion.

    Raises:
        ConfigurationError: A file cannot be written.
    """
    _append(
        {
            labels_path(folder, *about): "".join(_line(_label_content(label)) for label in new)
            for about, new in labels.items()
        }
    )


def append_draw(folder: Path, suite: str, assertion: str, draw: Draw) -> None:
    """Add a draw to its file.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    _append({_draws_path(folder, suite, assertion): _line(_draw_content(draw))})


def _append(lines: Mapping[Path, str]) -> None:
    """Write whole files anew, so that a reader sees the old lines or all of them."""
    try:
        replace_files({path: _with(path, text) for path, text in lines.items() if text})
    except OSError as error:
        raise ConfigurationError(
            f"the labels cannot be written: {error.strerror}",
            where=str(error.filename2 or error.filename or next(iter(lines))),
            remedy="check the folder's access rights and the space that is left; no label was taken",
        ) from error


def _with(path: Path, text: str) -> bytes:
    held = path.read_bytes() if path.exists() else b""
    return held + (b"\n" if held and not held.endswith(b"\n") else b"") + text.encode()


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, allow_nan=False) + "\n"


def _label_content(label: Label) -> dict[str, Any]:
    drawn: Any = "chosen" if label.draw is None else {"draw": label.draw, "row": label.row}
    return {
        "probe": label.probe,
        "request": label.request,
        "reply": label.reply,
        "label": label.value.value,
        "by": label.by,
        "at": label.at.isoformat(),
        "drawn": drawn,
    }


def _label(content: Mapping[str, Any]) -> Label:
    drawn = content["drawn"]
    chosen = drawn == "chosen"
    return Label(
        probe=_text(content["probe"]),
        request=_text(content["request"]),
        reply=_text(content["reply"]),
        value=LabelValue(content["label"]),
        by=_text(content["by"]),
        at=_instant(content["at"]),
        draw=None if chosen else _text(drawn["draw"]),
        row=0 if chosen else int(drawn["row"]),
    )


def _draw_content(draw: Draw) -> dict[str, Any]:
    return {
        "draw": draw.id,
        "seed": draw.seed,
        "at": draw.at.isoformat(),
        "populations": [
            {"target": each.target, "model": each.model, "replies": each.cells, "digest": each.digest}
            for each in draw.populations
        ],
        "rows": [[row.target, row.model, row.probe, row.request, row.sample, row.reply] for row in draw.rows],
    }


def _draw(content: Mapping[str, Any]) -> Draw:
    return Draw(
        id=_text(content["draw"]),
        seed=int(content["seed"]),
        at=_instant(content["at"]),
        populations=tuple(
            Population(_text(each["target"]), _text(each["model"]), int(each["replies"]), _text(each["digest"]))
            for each in content["populations"]
        ),
        rows=tuple(
            Cell(_text(target), _text(model), _text(probe), _text(request), int(sample), _text(reply))
            for target, model, probe, request, sample, reply in content["rows"]
        ),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is no text")
    return value


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant
