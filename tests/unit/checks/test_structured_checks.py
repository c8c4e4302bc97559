import subprocess
import sys

import pytest


def test_json_value_minds_types_and_key_order(reader):
    check = reader({"json": {"a": 1, "b": [True, None]}})
    assert check.both('{"a": 1.0, "b": [true, null]}') == (1.0, 1.0)
    assert check.both('{"b": [true, null], "a": 1}') == (0.0, 1.0)
    assert check.both('```json\n{"a": 1, "b": [true, null]}\n```') == (0.0, 1.0)
    assert check.both('{"a": true, "b": [true, null]}') == (0.0, 0.0)
    assert check.both('{"a": 1, "b": [1, null]}') == (0.0, 0.0)
    assert check.both("prose") == (0.0, 0.0)


def test_json_in_prose_is_taken_only_where_it_is_alone(reader):
    check = reader({"json_path": "$.total", "number": 42})
    assert check.both('Here it is: {"total": 42} as asked.') == (None, 1.0)
    assert check.both('{"total": 42} or {"total": 43}') == (None, None)
    assert check.both('See [1]: {"total": 42}') == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        '```JSON\n{"total": 42}```',
        '```json\n{\n  "total": 42\n}```\n',
        '```JSON {"total": 42}```',
        'Here:\n```json\n{"total": 42}```\nAs asked.',
        '~~~\n{"total": 42}~~~',
    ],
)
def test_a_fence_that_closes_on_its_last_line_is_a_fence(reader, text):
    assert reader({"json_path": "$.total", "number": 42}).both(text) == (None, 1.0)


def test_two_fences_that_close_on_their_last_lines_are_two(reader):
    text = '```json\n{"total": 42}```\nor\n```json\n{"total": 43}```'
    assert reader({"json_path": "$.total", "number": 42}).both(text) == (None, None)


def test_a_percentage_in_json_is_a_form_of_a_share(reader):
    check = reader({"json_path": "$.share", "number": 0.42})
    assert check.both('{"share": "42%"}') == (0.0, 1.0)
    assert check.both('{"share": "43%"}') == (0.0, 0.0)
    assert check.both('{"share": 42}') == (0.0, 0.0)


def test_json_path_number(reader):
    check = reader({"json_path": "$.total", "number": "{{ reference }}"}, {"reference": "42"})
    assert check.both('{"total": 42}') == (1.0, 1.0)
    assert check.both('{"total": "42"}') == (0.0, 1.0)
    assert check.both('{"total": "$42.00"}') == (0.0, 1.0)
    assert check.both('{"total": 41}') == (0.0, 0.0)
    assert check.both('{"sum": 42}') == (0.0, 0.0)
    assert check.both('{"total": true}') == (0.0, 0.0)
    assert check.both("The total is 42") == (None, None)
    assert check.both('```json\n{"total": 42}\n```') == (None, 1.0)


def test_json_path_tolerances_belong_to_numbers(reader):
    assert reader({"json_path": "$.t", "number": 100, "abs": 1}).both('{"t": 101}') == (1.0, 1.0)


def test_json_path_equals_one_of_exists(reader):
    assert reader({"json_path": "$.s", "equals": "Open"}).both('{"s": "open"}') == (0.0, 1.0)
    assert reader({"json_path": "$.n", "equals": 1}).both('{"n": true}') == (0.0, 0.0)
    assert reader({"json_path": "$[*].s", "one_of": ["a", "b"]}).both('[{"s": "a"}, {"s": "c"}]') == (0.0, 0.0)
    assert reader({"json_path": "$.s"}).both('{"s": null}') == (1.0, 1.0)
    assert reader({"json_path": "$.s", "exists": False}).both('{"s": null}') == (0.0, 0.0)


@pytest.mark.parametrize(
    "text", ['{"total": 1e400}', '{"total": ' + "9" * 5000 + "}", "NaN", '{"total": NaN}', "[" * 100_000]
)
def test_numbers_out_of_range_and_deep_nesting_are_unreadable(reader, text):
    assert reader({"json_path": "$.total", "number": 42}).both(text) == (None, None)


def test_patterns_in_a_path_run_in_linear_time_even_where_the_reply_brings_them(reader):
    check = reader({"json_path": "$[?search(@.a, @.b)].a"})
    assert check.strict('[{"a": "xay", "b": "a+y"}]') == 1.0
    assert check.strict('[{"a": "xay", "b": "(?=a)"}]') == 0.0
    assert check.strict('[{"a": "' + "a" * 20_000 + '!", "b": "(a|aa)+b"}]') == 0.0
    assert reader({"json_path": "$[?match(@.a, 'a+')]"}).strict('[{"a": "aab"}]') == 0.0


