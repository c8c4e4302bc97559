"""What a check is to the registry, and the reading of its arguments with exact messages."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rebaseline.checks.numerals import plain_number
from rebaseline.domain.instrument import Instrument
from rebaseline.errors import ConfigurationError

__all__ = [
    "LONGEST_ANSWER",
    "SCHEMA_FLAG",
    "SCHEMA_NUMBER",
    "SCHEMA_TEXT",
    "SCHEMA_TEXTS",
    "Build",
    "CheckType",
    "flag_of",
    "misused",
    "share_of",
    "shown",
    "text_of",
    "texts_of",
]

LONGEST_ANSWER = 1000
"""Characters beyond which a text is no answer that two model versions would give alike."""

Build = Callable[[Any, Mapping[str, Any]], Instrument]
"""Makes an instrument of a rendered argument and rendered options, or raises ConfigurationError."""

SCHEMA_TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean"]}
SCHEMA_TEXTS: Mapping[str, Any] = {
    "anyOf": [SCHEMA_TEXT, {"type": "array", "minItems": 1, "items": SCHEMA_TEXT}],
}
SCHEMA_NUMBER: Mapping[str, Any] = {"type": ["number", "string"]}
SCHEMA_FLAG: Mapping[str, Any] = {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class CheckType:
    """One kind of check.

    Attributes:
        name: Its key in a suite.
        summary: What a pass says, in one sentence.
        argument: JSON Schema of what follows the name.
        build: Makes the instrument.
        options: JSON Schema by option.
        open_options: Any option is taken (checks of others that declare none).
    """

    name: str
    summary: str
    argument: Mapping[str, Any]
    build: Build
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    open_options: bool = False


def shown(text: str, limit: int = 80) -> str:
    """Return a text for a note: on one line and cut to `limit` characters. It stays untrusted."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def misused(check: str, problem: str, value: Any, remedy: str) -> ConfigurationError:
    """Return the error for a wrong argument: the check, what is wrong, the value, what to do."""
    return ConfigurationError(f"check `{check}`: {problem}, got {shown(repr(value))}", remedy=remedy)


def text_of(check: str, value: Any) -> str:
    """Return an argument as text: a string as it is, a number or a boolean as JSON writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    raise misused(
        check, "needs a text", value, "write one text; put quotes around it where YAML would read it otherwise"
    )


def texts_of(check: str, value: Any) -> tuple[str, ...]:
    """Return an argument as one or more texts, none of them blank.

    Raises:
        ConfigurationError: There is no text, or a blank one, which every reply would hold.
    """
    parts = value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else (value,)
    texts = tuple(text_of(check, part) for part in parts)
    if not texts or not all(text.strip() for text in texts):
        raise misused(
            check, "needs a text that is not blank, or a list of such", value, "a blank text is in every reply"
        )
    return texts


def flag_of(check: str, option: str, value: Any) -> bool:
    """Return an option that must be true or false."""
    if isinstance(value, bool):
        return value
    raise misused(check, f"option `{option}` must be true or false", value, f"write `{option}: true` or leave it out")


def share_of(check: str, option: str, value: Any) -> Decimal:
    """Return an option that must be a number from 0 up."""
    number = plain_number(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    if number is None or number < 0:
        raise misused(
            check, f"option `{option}` must be a number from 0 up", value, f"write for example `{option}: 0.01`"
        )
    return number
