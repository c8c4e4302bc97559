"""Plain values as YAML text that our own reader reads back as the very value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rebaseline.load.yaml_scalar import parse_scalar

__all__ = ["render_block", "render_inline", "render_key"]

WIDTH = 110
"""Characters from which on a list is written one item a line, where it may."""

_PLAIN = re.compile(r"[A-Za-z0-9_./$(][A-Za-z0-9_./$()+'?!;=-]*(?: [A-Za-z0-9_./$()+'?!;=-]+)*")
_SINGLE = re.compile(r"[ -&(-~]+")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def render_key(name: str) -> str:
    """Return a key, quoted where it must be."""
    return _text(name)


def render_inline(value: Any) -> str:
    """Return a value on one line: flow style for lists and mappings.

    Raises:
        TypeError: It is no plain value.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return json.dumps(value, allow_nan=False)
        case str():
            return _text(value)
        case Mapping():
            return "{" + ", ".join(f"{_text(str(key))}: {render_inline(it)}" for key, it in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(render_inline(item) for item in value) + "]"
        case _:
            raise TypeError(f"{type(value).__name__} is no plain value")


def render_block(value: Any, indent: int) -> str:
    """Return a value as it is written behind `key:` in a block, a leading blank or line end included.

    Args:
        value: The value.
        indent: Column of the key. Lists that are too long for a line stand below it, two columns to the right.
    """
    line = render_inline(value)
    if not isinstance(value, list | tuple) or indent + len(line) <= WIDTH or not value:
        return f" {line}"
    return "".join(f"\n{' ' * (indent + 2)}- {render_inline(item)}" for item in value)


def _text(text: str) -> str:
    if (
        _PLAIN.fullmatch(text)
        and parse_scalar(text, plain=True) == text
        and isinstance(parse_scalar(text, plain=True), str)
    ):
        return text
    if "\\" in text and _SINGLE.fullmatch(text):
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
