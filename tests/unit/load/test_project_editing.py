"""Edits of the project file: what an edit is about changes, and every other byte stays."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.errors import SuiteErrors, UsageError
from rebaseline.load.project import parse_project
from rebaseline.load.project_editing import edit_project

ROOT = Path(__file__).parents[3]
PROJECT = """\
# Claims.
[system]
name = "claims"   # as in the register

[targets.one]
type = "openai"  # the vendor's own
model = 'm'
parameters = {max_tokens = 50, temperature = 0.0 }  # short

# The second.
[targets.two]
type = "recorded"

[targets.two.parameters]
max_tokens = 50   # words
stop = [
  "a", # first
  "b"  # last
]

# Runs.
[run]
max_usd = 1.5
"""
ONE, TWO = ("targets", "one", "parameters"), ("targets", "two", "parameters")


def edited(text, *edits):
    return edit_project(text, edits, shown="rebaseline.toml")


def changed(text, *edits):
    """Return the lines that edits take out and put in."""
    lines = difflib.unified_diff(text.splitlines(), edited(text, *edits).splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Put((*ONE, "max_tokens"), 100),
            [
                "-parameters = {max_tokens = 50, temperature = 0.0 }  # short",
                "+parameters = {max_tokens = 100, temperature = 0.0 }  # short",
            ],
        ),
        (
            Put((*ONE, "seed"), 1),
            [
                "-parameters = {max_tokens = 50, temperature = 0.0 }  # short",
                "+parameters = {max_tokens = 50, temperature = 0.0, seed = 1 }  # short",
            ],
        ),
        (
            Drop((*ONE, "max_tokens")),
            [
                "-parameters = {max_tokens = 50, temperature = 0.0 }  # short",
                "+parameters = {temperature = 0.0 }  # short",
            ],
        ),
        (
            Rename((*ONE, "max_tokens"), "max_completion_tokens"),
            [
                "-parameters = {max_tokens = 50, temperature = 0.0 }  # short",
                "+parameters = {max_completion_tokens = 50, temperature = 0.0 }  # short",
            ],
        ),
        (Put((*TWO, "max_tokens"), 100), ["-max_tokens = 50   # words", "+max_tokens = 100   # words"]),
        (Put((*TWO, "seed"), 1), ["+seed = 1"]),
        (Drop((*TWO, "max_tokens")), ["-max_tokens = 50   # words"]),
        (Rename((*TWO, "max_tokens"), "a b"), ["-max_tokens = 50   # words", '+"a b" = 50   # words']),
        (Put((*TWO, "stop", 2), "c"), ['-  "b"  # last', '+  "b",  # last', '+  "c"']),
        (Put((*TWO, "stop", 0), "A"), ['-  "a", # first', '+  "A", # first']),
        (Drop((*TWO, "stop", 0)), ['-  "a", # first']),
        (Put((*TWO, "stop"), ["b", "c"]), ['-  "a", # first', '-  "b"  # last', '+  "b",', '+  "c",']),
        (
            Rename(("targets", "two"), "second"),
            [
                "-[targets.two]",
                "+[targets.second]",
                "-[targets.two.parameters]",
                "+[targets.second.parameters]",
            ],
        ),
        (Put(("targets", "two", "price"), {"input": 1.0, "output": 2.5}), ["+price = { input = 1.0, output = 2.5 }"]),
        (Put(("targets", "one", "concurrency"), 4), ["+concurrency = 4"]),
        (Put(("targets", "three"), {"type": "recorded"}), ["+[targets.three]", '+type = "recorded"', "+"]),
        (Put(("policy", "mvp", "max_waiver_days"), 30), ["+", "+[policy.mvp]", "+max_waiver_days = 30"]),
    ],
)
def test_only_what_an_edit_is_about_changes(edit, lines):
    assert changed(PROJECT, edit) == lines


def test_a_table_that_is_left_empty_goes_with_its_header_and_the_comment_above_it_stays():
    assert edited(PROJECT, Drop(("run", "max_usd"))) == PROJECT.removesuffix("[run]\nmax_usd = 1.5\n")
    assert "\n\n# Runs.\n[run]" in edited(PROJECT, Drop(TWO))
    assert "[targets.two.parameters]" not in edited(PROJECT, Drop(TWO))


def test_a_table_that_is_set_whole_keeps_the_comments_of_the_keys_that_stay():
    made = edited(PROJECT, Put(TWO, {"max_tokens": 60, "seed": 1}))
    assert "[targets.two.parameters]\nmax_tokens = 60   # words\nseed = 1\n\n# Runs.\n" in made


def test_a_table_that_becomes_a_plain_value_stands_beside_the_other_keys():
    text = '[targets.a]\ntype = "http"\n\n[targets.a.headers]\nx = "1"\n'
    assert edited(text, Put(("targets", "a", "headers"), {})) == '[targets.a]\ntype = "http"\nheaders = {}\n'


def test_entries_of_an_array_of_tables_are_named_by_position():
    text = '[store]\n\n[[store.redact]]\npreset = "iban"\n\n[[store.redact]]\npreset = "card"\n\n[run]\n'
    redact = ("store", "redact")
    assert edited(text, Drop((*redact, 0))) == text.replace('[[store.redact]]\npreset = "iban"\n\n', "")
    assert edited(text, Put((*redact, 1, "with"), "-")) == text.replace('"card"\n', '"card"\nwith = "-"\n')
    third = edited(text, Put((*redact, 2), {"preset": "email"}))
    assert third == text.replace("\n\n[run]", '\n\n[[store.redact]]\npreset = "email"\n\n[run]')


def test_dotted_keys_are_added_to_taken_out_and_renamed_as_they_are_written():
    text = "[run]\na.b = 1  # one\na.c = 2\n"
    assert edited(text, Put(("run", "a", "d"), 3)) == "[run]\na.b = 1  # one\na.c = 2\na.d = 3\n"
    assert edited(text, Drop(("run", "a", "b"))) == "[run]\na.c = 2\n"
    assert edited(text, Rename(("run", "a"), "z")) == "[run]\nz.b = 1  # one\nz.c = 2\n"
    inline = "x = {a.b = 1, a.c = 2, z = 3}\n"
    assert edited(inline, Drop(("x", "a"))) == "x = {z = 3}\n"
    assert edited(inline, Put(("x", "a", "d"), 4)) == "x = {a.b = 1, a.c = 2, a.d = 4, z = 3}\n"
    assert edited(inline, Put(("x", "a"), 5)) == "x = {z = 3, a = 5}\n"


def test_items_of_a_list_are_named_by_their_id():
    text = 'tools = [{ id = "one", n = 1 }, { id = "two", n = 2 }]\n'
    assert edited(text, Put(("tools", "two", "n"), 3)) == text.replace("n = 2", "n = 3")
    assert edited(text, Drop(("tools", "one"))) == 'tools = [{ id = "two", n = 2 }]\n'


@pytest.mark.parametrize(
    ("text", "edit", "made"),
    [
        ("", Put(("run", "max_calls"), 1), "[run]\nmax_calls = 1\n"),
        ("# only a comment", Put(("run", "max_calls"), 1), "# only a comment\n[run]\nmax_calls = 1\n"),
        ("[run]", Put(("run", "max_calls"), 1), "[run]\nmax_calls = 1"),
        ("[run]\na = 1", Drop(("run", "a")), ""),
        ("[run]\na = {}\n", Put(("run", "a", "b"), 1), "[run]\na = { b = 1 }\n"),
        ("[run]\na = [] # none\n", Put(("run", "a", 0), 1), "[run]\na = [1] # none\n"),
        ("[run]\na = [1,]\n", Put(("run", "a", 1), 2), "[run]\na = [1, 2,]\n"),
        ("[run]\na = [1, 2, ]\n", Drop(("run", "a", 1)), "[run]\na = [1, ]\n"),
        ("[run]\na = [1, 2]\n", Drop(("run", "a", 1)), "[run]\na = [1]\n"),
        ("[run]\na = [[1], [2, 3]]\n", Drop(("run", "a", 1, 0)), "[run]\na = [[1], [3]]\n"),
        ("[run]\n", Put(("top",), 1), "top = 1\n[run]\n"),
        ("[ 'a.b' . c ]\n", Put(("a.b", "c", "d"), 1), "[ 'a.b' . c ]\nd = 1\n"),
        ("  [a]\n  b = 1\n", Put(("a", "c"), 2), "  [a]\n  b = 1\n  c = 2\n"),
    ],
)
def test_the_edges_of_texts_and_brackets_are_kept(text, edit, made):
    assert edited(text, edit) == made


@pytest.mark.parametrize(
    "value",
    [
        '"""a\n# no comment ] " """',
        "'''a\n[b]\n'''",
        '"\\" # ]"',
        "1979-05-27 07:32:00",
        "[ # ]\n 1 ]",
        '{ a = "}" }',
        '""""a"""""',
    ],
)
def test_what_looks_like_an_end_inside_of_a_value_is_none(value):
    text = f"[run]\na = {value} # behind\nb = 2\n"
    assert edited(text, Put(("run", "b"), 3)) == text.replace("b = 2", "b = 3")
    assert edited(text, Put(("run", "a"), 3)) == "[run]\na = 3 # behind\nb = 2\n"
    assert edited(text, Drop(("run", "a"))) == "[run]\nb = 2\n"


