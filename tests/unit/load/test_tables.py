"""Tables: rows become probes, and what is wrong with a row is said at the row."""

import json
import os

import pytest

from rebaseline.domain.suite import Location
from rebaseline.load import load_suite
from rebaseline.load.tables import MOST_TROUBLES, parse_table

HEAD = "suite: {id: s, version: 1, kind: functional, owner: me}\nvars: {house: H}\n"
ASSERTIONS = "assertions: [{id: a, claim: c, check: {contains: x}}]\n"


def suite(entry):
    return f"{HEAD}probes: {entry}\n{ASSERTIONS}"


CSV = suite('{each: cases.csv, user: "{{ text }} {{ house }}", tags: ["{{ topic }}"]}')
JSONL = suite('{each: cases.jsonl, user: "{{ text }}"}')


def rows(text, name="cases.csv"):
    return parse_table(text, shown=name)


def places(table):
    return [(problem.path, problem.line) for problem in table.problems]


def test_rows_become_probes(load):
    one, two = load(CSV, cases_csv='id,text,topic\na,"Say ""hi"",\nplease",x\nb,Bye,\n').suite.probes
    assert (one.id, one.turns[0].text, one.tags) == ("a", 'Say "hi",\nplease H', {"x"})
    assert one.where == Location("cases.csv", 2)
    assert (two.id, two.tags, two.where.line) == ("b", frozenset(), 4)
    assert two.fields == {"house": "H", "id": "b", "text": "Bye", "topic": ""}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_do_not_matter(load, end, mark):
    table = mark + f"id,text,topic{end}a,hi,t{end}{end}b,ho,t{end}".encode()
    one, two = load(CSV, cases_csv=table).suite.probes
    assert (one.id, two.id, one.tags) == ("a", "b", {"t"})
    assert (one.where.line, two.where.line) == (2, 4)


def test_a_line_separator_inside_a_cell_is_no_line_end():
    table = rows("a,b\none\u2028two\x0bthree,x\n")
    assert table.rows[0].cells == {"a": "one\u2028two\x0bthree", "b": "x"}


def test_json_lines_stay_typed(load):
    text = '{"id": "a", "text": 4, "n": [1, {"b": null}]}\n\n{"id": "b", "text": "x\u2028y", "n": 2.5}\n'
    one, two = load(JSONL, cases_jsonl=text).suite.probes
    assert one.fields["n"] == [1, {"b": None}]
    assert (one.turns[0].text, two.turns[0].text) == ("4", "x\u2028y")
    assert (one.where.line, two.where.line) == (1, 3)


def test_parameters_and_flags_take_the_type_of_the_column(load):
    entry = '{each: cases.jsonl, user: x, adversarial: "{{ bad }}", parameters: {temperature: "{{ t }}"}}'
    text = '{"id": "a", "bad": true, "t": 0.5}\n{"id": "b", "bad": "no", "t": 1}\n'
    one, two = load(suite(entry), cases_jsonl=text).suite.probes
    assert (one.adversarial, one.parameters) == (True, {"temperature": 0.5})
    assert (two.adversarial, two.parameters) == (False, {"temperature": 1})
    assert one.fingerprint != two.fingerprint


def test_rows_without_an_id_are_numbered_by_the_suite_not_the_file(load):
    one = load(suite("{each: cases.csv, user: x}"), cases_csv="n\n1\n2\n").suite
    two = load(suite("{each: other.csv, user: x}"), other_csv="n\n1\n2\n").suite
    assert [probe.id for probe in one.probes] == ["s-0001", "s-0002"]
    assert one.fingerprint == two.fingerprint


def test_an_id_template(load):
    loaded = load(suite('{each: cases.csv, id: "case-{{ n }}", user: x}'), cases_csv="n,id\n1,a\n2,b\n")
    assert [probe.id for probe in loaded.suite.probes] == ["case-1", "case-2"]


def test_a_list_mixes_tables_and_probes_written_out(load):
    entries = "[{id: first, user: x}, {each: cases.csv, user: x}, {each: more.csv, user: y}]"
    loaded = load(suite(entries), cases_csv="id\na\n", more_csv="id\nb\n")
    assert [probe.id for probe in loaded.suite.probes] == ["first", "a", "b"]
    assert {probe.samples for probe in loaded.suite.probes} == {20}


