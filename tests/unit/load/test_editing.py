"""Edits of suites' files: what an edit is about changes, and every other byte stays."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.errors import SuiteErrors, UsageError
from rebaseline.load.edited_values import edited_value
from rebaseline.load.editing import edit_text
from rebaseline.load.yaml_tree import parse_yaml

ROOT = Path(__file__).parents[3]
SUITES = sorted([*ROOT.glob("probes/*/*.yaml"), *ROOT.glob("tests/real/suites/*/*.yaml")])
SUITE = """\
# Totals of invoices.
suite: {id: totals, version: 7,  kind: functional}   # two blanks stay
defaults:
  parameters: {max_tokens: 50}

probes:
  - {id: one, user: "Say  1"}
assertions:
  # The total.
  - id: total
    claim: The total is right.
    check: {number: 42}      # exact
    bar: {at_least: 0.9}     # of all

  # What is refused.
  - id: declines
    claim: It declines.
    check:
      refuses: true
      phrases: [I cannot, "I'm sorry"]
    bar: {never: {ceiling: 0.05}}
"""


def changed(text, *edits):
    """Return the lines that an edit takes out and puts in."""
    made = edit_text(text, edits, shown="suite.yaml")
    lines = difflib.unified_diff(text.splitlines(), made.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def value_of(text):
    return parse_yaml(text, shown="suite.yaml").value


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Put(("suite", "version"), 8),
            [
                "-suite: {id: totals, version: 7,  kind: functional}   # two blanks stay",
                "+suite: {id: totals, version: 8,  kind: functional}   # two blanks stay",
            ],
        ),
        (Put(("assertions", "total", "consumer", "fence"), "undone"), ["+    consumer: {fence: undone}"]),
        (Put(("assertions", "declines", "means"), "refusal"), ["+    means: refusal"]),
        (
            Put(("assertions", "total", "bar"), {"at_least": 0.8}),
            ["-    bar: {at_least: 0.9}     # of all", "+    bar: {at_least: 0.8}     # of all"],
        ),
        (
            Put(("assertions", "declines", "check", "phrases"), ["I cannot", "Sorry, but"]),
            ['-      phrases: [I cannot, "I\'m sorry"]', '+      phrases: [I cannot, "Sorry, but"]'],
        ),
        (
            Put(("assertions", "declines", "check"), {"refuses": True}),
            [
                "-    check:",
                "-      refuses: true",
                '-      phrases: [I cannot, "I\'m sorry"]',
                "+    check: {refuses: true}",
            ],
        ),
        (
            Put(("assertions", "total", "check", "tolerant"), ["fence", "case"]),
            ["-    check: {number: 42}      # exact", "+    check: {number: 42, tolerant: [fence, case]}      # exact"],
        ),
        (Drop(("assertions", "total", "bar")), ["-    bar: {at_least: 0.9}     # of all"]),
        (Drop(("defaults", "parameters", "max_tokens")), ["-defaults:", "-  parameters: {max_tokens: 50}"]),
        (
            Drop(("assertions", "total", "id")),
            ["-  - id: total", "-    claim: The total is right.", "+  - claim: The total is right."],
        ),
        (
            Rename(("defaults", "parameters", "max_tokens"), "max_completion_tokens"),
            ["-  parameters: {max_tokens: 50}", "+  parameters: {max_completion_tokens: 50}"],
        ),
        (
            Put(("assertions", 2), {"id": "new", "claim": "It: says so.", "check": {"lacks": "no"}}),
            ["+  - id: new", '+    claim: "It: says so."', "+    check: {lacks: no}"],
        ),
        (Put(("probes", 1), {"id": "two", "user": "2"}), ["+  - id: two", '+    user: "2"']),
    ],
)
def test_a_diff_shows_the_meaning_and_no_more(edit, lines):
    assert changed(SUITE, edit) == lines


def test_a_key_is_added_before_the_comment_that_belongs_to_the_next_item():
    made = edit_text(SUITE, [Put(("assertions", "total", "owner"), "payments")], shown="suite.yaml")
    assert "    bar: {at_least: 0.9}     # of all\n    owner: payments\n\n  # What is refused.\n" in made


def test_a_long_list_stands_one_item_a_line():
    phrases = [f"I am afraid that I cannot help with number {n}" for n in range(4)]
    made = edit_text(SUITE, [Put(("assertions", "total", "phrases"), phrases)], shown="suite.yaml")
    assert f"    phrases:\n      - {phrases[0]}\n      - {phrases[1]}\n" in made


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_byte_order_mark_and_a_missing_last_line_end_stay(end, mark, last):
    text = mark + (SUITE if last else SUITE.rstrip("\n")).replace("\n", end)
    edits = [Put(("assertions", "declines", "owner"), "risk"), Put(("assertions", "total", "owner"), "risk")]
    made = edit_text(text, edits, shown="suite.yaml")
    assert made.startswith(mark + "# Totals")
    assert made.count("\n") == text.count("\n") + 2
    assert made.count("\r\n") == (made.count("\n") if end == "\r\n" else 0)
    assert made.endswith(end) is (last and True)


FLOW_MAP = """\
check: { # of all
  a: 1, # why a
  # above b
  b: [2], # why b
  c: 3COMMA # why c
  # below
}
"""
FLOW_LIST = """\
check: [ # of all
  {id: a}, # why a
  # above b
  {id: b}, # why b
  {id: c}COMMA # why c
  # below
]
"""


@pytest.mark.parametrize("comma", ["", ","])
@pytest.mark.parametrize("written", [FLOW_MAP, FLOW_LIST])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_of_brackets_over_several_lines_one_line_goes_and_no_comment_of_a_neighbour(written, comma, end, name):
    text = written.replace("COMMA", comma).replace("\n", end)
    made = edit_text(text, [Drop(("check", name))], shown="suite.yaml")
    lines = [line for line in text.splitlines() if f"why {name}" not in line]
    if name == "c" and not comma:
        lines = [line.replace(", # why b", " # why b") for line in lines]
    assert made == end.join([*lines, ""])


@pytest.mark.parametrize(
    ("text", "place", "made"),
    [
        ("{a: 1, # why a\n b: 2, # why b\n}\n", ("a",), "{b: 2, # why b\n}\n"),
        ("{a: 1, # why a\n b: 2, # why b\n}\n", ("b",), "{a: 1, # why a\n}\n"),
        ("{a: 1, # why a\n b: 2 # why b\n}\n", ("b",), "{a: 1 # why a\n}\n"),
        ("{a: 1, # why a\n b: 2}\n", ("b",), "{a: 1 # why a\n }\n"),
        ("{a: 1, b: 2, # both\n c: 3}\n", ("b",), "{a: 1, # both\n c: 3}\n"),
        ("{a: 1, b: 2, # both\n c: 3}\n", ("a",), "{b: 2, # both\n c: 3}\n"),
        ("{a: 1, b: 2 # both\n}\n", ("b",), "{a: 1 # both\n}\n"),
        ("{a: 1 # why a\n , b: 2}\n", ("a",), "{ # why a\n  b: 2}\n"),
        ("{a: 1 # why a\n , b: 2}\n", ("b",), "{a: 1 # why a\n  }\n"),
        ("{\n  a: 1 # why a\n  # of b\n  , b: 2}\n", ("a",), "{\n   # why a\n  # of b\n   b: 2}\n"),
        ("x: {a: 1, # of x\n b: 2}\n", ("x", "a"), "x: { # of x\n b: 2}\n"),
        ("x: {a: 1, b: 2,}\n", ("x", "b"), "x: {a: 1,}\n"),
        ("{a: 1, # why a\n}\n", ("a",), "{ # why a\n}\n"),
        ("{a: 1,}\n", ("a",), "{}\n"),
        ("x: 1\ny: {a: 1, # why a\n}\n", ("y", "a"), "x: 1\n"),
        ("[1, # one\n # of two\n 2]\n", (0,), "[ # one\n # of two\n 2]\n"),
        ("- a: 1 # why a\n  # of b\n  b: 2\n", (0, "a"), "-\n  # of b\n  b: 2\n"),
        ("- a: 1 # why a\n  b: 2\n", (0, "a"), "- b: 2\n"),
        ("- - 1\n  - 2\n- 3\n", (0, 0), "- - 2\n- 3\n"),
        ("- # a - b\n  x: 1\n- y\n", (0,), "- y\n"),
        ("a: # no: why\n  b: 1\nc: 2\n", ("a",), "c: 2\n"),
    ],
)
def test_what_is_dropped_takes_its_own_comment_at_most(text, place, made):
    assert edit_text(text, [Drop(place)], shown="suite.yaml") == made


@pytest.mark.parametrize(
    ("text", "edit", "made"),
    [
        ("a: # why a\n  b: 1\n  c: 2 # of c\n", Put(("a",), 3), "a: 3 # why a\n"),
        ("a: # why: a\n  - 1\nb: 2\n", Put(("a",), [3]), "a: [3] # why: a\nb: 2\n"),
        ("a: {} # why\n", Put(("a", "b"), 1), "a: {b: 1} # why\n"),
        ("a: { # why\n}\n", Put(("a", "b"), 1), "a: {b: 1 # why\n}\n"),
        ("a: {b: 1, # why b\n}\n", Put(("a", "c"), 2), "a: {b: 1, c: 2, # why b\n}\n"),
        ("? a # x: y\n: 1\n", Put(("a",), 2), "? a # x: y\n: 2\n"),
        ("? a\n: - 1\n  - 2\n", Put(("a",), 2), "? a\n: 2\n"),
        ("? a\n: 1\n? b\n: 2\n", Drop(("b",)), "? a\n: 1\n"),
        ("? a\n: 1\n? b\n: 2\n", Drop(("a",)), "? b\n: 2\n"),
        ("? a\n:\n? b\n", Put(("a",), 1), "? a\n: 1\n? b\n"),
        ("? a\n:\n? b\n", Drop(("b",)), "? a\n:\n"),
        ("? a\n: 1\n", Put(("b",), 2), "? a\n: 1\nb: 2\n"),
        ("? a\n: 1\n", Rename(("a",), "b"), "? b\n: 1\n"),
        ("x: {? a : 1, b: 2}\n", Drop(("x", "a")), "x: {b: 2}\n"),
        ("- ? a\n  : 1\n  ? b\n  : 2\n", Drop((0, "a")), "- ? b\n  : 2\n"),
        ("&k a: 1\nb: 2\n", Rename(("a",), "c"), "&k c: 1\nb: 2\n"),
        ("a: &x 1\nb: &x 2\nc: *x\n", Put(("c",), 3), "a: &x 1\nb: &x 2\nc: 3\n"),
        ("a: &x {y: 1}\nb: &x {y: 2}\nc: *x\n", Put(("a", "y"), 3), "a: {y: 3}\nb: &x {y: 2}\nc: *x\n"),
        ("a: &x {y: 1}\nb: *x\nc: &x {y: 2}\n", Put(("b", "z"), 3), "a: &x {y: 1}\nb: {y: 1, z: 3}\nc: &x {y: 2}\n"),
    ],
)
def test_signs_and_names_are_told_from_comments_and_from_others_of_the_same_name(text, edit, made):
    assert edit_text(text, [edit], shown="suite.yaml") == made


@pytest.mark.parametrize(
    ("text", "edit", "remedy"),
    [
        ("? a\n? b\n", Put(("a",), 1), "suite.yaml:1: a cannot be edited .*by hand: set a to 1"),
        ("x: 1\ny: [a: 1, b]\n", Put(("y", 0, "c"), 2), "suite.yaml:2: y.0.c cannot be .*by hand: set y.0.c to 2"),
        ("&k x: 1\ny: *k\n", Put(("y",), 2), "suite.yaml:2: y cannot be edited .*by hand: set y to 2"),
        ("x: 1\n", Drop(("x",)), "suite.yaml:1: x cannot be edited .*by hand: take out x"),
    ],
)
def test_what_the_text_does_not_allow_is_refused_with_its_line_and_what_to_do(text, edit, remedy):
    with pytest.raises(UsageError, match=f"(?s){remedy}"):
        edit_text(text, [edit], shown="suite.yaml")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, [object()]])
def test_a_value_that_yaml_has_not_is_refused(value):
    with pytest.raises(UsageError, match=r"(?s)suite\.yaml:2: suite\.version: .*give a value that YAML has"):
        edit_text(SUITE, [Put(("suite", "version"), value)], shown="suite.yaml")


def test_a_value_that_is_too_deep_is_refused():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(UsageError, match="too deep"):
        edit_text(SUITE, [Put(("suite", "version"), value)], shown="suite.yaml")


SHARED = """\
a: &rule {yes_no: "yes", brackets: true}   # the rule
b: *rule
c: {deep: *rule}
d: &block
  x: 1
  y: [1, 2]
