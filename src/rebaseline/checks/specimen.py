"""Texts and values made up from what they must satisfy: a pattern or a schema, walked backwards.

They are material for seeded faults of negated checks. What is made up is only a guess: whoever uses it tries it with
the pattern or the schema itself, and uses nothing where the guess is wrong.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["instance_of", "text_matching"]

_RE2_CODE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_RE2_END = re.compile(r"\\z")
_MOST_REPEATS = 50
_DEEPEST = 6
_LONGEST = 1_000
_CATEGORIES = {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
_NOT_CATEGORIES = {"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "-"}
_TESTS: Mapping[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda one: one.isalnum() or one == "_",
}
_SPARE = "a7 -_.#@\u00e9"


def text_matching(pattern: str) -> str | None:
    """Return a text that a pattern may match; None where it holds what cannot be walked backwards."""
    source = _RE2_END.sub(r"\\Z", _RE2_CODE.sub(_as_python, pattern))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python finds odd in a pattern is no business of ours: RE2 took it
            parsed = importlib.import_module("re._parser").parse(source)
        return _text_of(parsed)
    except (re.error, KeyError, OverflowError, RecursionError, ValueError):
        return None


def _as_python(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return f"\\U{code:08x}"


def _text_of(parsed: Any) -> str:
    return "".join(_part_of(str(operation), argument) for operation, argument in parsed)


def _part_of(operation: str, argument: Any) -> str:  # noqa: C901, PLR0911 - one branch an operation of the grammar
    match operation:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return _spare(lambda char: ord(char) != argument)
        case "ANY":
            return "a"
        case "AT":
            return ""
        case "IN":
            return _one_of(argument)
        case "BRANCH":
            return _text_of(argument[1][0])
        case "SUBPATTERN":
            return _text_of(argument[-1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = argument
            return _repeated(_text_of(inner), max(least, min(1, int(most))))
        case _:
            raise KeyError(operation)


def _repeated(text: str, times: int) -> str:
    if times > _MOST_REPEATS or len(text) * times > _LONGEST:
        raise ValueError(times)
    return text * times


def _spare(fits: Callable[[str], bool]) -> str:
    found = next(filter(fits, _SPARE), None)
    if found is None:
        raise KeyError(_SPARE)
    return found


def _one_of(members: Sequence[tuple[Any, Any]]) -> str:
    if str(members[0][0]) == "NEGATE":
        return _spare(lambda char: not any(_holds(str(kind), argument, char) for kind, argument in members[1:]))
    kind, argument = members[0]
    match str(kind):
        case "RANGE":
            return chr(argument[0])
        case "LITERAL":
            return chr(argument)
        case _:
            return (_CATEGORIES | _NOT_CATEGORIES)[str(argument)]


def _holds(kind: str, argument: Any, char: str) -> bool:
    match kind:
        case "RANGE":
            return bool(argument[0] <= ord(char) <= argument[1])
        case "LITERAL":
            return bool(ord(char) == argument)
        case _:
            name = str(argument).removeprefix("CATEGORY_")
            return _TESTS[name.removeprefix("NOT_")](char) is not name.startswith("NOT_")


def instance_of(schema: Any, root: Any = None, depth: int = 0) -> Any:
    """Return a value that may satisfy a JSON Schema: constants, types, required keys, lengths and least values."""
    root = schema if root is None else root
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return {}
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for joined in ("allOf", "anyOf", "oneOf"):
        if schema.get(joined):
            rest = {key: part for key, part in schema.items() if key != joined}
            parts = schema[joined] if joined == "allOf" else schema[joined][:1]
            return instance_of(_merged(rest, parts), root, depth + 1)
    if isinstance(schema.get("$ref"), str):
        return instance_of(_pointed_at(root, schema["$ref"]), root, depth + 1)
    return _of_type(schema, root, depth)


def _merged(schema: Mapping[str, Any], parts: Sequence[Any]) -> dict[str, Any]:
    merged = dict(schema)
    for part in parts:
        if isinstance(part, Mapping):
            properties = {**merged.get("properties", {}), **part.get("properties", {})}
            required = [*merged.get("required", []), *part.get("required", [])]
            merged |= {**part, **({"properties": properties} if properties else {})}
            merged |= {"required": required} if required else {}
    return merged


def _pointed_at(root: Any, reference: str) -> Any:
    found = root
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
    return found


def _of_type(schema: Mapping[str, Any], root: Any, depth: int) -> Any:
    named = schema.get("type")
    kind = named[0] if isinstance(named, list) and named else named
    simple = {"boolean": True, "null": None}
    match kind or _kind_by_keywords(schema):
        case "object":
            properties = schema.get("properties", {})
            return {key: instance_of(properties.get(key, {}), root, depth + 1) for key in schema.get("required", [])}
        case "array":
            least = min(int(schema.get("minItems", 0)), _MOST_REPEATS)
            return [instance_of(schema.get("items", {}), root, depth + 1) for _ in range(least)]
        case "string":
            return _string(schema)
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", schema.get("maximum", 2) - 1) + 1)
        case other:
            return simple.get(str(other), {})


def _kind_by_keywords(schema: Mapping[str, Any]) -> str:
    if "properties" in schema or "required" in schema:
        return "object"
    return "array" if "items" in schema else ""


def _string(schema: Mapping[str, Any]) -> str:
    text = (text_matching(str(schema["pattern"])) or "") if "pattern" in schema else "text"
    text = text.ljust(min(int(schema.get("minLength", 0)), _LONGEST), "x")
    return text[: int(schema["maxLength"])] if "maxLength" in schema else text