def test_two_tables_without_ids_clash(errors_of):
    problems = errors_of(
        suite("[{each: cases.csv, user: x}, {each: more.csv, user: y}]"), cases_csv="n\n1\n", more_csv="n\n1\n"
    )
    assert [(problem.path, problem.line) for problem in problems] == [("more.csv", 2)]
    assert "the id `s-0001` is taken (first at cases.csv:2)" in problems[0].message


def test_ids_that_repeat_are_named_at_the_second_row(errors_of):
    (problem,) = errors_of(CSV, cases_csv="id,text,topic\na,x,t\nb,x,t\na,x,t\n")
    assert (problem.path, problem.line) == ("cases.csv", 4)
    assert "first at cases.csv:2" in problem.message


def test_an_unknown_column_is_named_once_where_it_is_asked_for(errors_of):
    text = HEAD + 'probes:\n  each: cases.csv\n  user: "{{ txt }}"\n' + ASSERTIONS
    (problem,) = errors_of(text, cases_csv="id,text\n" + "".join(f"{i},x\n" for i in range(50)))
    assert (problem.path, problem.line) == ("suite.yaml", 5)
    assert problem.message == "a template names `txt`, which is no column of cases.csv, variable or field"
    assert problem.remedy == "did you mean `text`?"


def test_a_row_that_lacks_a_column_is_named_at_the_row(errors_of):
    (problem,) = errors_of(JSONL, cases_jsonl='{"id": "a", "text": "x"}\n\n{"id": "b", "txt": "x"}\n')
    assert (problem.path, problem.line) == ("cases.jsonl", 3)
    assert 'unknown field "text"' in problem.message


def test_a_check_that_names_an_unknown_column(errors_of):
    text = suite("{each: cases.csv, user: x}").replace("contains: x", 'contains: "{{ refrence }}"')
    (problem,) = errors_of(text, cases_csv="id,reference\na,1\nb,2\n")
    assert (problem.path, problem.line) == ("suite.yaml", 4)
    assert "the check asks for `refrence`, which probe `a` (cases.csv:2) and 1 more does not have" in problem.message
    assert problem.remedy == "did you mean `reference`?"


def test_many_bad_rows_are_counted_not_listed(errors_of):
    lines = "".join(f'{{"id": "{i}"}}\n' for i in range(MOST_TROUBLES + 30)) + '{"id": "last", "text": "x"}\n'
    problems = errors_of(JSONL, cases_jsonl=lines)
    assert len(problems) == MOST_TROUBLES + 1
    assert problems[-1].message.startswith("and 30 more problems of rows")


@pytest.mark.parametrize(
    ("entry", "row", "said"),
    [
        ('{each: cases.csv, id: "{{ n }}", user: x}', "", "the id ''"),
        ('{each: cases.csv, id: "{{ n }}", user: x}', " a", "the id ' a'"),
        ('{each: cases.csv, id: "{{ n }}", user: x, adversarial: "{{ n }}"}', "perhaps", "neither true nor false"),
    ],
)
def test_a_cell_that_does_not_fit_its_place(errors_of, entry, row, said):
    (problem,) = errors_of(suite(entry), cases_csv=f"n,m\n{row},1\n")
    assert (problem.path, problem.line) == ("cases.csv", 2)
    assert said in problem.message


def test_a_column_that_hides_a_variable_is_warned_of(load):
    loaded = load(suite('{each: cases.csv, user: "{{ house }}"}'), cases_csv="id,house\na,b\n")
    assert loaded.suite.probes[0].turns[0].text == loaded.suite.probes[0].fields["house"] == "b"
    (problem,) = loaded.problems
    assert (problem.level, problem.path, problem.line) == ("warning", "suite.yaml", 3)
    assert "`house`" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no header"),
        ("a,b\n", 0, "no rows"),
        ("a,a\n1,2\n", 1, "the column `a` stands twice"),
        ("a,\n1,2\n", 1, "a column has no name"),
        ("a;b\n1;2\n", 1, "separated by `;`"),
        ("a,b\n1,2\n1,2,3\n", 3, "3 cells where the header has 2"),
        ('a,b\n"x\ny",2\n1\n', 4, "1 cells where the header has 2"),
        ('a,b\n1,"2\n', 2, "this is not CSV"),
        ('a,b\n1,2\n"x"y,2\n', 3, "this is not CSV"),
    ],
)
def test_broken_csv(text, line, said):
    table = rows(text)
    assert places(table) == [("cases.csv", line)]
    assert said in table.problems[0].message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"a": 1, "a": 2}', "a key is written twice"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": 1e999}', "1e999 is not a number"),
        ('{"a": "\\ud800"}', "half of a surrogate pair"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "is not JSON"),
        ('{"a": ' + "1" * 5000 + "}", "is not JSON"),
    ],
)
def test_broken_json_lines(line, said):
    table = rows('{"a": 1}\n' + line + '\n{"a": "\\ud83d\\ude00"}\n', "cases.jsonl")
    assert places(table) == [("cases.jsonl", 2)]
    assert said in table.problems[0].message
    assert [row.line for row in table.rows] == [1, 3]


