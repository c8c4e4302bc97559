"""Whatever a file holds, loading answers with problems or with a suite, and with nothing else."""

import contextlib
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rebaseline.domain.canonical import canonical_json
from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load import load_suite, parse_project, parse_suite, parse_yaml
from rebaseline.load.tables import parse_table

NAMES = """suite probes assertions defaults vars consumer id version kind owner layers user turns assistant tools
parameters samples tags adversarial fields each claim check bar at_least never no_worse ceiling on controls passes fails
given live expected alive_if rate contains lacks not all_of seed name result text stop tool_calls system functional p t
a cases.csv {{ {{x}} {{id}} fence undone"""
WORDS = st.sampled_from(NAMES.split())
SCALARS = st.one_of(WORDS, st.none(), st.booleans(), st.integers(-2, 70), st.floats(), st.text(max_size=8))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=25
)
SOUND = {
    "suite": {"id": "s", "version": 1, "kind": "functional", "owner": "me"},
    "probes": [{"id": "p", "user": "hi", "tags": ["t"]}, {"each": "cases.csv", "user": "{{ text }}"}],
    "assertions": [{"id": "a", "claim": "c", "check": {"contains": "x"}, "on": "t"}],
}
TABLE = parse_table("id,text\nq,x\n", shown="cases.csv")
MARKS = """a suite probes :_ -_ ?_ __ ,_ &x_ *x !t_ --- ... << [ ] { } ' " | > % # 1 ~ @ \\"""
PIECES = [mark.replace("_", " ") for mark in MARKS.split()] + [*"\t\n\x07\x85é\u2028\ufeff", "%YAML 1.1\n"]
YAML_TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def read(text, grammar):
    with contextlib.suppress(SuiteErrors):
        return parse_suite(parse_yaml(text, shown="s.yaml"), grammar, shown="s.yaml", tables={"cases.csv": TABLE})
    return None


@given(st.one_of(YAML_TEXT, st.text()))
@settings(max_examples=600, deadline=None)
@example("? - a\n  - b\n: c")
@example("%TAG ! tag:x,2000:\n--- !a b")
@example("a: &a [*a]")
def test_any_text_at_all(grammar, text):
    read(text, grammar)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_any_values_at_all(grammar, value):
    read(json.dumps(value), grammar)


def _places(value, place=()):
    yield place
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _places(child, (*place, key))


def _put(value, place, new):
    if not place:
        return new
    head, *rest = place
    if isinstance(value, dict):
        return {**value, head: _put(value[head], rest, new)}
    return [_put(child, rest, new) if index == head else child for index, child in enumerate(value)]


@given(st.sampled_from(list(_places(SOUND))[1:]), VALUES)
@settings(max_examples=800, deadline=None)
def test_a_sound_suite_with_one_place_changed(grammar, place, value):
    loaded = read(json.dumps(_put(SOUND, place, value)), grammar)
    if loaded is not None:
        canonical_json([dict(probe.parameters) for probe in loaded.suite.probes])  # what loads can be stored
        assert all(probe.samples >= 1 and probe.turns and probe.fingerprint for probe in loaded.suite.probes)
        assert loaded.suite.assertions


def test_the_sound_suite_is_sound(grammar):
    assert read(json.dumps(SOUND), grammar) is not None


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all(grammar, tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(raw)
    with contextlib.suppress(SuiteErrors):
        load_suite(path, grammar)


@given(st.text(alphabet=st.sampled_from('a,b";\n\r{}[]:1\\ud8\x00\u2028\ufeff '), max_size=60))
@settings(max_examples=500, deadline=None)
@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl"])
def test_any_table_at_all(name, text):
    table = parse_table(text, shown=name)
    assert table.rows or table.problems
    canonical_json([dict(row.cells) for row in table.rows]).encode()


@given(st.text(alphabet=st.sampled_from("[]system.targets=name\"'{}#\n 1-:\\"), max_size=80))
@settings(max_examples=400, deadline=None)
def test_any_project_at_all(tmp_path_factory, text):
    with contextlib.suppress(ConfigurationError):
        parse_project(text, root=tmp_path_factory.getbasetemp())


@given(st.dictionaries(st.sampled_from(["system", "targets", "run", "policy", "paths", "store"]), VALUES))
@settings(max_examples=200, deadline=None)
def test_any_project_values(tmp_path_factory, content):
    lines = [f"{key} = {_toml(value)}" for key, value in content.items()]
    with contextlib.suppress(ConfigurationError):
        parse_project("\n".join(lines), root=tmp_path_factory.getbasetemp())


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value if isinstance(value, str | bool | int) else str(value))