def test_line_ends_and_the_byte_order_mark_stay():
    text = "\ufeff" + PROJECT.replace("\n", "\r\n")
    made = edited(text, Put(("run", "max_calls"), 5), Drop((*TWO, "stop", 0)), Put(("policy", "mvp", "warn"), ["void"]))
    assert made.startswith("\ufeff#")
    assert made.count("\n") == made.count("\r\n") == PROJECT.count("\n") + 1 - 1 + 3
    assert made.replace("\r\n", "\n") == "\ufeff" + edited(
        PROJECT, Put(("run", "max_calls"), 5), Drop((*TWO, "stop", 0)), Put(("policy", "mvp", "warn"), ["void"])
    )


@pytest.mark.parametrize(
    ("text", "at", "made"),
    [
        ('a = ["x", # why x\n "y", # why y\n]\n', 0, 'a = [ # why x\n "y", # why y\n]\n'),
        ('a = ["x", # why x\n "y"]\n', 1, 'a = ["x" # why x\n ]\n'),
        ('a = ["x", # why x\n "y" # why y\n]\n', 1, 'a = ["x" # why x\n]\n'),
        ('a = ["x",\n # of y\n "y"]\n', 0, 'a = [\n # of y\n "y"]\n'),
        ('a = ["x", "y", # both\n "z"]\n', 1, 'a = ["x", # both\n "z"]\n'),
        ('a = ["x", "y",]\n', 1, 'a = ["x",]\n'),
    ],
)
def test_an_item_that_is_dropped_takes_its_own_comment_at_most(text, at, made):
    assert edited(text, Drop(("a", at))) == made


