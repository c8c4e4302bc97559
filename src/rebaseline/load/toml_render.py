"""Plain values as TOML text that the parser reads back as the very value."""

from __future__ import annotations

import json
import math
import re
from typing import Any

__all__ = ["TOML_WIDTH", "render_toml", "render_toml_key", "render_toml_list"]

TOML_WIDTH = 120
"""Characters of a line from which on a list is written one item a line, and a mapping as a table of its own."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def render_toml_key(name: str) -> str:
    """Return a key, quoted where it must be."""
    return name if _BARE.fullmatch(name) else _text(name)


def render_toml(value: Any) -> str:
    """Return a value on one line.

    Raises:
        TypeError: TOML has no such value.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else str(value)
        case str():
            return _text(value)
        case list() | tuple():
            return f"[{', '.join(render_toml(item) for item in value)}]"
        case dict():
            pairs = ", ".join(f"{render_toml_key(key)} = {render_toml(it)}" for key, it in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case _:
            raise TypeError(f"TOML has no value for {value!r}")


def render_toml_list(value: list[Any], lead: str = "    ") -> str:
    """Return a list with every item on a line of its own, each after `lead`."""
    return "[\n" + "".join(f"{lead}{render_toml(item)},\n" for item in value) + "]"


def _text(value: str) -> str:
    if _SURROGATE.search(value):
        raise TypeError("a text holds half of a surrogate pair, which no file can")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
