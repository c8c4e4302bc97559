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
