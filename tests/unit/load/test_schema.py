"""The schema for editors says what the loader says."""

import importlib.util
from pathlib import Path

import jsonschema
import pytest

import rebaseline.load
from rebaseline.load import render_schema, suite_schema
from rebaseline.load.schema import SCHEMA_FILE
from rebaseline.load.yaml_tree import parse_yaml

COPY = Path(rebaseline.load.__file__).parent / "schemas" / SCHEMA_FILE

GOOD = """\
suite: {id: s, version: 1, kind: functional, owner: me}
probes:
  - {id: p, user: hi}
  - {each: cases.csv, user: hi, adversarial: "{{ bad }}"}
assertions:
  - {id: a, claim: c, check: {contains: x}, bar: never, controls: {passes: [x, {text: x}]}}
  - {id: b, claim: c, check: {contains: x}, bar: {never: {ceiling: 0.1}}, alive_if: {on: t, check: {contains: y}}}
"""


def errors(text, grammar):
    validator = jsonschema.Draft202012Validator(suite_schema(grammar))
    return [error.json_path for error in validator.iter_errors(parse_yaml(text, shown="s").value)]


def test_it_is_a_schema_and_takes_what_loads(grammar):
    jsonschema.Draft202012Validator.check_schema(suite_schema(grammar))
    assert errors(GOOD, grammar) == []
    assert errors(GOOD.replace("probes:\n  - {id: p, user: hi}\n  - {each", "probes:\n  {each"), grammar) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("version: 1", "version: 0", "$.suite.version"),
        ("claim: c, check: {contains: x}, bar: never", "claim: c, check: {contans: x}", "$.assertions[0].check"),
        ("check: {contains: y}", "check: {contans: y}", "$.assertions[1]"),
        ("bar: never", "bar: sometimes", "$.assertions[0]"),
        ("bar: never", "bars: never", "$.assertions[0]"),
    ],
)
def test_it_refuses_what_does_not_load(grammar, old, new, where):
    assert any(path.startswith(where) for path in errors(GOOD.replace(old, new, 1), grammar))


def test_no_mark_is_left(grammar):
    assert "filled in by the registry" not in render_schema(grammar)


def test_the_committed_copy_is_the_one_that_the_registry_gives():
    if importlib.util.find_spec("rebaseline.checks.registry") is None or not COPY.is_file():
        pytest.skip("the copy is made once the registry is whole")
    from rebaseline.checks.registry import Registry  # noqa: PLC0415 - only where it exists

    assert COPY.read_text(encoding="utf-8") == render_schema(Registry.builtin())
