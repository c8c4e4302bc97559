"""YAML 1.2, plain values, bounded; each key knows its line."""

import time

import pytest

from rebaseline.errors import SuiteErrors
from rebaseline.load.yaml_scalar import parse_scalar
from rebaseline.load.yaml_tree import parse_yaml


def tree(text):
    return parse_yaml(text, shown="s.yaml")


def refusal(text):
    with pytest.raises(SuiteErrors) as caught:
        tree(text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.level) == ("s.yaml", "error")
    return problem.line, str(problem)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1:30", "1:30"),
        ("2026-11-22", "2026-11-22"),
        ("0b1", "0b1"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_plain_scalars(text, value):
    read = parse_scalar(text, plain=True)
    assert (read, type(read)) == (value, type(value))
    assert parse_scalar(text, plain=False) == text


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "1" * 5000])
def test_numbers_that_json_cannot_carry(text):
    with pytest.raises(ValueError, match=r"number|digits"):
        parse_scalar(text, plain=True)
    assert refusal(f"a: 1\nb: {text}\n")[0] == 2


def test_values_of_all_kinds():
    text = "a: [1, 'two', \"th\\u0072ee\"]\nb:\n  c: |\n    x\n    y\n  d: >-\n    x\n    y\n1: e\ntrue: f\n"
    assert tree(text).value == {
        "a": [1, "two", "three"],
        "b": {"c": "x\ny\n", "d": "x y"},
        "1": "e",
        "true": "f",
    }


def test_lines():
    node = tree("# c\na: 1\nb:\n  - x\n  -\n    c: |\n      text\n    d:\n      1\n")
    places = {("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 6, ("b", 1, "c"): 6, ("b", 1, "d"): 8}
    assert {loc: node.line_of(loc) for loc in places} == places


def test_a_place_that_is_missing_is_that_of_its_parent():
    node = tree("a: 1\nb:\n  c: 2\n")
    assert node.line_of(("b", "nothing")) == 2
    assert node.line_of(("b", "ModelName", "c")) == 3
    assert node.line_of(()) == 1


def test_aliases_stand_for_their_anchors():
    node = tree("a: &x {n: 1}\nb: *x\nc: [*x]\nd: &y 5\ne: *y\n")
    assert node.value == {"a": {"n": 1}, "b": {"n": 1}, "c": [{"n": 1}], "d": 5, "e": 5}
    assert node.line_of(("b",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "the file is empty"),
        ("# only\n", 0, "the file is empty"),
        ("a: 1\n  b: 2\n", 2, "this is not YAML"),
        ("a: [1\nb: 2\n", 2, "this is not YAML"),
        ("a: 'x\n", 2, "this is not YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key `a` is written twice (first on line 1)"),
        ("a: 1\n'a': 3\n", 2, "the key `a` is written twice"),
        ("a: !!python/object/apply:os.system [x]\n", 1, "the tag `tag:yaml.org,2002:python/object/apply:os.system`"),
        ("a: 1\nb: !x {}\n", 2, "the tag `!x` is not allowed"),
        ("a: !!str 3\n", 1, "is not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins"),
        ("a: *x\n", 1, "the alias `*x` names no earlier anchor"),
        ("a: &x [*x]\n", 1, "the alias `*x` names no earlier anchor"),
        ("? {a: 1}\n: 2\n", 1, "a list or mapping cannot be a key"),
        ("? [a]\n: 2\n", 1, "a list or mapping cannot be a key"),
        ("a: &x b\n*x : 2\n", 2, "an alias cannot be a key"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge keys"),
        ('a: "\\ud800"\n', 1, "half of a surrogate pair"),
        ("a: " + "[" * 60 + "]" * 60, 1, "nested more than 50 deep"),
    ],
)
def test_what_a_suite_may_not_hold(text, line, said):
    found, message = refusal(text)
    assert found == line
    assert said in message


def test_an_alias_bomb_is_refused_before_it_unfolds():
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    began = time.perf_counter()
    line, message = refusal("\n".join(layers))
    assert time.perf_counter() - began < 5
    assert line == 6
    assert "more than 200,000 values" in message


def test_depth_by_aliases_is_bounded():
    layers = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 3000)]
    assert "nested more than 50 deep" in refusal("\n".join(layers))[1]
