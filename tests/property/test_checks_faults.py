"""Seeded faults of random specifications: a fault is none where the specification permits it."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rebaseline.assess.reading import ReadingRules, read_reply
from rebaseline.assess.seeding import seed_faults
from rebaseline.checks import Registry, read_refusal
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.reading import Valued

REGISTRY = Registry.builtin()
UNDONE = dict.fromkeys(Form, FormEffect.UNDONE)
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = st.sampled_from(["a", "b", "total"])
SCALARS = st.none() | st.booleans() | st.integers(-99, 9999) | st.sampled_from(["x", "Open", "it's", "1,000", ""])
VALUES = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=2) | st.dictionaries(NAMES, part, max_size=2), max_leaves=5
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
TYPES = st.sampled_from(["object", "array", "string", "number", "boolean", "null"])
SCHEMAS = st.fixed_dictionaries(
    {"type": st.lists(TYPES, min_size=1, max_size=3, unique=True).map(lambda some: sorted({*some, "object"}))},
    optional={
        "properties": st.dictionaries(NAMES, st.fixed_dictionaries({}, optional={"type": TYPES}), max_size=2),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "additionalProperties": st.booleans(),
    },
)
PHRASES = st.sampled_from(
    ["1,000", "1000", "don't", "it's", "ZX-4417", "blue bird", "W", "…", "\u2013", "0", "a", "10,000"]
)
DRESS = st.sampled_from(["{}", "It is {} now", "**{}**", "“{}”", "{}{}", "W {}", "# {}\n- it"])
SHAPES = st.sampled_from([{}, {"pattern": r"(\d{2})"}, {"pattern": r"is (\S+)"}, {"last": True}, {"rel": 0.5}])
SQL = st.sampled_from(["SELECT 1", "SELECT a FROM b -- done", "SELECT a; -- x", "SELECT 'a' /* b */", "DELETE FROM a"])

CASES = st.one_of(
    st.tuples(SCHEMAS.map(lambda schema: {"json_schema": schema}), OBJECTS.map(json.dumps)),
    st.tuples(st.builds(lambda name, there: {"json_path": f"$.{name}", "exists": there}, NAMES, st.booleans()),
              OBJECTS.map(json.dumps)),
    st.builds(lambda name, value: ({"json_path": f"$.{name}", "equals": value}, json.dumps({name: value})),
              NAMES, VALUES),
    st.builds(lambda name, value, rest: ({"json_path": f"$.{name}", "one_of": [value, *rest]},
              json.dumps({name: value})), NAMES, VALUES, st.lists(VALUES, max_size=2)),
    st.builds(lambda value: ({"json": value}, json.dumps(value)), VALUES),
    st.builds(lambda name, phrase, dress: ({name: phrase}, dress.replace("{}", phrase)),
              st.sampled_from(["contains", "starts_with", "equals"]), PHRASES, DRESS),
    st.builds(lambda phrase, dress: ({"lacks": phrase}, dress.replace("{}", "fine")), PHRASES, DRESS),
    st.builds(lambda shape, n: ({"number": n, **shape}, f"is {n}" if "pattern" in shape else f"{n}"),
              SHAPES, st.integers(10, 99)),
    SQL.map(lambda text: ({"parses": "sql"}, text)),
    st.sampled_from(["a: 1 # x", "- 'a'", "a: |\n  b"]).map(lambda text: ({"parses": "yaml"}, text)),
    st.sampled_from(["x = 1  # y", "f('''a''')"]).map(lambda text: ({"parses": "python"}, text)),
    st.sampled_from([r"^\s*$|x", r"^[^!]*$", r".{1,40}", "x"]).map(lambda each: ({"matches": each, "full": True}, "x")),
)  # fmt: skip


@QUICK
@given(CASES, st.sampled_from([{}, UNDONE]))
def test_every_offered_fault_is_caught_and_every_sound_control_has_one(case, consumer):
    raw, text = case
    node = REGISTRY.compile(REGISTRY.parse(raw), {})
    rules = ReadingRules(consumer=consumer)
    reading = read_reply(node, Reply(text), rules, read_refusal)
    assume(isinstance(reading, Valued) and reading.value == 1.0)
    faults = seed_faults(node, Reply(text), rules, read_refusal)
    assert faults
    assert [fault.name for fault in faults if not fault.caught] == []


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"json_path": "$.error", "exists": False}, '{"b": 1}'),
        ({"json_path": "$.a.error", "exists": False}, "{}"),
        ({"json_path": "$.a", "equals": None}, '{"a": null}'),
        ({"json_path": "$.a", "one_of": ["x", None]}, '{"a": "x"}'),
        ({"json_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}, '{"a": "x"}'),
        ({"json_schema": {"type": ["object", "array"]}}, '{"a": "x"}'),
        ({"contains": "1000"}, "It is 1,000 euros"),
        ({"contains": "don't"}, "I don\u2019t know"),
        ({"parses": "sql"}, "SELECT a FROM b -- done"),
        ({"number": 42, "pattern": r"(\d{2})"}, "total 42"),
        ({"matches": r"^[^!]*$"}, "calm"),
    ],
)
@pytest.mark.parametrize("consumer", [{}, UNDONE])
def test_what_a_sound_suite_says_is_shown_able_to_fail(raw, text, consumer):
    node = REGISTRY.compile(REGISTRY.parse(raw), {})
    faults = seed_faults(node, Reply(text), ReadingRules(consumer=consumer), read_refusal)
    assert all(fault.caught for fault in faults)
    assert any(fault.failed for fault in faults)
