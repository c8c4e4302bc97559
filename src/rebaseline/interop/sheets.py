"""Sheets of replies for people to label: rows to text, and text to rows, as JSON Lines or CSV."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebaseline.domain.label import LabelValue
from rebaseline.interop.lines import BadLine

__all__ = ["COLUMNS", "FilledRow", "SheetRow", "as_shown", "parse_sheet", "render_csv", "render_sheet"]

COLUMNS = ("assertion", "draw", "row", "claim", "asked", "given", "reply", "calls", "label")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LABELS = ", ".join(f"`{value.value}`" for value in LabelValue)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What a person is shown of one reply. The model version is not of it: labels are blind to that.

    Attributes:
        assertion: `SUITE/ASSERTION`.
        draw: Id of the draw.
        row: Place in the draw, from 1.
        claim: What the reply is held against.
        asked: The last words of the user.
        given: Fields of the probe, as JSON text; empty where it has none.
        reply: What was said.
        calls: Tool calls, one a line; empty where there were none.
    """

    assertion: str
    draw: str
    row: int
    claim: str
    asked: str
    given: str
    reply: str
    calls: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """What a person wrote.

    Attributes:
        line: Line of the file, from 1.
        assertion: `SUITE/ASSERTION`.
        value: The label; None where the row is still empty.
        draw: Id of the draw; None for a reply that somebody chose.
        row: Place in the draw; 0 for a reply that somebody chose.
        probe: Probe id of a chosen reply.
        reply: Text of the reply, as it stands in the sheet.
        calls: Tool calls, as they stand in the sheet; empty for a reply that somebody chose.
    """

    line: int
    assertion: str
    value: LabelValue | None
    draw: str | None = None
    row: int = 0
    probe: str = ""
    reply: str = ""
    calls: str = ""


def render_sheet(rows: Iterable[SheetRow], *, as_csv: bool) -> str:
    """Return a sheet with an empty column `label`.

    In CSV a cell that a spreadsheet would take for a formula has a `'` before it: replies are not to be trusted.
    """
    contents = [{**{name: getattr(row, name) for name in COLUMNS[:-1]}, "label": ""} for row in rows]
    if not as_csv:
        return "".join(json.dumps(content, ensure_ascii=True) + "\n" for content in contents)
    return render_csv(COLUMNS, contents)


def render_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, line_end: str = "\r\n") -> str:
    """Return rows as CSV under a line of names; what a spreadsheet would take for a formula has a `'` before it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator=line_end)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return text.getvalue()


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    clean = _printable(value)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean


def _printable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def as_shown(text: str) -> str:
    """Return what is left of a text on its way through a spreadsheet and back, so that two can be compared.

    Line ends are one, what UTF-8 cannot hold is replaced, and the `'` before what looks like a formula is gone.
    """
    plain = _printable(text).replace("\r\n", "\n").replace("\r", "\n")
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(_FORMULA) else plain


def parse_sheet(text: str, *, as_csv: bool) -> Iterator[FilledRow | BadLine]:
    """Yield what people wrote, and every line that cannot be used.

    Args:
        text: The file's text.
        as_csv: CSV with a line of names; else one JSON object a line.
    """
    for line, content in _csv_rows(text) if as_csv else _json_rows(text):
        yield content if isinstance(content, BadLine) else _filled(line, content)


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | BadLine]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, BadLine(number, f"this is no JSON: {type(error).__name__}")
            continue
        yield number, content if isinstance(content, dict) else BadLine(number, "this is no JSON object")


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | BadLine]]:
    with _cells_as_long_as(text):
        rows = list(_read_csv(text))  # at once: the limit is the whole process's, and not ours between two rows
    yield from rows


@contextlib.contextmanager
def _cells_as_long_as(text: str) -> Iterator[None]:
    """Let the `csv` module read cells of any length that the text can hold; a reply may be longer than its 131,072."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, len(text)))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_csv(text: str) -> Iterator[tuple[int, Mapping[str, Any] | BadLine]]:
    # Spreadsheets of many countries write semicolons.
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    # `calls` is asked of drawn rows alone, one by one: a sheet of chosen replies may do without.
    missing = [name for name in ("assertion", "draw", "row", "reply", "label") if name not in (reader.fieldnames or ())]
    if missing:
        yield 1, BadLine(1, f"the first line lacks the column `{missing[0]}`")
        return
    try:
        for content in reader:
            yield reader.line_num, content
    except csv.Error as error:
        yield reader.line_num, BadLine(reader.line_num, f"this is no CSV: {error}")


def _filled(line: int, content: Mapping[str, Any]) -> FilledRow | BadLine:
    assertion, written = content.get("assertion"), content.get("label")
    if not isinstance(assertion, str) or assertion.count("/") != 1:
        return BadLine(line, "`assertion` is missing: write SUITE/ASSERTION")
    word = "" if written is None else str(written).strip().casefold()
    if word and word not in set(LabelValue):
        return BadLine(line, f"`label` is {str(written)[:40]!r}: write {_LABELS}, or leave it empty")
    value = LabelValue(word) if word else None
    draw = content.get("draw")
    if draw:
        return _drawn(line, assertion, value, content)
    probe, reply = content.get("probe"), content.get("reply")
    if not isinstance(probe, str) or not isinstance(reply, str) or not probe:
        return BadLine(line, "a row without `draw` needs `probe` and `reply`")
    return FilledRow(line, assertion, value, probe=probe, reply=reply)


def _drawn(line: int, assertion: str, value: LabelValue | None, content: Mapping[str, Any]) -> FilledRow | BadLine:
    row, reply, calls = _number(content.get("row")), content.get("reply"), content.get("calls")
    if row is None:
        return BadLine(line, "`row` is no number")
    if not isinstance(reply, str) or not isinstance(calls, str):
        return BadLine(line, "`reply` or `calls` is missing: by them it is known which words the label is about")
    return FilledRow(line, assertion, value, str(content["draw"]), row, reply=reply, calls=calls)


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - no draw is so long
