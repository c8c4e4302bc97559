"""The built-in checks, in the order of the documentation."""

from __future__ import annotations

from rebaseline.checks.instruments import (
    choice,
    equals,
    json_path,
    json_schema,
    json_value,
    judge,
    length,
    matches,
    number,
    parses,
    phrases,
    python,
    refusals,
    tools,
    yes_no,
)

__all__ = ["BUILT_IN"]

BUILT_IN = (
    *equals.TYPES,
    *phrases.TYPES,
    *matches.TYPES,
    *choice.TYPES,
    *number.TYPES,
    *yes_no.TYPES,
    *json_value.TYPES,
    *json_schema.TYPES,
    *json_path.TYPES,
    *parses.TYPES,
    *refusals.TYPES,
    *tools.TYPES,
    *length.TYPES,
    *judge.TYPES,
    *python.TYPES,
)
