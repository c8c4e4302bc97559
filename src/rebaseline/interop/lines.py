"""One line of an import: what it may turn out to be, and from bytes to a JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from rebaseline.domain.attempt import Attempt
from rebaseline.errors import ConfigurationError

__all__ = ["BadLine", "LineError", "ParsedLine", "decode_line", "refuse_binary"]


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """A line that says what came of one asking.

    Attributes:
        line: Number of the line, from 1.
        probe: Probe id.
        sample: Which asking of the probe, from 0.
        attempt: What came of it.
        served_model: The model that the line names as the one that answered; None where it names none.
        received_at: When, with time zone; None where the line does not say.
        notes: What was met here for the first time and not read, for people.
    """

    line: int
    probe: str
    sample: int
    attempt: Attempt
    served_model: str | None = None
    received_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used.

    Attributes:
        line: Number of the line, from 1.
        reason: What is wrong with it, with the offending value.
        probe: Its probe id, where that much could be read.
    """

    line: int
    reason: str
    probe: str | None = None


class LineError(Exception):
    """What is wrong with a line; it becomes a `BadLine` and never leaves the package.

    Attributes:
        reason: What is wrong.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


_BINARY = (
    (b"\x1f\x8b", "gzip-compressed; unpack it first: gunzip -k FILE"),
    (b"PK\x03\x04", "a ZIP archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed; unpack it first: unzstd FILE"),
    (b"BZh", "bzip2-compressed; unpack it first: bunzip2 -k FILE"),
    (b"PAR1", "a Parquet table; write it as JSON Lines first"),
    (b"SQLite format 3\x00", "a SQLite database; write its replies as JSON Lines first"),
    (b"\xff\xfe", "UTF-16 text; write it as UTF-8 first"),
    (b"\xfe\xff", "UTF-16 text; write it as UTF-8 first"),
)


def refuse_binary(first_line: bytes, name: str) -> None:
    """Refuse an input that cannot be lines of text, judged by its first line.

    Raises:
        ConfigurationError: It is compressed, or holds NUL bytes.
    """
    kinds = [kind for magic, kind in _BINARY if first_line.startswith(magic)]
    if not kinds and b"\0" in first_line:
        kinds = ["binary: it holds NUL bytes"]
    if kinds:
        raise ConfigurationError(
            f"This is no JSON Lines text but {kinds[0]}",
            where=name,
            remedy="Import UTF-8 text with one JSON object a line.",
        )


def decode_line(line: bytes, *, limit: int) -> dict[str, Any]:
    """Return the JSON object of a line of at most `limit` bytes.

    Raises:
        LineError: It is too long, no UTF-8, no JSON, or no object.
    """
    if len(line) > limit:
        raise LineError(f"is longer than {limit:,} bytes")
    try:
        content = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise LineError(f"byte {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise LineError(f"is not one JSON object: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise LineError("holds a number too long, or lists nested too deep, to be read") from error
    if not isinstance(content, dict):
        hint = "; a file that is one list is split by: jq -c '.[]' FILE" if isinstance(content, list) else ""
        raise LineError(f"is a JSON {_KINDS[type(content)]}, not an object{hint}")
    return content


_KINDS = {list: "list", str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def _refuse_constant(word: str) -> NoReturn:
    raise LineError(f"holds {word}, which is not JSON")