def test_a_long_list_takes_a_line_an_item_and_a_wide_mapping_a_table_of_its_own():
    phrases = [f"I am not able to do number {number}" for number in range(5)]
    made = edited(PROJECT, Put(("run", "phrases"), phrases), Put(("targets", "one", "headers"), {"x": "y" * 120}))
    assert 'phrases = [\n    "I am not able to do number 0",\n' in made
    assert f'# short\n\n[targets.one.headers]\nx = "{"y" * 120}"\n\n# The second.' in made


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Drop(("run", "max_calls")), "rebaseline.toml: run.max_calls does not stand there"),
        (Rename(("run", "nothing"), "x"), "rebaseline.toml: run.nothing does not stand there"),
        (Rename((*TWO, "max_tokens"), "stop"), "there is a key `stop` beside targets.two.parameters.max_tokens"),
        (Put(("system", "name", "x"), 1), "system.name does not stand there"),
        (Put((*TWO, "stop", 5), "x"), "stop.5 does not stand there"),
        (Put(("run", "max_usd"), None), "rebaseline.toml:23: run.max_usd: TOML has no value for None"),
        (Put(("run", "x"), "\ud800"), "half of a surrogate pair"),
    ],
)
def test_what_cannot_be_edited_is_refused_with_its_place(edit, words):
    with pytest.raises(UsageError) as refused:
        edited(PROJECT, edit)
    assert words in str(refused.value)
    assert refused.value.remedy


def test_an_edit_that_would_touch_something_else_says_what_to_do_by_hand():
    text = "a = [1]\nb = 2\n"
    with pytest.raises(UsageError) as refused:
        edited(text, Put(("b",), float("nan")))  # equal to nothing, so what was written cannot be held against it
    assert refused.value.where == "rebaseline.toml:2"
    assert refused.value.remedy == "edit the file by hand: set b to nan"


@pytest.mark.parametrize("text", ["a = ", "[a\n", "a = 1\na = 2\n", "a = " + "[" * 5000])
def test_a_text_that_is_not_toml_is_refused_before_it_is_edited(text):
    with pytest.raises(SuiteErrors, match=r"rebaseline\.toml: error: this is not TOML"):
        edited(text, Put(("a",), 1))


@pytest.mark.parametrize("depth", range(400, 520, 3))
def test_however_deep_values_stand_the_answer_is_an_edit_or_an_error_of_ours(depth):
    text = f"b = 1\na = {'[' * depth}{']' * depth}\n"
    try:
        made = edited(text, Put(("b",), 2))
    except (UsageError, SuiteErrors) as refused:
        assert "rebaseline.toml" in str(refused)  # noqa: PT017 - either may come, by the depth of the stack
    else:
        assert made == text.replace("b = 1", "b = 2")


def test_the_project_of_this_repository_stays_a_project_with_its_comments():
    text = (ROOT / "rebaseline.toml").read_text(encoding="utf-8")
    name = next(iter(parse_project(text, root=ROOT).targets))
    made = edited(text, Put(("targets", name, "parameters", "max_tokens"), 4096), Put(("run", "max_calls"), 10))
    assert parse_project(made, root=ROOT).run.max_calls == 10
    assert parse_project(made, root=ROOT).targets[name].settings["parameters"]["max_tokens"] == 4096
    assert [line for line in text.splitlines() if line not in made.splitlines()] == []
