"""Reads replies that something else collected: JSON Lines, one reply a line (docs/import.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from rebaseline.errors import ConfigurationError
from rebaseline.interop.lines import BadLine, LineError, ParsedLine, decode_line, refuse_binary
from rebaseline.interop.reply_fields import KEYS, Numbering, parse_fields, read_probe, read_sample

__all__ = ["LINE_LIMIT", "BadLine", "ParsedLine", "load_replies", "parse_replies"]

LINE_LIMIT = 50_000_000
"""Bytes of the longest line that is read."""


def parse_replies(lines: Iterable[bytes], *, name: str = "the input") -> Iterator[ParsedLine | BadLine]:
    """Parse one JSON object a line; a bad line is reported in its place and the others are kept.

    A line without `sample` is numbered: the first one of a probe is sample 0, the next sample 1. A bad line keeps
    its number, so that mending it and reading the file again gives every other line the number that it had.

    Args:
        lines: Lines as bytes, with their ends or without. Read one at a time: a generator will do.
        name: What to call them in an error.

    Yields:
        What each line says or what is wrong with it, in order; blank lines give nothing.

    Raises:
        ConfigurationError: The input is no text.
    """
    numbering = Numbering()
    ignored: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if number == 1:
            refuse_binary(line, name)
        if line.strip():
            yield _parse_line(number, line, numbering, ignored)


def _parse_line(number: int, line: bytes, numbering: Numbering, ignored: set[str]) -> ParsedLine | BadLine:
    probe: str | None = None
    try:
        fields = decode_line(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, limit=LINE_LIMIT)
        probe = read_probe(fields)
        sample = numbering.take(probe, read_sample(fields), line=number)
        said = parse_fields(fields)
    except LineError as error:
        return BadLine(line=number, reason=error.reason, probe=probe)
    news = sorted(fields.keys() - KEYS - ignored)
    ignored.update(news)
    notes = tuple(f"the key {key!r} is not read" for key in news)
    return ParsedLine(
        line=number,
        probe=probe,
        sample=sample,
        attempt=said.attempt,
        served_model=said.served_model,
        received_at=said.received_at,
        notes=notes,
    )


def load_replies(path: Path) -> Iterator[ParsedLine | BadLine]:
    """Read a file of replies, one line in memory at a time.

    Raises:
        ConfigurationError: It is no file, cannot be read, or is no text.
    """
    return parse_replies(_lines_of(path), name=str(path))


def _lines_of(path: Path) -> Iterator[bytes]:
    try:
        if path.is_dir():
            raise ConfigurationError(
                "This is a folder, and replies are imported from a file",
                where=str(path),
                remedy="Name one .jsonl file.",
            )
        with path.open("rb") as file:
            for _ in count():
                line = file.readline(LINE_LIMIT + 1)
                if not line:
                    return
                yield line
                while len(line) > LINE_LIMIT and not line.endswith(b"\n"):
                    line = file.readline(LINE_LIMIT + 1) or b"\n"
    except OSError as error:
        raise ConfigurationError(
            f"The file cannot be read: {error.strerror}",
            where=str(path),
            remedy="Check its name and its access rights.",
        ) from error
