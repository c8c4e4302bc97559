"""Tables of probes: rows of CSV or JSON lines that know their lines."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rebaseline.errors import Problem
from rebaseline.load.findings import Findings
from rebaseline.load.source import TABLE_BYTES, inside, load_text

__all__ = ["MOST_TROUBLES", "Row", "RowTroubles", "Table", "load_table", "parse_table"]

MOST_TROUBLES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        line: Line from 1 on which it begins.
        cells: Its values by column; text in CSV, typed in JSON lines.
    """

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read.

    Attributes:
        path: How messages name it.
        columns: Every column that a row has, in the order of the file.
        rows: The rows that could be read.
        problems: What was wrong with the others.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


class RowTroubles:
    """Problems of rows; after the first few of a table the others are counted, not listed."""

    def __init__(self, path: str, findings: Findings) -> None:
        self._path = path
        self._findings = findings
        self._count = 0
        self._line = 0

    def add(self, line: int, message: str, remedy: str = "") -> None:
        """Note a problem of the row on `line`."""
        self._count += 1
        self._line = line
        if self._count <= MOST_TROUBLES:
            self._findings.error(self._path, line, message, remedy)

    def close(self) -> None:
        """Say how many were not listed."""
        unlisted = self._count - MOST_TROUBLES
        if unlisted > 0:
            self._findings.error(self._path, self._line, f"and {unlisted} more problems of rows, the last one here")


def load_table(folder: Path, name: str, *, shown: str) -> Table:
    """Return the table `name` in a suite's folder.

    Args:
        folder: The suite's folder.
        name: What follows `each`.
        shown: How messages name the table.

    Raises:
        ConfigurationError: There is no such file in the folder, or it is not text.
    """
    return parse_table(load_text(inside(folder, name), shown=shown, limit_bytes=TABLE_BYTES), shown=shown)


def parse_table(text: str, *, shown: str) -> Table:
    """Return the rows in `text`; the end of `shown` says whether it is CSV or JSON lines."""
    findings = Findings()
    troubles = RowTroubles(shown, findings)
    lines = _json_rows if shown.casefold().endswith(".jsonl") else _csv_rows
    rows = tuple(lines(text, shown, findings, troubles))
    troubles.close()
    if not rows and not findings.failed:
        findings.error(shown, 0, "the table holds no rows", "add a row, or take the table out")
    columns = dict.fromkeys(column for row in rows for column in row.cells)
    return Table(shown, tuple(columns), rows, findings.problems)


def _csv_rows(text: str, shown: str, findings: Findings, troubles: RowTroubles) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _header_is_sound(header, shown, findings):
            return
        width, line = len(header), reader.line_num + 1
        for cells in reader:
            if len(cells) == width:
                yield Row(line, dict(zip(header, cells, strict=True)))
            elif cells:
                troubles.add(
                    line, f"{len(cells)} cells where the header has {width}", "quote cells that hold commas or quotes"
                )
            line = reader.line_num + 1
    except csv.Error as fault:
        findings.error(shown, reader.line_num, f"this is not CSV: {fault}", "quote cells; double the quotes inside")


def _header_is_sound(header: list[str], shown: str, findings: Findings) -> bool:
    if not header:
        findings.error(shown, 1, "the table has no header", "name the columns on the first line")
    for column in sorted({each for each in header if header.count(each) > 1}):
        findings.error(shown, 1, f"the column `{column}` stands twice in the header", "rename one of them")
    if any(not column.strip() for column in header):
        findings.error(shown, 1, "a column has no name", "name every column on the first line")
    if len(header) == 1 and ";" in header[0]:
        findings.error(shown, 1, "the cells are separated by `;`", "separate them by commas")
    return not findings.failed


def _json_rows(text: str, shown: str, findings: Findings, troubles: RowTroubles) -> Iterator[Row]:
    del shown, findings
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.isspace():
            continue
        try:
            cells = _decoder.decode(line.strip())
            _refuse_surrogates(line)
        except (ValueError, RecursionError) as fault:
            troubles.add(number, f"this line is not JSON: {fault}", "write one JSON object on each line")
            continue
        if isinstance(cells, dict):
            yield Row(number, cells)
        else:
            troubles.add(number, "this line is not a JSON object", 'write {"column": value, …}')


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    cells = dict(pairs)
    if len(cells) != len(pairs):
        raise ValueError("a key is written twice")
    return cells


def _beyond(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number that JSON can carry")


def _finite(digits: str) -> float:
    number = float(digits)
    return _beyond(digits[:20]) if math.isinf(number) else number


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_beyond, parse_float=_finite)


def _refuse_surrogates(line: str) -> None:
    """Half a surrogate pair can be escaped in JSON, and can be neither stored nor sent."""
    if "\\ud" in line.casefold():
        try:
            json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as fault:
            raise ValueError("half of a surrogate pair is not a character") from fault