def test_json_schema(reader):
    check = reader({"json_schema": {"type": "object", "required": ["a"], "properties": {"a": {"pattern": "^x+$"}}}})
    assert check.both('{"a": "xx"}') == (1.0, 1.0)
    assert check.both('{"a": "xy"}') == (0.0, 0.0)
    assert check.both('```\n{"a": "xx"}\n```') == (0.0, 1.0)
    assert check.both("prose") == (0.0, 0.0)


def test_json_schema_patterns_and_unique_items_stay_linear(reader):
    check = reader({"json_schema": {"uniqueItems": True, "items": {"pattern": "^(a+)+$"}}})
    assert check.strict('["' + "a" * 5000 + '!"]') == 0.0
    assert check.strict("[" + ",".join(f'{{"a": {n}}}' for n in range(20_000)) + "]") == 1.0
    assert check.strict("[1, 1.5, 1]") == 0.0


def test_json_schema_that_refers_to_itself_is_unreadable_and_no_crash(reader):
    check = reader({"json_schema": {"$ref": "#"}})
    assert check.strict("{}") is None


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("python", "def f():\n    return 1", "def f(:"),
        ("python", "return x + 1", "Here is the code you asked for"),
        ("python", "x = 1", "Yes"),
        ("python", "print('\\d')", "# nothing"),
        ("json", "[1]", "[1,]"),
        ("json", "null", "Null"),
        ("yaml", "a: [1, 2]", "a: [1, 2"),
        ("yaml", "- a", "Hello there"),
        ("yaml", "a:", "Here you go:"),
        ("sql", "SELECT a FROM b WHERE c = 1", "Hello there"),
        ("sql", "INSERT INTO a VALUES (1); DELETE FROM a", "SELECT FROM WHERE ("),
    ],
)
def test_parses(reader, language, good, bad):
    check = reader({"parses": language})
    assert check.both(good) == (1.0, 1.0)
    assert check.both(f"```{language}\n{good}\n```") == (0.0, 1.0)
    assert check.both(f"Sure:\n```{language}\n{good}\n```\nBye")[1] == 1.0
    assert check.both(bad) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("python", "Here's the code:\n\nx = f(1)", 1.0),
        ("python", "x = f(1)\n\nI hope this helps!", 1.0),
        ("sql", "Here you go:\n\nSELECT a FROM b", 1.0),
        ("yaml", "a: 1\n- b\n", 0.0),
        ("python", "x = (\nresult = f(1)", 0.0),  # a name is no label
    ],
)
def test_announced_source_without_a_fence(reader, language, text, value):
    assert reader({"parses": language}).both(text) == (0.0, value)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM b; -- done",
        "-- first\nSELECT a FROM b;\n/* done */",
        "BEGIN; UPDATE a SET b = 1 WHERE c = ';'; COMMIT;",
        "begin transaction;\ninsert into a values (1);\nrollback;",
        "START TRANSACTION READ ONLY; SELECT 1; COMMIT",
        "COMMIT;",
        "EXPLAIN SELECT a FROM b",
        "explain analyze select a from b",
        "EXPLAIN (ANALYZE, BUFFERS) SELECT a FROM b;",
        "SHOW TABLES",
        "SHOW FULL COLUMNS FROM a LIKE 'x%'",
        "show create table a;",
        "SHOW server_version",
        "DESCRIBE a",
        "USE db; SELECT 1",
        "SET x = 1; SELECT 1",
        "GRANT SELECT ON a TO b",
    ],
)
@pytest.mark.parametrize("dialect", [None, "postgres", "mysql"])
def test_statements_of_sql_that_are_no_query(reader, text, dialect):
    if dialect == "mysql" and "(ANALYZE" in text:
        return
    raw = {"parses": "sql"} if dialect is None else {"parses": "sql", "dialect": dialect}
    assert reader(raw).both(text) == (1.0, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "Begin the work now",
        "Begin",
        "Show me the money",
        "Explain why it is",
        "Explain the tables",
        "Use it",
        "Describe it",
        "Set a table",
        "Call me maybe",
        "Grant me that",
        "-- nothing",
        ";;",
        "SELECT a FROM b; Hello there",
        "BEGIN; Hello there; COMMIT",
    ],
)
def test_prose_is_no_sql(reader, text):
    for dialect in ({}, {"dialect": "postgres"}, {"dialect": "mysql"}):
        assert reader({"parses": "sql", **dialect}).both(text) == (0.0, 0.0)