e: *block
"""


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (Drop(("b", "brackets")), {"b": {"yes_no": "yes"}}),
        (Drop(("a", "brackets")), {"a": {"yes_no": "yes"}}),
        (Put(("c", "deep", "last"), value=True), {"c": {"deep": {"yes_no": "yes", "brackets": True, "last": True}}}),
        (Put(("d", "y", 2), 3), {"d": {"x": 1, "y": [1, 2, 3]}}),
        (Put(("e", "x"), 2), {"e": {"x": 2, "y": [1, 2]}}),
    ],
)
def test_what_is_shared_stays_as_it_was_for_the_others(edit, after):
    made = edit_text(SHARED, [edit], shown="suite.yaml")
    assert value_of(made) == {**value_of(SHARED), **after}
    assert "# the rule" in made


@pytest.mark.parametrize(
    "edit",
    [
        Drop(("assertions", "gone")),
        Drop(("assertions", "total", "means")),
        Put(("assertions", 9), {"id": "x"}),
        Put(("suite", "version", "deeper"), 1),
        Rename(("suite", "nothing"), "something"),
    ],
)
def test_a_place_that_is_not_there_is_named(edit):
    with pytest.raises(UsageError, match=r"suite\.yaml: .* does not stand there"):
        edit_text(SUITE, [edit], shown="suite.yaml")


def test_a_key_is_not_renamed_onto_another():
    with pytest.raises(UsageError, match="there is a key `version`"):
        edit_text(SUITE, [Rename(("suite", "id"), "version")], shown="suite.yaml")


def test_what_is_not_yaml_is_refused_with_its_line():
    with pytest.raises(SuiteErrors) as refused:
        edit_text("suite: {id: a\nprobes: ]", [Put(("suite", "version"), 2)], shown="suite.yaml")
    assert refused.value.problems[0].line == 2


def test_a_tab_behind_a_value_is_refused_with_its_line():
    with pytest.raises(SuiteErrors) as refused:
        edit_text("a: 1\nb: 2\t# why\n", [Put(("a",), 2)], shown="suite.yaml")
    assert refused.value.problems[0].line == 2


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.parent.name)
def test_in_every_suite_of_ours_every_assertion_can_be_edited(path):
    text = path.read_text(encoding="utf-8")
    for assertion in value_of(text)["assertions"]:
        name = assertion["id"]
        edits = [
            Put(("suite", "version"), 99),
            Put(("assertions", name, "consumer", "fence"), "undone"),
            *(
                [Put(("assertions", name, "check", "tolerant"), ["fence"])]
                if isinstance(assertion["check"], dict)
                else []
            ),
            Put(("assertions", name, "retired"), {"reason": "x", "on": "2026-11-26"}),
            *([Drop(("assertions", name, "bar"))] if "bar" in assertion else []),
            *(
                [Drop(("assertions", name, "controls", "passes", 0))]
                if assertion.get("controls", {}).get("passes")
                else []
            ),
        ]
        made = edit_text(text, edits, shown=path.name)
        comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
        assert [line.strip() for line in made.splitlines() if line.strip().startswith("#")] == comments


words = st.one_of(
    st.sampled_from(
        [
            "yes",
            "no",
            "null",
            "1.0",
            "0x1f",
            "~",
            "",
            " a ",
            "a: b",
            "# c",
            "{{ x }}",
            "- d",
            "*e",
            "it's",
            "\\d",
            "é\u2028",
        ]
    ),
    st.text(max_size=8).filter(lambda text: not any("\ud800" <= mark <= "\udfff" for mark in text)),
)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(words.filter(lambda key: key != "<<"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    value=plain,
    place=st.sampled_from(
        [
            ("suite", "id"),
            ("assertions", "total", "claim"),
            ("assertions", "declines", "x", "y"),
            ("assertions", 2),
            ("new",),
        ]
    ),
)
def test_any_value_is_read_back_as_it_was_put(value, place):
    made = edit_text(SUITE, [Put(place, value)], shown="suite.yaml")
    assert value_of(made) == edited_value(value_of(SUITE), Put(place, value))
