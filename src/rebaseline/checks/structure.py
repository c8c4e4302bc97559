"""JSON in replies: finding it, reading it within limits, comparing it."""

from __future__ import annotations

import json
import math
from typing import Any

from rebaseline.checks.forms import block
from rebaseline.checks.kind import LONGEST_ANSWER
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.form import Form

__all__ = ["MISSING", "json_answer", "json_of", "parse_json", "same_json"]

MISSING: Any = object()
"""What `json_of` returns where a reply holds no JSON; JSON's own null is None."""

_MOST_DIGITS = 400


class _OutOfRange(ValueError):
    """A number is valid JSON and too large to compare."""


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _OutOfRange
    return number


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise _OutOfRange
    return int(text)


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_float, parse_int=_int, parse_constant=_refuse_constant)


def json_answer(value: Any) -> str:
    """Return a JSON value as one text, the same for equal values; empty where it is too deep or too long to be one."""
    try:
        text = canonical_json(value)
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= LONGEST_ANSWER else ""


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, or `MISSING`.

    NaN and Infinity are not JSON. A number out of range and nesting past the interpreter's limit count as unreadable.
    """
    try:
        return _DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        return MISSING


def json_of(text: str, undo: frozenset[Form]) -> Any:
    """Return the JSON value of a reply with `fence` and `preamble` undone as far as `undo` allows, or `MISSING`.

    With `preamble` undone and no fence this is the one outermost object or array between the prose; where there are two
    it cannot be told which is meant.
    """
    value = parse_json(text)
    if value is not MISSING or not undo:
        return value
    inner = block(text, undo)
    value = parse_json(inner)
    if value is MISSING and Form.PREAMBLE in undo and "```" not in inner:
        value = _embedded(inner)
    return value


def _embedded(text: str) -> Any:
    """Return the only object or array in a text; where brackets stand outside it, there is doubt and none is taken."""
    starts = [start for start in (text.find("{"), text.find("[")) if start >= 0]
    if not starts:
        return MISSING
    try:
        value, end = _DECODER.raw_decode(text, min(starts))
    except (ValueError, RecursionError):
        return MISSING
    return MISSING if any(text.find(mark, end) >= 0 for mark in "{}[]") else value


def same_json(value: Any, expected: Any, *, ordered: bool, subset: bool = False) -> bool:
    """Say whether two JSON values are equal; true is not 1, and 1 is 1.0.

    Args:
        value: From a reply.
        expected: From a suite; its depth bounds the recursion.
        ordered: The keys of objects must stand in the same order.
        subset: Objects may have keys beyond the expected ones.
    """
    if isinstance(expected, dict):
        if not isinstance(value, dict) or not _keys_fit(value, expected, ordered=ordered, subset=subset):
            return False
        return all(same_json(value[key], expected[key], ordered=ordered, subset=subset) for key in expected)
    if isinstance(expected, list | tuple):
        return (
            isinstance(value, list)
            and len(value) == len(expected)
            and all(
                same_json(one, two, ordered=ordered, subset=subset) for one, two in zip(value, expected, strict=True)
            )
        )
    if isinstance(expected, bool) or isinstance(value, bool) or expected is None or value is None:
        return value is expected
    if isinstance(value, dict | list):
        return False
    return bool(value == expected)


def _keys_fit(value: dict[str, Any], expected: dict[str, Any], *, ordered: bool, subset: bool) -> bool:
    if subset:
        return value.keys() >= expected.keys()
    return list(value) == list(expected) if ordered else value.keys() == expected.keys()
