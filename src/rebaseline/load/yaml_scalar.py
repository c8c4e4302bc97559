"""Plain scalars by the YAML 1.2 core schema, narrowed to what JSON can carry.

`no`, `on`, `1_000` and dates stay text: the surprises of YAML 1.1 are what makes a suite read differently elsewhere.
"""

from __future__ import annotations

import math
import re

__all__ = ["parse_scalar"]

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BEYOND = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIGITS = 300


def parse_scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    """Return the value of a scalar.

    Args:
        text: What stands there, escapes already read.
        plain: Whether it stands without quotes and not as a block.

    Raises:
        ValueError: A number that JSON cannot carry, or half of a surrogate pair.
    """
    if not text.isascii() and _has_surrogate(text):
        raise ValueError("half of a surrogate pair is not a character")
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(text)


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > _DIGITS:
            raise ValueError(f"a number of {len(text)} digits")
        return int(text, 0) if text[1:2] in {"o", "x"} else int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise ValueError(f"`{text[:20]}` is too large for a number")
        return number
    if _BEYOND.fullmatch(text):
        raise ValueError(f"`{text}` is not a number that JSON can carry")
    return text


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