def test_a_cell_that_the_csv_reader_refuses_as_too_long():
    table = rows("a,b\n" + "x" * 200_000 + ",1\n")
    assert places(table) == [("cases.csv", 2)]


def test_a_table_lies_beside_its_suite_and_is_named_from_the_project(tmp_path, grammar):
    folder = tmp_path / "probes" / "deep"
    (folder / "tables").mkdir(parents=True)
    (folder / "s.yaml").write_text(suite("{each: tables/c.csv, user: x}"), encoding="utf-8")
    (folder / "tables" / "c.csv").write_text("id\na\n", encoding="utf-8")
    loaded = load_suite(folder / "s.yaml", grammar, root=tmp_path)
    assert loaded.suite.where.path == "probes/deep/s.yaml"
    assert loaded.suite.probes[0].where == Location("probes/deep/tables/c.csv", 2)


def test_a_table_that_is_a_link_out_of_the_folder_is_refused(tmp_path, errors_of):
    outside = tmp_path.parent / f"{tmp_path.name}-secret.csv"
    outside.write_text("id\na\n", encoding="utf-8")
    try:
        (tmp_path / "cases.csv").symlink_to(outside)
    except OSError:
        pytest.skip("links need a privilege here")
    (problem,) = errors_of(suite("{each: cases.csv, user: x}"))
    assert (problem.path, problem.line) == ("suite.yaml", 3)
    assert "is a link out of the suite's folder" in problem.message


def test_a_link_inside_the_folder_is_followed(tmp_path, load):
    (tmp_path / "real.csv").write_text("id\na\n", encoding="utf-8")
    try:
        (tmp_path / "cases.csv").symlink_to(tmp_path / "real.csv")
    except OSError:
        pytest.skip("links need a privilege here")
    assert load(suite("{each: cases.csv, user: x}")).suite.probes[0].id == "a"


def test_a_folder_linked_out_is_refused(tmp_path, errors_of):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "c.csv").write_text("id\na\n", encoding="utf-8")
    try:
        (tmp_path / "sub").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("links need a privilege here")
    (problem,) = errors_of(suite("{each: sub/c.csv, user: x}"))
    assert "is a link out of the suite's folder" in problem.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_read(tmp_path, errors_of):
    os.mkfifo(tmp_path / "cases.csv")
    (problem,) = errors_of(suite("{each: cases.csv, user: x}"))
    assert "cases.csv is not a regular file" in problem.message


def test_the_case_of_a_name_counts_on_every_system(errors_of):
    (problem,) = errors_of(suite("{each: Cases.csv, user: x}"), cases_csv="id\na\n")
    assert "there is no file `Cases.csv`" in problem.message
    assert problem.remedy == "did you mean `cases.csv`?"


def test_a_folder_is_no_table(tmp_path, errors_of):
    (tmp_path / "cases.csv").mkdir()
    (problem,) = errors_of(suite("{each: cases.csv, user: x}"))
    assert "cases.csv is a folder" in problem.message


def test_a_binary_table(errors_of):
    (problem,) = errors_of(suite("{each: cases.csv, user: x}"), cases_csv=b"id\n\xff\xfe\x00")
    assert "cases.csv is not UTF-8 text (byte 3)" in problem.message


def test_braces_in_a_cell_are_not_rendered_again(load):
    text = json.dumps({"id": "a", "text": "{{ house }}"})
    assert load(JSONL, cases_jsonl=text).suite.probes[0].turns[0].text == "{{ house }}"
