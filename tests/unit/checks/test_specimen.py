"""Texts and values made up from patterns and schemas."""

from __future__ import annotations

import json

import pytest

from rebaseline.checks.instruments.json_schema import JsonSchema
from rebaseline.checks.patterns import compiled
from rebaseline.checks.specimen import instance_of, text_matching
from rebaseline.domain.attempt import Reply


@pytest.mark.parametrize(
    "pattern",
    [
        "abc",
        r"^\d{4}-\d{2}$",
        "(?i)total: (?P<n>[0-9]+)",
        r"[^\w\s]+",
        r"[^a-z]",
        r"a|b|c",
        r"x*y+?z?",
        r"\x{4e00}",
        r"[\x{4e00}-\x{9fff}]\z",
        r".\W\D\S",
        r"[\d_]{3,}",
        r"[^x]\b",
    ],
)
def test_a_text_made_up_from_a_pattern_matches_it(pattern):
    text = text_matching(pattern)
    assert text is not None
    assert compiled("matches", pattern).search(text)


@pytest.mark.parametrize("pattern", [r"\p{Han}", r"\pL", "(?:a{40}){40}", "a{999}", r"[^\x00-\x{10ffff}]", r"\Qa.b\E["])
def test_what_cannot_be_walked_backwards_gives_none(pattern):
    assert text_matching(pattern) is None


@pytest.mark.parametrize(
    "schema",
    [
        {"const": [1]},
        {"enum": ["a", "b"]},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 3}}},
        {"required": ["a", "b"]},
        {"type": "array", "minItems": 2, "items": {"type": "string", "minLength": 9}},
        {"type": ["string", "null"], "maxLength": 2},
        {"type": "string", "pattern": "^[A-Z]{3}$"},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "integer", "maximum": 0},
        {"type": "boolean"},
        {"type": "null"},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        {"allOf": [{"required": ["a"]}, {"required": ["b"], "properties": {"b": {"const": 1}}}]},
        {"$ref": "#/$defs/x", "$defs": {"x": {"type": "array", "items": {}, "minItems": 1}}},
    ],
)
def test_a_value_made_up_from_a_schema_satisfies_it(schema):
    check = JsonSchema(json.dumps(schema))
    assert check.look(Reply(json.dumps(instance_of(schema))), frozenset()).value == 1.0
    assert check.planted(Reply(""))


def test_a_schema_that_nothing_can_be_made_up_for_plants_nothing():
    assert JsonSchema(json.dumps({"not": {}})).planted(Reply("")) == ()
    itself = {"type": "object", "required": ["a", "b"], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}
    assert JsonSchema(json.dumps(itself)).planted(Reply("")) == ()
