"""What a validator found, as problems in the words and at the lines of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rebaseline.load.findings import closest, listed, meant
from rebaseline.load.page import Loc, Page

__all__ = ["read_shape"]

S = TypeVar("S", bound=BaseModel)

_WANTED = {
    "string_type": ("text", "put it in quotes"),
    "int_type": ("a whole number", ""),
    "int_from_float": ("a whole number", ""),
    "float_type": ("a number", ""),
    "bool_type": ("true or false", ""),
    "date_type": ("a day", "write it without quotes: 2026-11-26"),
    "list_type": ("a list", "put it in square brackets, or on lines that begin with `-`"),
    "dict_type": ("a mapping", "write `name: value`"),
    "greater_than": ("greater than {gt}", ""),
    "greater_than_equal": ("at least {ge}", ""),
    "less_than": ("less than {lt}", ""),
    "less_than_equal": ("at most {le}", ""),
    "string_too_short": ("text that is not empty", ""),
    "string_too_long": ("at most {max_length} characters", ""),
    "too_short": ("a list or mapping that is not empty", ""),
    "too_long": ("at most {max_length} entries", ""),
}
_QUOTED = re.compile(r"'([^']*)'")
_KEY = "[key]"


def read_shape(model: type[S], content: Any, page: Page, loc: Loc = ()) -> S | None:
    """Return `content` as a `model`, or None with every problem noted.

    Args:
        model: The shape that the content must have.
        content: Plain values from the file.
        page: The file.
        loc: Place of `content` in it.
    """
    try:
        return model.model_validate(content)
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            page.error(loc + error["loc"], *_explain(error, model))
        return None


def _explain(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Return what is wrong, and what to do about it."""
    loc, context = error["loc"], error.get("ctx", {})
    subject = _subject(loc)
    match error["type"]:
        case "objection":
            said = str(context["message"]), str(context["remedy"])
        case "extra_forbidden":
            said = f"unknown key {subject}", closest(str(loc[-1]), _fields(model, loc[:-1]))
        case "missing":
            said = f"{subject} is missing", f"write `{loc[-1]}: …`"
        case "enum" | "literal_error":
            known, found = _QUOTED.findall(str(context["expected"])), error["input"]
            given = "the key " + subject if loc[-1] == _KEY else f"{subject} is {_shown(found)}, which"
            said = f"{given} is none of {listed(known)}", meant(str(found), known)
        case "string_pattern_mismatch":
            said = f"{subject} is {_shown(error['input'])}, which is not written as it must be", _pattern(str(loc[-1]))
        case "model_type":
            said = f"{subject} is {_sort(error['input'])}, not a mapping", f"keys: {listed(_fields(model, loc))}"
        case _:
            said = _wanted(error, subject, context)
    return said


def _wanted(error: ErrorDetails, subject: str, context: dict[str, Any]) -> tuple[str, str]:
    wanted, remedy = _WANTED.get(error["type"], (error["msg"], ""))
    sort = error["type"].endswith("_type")
    found = _sort(error["input"]) if sort else _shown(error["input"])
    return f"{subject} is {found}; expected is {wanted.format_map(context)}", remedy


def _pattern(name: str) -> str:
    patterns = {
        "each": "name a file that ends in `.csv` or `.jsonl`",
        "name": "use letters, digits, `.`, `_` and `-`, at most 64",
    }
    return patterns.get(name, "use letters, digits, `.`, `_` and `-`, with a letter or digit at both ends")


def _subject(loc: Loc) -> str:
    """Name the place by its last key, as people do."""
    parts = [part for part in loc if part != _KEY]
    keys = [part for part in parts if isinstance(part, str)]
    if not keys:
        return "this entry"
    if isinstance(parts[-1], int):
        return f"entry {parts[-1] + 1} of `{keys[-1]}`"
    return f"`{keys[-1]}`"


def _sort(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict) or value is None:
        return _sort(value) if value else "empty"
    text = str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"  # noqa: PLR2004 - what fits on a line


def _fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that are known at `loc`."""
    current = model
    for part in loc:
        field = current.model_fields.get(part) if isinstance(part, str) else None
        if field is not None:
            current = next(_models(field.annotation), current)
    return list(current.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