def test_a_reply_read_as_sql_writes_nothing_to_the_terminal(tmp_path):
    program = """
from rebaseline.checks import Registry
from rebaseline.domain.attempt import Reply

registry = Registry.builtin()
for text in ("SHOW \\x1b[31m it", "CALL \\x1b]0;x\\x07", "EXPLAIN \\x1b[2J why", "SELECT \\x1b[31m FROM ("):
    for raw in ({"parses": "sql"}, {"parses": "sql", "dialect": "mysql"}):
        leaf = registry.compile(registry.parse(raw), {})
        leaf.instrument.look(Reply(text), frozenset())
        leaf.instrument.seeded_faults(Reply(text))
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=tmp_path)
    assert found.stdout + found.stderr == b""


def test_parses_is_unreadable_past_its_limit_or_depth(reader):
    check = reader({"parses": "python"})
    assert check.strict("x = 1\n" * 40_000) is None
    assert check.strict("a" + "\x00") == 0.0
    assert check.strict("-" * 100_000 + "1") is None


@pytest.mark.parametrize(
    ("language", "source", "longest"),
    [("yaml", "a: b", 10_000), ("sql", "SELECT a", 20_000), ("python", "a = 1", 200_000)],
)
def test_the_longest_source_that_is_read(reader, language, source, longest):
    check = reader({"parses": language})
    assert check.strict(source.ljust(longest)) == 1.0
    assert check.strict(source.ljust(longest + 1)) is None


@pytest.mark.parametrize("opened", ["[", "{", "{a: ", "- ", "? ", "['[', ", '["]", '])
def test_yaml_is_unreadable_past_its_depth(reader, opened):
    """A bracket in quotes is none: neither does it open, nor does it close another."""
    check = reader({"parses": "yaml"})
    assert check.strict(opened * 100) is not None
    assert check.strict(opened * 101) is None
    assert check.both(f"Sure:\n```yaml\n{opened * 101}\n```")[1] is None


def test_yaml_may_hold_any_number_of_brackets_that_do_not_nest(reader):
    check = reader({"parses": "yaml"})
    assert check.strict("- [a, {b: c}]\n" * 150) == 1.0
    assert check.strict("a: '" + "[" * 300 + "'") == 1.0
    assert check.strict("[" * 100 + "]" * 100) == 1.0
    assert check.strict("[" * 101 + "]" * 101) is None


@pytest.mark.parametrize("opened", ["(", "CASE WHEN ", "NOT "])
def test_sql_is_unreadable_past_its_depth(reader, opened):
    assert reader({"parses": "sql"}).strict("SELECT " + opened * 1000 + "1") is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"json": {"a": 1}}, '{"a": 1}'),
        ({"json": None}, "null"),
        ({"json": "x"}, '"x"'),
        ({"json_path": "$.total", "number": 42, "abs": 2}, '{"total": 43, "b": 1}'),
        ({"json_path": "$.a[*].b", "equals": "x"}, '{"a": [{"b": "x"}, {"b": "x"}]}'),
        ({"json_path": "$.a", "one_of": ["x", "y"]}, '{"a": "y"}'),
        ({"json_path": "$.a"}, '{"a": 1}'),
        ({"json_path": "$[0]", "equals": 1}, "[1]"),
        ({"json_schema": {"type": "object", "required": ["a", "b"]}}, '{"a": 1, "b": 2}'),
        ({"parses": "python"}, "x = 1"),
        ({"parses": "python"}, "def f():\n    '''Doc.'''\n    return [1]"),
        ({"parses": "json"}, '{"a": 1}'),
        ({"parses": "json"}, "[]"),
        ({"parses": "yaml"}, "a: 1\nb:\n  - c"),
        ({"parses": "yaml"}, "- a\n- b"),
        ({"parses": "sql"}, "SELECT 1"),
        ({"parses": "sql"}, "SELECT a FROM b;"),
    ],
)
def test_seeded_faults_are_caught(reader, raw, text):
    check = reader(raw)
    assert check.strict(text) == 1.0
    assert check.missed_faults(text) == []
